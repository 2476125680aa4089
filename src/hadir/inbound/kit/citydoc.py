"""The city pack as clients need it, in one language: for `GET /api/v1/city` and for a staff page's first data."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hadir.domain.city import Area, City

AREAS_URL = "/api/v1/areas.geojson"


def city_document(city: City, lang: str, now: datetime) -> dict[str, Any]:
    """Names in the language asked for; codes as in the board's rows (docs/design-system.md tells each key)."""
    return {
        "code": city.code,
        "name": city.title.say(lang),
        "zone": city.zone,
        "zone_name": now.astimezone(ZoneInfo(city.zone)).strftime("%Z"),
        "centre": {"lat": city.lat, "lon": city.lon},
        "outside_agency": city.outside_agency,
        "areas_url": AREAS_URL,
        "areas_approximate": any(area.approximate for area in city.areas),
        "areas_source": city.areas_source.say(lang),
        "areas": [
            {"code": a.code, "name": a.name, "district": a.district, "lat": a.lat, "lon": a.lon} for a in city.areas
        ],
        **_vocabulary(city, lang),
        "urgencies": [label.say(lang) for label in city.urgencies],
        "phones": [{"number": number, "name": label.say(lang)} for number, label in city.phones],
    }


def _vocabulary(city: City, lang: str) -> dict[str, Any]:
    return {
        "groups": [{"code": g.code, "name": g.name.say(lang)} for g in city.groups],
        "categories": [
            {
                "code": c.code,
                "name": c.name.say(lang),
                "group": c.group,
                "agency": c.agency,
                "flood": c.flood,
                "actions": c.actions,
            }
            for c in city.categories
        ],
        "agencies": [
            {"code": a.code, "name": a.name.say(lang), "short": a.short, "partner": a.partner} for a in city.agencies
        ],
        "actions": [{"code": a.code, "name": a.name.say(lang), "near": a.near} for a in city.actions],
        "templates": [
            {
                "code": t.code,
                "categories": t.categories,
                "action": t.action,
                "within_min": t.within_min,
                "words": t.words.say(lang),
            }
            for t in city.templates
        ],
        "dispositions": [
            {"code": d.code, "name": d.name.say(lang), "needs_reason": d.needs_reason} for d in city.dispositions
        ],
        "statuses": [
            {"key": s.key, "name": s.name.say(lang), "free": s.free, "by_task": s.by_task, "calls": s.calls}
            for s in city.statuses
        ],
    }


def mandates_of(city: City, account: str, now: datetime) -> list[dict[str, Any]]:
    """In whose name this account may give orders today, and for what; empty lists mean all."""
    today = city.day_of(now)
    return [
        {"on_behalf": m.on_behalf, "categories": m.categories, "agencies": m.agencies}
        for m in city.mandates
        if m.holder == account and m.holds(today)
    ]


def areas_geojson(city: City) -> dict[str, Any]:
    """The areas' borders (WGS84, GeoJSON's lon, lat)."""
    return {
        "type": "FeatureCollection",
        "source": {"id": city.areas_source.id, "en": city.areas_source.en},
        "features": [_feature(area) for area in city.areas],
    }


def _feature(area: Area) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": area.code,
        "properties": {
            "code": area.code,
            "name": area.name,
            "district": area.district,
            "approximate": area.approximate,
        },
        "geometry": {"type": "MultiPolygon", "coordinates": area.polygons},
    }
