"""Where officers were: many small readings, written together, forgotten by the day.

Readings are not facts: the last second of them may be lost when the power goes, and nobody was told otherwise.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from hadir.domain.position import Fix


class PositionsUnavailable(Exception):
    """They cannot be written or read now. Nothing was written; do it again."""


class Positions(Protocol):
    """The history of positions, and the last one of each unit. Raises PositionsUnavailable."""

    async def add(self, fixes: Sequence[Fix]) -> None:
        """All of them, in one go, in any order. Of those that are not late the newest is the unit's last."""
        ...

    async def newest(self) -> list[Fix]:
        """The last one of each unit, by unit; late ones never are."""
        ...

    async def track(self, unit: str, since: datetime, until: datetime, limit: int) -> list[Fix]:
        """A unit's readings from `since` up to, not including, `until`, oldest first."""
        ...

    async def forget(self, before: date) -> int:
        """Drop whole days before this one (UTC), and last values from then; how many days went."""
        ...
