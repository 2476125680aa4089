"""`hadir backup FILE` and `hadir restore FILE`."""

import argparse
import asyncio
import contextlib
import importlib.metadata
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hadir.cli.common import Failure, add_command, add_settings, database_of, say, settings_of
from hadir.settings import Settings
from hadir.storage import backup as archive
from hadir.storage.postgres.supervisor import places

BACKUP = (
    "Write the whole city into one file. Facts, accounts and photos; it works while Hadir runs. "
    "The file holds personal data: keep it as you keep the home."
)
RESTORE = (
    "Make a city from a back-up. Its home must be new or empty; phones and screens that knew later facts start anew. "
    "Every byte is checked before anything is written."
)


def add(commands: Any) -> None:
    for name, words, function in (("backup", BACKUP, backup), ("restore", RESTORE, restore)):
        parser = add_command(commands, name, words, function)
        parser.add_argument("file", type=Path, metavar="FILE", help="the back-up, a tar file")
        if name == "restore":
            parser.add_argument(
                "--erasures",
                type=Path,
                metavar="LIST",
                help="the newest erasures.jsonl: what was erased after the back-up is erased again",
            )
        add_settings(parser, "home", "database_url", "pg_bin")


def backup(args: argparse.Namespace) -> None:
    settings, target = settings_of(args), args.file.absolute()
    if not target.parent.is_dir():
        raise Failure(f"There is no folder {target.parent}.")
    with database_of(settings) as url, _sentences():
        made = archive.backup(
            url=url,
            home=settings.home.resolve(),
            programs=programs(settings),
            target=target,
            version=importlib.metadata.version("hadir"),
            now=datetime.now(UTC),
            say=say,
        )
    size = target.stat().st_size / 1e6
    say(f"{target}: {made.position:,} facts, {len(made.members) - 1:,} files, {size:,.1f} MB.")


def restore(args: argparse.Namespace) -> None:
    settings, source = settings_of(args), args.file.absolute()
    if missing := next((path for path in (source, args.erasures) if path is not None and not path.is_file()), None):
        raise Failure(f"There is no file {missing}.")
    with _sentences():
        archive.verify(source, say)  # before a home is made for it
    with database_of(settings, make=True) as url, _sentences():
        home = settings.home.resolve()
        found = archive.restore(source=source, url=url, home=home, programs=programs(settings), say=say)
        epoch = asyncio.run(archive.begin_epoch(url, found))
        if args.erasures is not None:
            asyncio.run(_erase_again(settings, url, args.erasures))
        else:
            say("if anything was erased after this back-up, erase it again: hadir erase --list …/erasures.jsonl")
    say(f"restored {found.position:,} facts as of {found.at}; the epoch is now {epoch}. Start it: hadir run --home …")


async def _erase_again(settings: Settings, url: str, listed: Path) -> None:
    from hadir.cli.erase import again
    from hadir.compose.privacy import at_work
    from hadir.compose.program import city_of

    async with at_work(settings, url, city_of(settings)) as work:
        await again(work, listed)


def programs(settings: Settings) -> Path:
    """Where pg_dump is: as configured; for a server of yours the machine's own, which speaks TLS; else the wheel's."""
    if settings.pg_bin:
        return settings.pg_bin
    if settings.database_url and (found := shutil.which("pg_dump")):
        return Path(found).parent
    return places.wheel_programs()


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    """Turns the archive's errors into the command's."""
    try:
        yield
    except archive.BackupError as error:
        raise Failure(str(error)) from error
