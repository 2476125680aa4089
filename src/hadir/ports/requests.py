"""Reports as an open interface asks for them: by time, kind, state and place."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from hadir.domain.blur import Grid

TOLD = (
    "report.joined",
    "report.left",
    "report.asked",
    "report.confirmed",
    "report.disputed",
    "report.dismissed",
    "report.restored",
    "incident.started",
)
"""Kinds of facts that a public history is made of. The incident's is told of the reports that belong to it now and had
come before it."""


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


class Told(NamedTuple):
    """One fact of a report's public history."""

    position: int
    at: datetime
    kind: str
    report: str


class OpenReports(Protocol):
    """The board's rows of reports, whatever became of them."""

    async def requested(self, wanted: Wanted) -> list[bytes]:
        """Bodies, the newest first. Raises ViewsUnavailable."""
        ...

    async def named(self, ids: Sequence[str]) -> list[bytes]:
        """Bodies of these that there are, sensitive ones too, the newest first. Raises ViewsUnavailable."""
        ...

    async def told(
        self, start: datetime, end: datetime, categories: Sequence[str], *, limit: int, offset: int = 0
    ) -> list[Told]:
        """What happened from the first to the last of these moments to reports of these categories that are neither
        sensitive nor held, the oldest first. Raises ViewsUnavailable."""
        ...

    async def told_of(self, ids: Sequence[str]) -> list[Told]:
        """What happened to these reports, the oldest first. Raises ViewsUnavailable."""
        ...
