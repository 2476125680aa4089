"""Where the read models keep their rows, in the transaction of the position they belong to.

One process at a time writes (the cursor's row is its lock); the others follow the same journal in memory and find what
they would write already there. Everything in it can be dropped and made again from the journal, so a commit need not
wait for the disk.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec


class ViewsUnavailable(Exception):
    """The tables cannot be reached now. Nothing was written; do it again."""


class ViewsBehind(Exception):
    """The tables stand before what was written: a killed server lost the last of it. Go on from where they stand."""


class ViewRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the board as it is stored. `body` is its whole JSON; the other fields are what queries ask for."""

    #: reports, incidents, tasks, orders, units, areas
    group: str
    id: str
    body: bytes
    #: the incident it belongs to
    room: str | None = None
    #: wanted in memory after a start
    kept: bool
    at: datetime | None = None
    area: str | None = None
    state: str
    category: str | None = None
    lat: float | None = None
    lon: float | None = None
    #: ids of the contents that the row shows
    contents: tuple[str, ...] = ()


class Delta(NamedTuple):
    """What a fact told each audience: audience → JSON. "*" is everybody who has none of his own; empty: nothing."""

    position: int
    renderings: Mapping[str, bytes]


class ViewBatch(msgspec.Struct, kw_only=True):
    """What a stretch of the journal did to the board."""

    #: positions after `after` up to `position` are in it
    after: int
    position: int
    at: datetime
    rows: list[ViewRow]
    deltas: list[Delta]


#: Reports of the last hours that are looked through for those that are over already.
LATELY_LOOKED = 2_000


class Viewport(msgspec.Struct, frozen=True, kw_only=True):
    """A rectangle of the map (degrees) and what of it is wanted; empty filters want all."""

    south: float
    west: float
    north: float
    east: float
    states: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    #: newest first
    limit: int = 500


class Side(Protocol):
    """A second set of rows that is being built beside the one in use."""

    async def add(self, rows: Sequence[ViewRow]) -> None:
        """Rows that are not in it yet: many, fast."""
        ...

    async def replace(self, rows: Sequence[ViewRow]) -> None:
        """Rows that may be in it already."""
        ...

    async def row(self, group: str, id: str) -> bytes | None: ...

    async def room(self, incident_id: str) -> list[tuple[str, bytes]]:
        """As `ViewStore.room`."""
        ...

    async def finish(self) -> None:
        """Make it as quick to ask as the one in use; after this only small changes come."""
        ...

    async def differences(self) -> list[tuple[str, str]]:
        """(group, id) of rows that are not the same as in the ones in use."""
        ...

    async def swap(self, position: int) -> bool:
        """Put it in the place of the one in use, if that one is not past `position`. Deltas stay as they are."""
        ...

    async def drop(self) -> None:
        """Give it up."""
        ...


class ViewStore(Protocol):
    """The board's tables."""

    async def position(self) -> int:
        """The last position whose rows are in the tables."""
        ...

    async def kept(self) -> tuple[int, list[tuple[str, bytes]]]:
        """The position, and (group, body) of all kept rows as of it, by group and id."""
        ...

    async def row(self, group: str, id: str) -> bytes | None:
        """The body of one row, kept or not."""
        ...

    async def room(self, incident_id: str) -> list[tuple[str, bytes]]:
        """(group, body) of an incident and all that belongs to it; empty when there is none."""
        ...

    async def write(self, batch: ViewBatch) -> None:
        """Rows, deltas and position in one transaction; what another process has written already is left alone.

        Raises ViewsUnavailable; ViewsBehind when the tables stand before `batch.after`, and then writes nothing.
        """
        ...

    async def showing(self, contents: Collection[str]) -> list[tuple[str, bytes]]:
        """(group, body) of the rows that show one of these contents."""
        ...

    async def blank(self, rows: Sequence[ViewRow]) -> None:
        """Put these rows in and forget all deltas: they may hold what was erased."""
        ...

    async def viewport(self, port: Viewport) -> list[bytes]:
        """Bodies of the reports in it, the newest first, whatever their state."""
        ...

    async def nearest(self, lat: float, lon: float, limit: int) -> list[bytes]:
        """Bodies of the reports nearest by degrees; rank them again by metres."""
        ...

    async def lately_over(self, port: Viewport) -> list[bytes]:
        """Bodies of the reports in it that are not kept any more, since `since`, the newest first. Looks at the newest
        `LATELY_LOOKED` of the whole city only."""
        ...

    async def began(self, group: str, since: datetime, until: datetime) -> list[bytes]:
        """Bodies of a group's rows that began in this time (the first moment in it, the last one not), kept or not."""
        ...

    async def kept_after(self) -> int:
        """All deltas after this position are still there."""
        ...

    async def after(self, position: int, audience: str, limit: int) -> list[tuple[int, bytes]]:
        """Up to `limit` renderings for one audience after `position`, in order; empty ones left out."""
        ...

    async def told(self, position: int) -> list[Delta]:
        """All deltas after `position` that are there, in order."""
        ...

    async def recent(self, limit: int) -> tuple[int, int, list[Delta]]:
        """(base, head, deltas): all deltas after `base` up to `head`, those of about the newest `limit` facts."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget the deltas of facts older than this; how many went."""
        ...

    async def side(self) -> Side:
        """Begin a second set of rows; an earlier one that was not finished goes."""
        ...
