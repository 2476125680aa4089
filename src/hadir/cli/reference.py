"""docs/reference/cli.md, written from the parser itself (argparse's own help differs between versions of Python)."""

import argparse
from collections.abc import Iterator

HEAD = "# The command line\n\nWritten by `make docs` from `src/hadir/cli/`. `hadir COMMAND --help` says the same.\n"


def reference(parser: argparse.ArgumentParser) -> str:
    """Every command with its words and options."""
    return HEAD + "".join(_command(f"hadir {name}", one) for name, one in _subcommands(parser))


def _subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _command(name: str, parser: argparse.ArgumentParser) -> str:
    rows = [_row(action) for action in parser._actions if action.help and action.dest not in ("help", "verb")]
    table = "\n| | |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""
    deeper = "".join(_command(f"{name} {verb}", one) for verb, one in _subcommands(parser))
    return f"\n## {name}\n\n{parser.description or ''}\n{table}{deeper}"


def _row(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    value = f" {action.metavar}" if action.option_strings and action.metavar else ""
    words = (action.help or "").replace("%(default)s", str(action.default)).replace("|", "\\|")
    return f"| `{names}{value}` | {words} |"
