"""Doors in: how words from outside become commands, and how answers go back.

Invariants: a door parses, says who calls, and maps the answer; what may happen is decided by the use cases, and what
may be seen by the board's audiences. Doors do not know each other; what they share is `inbound.kit`.
Allowed imports: actions, views and the rings inside them, Litestar, msgspec, the standard library.
"""
