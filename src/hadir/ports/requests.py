"""Reports as an open interface asks for them: by time, kind, state and place."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from hadir.domain.blur import Grid


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. Sensitive reports are never among the found."""

    #: received from the first to the last of these moments
    start: datetime
    end: datetime
    categories: tuple[str, ...]
    #: empty: all
    states: tuple[str, ...] = ()
    #: when the present state began
    changed_after: datetime | None = None
    changed_before: datetime | None = None
    #: west, south, east, north: of the point as it is published
    bbox: tuple[float, float, float, float] | None = None
    #: category → the squares that its points are blurred to
    grids: Mapping[str, Grid] = {}
    limit: int
    offset: int = 0


class OpenReports(Protocol):
    """The board's rows of reports, whatever became of them."""

    async def requested(self, wanted: Wanted) -> list[bytes]:
        """Bodies, the newest first. Raises ViewsUnavailable."""
        ...

    async def named(self, ids: Sequence[str]) -> list[bytes]:
        """Bodies of these that there are, sensitive ones too, the newest first. Raises ViewsUnavailable."""
        ...
