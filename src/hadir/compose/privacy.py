"""The rules of personal data at work: erasing, and what has to go by rule every night."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from hadir.actions.context import Context
from hadir.actions.erasure import NAME, Erasing
from hadir.actions.privacy import Privacy
from hadir.compose.context import context_of
from hadir.compose.storage import Storage, on_postgres
from hadir.domain.city import City
from hadir.domain.people import Role
from hadir.settings import Settings
from hadir.views.board import Board

log = logging.getLogger(__name__)

#: The board folds the fact itself within milliseconds; blanked before it has, a row would come back.
BOARD_WAIT_S = 30.0


def private(ctx: Context, storage: Storage) -> Privacy:
    """What the rules of personal data need beside the journal."""
    return Privacy(
        ctx=ctx,
        subjects=storage.subjects,
        access=storage.access,
        erasures=storage.erasures,
        partials=storage.partials,
    )


async def erased_to(storage: Storage) -> int:
    """Up to where erasures were done before this process's board was loaded; ask it first."""
    return await storage.cursors.get(NAME)


def erasing(privacy: Privacy, storage: Storage, board: Board) -> Erasing:
    """The follower that erases."""

    async def blank(contents: Collection[str]) -> None:
        await board.wait(await storage.journal.position(), BOARD_WAIT_S)
        await board.blank(contents)

    return Erasing(privacy, storage.cursors, blank)


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """Erasing from a terminal: beside a running server, or without one."""

    privacy: Privacy
    erasing: Erasing

    async def done(self) -> None:
        """Do all that is on record; a running server does it too, and takes it out of its own memory."""
        await self.erasing.catch_up(await self.erasing.begin())


@asynccontextmanager
async def at_work(settings: Settings, url: str, city: City) -> AsyncIterator[AtWork]:
    """On the database at `url` and the files of the home."""
    async with AsyncExitStack() as stack:
        storage = await on_postgres(stack, settings, url)
        officers = [a for a in await storage.accounts.accounts() if a.role is Role.OFFICER]
        board = Board(journal=storage.journal, store=storage.views, city=city, officers=officers)
        await board.start()
        following = asyncio.create_task(board.follow())
        privacy = private(context_of(city, storage, board), storage)
        try:
            yield AtWork(privacy=privacy, erasing=erasing(privacy, storage, board))
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
