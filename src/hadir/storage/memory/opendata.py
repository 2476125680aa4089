"""The public's view of all reports in memory."""

import struct
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from hadir.ports.opendata import NONE, ORIGINS, STATES, OpenRow, Reached

_LINE = struct.Struct(">qqqiiiihhhhh")
_SECOND = timedelta(seconds=1)


class MemoryOpenStore:
    """Fulfils `hadir.ports.opendata.OpenStore`."""

    def __init__(self) -> None:
        self._rows: dict[str, OpenRow] = {}
        self._ticks: dict[str, int] = {}
        self._tick = 0
        self._reached = Reached(0, "", 0)

    async def reached(self) -> Reached:
        return self._reached

    async def rows(self, ids: Collection[str]) -> list[OpenRow]:
        return [self._rows[id] for id in ids if id in self._rows]

    async def at(self, positions: Collection[int]) -> list[OpenRow]:
        found = (row for row in self._rows.values() if row.position in positions)
        return sorted(found, key=lambda row: row.position, reverse=True)

    async def write(self, after: int, position: int, rows: Sequence[OpenRow]) -> bool:
        if self._reached.position != after:
            return False
        self._put(rows)
        self._reached = self._reached._replace(position=position)
        return True

    def _put(self, rows: Iterable[OpenRow]) -> None:
        for row in rows:
            self._tick += 1
            self._rows[row.id], self._ticks[row.id] = row, self._tick

    async def packed(self, after: int, kinds: Sequence[str], areas: Sequence[str], limit: int) -> tuple[int, bytes]:
        changed = sorted((tick, id) for id, tick in self._ticks.items() if tick > after)[:limit]
        lines = [_line(self._rows[id], kinds, areas) for _, id in changed]
        return (changed[-1][0] if changed else after), b"".join(lines)

    async def side(self) -> "MemoryOpenSide":
        return MemoryOpenSide(self)

    def take(self, rows: dict[str, OpenRow], position: int, rules: str) -> bool:
        """The swap of a side."""
        if self._reached.position > position:
            return False
        self._rows, self._ticks = {}, {}
        self._put(rows.values())
        self._reached = Reached(position, rules, self._reached.generation + 1)
        return True

    def whole(self) -> dict[str, OpenRow]:
        return self._rows


class MemoryOpenSide:
    """Fulfils `hadir.ports.opendata.OpenSide`."""

    def __init__(self, store: MemoryOpenStore) -> None:
        self._store = store
        self._rows: dict[str, OpenRow] = {}

    async def rows(self, ids: Collection[str]) -> list[OpenRow]:
        return [self._rows[id] for id in ids if id in self._rows]

    async def put(self, rows: Sequence[OpenRow]) -> None:
        self._rows.update((row.id, row) for row in rows)

    async def differences(self) -> list[str]:
        mine, theirs = self._rows, self._store.whole()
        return sorted(id for id in mine.keys() | theirs.keys() if mine.get(id) != theirs.get(id))

    async def swap(self, position: int, rules: str) -> bool:
        return self._store.take(self._rows, position, rules)

    async def drop(self) -> None:
        """Nothing is kept anywhere."""


def _line(row: OpenRow, kinds: Sequence[str], areas: Sequence[str]) -> bytes:
    return _LINE.pack(
        row.position,
        int(row.at.timestamp() // 1),
        int(row.changed_at.timestamp() // 1),
        NONE if row.lat is None else round(row.lat * 1e6),
        NONE if row.lon is None else round(row.lon * 1e6),
        _after(row.answered_at, row.at),
        _after(row.solved_at, row.at),
        _number(row.kind, kinds),
        _number(row.area, areas),
        _number(row.state, STATES),
        _number(row.origin, ORIGINS),
        min(row.reopened, 9999),
    )


def _after(at: datetime | None, begun: datetime) -> int:
    return NONE if at is None else round((at - begun) / _SECOND)


def _number(text: str | None, known: Sequence[str]) -> int:
    return known.index(text) + 1 if text in known else 0
