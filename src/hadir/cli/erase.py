"""`hadir erase` and `hadir retention`: what has to go, on request and by rule."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

from hadir.cli.common import Failure, add_command, add_settings, database_of, say, settings_of
from hadir.settings import Settings

ERASE = (
    "Erase what a person said, for good. Words, photos, voices, points and contacts go; the facts stay and say so. "
    "It works while Hadir runs and when it does not. The list of erasures in the home is kept for back-ups."
)
RETENTION = (
    "Erase what the pack's rules no longer let the city keep. The server does it by itself every night; "
    "with --dry-run it is only told."
)
#: nouns as a person says them
NOUNS = {"report": "reports", "task": "tasks", "incident": "incidents", "order": "orders", "unit": "officers"}


def add(commands: Any) -> None:
    parser = add_command(commands, "erase", ERASE, run)
    parser.add_argument(
        "subject",
        nargs="?",
        metavar="WHOM",
        help="a tracking link, report/ID, device/PSEUDONYM, account/NAME, a telephone number or an e-mail address",
    )
    parser.add_argument(
        "--list", type=Path, metavar="FILE", help="erase again what this list of erasures names (after a restore)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would go, erase nothing")
    add_settings(parser, "home", "city", "database_url")
    parser = add_command(commands, "retention", RETENTION, retention)
    parser.add_argument("--dry-run", action="store_true", help="say what would go, erase nothing")
    add_settings(parser, "home", "city", "database_url")


def run(args: argparse.Namespace) -> None:
    if (args.subject is None) == (args.list is None):
        raise Failure("Name whom to erase, or a list of erasures with --list.")
    settings = settings_of(args)
    if args.list is not None and not args.list.is_file():
        raise Failure(f"There is no file {args.list}.")
    with database_of(settings) as url:
        asyncio.run(_erase(settings, url, args))


async def _erase(settings: Settings, url: str, args: argparse.Namespace) -> None:
    from hadir.actions import subject as whom
    from hadir.compose.privacy import at_work
    from hadir.compose.program import city_of

    async with at_work(settings, url, city_of(settings)) as work:
        if args.list is not None:
            await again(work, args.list)
            return
        found = await whom.subject_of(work.privacy, args.subject)
        if found.empty:
            raise Failure(f"Nothing is kept under that name. It has to be {whom.FORMS}.")
        if args.dry_run:
            print("\n".join(found.streams))
            return
        gone = await whom.erase_subject(work.privacy, found)
        await work.done()
        say(f"the contents of {gone:,} things are erased; back-ups made until now still hold them (docs/privacy.md).")


async def again(work: Any, path: Path) -> None:
    """Erase what a list names and what is here all the same."""
    from hadir.actions.subject import once_more
    from hadir.storage.erasures import BadList, read

    try:
        listed = read(path)
    except BadList as error:
        raise Failure(f"{path}: {error}") from error
    gone = await once_more(work.privacy, listed)
    await work.done()
    say(f"{gone:,} contents of {len(listed):,} erasures had come back and are erased again.")


def retention(args: argparse.Namespace) -> None:
    settings = settings_of(args)
    with database_of(settings) as url:
        asyncio.run(_retention(settings, url, dry=args.dry_run))


async def _retention(settings: Settings, url: str, *, dry: bool) -> None:
    from hadir.actions import retention as rules
    from hadir.compose.privacy import at_work
    from hadir.compose.program import city_of

    async with at_work(settings, url, city_of(settings)) as work:
        planned = await rules.plan(work.privacy)
        print("\n".join(rules.lines(planned, NOUNS)))
        if dry:
            return
        gone = await rules.carry_out(work.privacy, planned)
        await work.done()
        say(f"the contents of {gone:,} things are erased, each on record.")
