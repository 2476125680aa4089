"""Reading the journal from where one stopped, for doors out whose work may happen twice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from hadir.ports.cursors import Cursors
from hadir.ports.journal import Fact, JournalReader, Unavailable

log = logging.getLogger(__name__)

BATCH = 500
LOOK_S = 60.0
# After the database went away: try again this often.
RETRY_S = 1.0
# So many facts at once are a burst: the next ones may gather for a moment, as on the board.
CROWD, GATHER_S = 3, 0.025

#: Does what follows from these facts; when it returns they need not be read again.
Take = Callable[[Sequence[Fact]], Awaitable[None]]


async def follow(journal: JournalReader, cursors: Cursors, name: str, take: Take, *, back_most: int) -> None:
    """For ever: hand the facts on in order, at least once each; survives the database going away.

    `back_most`: a door that is opened for the first time, or after long, skips what is older than so many facts.
    """
    after: int | None = None
    while True:
        try:
            if after is None:
                after = max(await cursors.get(name), await journal.position() - back_most)
            newest = await journal.wait(after, LOOK_S)
            begun, after = after, await catch_up(journal, cursors, name, take, after, newest)
            if after - begun >= CROWD:
                await asyncio.sleep(GATHER_S)
        except (Unavailable, OSError):
            log.warning("the journal cannot be reached; %s waits", name, extra={"action": f"{name}.wait"})
            await asyncio.sleep(RETRY_S)


async def catch_up(
    journal: JournalReader, cursors: Cursors, name: str, take: Take, after: int, newest: int | None = None
) -> int:
    """Hand on everything after a position, up to `newest` at least; the new position."""
    while (newest is None or after < newest) and (facts := await journal.read(after, BATCH)):
        await take(facts)
        after = facts[-1].position
        await cursors.set(name, after)
    return after
