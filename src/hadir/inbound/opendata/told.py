"""One public row in the words of the data dictionary: the same fields in every form.

Only fields that `domain.people.OPEN_DATA` names leave. There are no words of the reporter's among them: a mask finds
numbers and plates, and not that a neighbour is meant (ADR 24).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hadir.domain.city import City
from hadir.domain.people import OPEN_DATA
from hadir.ports.opendata import OpenRow
from hadir.views.columns import STATUS_OF

#: In this order in every form.
FIELDS = (
    "id",
    "received",
    "changed",
    "kind",
    "kind_name",
    "agency",
    "agency_name",
    "area",
    "area_name",
    "lat",
    "lon",
    "blur_m",
    "state",
    "state_name",
    "answered",
    "solved",
    "confirmed",
    "reopened",
    "origin",
)
assert set(FIELDS) == OPEN_DATA


class Teller:
    """Puts rows into fields, in one language. `say` is the catalogue's."""

    def __init__(self, city: City, say: Any, lang: str) -> None:
        self._city = city
        self._zone = ZoneInfo(city.zone)
        self._say = say
        self.lang = lang

    def fields(self, row: OpenRow) -> dict[str, Any]:
        """FIELDS and their values. Times to the minute: a second could tell who stood there with a phone."""
        kind = self._city.category_by_code[row.kind]
        area = self._city.area_by_code.get(row.area or "")
        status = STATUS_OF[row.state]
        return {
            "id": row.id,
            "received": self.minute(row.at),
            "changed": self.minute(row.changed_at),
            "kind": row.kind,
            "kind_name": kind.name.say(self.lang),
            "agency": kind.agency,
            "agency_name": self._city.agency_by_code[kind.agency].name.say(self.lang),
            "area": row.area,
            "area_name": None if area is None else area.name,
            "lat": row.lat,
            "lon": row.lon,
            "blur_m": kind.blur_m,
            "state": status,
            "state_name": self.state(status),
            "answered": self.minute(row.answered_at),
            "solved": self.minute(row.solved_at),
            "confirmed": self.minute(row.confirmed_at),
            "reopened": row.reopened,
            "origin": row.origin,
        }

    def state(self, status: str) -> str:
        return self._say(f"open.state.{status}", self.lang)

    def minute(self, at: datetime | None) -> str | None:
        """RFC 3339 with the city's offset."""
        if at is None:
            return None
        return at.astimezone(self._zone).replace(second=0, microsecond=0).isoformat()

    def title(self, row: OpenRow) -> str:
        """«Lampu jalan mati – Sananwetan»."""
        area = self._city.area_by_code.get(row.area or "")
        name = self._city.category_by_code[row.kind].name.say(self.lang)
        return name if area is None else f"{name} – {area.name}"


def urn(city: City, report_id: str) -> str:
    """A name of the report for ever, whatever our address is (RFC 4122, version 5)."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'hadir:{city.code}:report:{report_id}')}"


def without_point(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a GeoJSON feature, whose point stands in its geometry."""
    return {name: value for name, value in fields.items() if name not in ("id", "lat", "lon")}
