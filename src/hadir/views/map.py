"""Reports as marks on a map. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from hadir.domain.priority import metres
from hadir.ports.views import Viewport
from hadir.views.rows import ReportRow

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What a map draws of a report; the rest is asked for when it is pressed."""

    id: str
    state: str
    lat: float
    lon: float
    since: datetime | None
    category: str
    urgency: int
    origin: str
    flood: bool
    incident: str | None


def mark(row: ReportRow) -> Mark:
    """Of a report that has a point."""
    assert row.place.lat is not None and row.place.lon is not None
    return _mark(row, row.place.lat, row.place.lon)


class _Point(msgspec.Struct, frozen=True):
    lat: float
    lon: float


class _Stored(msgspec.Struct, frozen=True):
    """As much of a stored report as a mark needs: reading the rest would take ten times as long."""

    id: str
    state: str
    since: datetime | None
    category: str
    urgency: int
    origin: str
    flood: bool
    incident: str | None
    place: _Point


_stored = msgspec.json.Decoder(_Stored).decode


def stored_mark(body: bytes) -> Mark:
    """As `mark`, of a stored row."""
    row = _stored(body)
    return _mark(row, row.place.lat, row.place.lon)


def _mark(row: ReportRow | _Stored, lat: float, lon: float) -> Mark:
    return Mark(
        id=row.id,
        state=row.state,
        lat=lat,
        lon=lon,
        since=row.since,
        category=row.category,
        urgency=row.urgency,
        origin=row.origin,
        flood=row.flood,
        incident=row.incident,
    )


def within(port: Viewport, rows: Iterable[ReportRow]) -> list[Mark]:
    """As `ViewStore.viewport`, from rows in memory."""
    found = [row for row in rows if _within(port, row)]
    found.sort(key=lambda row: (row.since or _LONG_AGO, row.id), reverse=True)
    return [mark(row) for row in found[: port.limit]]


def _within(port: Viewport, row: ReportRow) -> bool:
    lat, lon, since = row.place.lat, row.place.lon, row.since or _LONG_AGO
    if lat is None or lon is None:
        return False
    return (
        port.south <= lat <= port.north
        and port.west <= lon <= port.east
        and (not port.states or row.state in port.states)
        and (not port.categories or row.category in port.categories)
        and (port.since is None or since >= port.since)
        and (port.until is None or since < port.until)
    )


def by_metres(lat: float, lon: float, marks: Iterable[Mark]) -> list[tuple[float, Mark]]:
    """(metres, mark), the nearest first."""
    return sorted(((metres(lat, lon, m.lat, m.lon), m) for m in marks), key=lambda pair: (pair[0], pair[1].id))
