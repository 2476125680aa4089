"""Where the public's view of all reports is kept: one row each, without a word that anybody wrote.

The rows can be dropped and made again from the journal. One process at a time writes (the cursor's row is its lock);
every change of a row gives it a new `tick`, so that whoever holds a copy in memory asks for what changed since.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec


class OpenRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One report as anybody may know it. The point is as it is published: blurred where its kind says so."""

    #: of its first fact: what pages go by
    position: int
    id: str
    at: datetime
    changed_at: datetime
    kind: str
    area: str | None = None
    #: as `domain.report.State`
    state: str
    origin: str
    lat: float | None = None
    lon: float | None = None
    #: when somebody first decided about it
    answered_at: datetime | None = None
    #: when the reporter was asked whether it is solved; None again when he says no
    solved_at: datetime | None = None
    #: when he said yes
    confirmed_at: datetime | None = None
    #: how often he said no
    reopened: int = 0
    #: the erasable content that the point came from: when that goes, the point goes
    place_content: str | None = None
    #: somebody has put the place right: newer words of the reporter do not move it
    moved: bool = False


class Reached(NamedTuple):
    """How far the rows are, by which rules of the pack they were made, and how often they were made anew."""

    position: int
    rules: str
    generation: int


class OpenSide(Protocol):
    """A second set of rows that is being built beside the one in use."""

    async def rows(self, ids: Collection[str]) -> list[OpenRow]: ...

    async def put(self, rows: Sequence[OpenRow]) -> None: ...

    async def differences(self) -> list[str]:
        """Ids of rows that are not the same as in the ones in use."""
        ...

    async def swap(self, position: int, rules: str) -> bool:
        """Put it in the place of the one in use, if that one is not past `position`."""
        ...

    async def drop(self) -> None:
        """Give it up; after a swap nothing is left to drop."""
        ...


class OpenStore(Protocol):
    """The rows."""

    async def reached(self) -> Reached: ...

    async def rows(self, ids: Collection[str]) -> list[OpenRow]:
        """Those of these reports that there are."""
        ...

    async def at(self, positions: Collection[int]) -> list[OpenRow]:
        """Those of these positions, the newest first."""
        ...

    async def write(self, after: int, position: int, rows: Sequence[OpenRow]) -> bool:
        """What the facts after `after` up to `position` did; False when another process has been there."""
        ...

    async def packed(self, after: int, kinds: Sequence[str], areas: Sequence[str], limit: int) -> tuple[int, bytes]:
        """Up to `limit` rows that changed after a tick, as PACKED lines, and the last tick; b"" when there are none.

        Kinds and areas are numbered as they stand in the lists, from 1; others are 0.
        """
        ...

    async def side(self) -> OpenSide:
        """Begin a second set of rows; an earlier one that was not finished goes."""
        ...


#: States and origins by number, from 1.
STATES = ("received", "joined", "asked", "confirmed", "disputed", "dismissed")
ORIGINS = ("live", "simulation", "replay")

#: One row in 50 bytes, big-endian: what the columns in memory are made of. Times in whole seconds since 1970, points in
#: millionths of a degree, durations in seconds after `at`; NONE where there is none.
PACKED = (
    ("position", ">i8"),
    ("at", ">i8"),
    ("changed", ">i8"),
    ("lat", ">i4"),
    ("lon", ">i4"),
    ("answered", ">i4"),
    ("solved", ">i4"),
    ("kind", ">i2"),
    ("area", ">i2"),
    ("state", ">i2"),
    ("origin", ">i2"),
    ("reopened", ">i2"),
)
NONE = -(2**31)
