"""Positions at the start: where everybody was last seen, and who hears of where they are now."""

import logging

from hadir.actions import alarms
from hadir.actions.context import Context
from hadir.compose.storage import Storage
from hadir.inbound.kit.tracking import Tracking
from hadir.outbound.live import Hub
from hadir.ports.journal import DiskFull, Unavailable
from hadir.ports.positions import PositionsUnavailable
from hadir.views.board import Board
from hadir.views.rows import TaskRow, UnitRow

log = logging.getLogger(__name__)


async def tracked(ctx: Context, storage: Storage, board: Board, hub: Hub) -> Tracking:
    """The last positions are on the board when this returns."""

    async def propose(unit: UnitRow, task: TaskRow, state: str, away_m: int | None) -> None:
        try:
            await alarms.propose(ctx, unit.id, unit.agency, task.id, state, away_m)
        except (Unavailable, DiskFull):
            log.warning("a proposal is lost", extra={"action": "positions.propose"})

    tracking = Tracking(
        city=ctx.city,
        areas=ctx.areas,
        clock=ctx.clock,
        board=board,
        positions=storage.positions,
        tell=hub.read,
        propose=propose,
    )
    try:
        await tracking.start()
    except PositionsUnavailable:
        log.warning("last positions cannot be read; officers are placed by their next one")
    return tracking
