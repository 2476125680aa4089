"""Who can go to an incident, from the picture in memory: the rule's answer, with names in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple

from hadir.domain.city import City
from hadir.domain.dispatch import Candidate, Recommendation, Standing, Suggestion, recommend
from hadir.domain.people import Sight
from hadir.domain.values import Place, Reason
from hadir.views.picture import Picture
from hadir.views.rows import IncidentRow, UnitRow, ref_of

STANDINGS: Mapping[Standing, str] = {
    Standing.FREE: "free",
    Standing.UNKNOWN: "unknown",
    Standing.NOT_NOW: "not_now",
}
_CITY = Sight.CITY.value
#: More than anybody asks one after the other; the rest are counted.
SHOWN_MOST = 50


def dispatch(picture: Picture, incident: IncidentRow, audience: str, lang: str, now: datetime) -> dict[str, Any]:
    """As JSON: suggestions in order, `of` how many; what is missing. An agency sees its own, ranked among all."""
    city, where = picture.city, spot(picture, incident)
    place = Place(area=incident.place.area, lat=where and where.lat, lon=where and where.lon)
    found = recommend(city, place, incident.category, list(candidates(picture, incident)), now)
    say = Names(city, lang)
    shown = [s for s in found.suggestions if _sees(audience, picture.units[s.id])]
    return {
        "incident": incident.id,
        "at": now,
        "place_from": where.source if where else None,
        "suggestions": [_suggestion(s, picture.units[s.id], say) for s in shown[:SHOWN_MOST]],
        "of": len(shown),
        "missing": _missing(found, say),
    }


class Spot(NamedTuple):
    """Where an incident is, and by what: its own point, its reports' points, or the middle of its area."""

    lat: float
    lon: float
    source: str


def spot(picture: Picture, incident: IncidentRow) -> Spot | None:
    """The best point there is. Of several reports the median in each direction: one far-off report does not move it."""
    place = incident.place
    if place.lat is not None and place.lon is not None:
        return Spot(place.lat, place.lon, "point")
    room = picture.rooms.get(incident.id)
    places = [picture.reports[id].place for id in sorted(room.reports)] if room else []
    points = [(p.lat, p.lon) for p in places if p.lat is not None and p.lon is not None and not p.outside]
    if points:
        return Spot(median(lat for lat, _ in points), median(lon for _, lon in points), "reports")
    area = picture.city.area_by_code.get(place.area or "")
    return Spot(area.lat, area.lon, "area") if area else None


def candidates(picture: Picture, incident: IncidentRow) -> Iterator[Candidate]:
    """Every officer as the picture has him."""
    for unit in picture.units.values():
        task = picture.tasks.get(unit.busy_with or "")
        yield Candidate(
            id=unit.id,
            agency=unit.agency,
            status=unit.state,
            busy_with=ref_of(unit.busy_with) if unit.busy_with else None,
            here=task is not None and task.incident == incident.id,
            lat=unit.place.lat,
            lon=unit.place.lon,
            accuracy_m=unit.place.accuracy_m,
            placed_at=unit.placed_at,
            worked_until=unit.worked_until,
            alarmed=bool(unit.alarms),
        )


def _sees(audience: str, unit: UnitRow) -> bool:
    return audience in (_CITY, f"agency:{unit.agency}")


def _suggestion(suggestion: Suggestion, unit: UnitRow, say: Names) -> dict[str, Any]:
    return {
        "id": suggestion.id,
        "name": unit.name,
        "agency": unit.agency,
        "state": unit.state,
        "standing": STANDINGS[suggestion.standing],
        "minutes": round(suggestion.minutes, 1),
        "distance_m": None if suggestion.distance_m is None else round(suggestion.distance_m),
        "way_min": None if suggestion.way_min is None else round(suggestion.way_min, 1),
        "stale": suggestion.stale,
        "nearest": suggestion.nearest,
        "placed_at": unit.placed_at,
        "accuracy_m": unit.place.accuracy_m,
        "reasons": [say.reason(reason) for reason in suggestion.reasons],
    }


def _missing(found: Recommendation, say: Names) -> dict[str, list[dict[str, str]]]:
    return {
        "skills": [{"code": code, "name": say.thing(code)} for code in found.missing_skills],
        "equipment": [{"code": code, "name": say.thing(code)} for code in found.missing_equipment],
    }


class Names:
    """Codes and measures as people of one language read them."""

    def __init__(self, city: City, lang: str) -> None:
        self._city, self._lang = city, lang
        self._says: Mapping[str, Callable[[str], str]] = {
            "thing": self.thing,
            "speed": self.thing,
            "status": self._status,
            "agency": self._agency,
            "m": self.distance,
            "s": self.age,
        }

    def reason(self, reason: Reason) -> dict[str, Any]:
        params = {name: self._says[name](value) if name in self._says else value for name, value in reason.params}
        points = None if reason.points is None else round(reason.points, 1)
        return {"code": reason.code, "points": points, "params": params}

    def thing(self, code: str) -> str:
        label = self._city.fleet.names.get(code)
        return label.say(self._lang) if label else code

    def _status(self, key: str) -> str:
        status = self._city.status_by_key.get(key)
        return status.name.say(self._lang) if status else key

    def _agency(self, code: str) -> str:
        agency = self._city.agency_by_code.get(code)
        return agency.short if agency else code

    def distance(self, metres: str) -> str:
        """«850 m», «1,2 km»; tens of metres are more than a straight line promises."""
        value = float(metres)
        if value < 1000:
            return f"{round(value, -1):.0f} m"
        return f"{value / 1000:.1f} km".replace(".", "." if self._lang == "en" else ",")

    def age(self, seconds: str) -> str:
        value = int(seconds)
        if value < 60:
            return f"{value} s" if self._lang == "en" else f"{value} dtk"
        return f"{value // 60} min" if self._lang == "en" else f"{value // 60} mnt"
