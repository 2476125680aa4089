"""`hadir rebuild`: the board's rows made anew from the first fact, while the program runs or not."""

import argparse
import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from hadir.cli.common import Failure, add_command, add_settings, database_of, say, settings_of
from hadir.settings import Settings

WORDS = (
    "Make the board anew from the journal. The old rows serve until the new ones take their place in one step; "
    "with --check the new ones are only compared."
)


def add(commands: Any) -> None:
    parser = add_command(commands, "rebuild", WORDS, run)
    parser.add_argument("--check", action="store_true", help="compare with the rows in use, change nothing")
    add_settings(parser, "home", "city", "database_url")


def run(args: argparse.Namespace) -> int:
    import uvloop

    settings = settings_of(args)
    with database_of(settings) as url:
        return uvloop.run(_rebuild(settings, url, check=args.check))


def _progress() -> Callable[[int, int], None]:
    """A line for each tenth of the way."""
    told = 0

    def hear(position: int, newest: int) -> None:
        nonlocal told
        if newest and position * 10 // newest > told:
            told = position * 10 // newest
            say(f"{position:,} of {newest:,} facts …")

    return hear


async def _rebuild(settings: Settings, url: str, *, check: bool) -> int:
    from hadir.domain.events import KINDS
    from hadir.domain.people import Role
    from hadir.storage.citypack import areas_at, load_city
    from hadir.storage.clock import SystemClock
    from hadir.storage.codec import Codec
    from hadir.storage.memory import SwitchedGuard
    from hadir.storage.postgres.journal import PostgresJournal
    from hadir.storage.postgres.opendata import PostgresOpenStore
    from hadir.storage.postgres.people import PostgresPeople
    from hadir.storage.postgres.pool import reading_pool
    from hadir.storage.postgres.views.store import PostgresViewStore
    from hadir.views.openbook import OpenBook
    from hadir.views.rebuild import Rebuild

    own, clock = areas_at(settings.home), SystemClock()
    city = load_city(settings.city_folder, own if own.is_file() else None)
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(reading_pool(url, size=4, purpose="rebuild"))
        opened = PostgresJournal.open(url, pool, codec=Codec(KINDS), clock=clock, guard=SwitchedGuard())
        journal = await stack.enter_async_context(opened)
        officers = [a for a in await PostgresPeople(pool, clock).accounts() if a.role is Role.OFFICER]
        work = Rebuild(journal, PostgresViewStore(pool), city, officers, _progress())
        book = OpenBook(journal=journal, store=PostgresOpenStore(pool), city=city)
        if not check:
            say(f"rebuilt from {await work.swapped(asyncio.Lock()):,} facts.")
            await book.rebuild(_progress())
            say("the public rows are rebuilt, too.")
            return 0
        differing = await work.compared(asyncio.Lock())
        differing += [("public", id) for id in await book.compare(_progress())]
    for group, id in differing[:20]:
        print(f"{group} {id}")
    if differing:
        raise Failure(f"{len(differing)} rows differ from what the facts say: run hadir rebuild.")
    say(f"every row is what {work.position:,} facts say.")
    return 0
