"""Positions at the start: where everybody was last seen, and who hears of where they are now."""

import logging

from hadir.actions.context import Context
from hadir.compose.storage import Storage
from hadir.domain.position import Fix
from hadir.inbound.kit.tracking import Tracking
from hadir.outbound.live import Hub
from hadir.ports.positions import PositionsUnavailable
from hadir.views.board import Board
from hadir.views.rows import TaskRow, UnitRow

log = logging.getLogger(__name__)


async def tracked(ctx: Context, storage: Storage, board: Board, hub: Hub) -> Tracking:
    """The last positions are on the board when this returns."""

    async def propose(unit: UnitRow, task: TaskRow, state: str, fix: Fix) -> None:
        """Nothing yet."""

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
