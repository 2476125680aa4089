"""Small values every rule shares: places, reasons, who acts. Frozen, keyword-only, standard library only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

LAT_LIMIT, LON_LIMIT = 90.0, 180.0

# 0.001 degree is about 110 m: coarse enough that a reporter's door is not in the journal for ever,
# fine enough that an incident stands in the right street block.
COARSE_DECIMALS = 3


#: What people say aloud of an id: its last characters.
REF_LENGTH = 5


def ref_of(id: str) -> str:
    return id[-REF_LENGTH:]


class NaiveTime(ValueError):
    """A time without a zone cannot be compared with the city's."""


def aware(at: datetime) -> datetime:
    """The same time, refused when it carries no zone."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise NaiveTime(at.isoformat())
    return at


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One reason for a suggestion. The words stand in the catalogue under ``reason.<code>``."""

    code: str
    #: what it added to a score, in points; None where nothing was added up
    points: float | None = None
    #: values for the words, as pairs, so that a reason stays hashable
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something is. WGS84 degrees; ``lat`` and ``lon`` are both there or both absent."""

    #: kelurahan's code in the city pack
    area: str | None = None
    rw: int | None = None
    rt: int | None = None
    lat: float | None = None
    lon: float | None = None
    #: radius in metres within which the device says the point lies
    accuracy_m: float | None = None
    #: gps, tap, list, words, operator
    how: str | None = None
    #: the place in the person's own words: personal text, never in an event
    words: str | None = None
    #: more than the pack's border distance beyond the outermost area
    outside: bool = False

    def coarse(self) -> Place:
        """What may stand in an event: the area and a point rounded to about 110 m, no words."""
        lat = None if self.lat is None else round(self.lat, COARSE_DECIMALS)
        lon = None if self.lon is None else round(self.lon, COARSE_DECIMALS)
        return replace(self, lat=lat, lon=lon, words=None)

    def without_point(self) -> Place:
        """The area alone, for a report: its exact point is erasable content."""
        return replace(self, lat=None, lon=None, words=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """Somebody who gets to see an order that is not for him to answer («tembusan»)."""

    account: str
    #: the viewer's audience key: city, agency:<code>, person:<account>
    audience: str
    #: asked (by the commander), superior (of the addressee), late, deputy (because the addressee did not look)
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who gives a command, as the door has proved it."""

    #: account id; ``reporter/<report id>`` for the holder of a tracking link; ``device/<pseudonym>`` for a phone
    id: str
    role: str
    agency: str | None = None
    #: areas an area head answers for
    areas: tuple[str, ...] = ()
    #: citizen-web, api, desk, phone, replay, system
    channel: str = "api"
    #: what the door has to say against what somebody unknown sends (`domain.abuse`)
    doubts: tuple[Reason, ...] = ()
