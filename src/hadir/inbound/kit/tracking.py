"""What happens to a position: told on at once if it is the present, kept in any case, and what it proposes.

Readings wait in memory for at most FLUSH_S before they are written together. While the database is away they go on
waiting, the newest WAITING_MOST of them. What is remembered of an officer here (his last readings, where he was when he
said yes) may be lost with the process and is made anew by his next two.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from hadir.domain.city import City
from hadir.domain.fleet import Rules
from hadir.domain.people import Sight
from hadir.domain.position import UNSAID_M, Anchor, Fix, judged, metres, proposal
from hadir.ports.areas import Areas
from hadir.ports.clock import Clock
from hadir.ports.positions import Positions, PositionsUnavailable
from hadir.views.dispatch import Spot
from hadir.views.rows import PlaceRow, TaskRow, UnitRow

log = logging.getLogger(__name__)

# So much of the last moment may be missing after a crash.
FLUSH_S = 1.0
# About ten minutes of a thousand officers, 200 bytes each.
WAITING_MOST = 120_000
HOUSE_S = 3600.0

Tell = Callable[[Iterable[str], str, bytes], None]
#: (unit's row, task's row, state, metres from the place)
Propose = Callable[[UnitRow, TaskRow, str, int | None], Coroutine[Any, Any, None]]


class Units(Protocol):
    """The board, as far as positions need it."""

    def moved(self, person: str, place: PlaceRow, at: datetime) -> UnitRow | None: ...

    def row(self, things: str, id: str) -> object: ...

    def spot(self, incident_id: str) -> Spot | None: ...


class Tracking:
    """Positions of one process. One event loop."""

    def __init__(
        self,
        *,
        city: City,
        areas: Areas,
        clock: Clock,
        board: Units,
        positions: Positions,
        tell: Tell,
        propose: Propose,
    ) -> None:
        self._city, self._areas, self._clock = city, areas, clock
        self._board, self._positions, self._tell, self._propose = board, positions, tell, propose
        self._zone = ZoneInfo(city.zone)
        self._last: dict[str, Fix] = {}
        self._waiting: list[Fix] = []
        self._anchors: dict[str, tuple[str, Anchor]] = {}
        self._proposed: set[tuple[str, str]] = set()
        self._working: set[asyncio.Task[None]] = set()
        self.lost = 0

    async def start(self) -> int:
        """Where everybody was last seen; how many. Raises PositionsUnavailable."""
        fixes = await self._positions.newest()
        for fix in fixes:
            self._last[fix.unit] = fix
            self._board.moved(fix.unit, self._place(fix), fix.at)
        return len(fixes)

    def take(self, fixes: Sequence[Fix]) -> UnitRow | None:
        """Readings of one officer, in any order. His row as it is now, if one of them is the present."""
        now = self._clock.now()
        rules = self._city.fleet.rules_on(now.astimezone(self._zone).date())
        previous = self._last.get(fixes[0].unit) if fixes else None
        marked, present = judged(fixes, previous.at if previous else None, now, rules)
        self._keep(marked, now, rules)
        if present is None:
            return None
        row = self._board.moved(present.unit, self._place(present), present.at)
        if row is None:
            return None
        live = [fix for fix in marked if not fix.late]
        before = live[-2] if len(live) > 1 else previous
        self._last[present.unit] = present
        self._tell(viewers(row), f"unit/{row.id}", reading(row, present))
        if before is not None:
            self._consider(row, before, present, rules)
        return row

    def _place(self, fix: Fix) -> PlaceRow:
        located = self._areas.locate(fix.lat, fix.lon)
        return PlaceRow(
            area=located.area,
            lat=fix.lat,
            lon=fix.lon,
            accuracy_m=fix.accuracy_m,
            how="gps",
            outside=located.outside,
        )

    def _consider(self, row: UnitRow, before: Fix, present: Fix, rules: Rules) -> None:
        """Two readings in a row, and the task he is at: do they say that he left, or that he is there?"""
        task = self._board.row("tasks", row.busy_with) if row.busy_with else None
        if not isinstance(task, TaskRow):
            return
        anchor = self._anchor(row.id, task, before)
        where = self._board.spot(task.incident)
        # The middle of an area is where nobody is sent.
        target = None if where is None or where.source == "area" else (where.lat, where.lon)
        state = proposal(task.state, target, anchor, (before, present), rules)
        if state is None or (task.id, state) in self._proposed:
            return
        self._proposed.add((task.id, state))
        away = None if target is None else round(metres(present.lat, present.lon, *target))
        working = asyncio.create_task(self._propose(row, task, state, away), name="propose")
        self._working.add(working)
        working.add_done_callback(self._working.discard)

    def _anchor(self, unit: str, task: TaskRow, fix: Fix) -> Anchor:
        """Where he was when he was first heard of at this task."""
        known = self._anchors.get(unit)
        if known is None or known[0] != task.id:
            accuracy = UNSAID_M if fix.accuracy_m is None else fix.accuracy_m
            known = self._anchors[unit] = (task.id, Anchor(lat=fix.lat, lon=fix.lon, accuracy_m=accuracy))
        return known[1]

    # ── keeping ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _keep(self, fixes: Sequence[Fix], now: datetime, rules: Rules) -> None:
        """What is older than the city keeps is not kept at all: its day is gone."""
        oldest = now - timedelta(days=rules.kept_days)
        self._waiting += [fix for fix in fixes if fix.at >= oldest]
        if (over := len(self._waiting) - WAITING_MOST) > 0:
            del self._waiting[:over]
            self.lost += over

    async def flush(self) -> None:
        """Write what waits. Raises PositionsUnavailable; then it waits on."""
        fixes, self._waiting = self._waiting, []
        try:
            await self._positions.add(fixes)
        except PositionsUnavailable:
            self._waiting = fixes + self._waiting
            raise

    async def follow(self) -> None:
        """Until cancelled: write, and once an hour forget what is too old; what waits at the end is written too."""
        housed = float("-inf")
        loop = asyncio.get_running_loop()
        try:
            while True:
                await asyncio.sleep(FLUSH_S)
                try:
                    await self.flush()
                    if loop.time() - housed >= HOUSE_S:
                        housed = loop.time()
                        await self.forget()
                except PositionsUnavailable:
                    log.warning("positions cannot be kept; they wait", extra={"action": "positions.wait"})
        finally:
            await self._last_words()

    async def _last_words(self) -> None:
        try:
            await self.flush()
        except PositionsUnavailable:
            log.warning("%d positions are lost", len(self._waiting), extra={"action": "positions.lost"})

    async def forget(self) -> int:
        """Days beyond the city's rule; how many went."""
        today = self._clock.now().date()
        return await self._positions.forget(today - timedelta(days=self._city.fleet.rules_on(today).kept_days))


def viewers(row: UnitRow) -> tuple[str, str, str]:
    """Who sees a unit: the command centre, its agency, the officer (as `views.viewers` says of its row)."""
    return Sight.CITY.value, f"agency:{row.agency}", f"person:{row.id}"


def reading(row: UnitRow, fix: Fix) -> bytes:
    """What goes by the live stream; the next one of this key replaces it."""
    return msgspec.json.encode(
        {
            "key": f"unit/{row.id}",
            "id": row.id,
            "place": row.place,
            "seen_at": row.seen_at,
            "placed_at": fix.at,
            "device_at": fix.device_at,
            "battery": fix.battery,
            "signal": fix.signal,
        }
    )
