"""The board's tables in memory."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from math import hypot

from hadir.ports.views import LATELY_LOOKED, Delta, ViewBatch, Viewport, ViewRow, ViewsBehind

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class MemorySide:
    """Rows beside the ones in use."""

    def __init__(self, store: "MemoryViewStore") -> None:
        self._store = store
        self.rows: dict[tuple[str, str], ViewRow] = {}

    async def add(self, rows: Sequence[ViewRow]) -> None:
        if twice := [row.id for row in rows if (row.group, row.id) in self.rows]:
            raise ValueError(f"already there: {', '.join(twice)}")
        await self.replace(rows)

    async def replace(self, rows: Sequence[ViewRow]) -> None:
        self.rows |= {(row.group, row.id): row for row in rows}

    async def row(self, group: str, id: str) -> bytes | None:
        row = self.rows.get((group, id))
        return row.body if row else None

    async def room(self, incident_id: str) -> list[tuple[str, bytes]]:
        return _bodies(row for row in self.rows.values() if row.room == incident_id)

    async def finish(self) -> None:
        """Nothing to do in memory."""

    async def differences(self) -> list[tuple[str, str]]:
        keys = self.rows.keys() | self._store.rows.keys()
        return sorted(key for key in keys if self.rows.get(key) != self._store.rows.get(key))

    async def swap(self, position: int) -> bool:
        if self._store.cursor > position:
            return False
        if self._store.cursor < position:
            self._store.forget_deltas(position)
        self._store.rows, self._store.cursor = self.rows, position
        return True

    async def drop(self) -> None:
        self.rows = {}


class MemoryViewStore:
    """Fulfils `hadir.ports.views.ViewStore`."""

    def __init__(self) -> None:
        self.cursor = 0
        self.rows: dict[tuple[str, str], ViewRow] = {}
        self._deltas: list[tuple[datetime, Delta]] = []
        self._kept_after = 0

    async def position(self) -> int:
        return self.cursor

    async def kept(self) -> tuple[int, list[tuple[str, bytes]]]:
        return self.cursor, _bodies(row for row in self.rows.values() if row.kept)

    async def row(self, group: str, id: str) -> bytes | None:
        row = self.rows.get((group, id))
        return row.body if row else None

    async def room(self, incident_id: str) -> list[tuple[str, bytes]]:
        return _bodies(row for row in self.rows.values() if row.room == incident_id)

    async def write(self, batch: ViewBatch) -> None:
        if self.cursor < batch.after:
            raise ViewsBehind(self.cursor)
        if batch.position <= self.cursor:
            return
        self.rows |= {(row.group, row.id): row for row in batch.rows}
        self._deltas += [(batch.at, delta) for delta in batch.deltas if delta.position > self.cursor]
        self.cursor = batch.position

    async def showing(self, contents: Collection[str]) -> list[tuple[str, bytes]]:
        return _bodies(row for row in self.rows.values() if not set(contents).isdisjoint(row.contents))

    async def blank(self, rows: Sequence[ViewRow]) -> None:
        self.rows |= {(row.group, row.id): row for row in rows}
        self.forget_deltas(self.cursor)

    def forget_deltas(self, position: int) -> None:
        self._deltas, self._kept_after = [], position

    async def viewport(self, port: Viewport) -> list[bytes]:
        found = [row for row in self.rows.values() if row.group == "reports" and _within(row, port)]
        found.sort(key=lambda row: (row.at or _LONG_AGO, row.id), reverse=True)
        return [row.body for row in found[: port.limit]]

    async def nearest(self, lat: float, lon: float, limit: int) -> list[bytes]:
        found = [
            (hypot(row.lat - lat, row.lon - lon), row.id, row.body)
            for row in self.rows.values()
            if row.group == "reports" and row.lat is not None and row.lon is not None
        ]
        return [body for _, _, body in sorted(found)[:limit]]

    async def lately_over(self, port: Viewport) -> list[bytes]:
        over = [row for row in self._newest(port.since)[:LATELY_LOOKED] if not row.kept and _within(row, port)]
        return [row.body for row in over[: port.limit]]

    def _newest(self, since: datetime | None) -> list[ViewRow]:
        rows = [row for row in self.rows.values() if row.group == "reports" and row.lat is not None]
        found = [row for row in rows if since is None or (row.at or _LONG_AGO) >= since]
        return sorted(found, key=lambda row: (row.at or _LONG_AGO, row.id), reverse=True)

    async def began(self, group: str, since: datetime, until: datetime) -> list[bytes]:
        rows = (row for row in self.rows.values() if row.group == group and row.at is not None)
        return [row.body for row in rows if row.at is not None and since <= row.at < until]

    async def kept_after(self) -> int:
        return self._kept_after

    async def after(self, position: int, audience: str, limit: int) -> list[tuple[int, bytes]]:
        found = [(at, said.get(audience, said.get("*", b""))) for _, (at, said) in self._deltas if at > position]
        return [(at, data) for at, data in found if data][:limit]

    async def told(self, position: int) -> list[Delta]:
        return [delta for _, delta in self._deltas if delta.position > position]

    async def recent(self, limit: int) -> tuple[int, int, list[Delta]]:
        newest = [delta for _, delta in self._deltas][-limit:]
        whole = len(newest) == len(self._deltas)
        return self._kept_after if whole else newest[0].position - 1, self.cursor, newest

    async def prune(self, before: datetime) -> int:
        old = [delta for at, delta in self._deltas if at < before]
        self._deltas = [(at, delta) for at, delta in self._deltas if at >= before]
        self._kept_after = max([self._kept_after, *(delta.position for delta in old)])
        return len(old)

    async def side(self) -> MemorySide:
        return MemorySide(self)


def _bodies(rows: Iterable[ViewRow]) -> list[tuple[str, bytes]]:
    return [(row.group, row.body) for row in sorted(rows, key=lambda row: (row.group, row.id))]


def _within(row: ViewRow, port: Viewport) -> bool:
    if row.lat is None or row.lon is None:
        return False
    return (
        port.south <= row.lat <= port.north
        and port.west <= row.lon <= port.east
        and (not port.states or row.state in port.states)
        and (not port.categories or row.category in port.categories)
        and (port.since is None or (row.at or _LONG_AGO) >= port.since)
        and (port.until is None or (row.at or _LONG_AGO) < port.until)
    )
