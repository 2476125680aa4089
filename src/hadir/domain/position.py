"""Where an officer is, as his phone says it: readings. What time each belongs to, which are late, what they propose.

A phone's clock may be hours off, so no reading is compared by it. A batch says when it was sent by the same clock that
timed its readings: how long before its sending each was taken is known exactly, whatever that clock shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hadir.domain.fleet import Rules

#: metres in one degree of latitude; plane geometry, whose error over a city is below 0.1 %
DEGREE_M = 111_320.0
#: What a fix without a stated accuracy is taken for: useless to propose anything.
UNSAID_M = 1_000.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """One reading. WGS84 degrees, metres."""

    unit: str
    #: by our clock: when it was taken
    at: datetime
    lat: float
    lon: float
    accuracy_m: float | None = None
    #: by the phone's clock
    device_at: datetime | None = None
    #: per cent
    battery: int | None = None
    #: the line, as the phone calls it
    signal: str | None = None
    #: came after its time: history only
    late: bool = False


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Between two points of a city, along the straight line."""
    squeeze = math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot((lat - other_lat) * DEGREE_M, (lon - other_lon) * DEGREE_M * squeeze)


def age_at_sending(device_at: datetime | None, sent_at: datetime | None) -> timedelta:
    """How old a reading was when its batch left the phone; never negative, nothing where nothing is said."""
    if device_at is None or sent_at is None:
        return timedelta()
    return max(timedelta(), sent_at - device_at)


def judged(
    fixes: Sequence[Fix], last_at: datetime | None, now: datetime, rules: Rules
) -> tuple[tuple[Fix, ...], Fix | None]:
    """All of a batch, by time, each marked late or not; and the one that is the present now, if any is.

    Late is what is older than `late_s`, and what is no newer than the last one that counted.
    """
    oldest = now - timedelta(seconds=rules.late_s)
    marked, present = [], None
    for fix in sorted(fixes, key=lambda fix: fix.at):
        late = fix.at < oldest or (last_at is not None and fix.at <= last_at)
        marked.append(replace(fix, late=True) if late else fix)
        present = present if late else marked[-1]
    return tuple(marked), present


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """Where he was when he said yes."""

    lat: float
    lon: float
    accuracy_m: float


def surely_there(fix: Fix, lat: float, lon: float, rules: Rules) -> bool:
    """The whole circle of its accuracy lies within `arrive_m` of the place."""
    accuracy = fix.accuracy_m if fix.accuracy_m is not None else UNSAID_M
    if accuracy > rules.accuracy_most_m:
        return False
    return metres(fix.lat, fix.lon, lat, lon) + accuracy <= rules.arrive_m


def surely_left(fix: Fix, anchor: Anchor, rules: Rules) -> bool:
    """Farther from where he said yes than both accuracies and `depart_m` together."""
    accuracy = fix.accuracy_m if fix.accuracy_m is not None else UNSAID_M
    if accuracy > rules.accuracy_most_m:
        return False
    moved = metres(fix.lat, fix.lon, anchor.lat, anchor.lon)
    return moved - accuracy - anchor.accuracy_m > rules.depart_m


def proposal(
    state: str, target: tuple[float, float] | None, anchor: Anchor | None, two: tuple[Fix, Fix], rules: Rules
) -> str | None:
    """What two readings in a row say of a task in this state: «en_route», «on_scene», or nothing.

    One bad reading says nothing, and a reading that may lie anywhere says nothing: both have to be sure.
    """
    there = target is not None and all(surely_there(fix, *target, rules) for fix in two)
    if there and state in ("accepted", "en_route"):
        return "on_scene"
    if state == "accepted" and anchor is not None and all(surely_left(fix, anchor, rules) for fix in two):
        return "en_route"
    return None
