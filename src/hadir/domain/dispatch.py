"""Siapa bisa ke sana? Which units can go to a place, in order, each with its reasons; and what nobody has. Pure.

Theory of the order. Everything is counted in minutes: the way there (the straight line at the speed of his vehicle, as
there is no road network yet), and what speaks against him, each as so many minutes of a longer way (`fleet.Rules`). So
the reasons can be read, added up and argued with. Those who are free come first, then those who have not told their
state, then those who cannot be asked now; inside each the fewest minutes win.

A position that is old or unknown counts as `unknown_min`, or as the longest known way if that is more: so it is never
before one that is known and otherwise the same, and it is never «nearest».
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from hadir.domain.city import City
from hadir.domain.fleet import Crew, Need
from hadir.domain.position import metres
from hadir.domain.values import Place, Reason


class Standing(IntEnum):
    """Whether he can be asked; the order of the list."""

    FREE = 0
    #: has not told his state since he was last heard of
    UNKNOWN = 1
    #: at another job, or his state says no
    NOT_NOW = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One officer as the picture has him."""

    id: str
    agency: str
    #: key of the pack, or «unknown»
    status: str
    #: a task he is at, by its ref, and whether it is of this very incident
    busy_with: str | None = None
    here: bool = False
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    #: when that position was taken
    placed_at: datetime | None = None
    #: when his last job ended
    worked_until: datetime | None = None
    #: an open emergency or a missed check-in
    alarmed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """One officer's place in the list. `minutes` is what the order was made by; `reasons` add up to it."""

    id: str
    standing: Standing
    minutes: float
    reasons: tuple[Reason, ...]
    #: straight line, where a position is known, old ones too
    distance_m: float | None = None
    #: the way alone, only from a position that counts
    way_min: float | None = None
    stale: bool = False
    nearest: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommendation:
    """`missing`: what the work asks for and nobody who could go has; its codes are `fleet`'s."""

    suggestions: tuple[Suggestion, ...]
    missing_skills: tuple[str, ...] = ()
    missing_equipment: tuple[str, ...] = ()


def recommend(
    city: City, place: Place, category: str, candidates: Sequence[Candidate], now: datetime
) -> Recommendation:
    """All candidates in order. `place` without a point: nobody has a distance, the rest still counts."""
    local = now.astimezone(ZoneInfo(city.zone))
    wanted = _Wanted(city, place, category, local)
    looked = [_look(wanted, candidate) for candidate in candidates]
    longest = max((look.way_min for look in looked if look.way_min is not None), default=0.0)
    unknown_min = max(wanted.rules.unknown_min, longest)
    suggestions = sorted((_judge(wanted, look, unknown_min) for look in looked), key=_order)
    able = [look.candidate for look in looked if look.standing is not Standing.NOT_NOW]
    return Recommendation(
        suggestions=_with_nearest(suggestions),
        missing_skills=_missing(wanted.need.skills, [wanted.skills(c) for c in able]),
        missing_equipment=_missing(wanted.need.equipment, [wanted.equipment(c) for c in able]),
    )


def _order(suggestion: Suggestion) -> tuple[int, float, float, str]:
    """Of equals the one whose way is shorter, then always the same one."""
    way = suggestion.way_min if suggestion.way_min is not None else float("inf")
    return suggestion.standing, suggestion.minutes, way, suggestion.id


def _with_nearest(suggestions: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Mark the nearest of those who can be asked; only a position that counts can be it."""
    near = [s for s in suggestions if s.standing is not Standing.NOT_NOW and s.way_min is not None]
    nearest = min(near, key=lambda s: (s.distance_m, s.id), default=None)
    return tuple(replace(s, nearest=True) if s is nearest else s for s in suggestions)


def _missing(wanted: Sequence[str], have: Sequence[frozenset[str]]) -> tuple[str, ...]:
    return tuple(code for code in wanted if not any(code in theirs for theirs in have))


class _Wanted:
    """What is asked, for all candidates the same."""

    __slots__ = ("city", "day", "fleet", "local", "need", "now", "own_agency", "place", "rules")

    def __init__(self, city: City, place: Place, category: str, local: datetime) -> None:
        self.city, self.fleet, self.place, self.local = city, city.fleet, place, local
        self.day, self.now = local.date(), local
        self.rules = self.fleet.rules_on(self.day)
        self.need = self.fleet.need_of.get(category) or Need(category=category)
        known = city.category_by_code.get(category)
        self.own_agency = known.agency if known else None

    def crew(self, candidate: Candidate) -> Crew | None:
        return self.fleet.crew_of.get(candidate.id)

    def skills(self, candidate: Candidate) -> frozenset[str]:
        crew = self.crew(candidate)
        return frozenset(crew.skills if crew else ())

    def equipment(self, candidate: Candidate) -> frozenset[str]:
        return self.fleet.equipment_of(self.crew(candidate))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """What is known of one candidate before the others are."""

    candidate: Candidate
    standing: Standing
    distance_m: float | None
    stale: bool
    way_min: float | None
    speed: str | None


def _look(wanted: _Wanted, candidate: Candidate) -> _Look:
    distance = _distance(wanted.place, candidate)
    speed = wanted.fleet.speed_of(wanted.crew(candidate))
    stale = distance is not None and _too_old(candidate, wanted)
    counts = distance is not None and not stale and speed is not None and speed.kmh > 0
    return _Look(
        candidate=candidate,
        standing=_standing(candidate, wanted.city),
        distance_m=distance,
        stale=stale,
        way_min=distance / 1000 / speed.kmh * 60 if counts and distance is not None and speed else None,
        speed=speed.code if speed else None,
    )


def _distance(place: Place, candidate: Candidate) -> float | None:
    if place.lat is None or place.lon is None or candidate.lat is None or candidate.lon is None:
        return None
    return metres(candidate.lat, candidate.lon, place.lat, place.lon)


def _too_old(candidate: Candidate, wanted: _Wanted) -> bool:
    if candidate.placed_at is None:
        return True
    return wanted.now - candidate.placed_at > timedelta(seconds=wanted.rules.stale_s)


def _standing(candidate: Candidate, city: City) -> Standing:
    if candidate.busy_with is not None or candidate.alarmed:
        return Standing.NOT_NOW
    status = city.status_by_key.get(candidate.status)
    if status is None:
        return Standing.UNKNOWN
    return Standing.FREE if status.free else Standing.NOT_NOW


def _judge(wanted: _Wanted, look: _Look, unknown_min: float) -> Suggestion:
    reasons = [
        _state(wanted, look),
        _way(wanted, look, unknown_min),
        *_age(wanted, look),
        *_fit(wanted, look.candidate),
        *_hours(wanted, look.candidate),
        *_rest(wanted, look.candidate),
    ]
    return Suggestion(
        id=look.candidate.id,
        standing=look.standing,
        minutes=sum(reason.points or 0.0 for reason in reasons),
        reasons=tuple(reasons),
        distance_m=look.distance_m,
        way_min=look.way_min,
        stale=look.stale,
    )


def _reason(code: str, points: float | None = None, **params: str) -> Reason:
    return Reason(code=f"dispatch.{code}", points=points, params=tuple(params.items()))


def _state(wanted: _Wanted, look: _Look) -> Reason:
    candidate = look.candidate
    if candidate.alarmed:
        return _reason("alarmed")
    if candidate.busy_with is not None:
        return _reason("here" if candidate.here else "busy", task=candidate.busy_with)
    if look.standing is Standing.UNKNOWN:
        return _reason("silent")
    conditional = candidate.status == wanted.fleet.conditional_status
    points = wanted.rules.conditional_min if conditional else None
    return _reason("free" if look.standing is Standing.FREE else "state", points, status=candidate.status)


def _way(wanted: _Wanted, look: _Look, unknown_min: float) -> Reason:
    """The straight line, and it says so."""
    if look.way_min is not None and look.distance_m is not None:
        return _reason(
            "way", look.way_min, m=f"{look.distance_m:.0f}", speed=look.speed or "", min=f"{look.way_min:.0f}"
        )
    if look.stale and look.distance_m is not None:
        return _reason("way_stale", unknown_min, m=f"{look.distance_m:.0f}")
    if wanted.place.lat is None:
        return _reason("no_point", unknown_min)
    return _reason("no_position", unknown_min)


def _age(wanted: _Wanted, look: _Look) -> list[Reason]:
    candidate = look.candidate
    if candidate.placed_at is None or look.distance_m is None:
        return []
    seconds = max(0.0, (wanted.now - candidate.placed_at).total_seconds())
    accuracy = "" if candidate.accuracy_m is None else f"{candidate.accuracy_m:.0f}"
    return [_reason("old" if look.stale else "age", None, s=f"{seconds:.0f}", accuracy=accuracy)]


def _fit(wanted: _Wanted, candidate: Candidate) -> list[Reason]:
    """Agency, skills, equipment."""
    rules, reasons = wanted.rules, []
    if wanted.own_agency is not None and candidate.agency != wanted.own_agency:
        reasons.append(_reason("other_agency", rules.other_agency_min, agency=candidate.agency))
    reasons += _has("skill", wanted.need.skills, wanted.skills(candidate), rules.skill_min)
    reasons += _has("equipment", wanted.need.equipment, wanted.equipment(candidate), rules.equipment_min)
    return reasons


def _has(what: str, wanted: Sequence[str], have: frozenset[str], cost: float) -> list[Reason]:
    return [
        _reason(what, None, thing=code) if code in have else _reason(f"no_{what}", cost, thing=code) for code in wanted
    ]


def _hours(wanted: _Wanted, candidate: Candidate) -> list[Reason]:
    on_shift = wanted.fleet.on_shift(wanted.crew(candidate), wanted.local)
    if on_shift is None:
        return []
    if on_shift:
        return [_reason("on_shift")]
    if wanted.fleet.is_on_call(candidate.id, wanted.day):
        return [_reason("on_call", wanted.rules.on_call_min)]
    return [_reason("off_shift", wanted.rules.off_shift_min)]


def _rest(wanted: _Wanted, candidate: Candidate) -> list[Reason]:
    if candidate.worked_until is None:
        return []
    rested = max(0.0, (wanted.now - candidate.worked_until).total_seconds() / 60)
    short = wanted.rules.rest_min - rested
    if short <= 0:
        return []
    return [_reason("tired", short * wanted.rules.tired_share, min=f"{rested:.0f}")]
