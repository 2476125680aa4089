"""Reports for open interfaces, from the board's rows in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

import msgspec

from hadir.domain.report import State
from hadir.ports.requests import TOLD, Told, Wanted
from hadir.ports.views import ViewRow
from hadir.storage.memory.journal import MemoryJournal
from hadir.storage.memory.views import MemoryViewStore


class _Body(msgspec.Struct):
    state_at: datetime
    sensitive: bool = False


class MemoryOpenReports:
    """Fulfils `hadir.ports.requests.OpenReports`."""

    def __init__(self, store: MemoryViewStore, journal: MemoryJournal) -> None:
        self._store = store
        self._journal = journal

    async def requested(self, wanted: Wanted) -> list[bytes]:
        found = [row for row in self._reports() if _is_wanted(row, wanted)]
        return [row.body for row in _newest_first(found)[wanted.offset : wanted.offset + wanted.limit]]

    async def named(self, ids: Sequence[str]) -> list[bytes]:
        return [row.body for row in _newest_first(row for row in self._reports() if row.id in ids)]

    async def told(
        self, start: datetime, end: datetime, categories: Sequence[str], *, limit: int, offset: int = 0
    ) -> list[Told]:
        known = {row.id: row for row in self._reports() if _may_be_told(row, categories)}
        found = [told for told in self._told(known) if start <= told.at <= end]
        return sorted(found, key=lambda told: (told.at, told.position, told.report))[offset : offset + limit]

    async def told_of(self, ids: Sequence[str]) -> list[Told]:
        return list(self._told({row.id: row for row in self._reports() if row.id in ids}))

    def _told(self, rows: Mapping[str, ViewRow]) -> Iterator[Told]:
        for fact in self._journal.facts:
            kind, (noun, _, id) = fact.event.kind, fact.stream.partition("/")
            if kind not in TOLD:
                continue
            of = {id} & rows.keys()
            if noun == "incident":
                of = {row.id for row in rows.values() if row.room == id and cast("datetime", row.at) <= fact.at}
            for report in sorted(of):
                yield Told(fact.position, fact.at, kind, report)

    def _reports(self) -> Iterable[ViewRow]:
        return (row for row in self._store.rows.values() if row.group == "reports")


def _may_be_told(row: ViewRow, categories: Sequence[str]) -> bool:
    body = msgspec.json.decode(row.body, type=_Body)
    return row.category in categories and row.state != State.HELD and not body.sensitive


def _newest_first(rows: Iterable[ViewRow]) -> list[ViewRow]:
    return sorted(rows, key=lambda row: (cast("datetime", row.at), row.id), reverse=True)


def _is_wanted(row: ViewRow, wanted: Wanted) -> bool:
    body = msgspec.json.decode(row.body, type=_Body)
    return (
        row.at is not None
        and wanted.start <= row.at <= wanted.end
        and row.category in wanted.categories
        and (not wanted.states or row.state in wanted.states)
        and row.state != State.HELD
        and not body.sensitive
        and (wanted.changed_after is None or body.state_at >= wanted.changed_after)
        and (wanted.changed_before is None or body.state_at <= wanted.changed_before)
        and (wanted.bbox is None or _is_inside(row, wanted, wanted.bbox))
    )


def _is_inside(row: ViewRow, wanted: Wanted, bbox: tuple[float, float, float, float]) -> bool:
    if row.lat is None or row.lon is None:
        return False
    lat, lon = row.lat, row.lon
    if (grid := wanted.grids.get(row.category or "")) is not None:
        lat, lon = grid.middle(lat, lon)
    west, south, east, north = bbox
    return west <= lon <= east and south <= lat <= north
