"""The command `hadir`: words from a person at a terminal, turned into calls; sentences and exit codes back.

Invariants: a command that fails prints one sentence and returns 1; a wrong option returns 2; what takes long says how
far it is. Everything heavy is imported by the command that needs it, so `hadir --help` is quick. Imports: anything.
"""


def main() -> int:
    """Entry point of the console script. Returns the exit code."""
    raise SystemExit("Hadir has no commands yet.")
