"""The command `hadir`: words from a person at a terminal, turned into calls; sentences and exit codes back.

Invariants: a command that fails prints one sentence and returns 1; a wrong option returns 2; what takes long says how
far it is, on standard error, so that standard output holds only the answer. Each command is a module here with `add`
(its words and options) and a function that runs it; what is heavy is imported there, so `hadir --help` is quick.
Imports: anything.
"""

import argparse
import importlib.metadata
import os
import sys
from collections.abc import Sequence

from hadir.cli import backup, city, doctor, erase, history, rebuild, replay, run, simulate, token, user
from hadir.cli.common import Failure
from hadir.settings import SettingsError
from hadir.storage.postgres.supervisor import SupervisorError

#: in the order a person meets them
COMMANDS = (run, simulate, replay, history, user, token, city, rebuild, backup, erase, doctor)

EPILOG = """\
A first look:   hadir run --demo --simulate     then open http://127.0.0.1:8311
Every setting is also a variable, such as HADIR_HOME and HADIR_PORT: see docs/reference/settings.md.
"""


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    whole = argparse.ArgumentParser(
        prog="hadir",
        description="One live picture of the city, one line from its leader to the field.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"hadir {importlib.metadata.version('hadir')}")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add(commands)
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the console script. Returns the exit code."""
    args = parser().parse_args(argv)
    try:
        return args.command(args) or 0
    except (Failure, SettingsError, SupervisorError) as error:
        print(f"hadir: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader («| head») has seen enough; nothing more may be written, not even at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
