"""What Hadir costs, measured beside a limit or a peer in the same run. `make bench [ONLY=name,name]`.

Each module has `async def run() -> list[Row]`. A comparison takes at least seven interleaved rounds and gives the
median with its spread; load comes from a process of its own, and a round in which that process used more than 80 % of
a core is void. No number here is ever asserted in the tests: a busy machine is not a broken program.
"""
