"""What commands share: options that are settings, progress on standard error, the database of a home."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hadir.settings import Settings, help_of
from hadir.storage.postgres.supervisor import database


class Failure(Exception):
    """The command could not do what was asked; the message is the sentence to print."""


def say(text: str) -> None:
    """One line of progress."""
    print(f"hadir: {text}", file=sys.stderr, flush=True)


def add_command(
    commands: Any, name: str, words: str, function: Callable[[argparse.Namespace], int | None]
) -> argparse.ArgumentParser:
    """A subcommand whose short help is the first sentence of its description."""
    parser = commands.add_parser(name, help=words.split(". ")[0].rstrip("."), description=words)
    parser.set_defaults(command=function)
    return parser


def add_settings(parser: argparse.ArgumentParser, *names: str) -> None:
    """Options for settings: --pg-bin for pg_bin, with the setting's own words. What is not given stays None."""
    kinds = {"port": int}
    for name in names:
        flag, default = f"--{name.replace('_', '-')}", getattr(Settings, name)
        if isinstance(default, bool):
            parser.add_argument(flag, action="store_true", default=None, help=help_of(name))
        else:
            kind = kinds.get(name, Path if default is None or isinstance(default, Path) else str)
            shown = f" (default: {default})" if default not in (None, "") else ""
            parser.add_argument(flag, type=kind, metavar=name.split("_")[-1].upper(), help=help_of(name) + shown)


def settings_of(args: argparse.Namespace) -> Settings:
    """Environment and options together. Raises SettingsError."""
    known = Settings.__dataclass_fields__
    return Settings.read(**{name: value for name, value in vars(args).items() if name in known})


@contextlib.contextmanager
def database_of(settings: Settings, *, make: bool = False) -> Iterator[str]:
    """Conninfo of the home's database, whether Hadir runs or not. A home is not made by mistake, only if asked."""
    if not make and not settings.database_url and not (settings.home / "postgres").is_dir():
        raise Failure(f"There is no Hadir in {settings.home}: name its folder with --home.")
    with database(**settings.server, url=settings.database_url or None, say=say) as url:
        yield url
