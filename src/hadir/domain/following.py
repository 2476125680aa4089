"""Who wants to hear of what: a kelurahan, a circle round a point, or the own report. Pure rules.

Only what is public is told of the first two, and a point that somebody chose is kept no finer than a block: it is
where he lives. Notices of one subscriber gather, so that a night of rain is one message and not forty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from hadir.domain.notice import Channel

#: Metres round a point; less would tell of single houses, more is the whole city.
RADII = (500, 1000, 2000)
#: Of a chosen point: about 110 m.
POINT_DIGITS = 3
EARTH_M = 6_371_000.0
METRES_PER_DEGREE = 111_320.0

#: What one browser or one address may follow; more is a list, and for lists there is the feed.
FOLLOWED_MOST = 20
#: Letters that ask «is it you?», to one address and from one device in a day: nobody's mailbox is filled by us.
ASKED_MOST = 3
ASKED_WITHIN = timedelta(days=1)
#: An address that has not said «yes» by then is forgotten.
ASKED_KEPT = timedelta(days=2)
#: «Langganan lagi» works for so long after the end.
ENDED_KEPT = timedelta(days=1)
#: A report's own news are over by then.
REPORT_KEPT = timedelta(days=180)

#: How long news gather before a message (an incident is opened and its first task given in one breath), and how long
#: until the next message may follow.
GATHER = timedelta(seconds=20)
PACE = {Channel.PUSH: timedelta(minutes=10), Channel.EMAIL: timedelta(hours=1)}


class Kind(StrEnum):
    """What is followed."""

    AREA = "area"
    AROUND = "around"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """A browser or a mailbox. `address`: the push endpoint, or the e-mail address."""

    id: str
    channel: Channel
    address: str
    #: of a browser: its public key and secret (RFC 8291)
    p256dh: bytes = b""
    auth: bytes = b""
    lang: str
    #: pseudonym of the device that subscribed
    device: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """One wish of one subscriber."""

    id: str
    subscriber: str
    kind: Kind
    area: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius_m: int | None = None
    report: str | None = None
    made_at: datetime
    #: None: an address that has not said «yes» yet
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def live(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A public fact about an incident or about water in an area, as it may be told to everybody."""

    #: incidents/<id>, areas/<code>
    about: str
    #: opened, started, resolved, reopened, closed; confirmed, declared, receding, over
    says: str
    position: int
    at: datetime
    began_at: datetime
    category: str
    area: str | None
    #: blurred as the category says
    lat: float | None = None
    lon: float | None = None
    origin: str = "live"


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """Something that a subscriber has not been told yet; the newest about a thing takes the older one's place."""

    subscriber: str
    #: as of a change, or reports/<id>, subscriptions/<id>
    about: str
    says: str
    position: int
    at: datetime
    #: the subscription that it comes from: whose link ends it
    subscription: str
    category: str = ""
    area: str | None = None


def coarse(degrees: float) -> float:
    """A chosen point as it is kept."""
    return round(degrees, POINT_DIGITS)


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance (haversine)."""
    a, b = radians(lat), radians(other_lat)
    h = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(h))


def box(lat: float, lon: float, radius_m: float) -> tuple[float, float, float, float]:
    """(south, west, north, east) round a circle, for a query that is then judged by `metres`."""
    up = radius_m / METRES_PER_DEGREE
    side = up / max(cos(radians(lat)), 0.01)
    return lat - up, lon - side, lat + up, lon + side


def covers(wish: Subscription, change: Change) -> bool:
    """Is it in the kelurahan, or in the circle?"""
    if wish.kind is Kind.AREA:
        return wish.area is not None and wish.area == change.area
    if wish.kind is not Kind.AROUND or None in (wish.lat, wish.lon, change.lat, change.lon):
        return False
    return metres(wish.lat, wish.lon, change.lat, change.lon) <= (wish.radius_m or 0)  # type: ignore[arg-type]


#: Rings by night as well: who follows a kelurahan wants to be woken by water.
LOUD = frozenset({"flood_confirmed", "flood_declared", "confirm"})
#: Said about the same thing once, whatever happens to it again.
ONCE = frozenset({"joined"})
