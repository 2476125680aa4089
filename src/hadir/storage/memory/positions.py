"""Positions in lists, forgotten with the process."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from hadir.domain.position import Fix


class MemoryPositions:
    """Fulfils `hadir.ports.positions.Positions`."""

    def __init__(self) -> None:
        self._all: list[Fix] = []
        self._last: dict[str, Fix] = {}

    async def add(self, fixes: Sequence[Fix]) -> None:
        self._all += fixes
        for fix in fixes:
            kept = self._last.get(fix.unit)
            if not fix.late and (kept is None or kept.at < fix.at):
                self._last[fix.unit] = fix

    async def newest(self) -> list[Fix]:
        return [self._last[unit] for unit in sorted(self._last)]

    async def track(self, unit: str, since: datetime, until: datetime, limit: int) -> list[Fix]:
        found = sorted((f for f in self._all if f.unit == unit and since <= f.at < until), key=lambda fix: fix.at)
        return found[:limit]

    async def forget(self, before: date) -> int:
        days = {_day(fix) for fix in self._all if _day(fix) < before}
        self._all = [fix for fix in self._all if _day(fix) >= before]
        self._last = {unit: fix for unit, fix in self._last.items() if _day(fix) >= before}
        return len(days)


def _day(fix: Fix) -> date:
    return fix.at.astimezone(UTC).date()
