"""All public reports in memory, by column: any filter, any rectangle, any count, without an index for each.

50 bytes a report. One look at a column of a million takes a millisecond or two, so that a map of the whole city with
every filter set is some twenty, and no table of counts has to be kept true for each zoom, kind, state and day.
Rows are in the order of their positions. `take` is called from the loop's thread; questions may come from others:
they work on what was there when they began.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from hadir.ports.opendata import NONE, ORIGINS, PACKED, STATES

Ints = NDArray[Any]
N = TypeVar("N", str, datetime)

#: What the public is told of a report's state: its states by number, as STATES.
STATUSES: Mapping[str, tuple[str, ...]] = {
    "new": ("received",),
    "work": ("joined", "disputed"),
    "done": ("asked", "confirmed"),
    "none": ("dismissed",),
}
STATUS_OF = {state: status for status, states in STATUSES.items() for state in states}
#: A middle is made of about so many points.
MEANS_OF = 100_000
#: Number of «live» among ORIGINS.
LIVE = ORIGINS.index("live") + 1
#: Parts of the received that a number opens to.
ONLY = ("answered", "waiting", "solved", "reopened")

_LINE = np.dtype(list(PACKED))
_EMPTY: NDArray[Any] = np.empty(0, _LINE.newbyteorder("="))


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which reports; what is empty or None asks for all. Times: the first moment is in it, the last one is not."""

    kinds: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    #: keys of STATUSES
    statuses: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    #: west, south, east, north, of the point as it is published
    bbox: tuple[float, float, float, float] | None = None
    #: one of ONLY
    only: str = ""


class Cluster(NamedTuple):
    """Reports of one square of the map: how many, how many of them are not over, where their middle is."""

    reports: int
    going_on: int
    lat: float
    lon: float
    #: of the newest of them
    position: int


class Squares(NamedTuple):
    """Squares that reports are counted by: a corner of one of them, and their sides; millionths of a degree."""

    lat: int
    lon: int
    high: int
    wide: int


class Look(NamedTuple):
    """What a rectangle of the map shows."""

    reports: int
    #: how many of them are not live: simulated or replayed
    apart: int
    clusters: list[Cluster]
    #: of the newest
    positions: list[int]


class Figures(NamedTuple):
    """What is counted of a set of reports. Medians in seconds, None where nothing happened yet."""

    received: int
    answered: int
    answer_s: float | None
    solved: int
    solve_s: float | None
    reopened: int
    no_work: int


class Columns:
    """The columns. `kinds`: the public ones; what is of no other kind is never found."""

    def __init__(self, kinds: Sequence[str], areas: Sequence[str]) -> None:
        self.kinds, self.areas = tuple(kinds), tuple(areas)
        self._kinds = {code: n for n, code in enumerate(kinds, 1)}
        self._areas = {code: n for n, code in enumerate(areas, 1)}
        self._rows: NDArray[Any] = _EMPTY
        self._columns: Mapping[str, Ints] = {name: _EMPTY[name] for name, _ in PACKED}
        #: when a row last changed, seconds since 1970
        self.changed = 0

    def __len__(self) -> int:
        return len(self._columns["position"])

    # ── rows coming in ───────────────────────────────────────────────────────────────────────────────────────────

    def take(self, parts: Iterable[bytes]) -> None:
        """New and changed rows, in the order they changed."""
        lines = np.frombuffer(b"".join(parts), _LINE)
        if not len(lines):
            return
        # Of a row that changed twice the last line counts.
        _, last = np.unique(lines["position"][::-1], return_index=True)
        newest = lines[::-1][last]
        self.changed = max(self.changed, int(newest["changed"].max()))
        known = self._columns["position"]
        at = np.searchsorted(known, newest["position"])
        is_known = np.zeros(len(newest), bool)
        is_known[at < len(known)] = known[at[at < len(known)]] == newest["position"][at < len(known)]
        for name, _ in PACKED:
            self._columns[name][at[is_known]] = newest[name][is_known]
        self._add(newest[~is_known])

    def _add(self, lines: NDArray[Any]) -> None:
        """Rows by position; nearly always they are newer than all others, and then the columns just grow."""
        if not len(lines):
            return
        held, known = len(self), self._columns["position"]
        is_later = not held or lines["position"][0] > known[-1]
        order = None if is_later else np.argsort(np.concatenate([known, lines["position"]]), kind="stable")
        grown = {}
        for name, _ in PACKED:
            column = self._grown(name, lines[name])
            grown[name] = column if order is None else column[order]
        self._columns = grown

    def _grown(self, name: str, more: Ints) -> Ints:
        """The column with more at its end, in the room behind it where there is some."""
        column = self._columns[name]
        need, room = len(column) + len(more), column.base
        if not isinstance(room, np.ndarray) or room.dtype != column.dtype or len(room) < need:
            room = np.empty(max(1024, need + need // 4), more.dtype.newbyteorder("="))
            room[: len(column)] = column
        room[len(column) : need] = more
        return room[:need]

    # ── questions ────────────────────────────────────────────────────────────────────────────────────────────────

    def positions(self, asked: Asked, *, before: int | None = None, limit: int) -> list[int]:
        """Of the newest that were asked for, below a position."""
        columns = self._columns
        return _newest(columns, self._found(columns, asked), before, limit)

    def count(self, asked: Asked) -> int:
        return len(self._found(self._columns, asked))

    def look(self, asked: Asked, squares: Squares, *, before: int | None = None, limit: int, most: int = 400) -> Look:
        """A rectangle of the map (`asked.bbox`): its clusters, the big ones last, and the positions of the newest.

        With more squares than `most` the fullest are told.
        """
        assert asked.bbox is not None
        columns = self._columns
        found = self._found(columns, asked)
        if not len(found):
            return Look(0, 0, [], [])
        apart = int(np.count_nonzero(columns["origin"].take(found) != LIVE))
        clusters = self._clusters(columns, found, squares, most)
        return Look(len(found), apart, clusters, _newest(columns, found, before, limit))

    def _clusters(self, columns: Mapping[str, Ints], found: Ints, squares: Squares, most: int) -> list[Cluster]:
        lats, lons = columns["lat"].take(found), columns["lon"].take(found)
        rows = (lats - np.int32(squares.lat)) // np.int32(squares.high)
        cols = (lons - np.int32(squares.lon)) // np.int32(squares.wide)
        rows, cols = rows - rows.min(), cols - cols.min()
        keys = rows.astype(np.int64) * (int(cols.max()) + 1) + cols
        counts = np.bincount(keys)
        is_on = self._states(("new", "work")).take(columns["state"].take(found))
        on = np.bincount(keys, is_on)
        newest = np.zeros(len(counts), np.int64)
        newest[keys] = found  # in rising order: the last one stays
        told = np.flatnonzero(counts)
        told = told[np.argsort(counts[told], kind="stable")][-most:]
        lat, lon = (_means(keys, values, columns[name][newest]) for name, values in (("lat", lats), ("lon", lons)))
        position = columns["position"][newest]
        return [Cluster(int(counts[k]), int(on[k]), float(lat[k]), float(lon[k]), int(position[k])) for k in told]

    def figures(self, asked: Asked) -> Figures:
        """Of all that were asked for."""
        columns = self._columns
        found = self._found(columns, asked)
        answered, solved = columns["answered"][found], columns["solved"][found]
        return Figures(
            received=len(found),
            answered=int(np.count_nonzero(answered != NONE)),
            answer_s=_median(answered),
            solved=int(np.count_nonzero(solved != NONE)),
            solve_s=_median(solved),
            reopened=int(np.count_nonzero(columns["reopened"][found])),
            no_work=int(np.count_nonzero(self._states(("none",))[columns["state"][found]])),
        )

    def figures_by(self, asked: Asked, by: str) -> dict[str, Figures]:
        """The same for each kind, or each area («» is unknown)."""
        columns, codes = self._columns, self.kinds if by == "kind" else self.areas
        found = self._found(columns, asked)
        return self._each(columns, found, columns[by][found], ["", *codes])

    def figures_by_owner(self, asked: Asked, owner: Mapping[str, str]) -> dict[str, Figures]:
        """The same for each that a kind belongs to: an agency."""
        columns, names = self._columns, sorted(set(owner.values()))
        number = np.array([0, *(names.index(owner[kind]) for kind in self.kinds)], np.int16)
        found = self._found(columns, asked)
        return self._each(columns, found, number[columns["kind"][found]], names)

    def figures_by_time(self, asked: Asked, edges: Sequence[datetime]) -> dict[datetime, Figures]:
        """The same for what was received from each edge on, up to the next one."""
        columns = self._columns
        found = self._found(columns, asked)
        marks = np.array([int(edge.timestamp()) for edge in edges], np.int64)
        return self._each(columns, found, np.searchsorted(marks, columns["at"][found], "right") - 1, list(edges))

    def _each(self, columns: Mapping[str, Ints], found: Ints, groups: Ints, names: Sequence[N]) -> dict[N, Figures]:
        parts = _by_group(groups, len(names))
        answered, solved = columns["answered"][found], columns["solved"][found]
        reopened = columns["reopened"][found] > 0
        no_work = self._states(("none",))[columns["state"][found]]
        told = {}
        for number, part in parts:
            told[names[number]] = Figures(
                received=len(part),
                answered=int(np.count_nonzero(answered[part] != NONE)),
                answer_s=_median(answered[part]),
                solved=int(np.count_nonzero(solved[part] != NONE)),
                solve_s=_median(solved[part]),
                reopened=int(np.count_nonzero(reopened[part])),
                no_work=int(np.count_nonzero(no_work[part])),
            )
        return told

    def span(self, asked: Asked) -> tuple[int, int] | None:
        """The first and the last receipt, seconds since 1970."""
        columns = self._columns
        at = columns["at"][self._found(columns, asked)]
        return None if not len(at) else (int(at.min()), int(at.max()))

    # ── filters ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _found(self, columns: Mapping[str, Ints], asked: Asked) -> Ints:
        """Indexes of the rows that were asked for. The narrowest filters first: what they leave is looked at again."""
        wanted = asked.kinds or self.kinds
        kept = _numbered(len(self.kinds), [self._kinds.get(code, 0) for code in wanted])[columns["kind"]]
        kept &= self._states(asked.statuses or tuple(STATUSES))[columns["state"]]
        if asked.since is not None:
            kept &= columns["at"] >= asked.since.timestamp()
        if asked.until is not None:
            kept &= columns["at"] < asked.until.timestamp()
        if asked.bbox is not None:
            west, south, east, north = (round(degrees * 1e6) for degrees in asked.bbox)
            kept &= (columns["lat"] >= south) & (columns["lat"] <= north) & (columns["lat"] != NONE)
            kept &= (columns["lon"] >= west) & (columns["lon"] <= east)
        if asked.areas:
            kept &= _numbered(len(self.areas), [self._areas.get(code, 0) for code in asked.areas])[columns["area"]]
        if asked.origins:
            kept &= _numbered(len(ORIGINS), [_at(ORIGINS, origin) for origin in asked.origins])[columns["origin"]]
        if asked.only:
            kept &= _ONLY[asked.only](columns)
        return np.flatnonzero(kept)

    def _states(self, statuses: Sequence[str]) -> NDArray[np.bool_]:
        return _numbered(len(STATES), [_at(STATES, state) for status in statuses for state in STATUSES.get(status, ())])


_ONLY: Mapping[str, Any] = {
    "answered": lambda columns: columns["answered"] != NONE,
    "waiting": lambda columns: columns["answered"] == NONE,
    "solved": lambda columns: columns["solved"] != NONE,
    "reopened": lambda columns: columns["reopened"] > 0,
}


def _at(known: Sequence[str], name: str) -> int:
    return known.index(name) + 1 if name in known else 0


def _numbered(size: int, numbers: Iterable[int]) -> NDArray[np.bool_]:
    """A table by number that says which are wanted; 0 never is."""
    table = np.zeros(size + 1, bool)
    table[list(numbers)] = True
    table[0] = False
    return table


def _newest(columns: Mapping[str, Ints], found: Ints, before: int | None, limit: int) -> list[int]:
    if before is not None:
        found = found[: np.searchsorted(columns["position"].take(found), before)]
    return [int(position) for position in columns["position"][found[::-1][:limit]]]


def _means(keys: Ints, values: Ints, otherwise: Ints) -> Ints:
    """The middle of each group, in degrees: of very many, that of a part of them, since it is only to be drawn."""
    step = len(keys) // MEANS_OF + 1
    part, size = keys[::step], len(otherwise)
    known = np.bincount(part, minlength=size)
    sums = np.bincount(part, values[::step], minlength=size)
    return np.where(known > 0, sums / np.maximum(known, 1), otherwise) / 1e6


def _median(seconds: Ints) -> float | None:
    known = seconds[seconds != NONE]
    return float(np.median(known)) if len(known) else None


def _by_group(groups: Ints, count: int) -> list[tuple[int, Ints]]:
    """(group, its indexes), without the empty ones."""
    order = np.argsort(groups, kind="stable")
    ends = np.searchsorted(groups[order], np.arange(count + 1))
    return [(n, order[ends[n] : ends[n + 1]]) for n in range(count) if ends[n] < ends[n + 1]]
