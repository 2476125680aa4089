"""What works in the background while the doors are open."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from hadir.compose.people import Say
from hadir.compose.storage import Storage
from hadir.domain.people import Role
from hadir.outbound.live import Hub
from hadir.ports.journal import Journal
from hadir.views.board import Board

log = logging.getLogger(__name__)

# A follower that failed begins again so soon.
AGAIN_S = 1.0
HOUSEKEEPING_S = 60.0
EPOCH_LOOK_S = 0.5
# Phones that were away for a week resume; longer, and the board is the shorter way.
DELTAS_KEPT = timedelta(days=7)
# A phone that was away for a week and sends again what was refused gets the same refusal.
REFUSALS_KEPT = timedelta(days=7)


async def for_ever(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """A follower keeps its position, so it may begin again after any failure; it is told in the log."""
    while True:
        try:
            await work()
        except Exception:  # the fence: the database may be away, and nobody else would start the follower again
            log.exception("The %s stopped; it begins again", name, extra={"action": f"{name}_failed"})
        await asyncio.sleep(AGAIN_S)


async def watch_epoch(journal: Journal, hub: Hub, outlived: asyncio.Event) -> None:
    """A replica was promoted after losing its tail: everybody fetches the board again, from a program begun anew."""
    while journal.epoch == hub.epoch:
        await asyncio.sleep(EPOCH_LOOK_S)
    log.critical("The journal is in another epoch; beginning anew", extra={"action": "epoch_outlived"})
    hub.restart(journal.epoch, 0)
    outlived.set()


async def keep_house(storage: Storage, board: Board) -> None:
    """Once a minute: what is over is forgotten, and new officers are known to the board."""
    known: set[str] = set()
    while True:
        now = storage.clock.now()
        await storage.sessions.prune(now)
        await storage.views.prune(now - DELTAS_KEPT)
        await storage.journal.prune_refusals(now - REFUSALS_KEPT)
        officers = [a for a in await storage.accounts.accounts() if a.role is Role.OFFICER]
        if known and known != {a.id for a in officers}:
            board.staff(officers)
        known = {a.id for a in officers}
        await asyncio.sleep(HOUSEKEEPING_S)


def progress(say: Say) -> Callable[[int, int], None]:
    """Tell of a long catch-up, not of every step."""
    last = 0

    def tell(position: int, newest: int) -> None:
        nonlocal last
        if position - last >= 50_000:
            last = position
            say(f"reading the journal: {position:,} of {newest:,}")

    return tell
