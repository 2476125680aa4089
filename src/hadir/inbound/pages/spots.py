"""Where somebody looks: a kelurahan, or a circle; and the words for it and for what changed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from hadir.domain.following import RADII, Change, Kind, Subscription, box, coarse, metres
from hadir.inbound.pages.site import Site
from hadir.ports.following import Changes


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where one looks: an area, or a circle."""

    area: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius_m: int = RADII[1]

    @property
    def chosen(self) -> bool:
        return self.area is not None or self.lat is not None

    def query(self) -> str:
        if self.area is not None:
            return urlencode({"area": self.area})
        return urlencode({"lat": self.lat, "lon": self.lon, "radius": self.radius_m}) if self.chosen else ""


def spot_of(site: Site, given: Mapping[str, str]) -> Spot:
    """From a query or a form; what cannot be read is not chosen."""
    if (area := given.get("area", "")) in site.city.area_by_code:
        return Spot(area=area)
    try:
        lat, lon = float(given.get("lat", "")), float(given.get("lon", ""))
        radius = int(given.get("radius", RADII[1]))
    except ValueError:
        return Spot()
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or radius not in RADII:
        return Spot()
    return Spot(lat=coarse(lat), lon=coarse(lon), radius_m=radius)


async def near(changes: Changes, spot: Spot, most: int) -> list[Change]:
    """What changed there, the newest first."""
    if spot.area is not None:
        return await changes.of_area(spot.area, most)
    if spot.lat is None or spot.lon is None:
        return []
    lat, lon = spot.lat, spot.lon
    # A square holds more than its circle: a half more is asked for.
    found = await changes.within(box(lat, lon, spot.radius_m), most * 3 // 2)
    placed = [(c, c.lat, c.lon) for c in found if c.lat is not None and c.lon is not None]
    return [c for c, a, b in placed if metres(lat, lon, a, b) <= spot.radius_m][:most]


def radius_words(site: Site, m: int, lang: str) -> str:
    return site.words.say("follow.m", lang, m=m) if m < 1000 else site.words.say("follow.km", lang, km=m // 1000)


def place_of(site: Site, spot: Spot, lang: str) -> str:
    if spot.area is not None:
        return site.area_name(spot.area) or ""
    return site.words.say("follow.around", lang, radius=radius_words(site, spot.radius_m, lang))


def wish_words(site: Site, wish: Subscription, lang: str) -> str:
    """What is followed, in words."""
    say = site.words.say
    if wish.kind is Kind.AREA:
        return say("follow.of_area", lang, area=site.area_name(wish.area) or "")
    if wish.kind is Kind.AROUND:
        return say("follow.of_around", lang, radius=radius_words(site, wish.radius_m or 0, lang))
    return say("follow.of_report", lang, ref=(wish.report or "")[-5:])


def told(site: Site, change: Change, lang: str) -> tuple[str, str, str]:
    """(what, where, state)"""
    kind = site.city.category_by_code.get(change.category)
    state = site.words.say(f"follow.state.{change.says}", lang)
    return kind.name.say(lang) if kind else state, site.area_name(change.area) or "", state
