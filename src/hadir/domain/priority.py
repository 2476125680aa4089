"""What comes first, and what is probably the same thing: the pack's two formulas. Pure.

The rank of a report does not change while time passes. Waiting is worth the same to all, so the points of waiting
grow equally and drop out of every comparison: rank = points − per_minute × the minute it came in. Two reports never
change places by themselves, and nothing has to be recomputed because a minute went by.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import hypot

from hadir.domain.city import PriorityWeights, SimilarWeights
from hadir.domain.values import Reason, aware

#: The minute waiting is counted from; any fixed one would do, a near one keeps the numbers readable.
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
METRES_PER_DEGREE = 111_195.0
# Words of fewer letters («di», «yg», «ada») say nothing about being the same thing.
_words = re.compile(r"[^\W\d_]{4,}").findall


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the formula looks at."""

    #: 1..4
    urgency: int
    #: Independent people who reported it, at least 1.
    reporters: int = 1
    me_too: int = 0
    #: Codes of the vulnerable places that the text names.
    vulnerable: tuple[str, ...] = ()
    #: Points a person added.
    person: float = 0.0


def rank(facts: Facts, weights: PriorityWeights, since: datetime) -> tuple[float, tuple[Reason, ...]]:
    """The place in the queue (bigger is first) and its parts. `since`: when the report came in, aware."""
    reasons = points(facts, weights)
    return at_rank(total(reasons), weights, aware(since)), reasons


def total(reasons: tuple[Reason, ...]) -> float:
    """What the parts add up to."""
    return sum(r.points or 0.0 for r in reasons)


def at_rank(points: float, weights: PriorityWeights, since: datetime) -> float:
    """These points, and the minute it came in."""
    return round(points - weights.per_minute * _minute(since), 3)


def _minute(at: datetime) -> float:
    return (at - _EPOCH).total_seconds() / 60


def points(facts: Facts, weights: PriorityWeights) -> tuple[Reason, ...]:
    """The parts of a rank that do not depend on the time."""
    reasons = [_reason("rank.urgency", weights.urgency[facts.urgency - 1], level=facts.urgency)]
    if more := facts.reporters - 1:
        points = min(more * weights.reporter, weights.reporters_most)
        reasons.append(_reason("rank.reporters", points, n=facts.reporters))
    if facts.me_too:
        points = min(facts.me_too * weights.me_too, weights.me_too_most)
        reasons.append(_reason("rank.me_too", points, n=facts.me_too))
    if facts.vulnerable:
        reasons.append(_reason("rank.vulnerable", weights.vulnerable, place=facts.vulnerable[0]))
    if facts.person:
        reasons.append(_reason("rank.person", facts.person))
    return tuple(reasons)


def _reason(code: str, points: float, **params: object) -> Reason:
    return Reason(code=code, points=points, params=tuple((k, str(v)) for k, v in params.items()))


# ── what is probably one thing ───────────────────────────────────────────────────────────────────────────────────


class Sighting:
    """A report (or an incident) as far as likeness goes. What every comparison would work out anew stands here ready.

    Slots and a constructor by hand: one is made for every report, and a frozen dataclass takes three times as long.
    """

    __slots__ = ("_text", "_words", "area", "category", "east", "group", "minute", "narrow", "north")

    def __init__(
        self,
        *,
        at: datetime,
        category: str,
        group: str,
        area: str | None = None,
        lat: float | None = None,
        lon: float | None = None,
        text: str = "",
    ) -> None:
        self.minute = _minute(at)
        self.category = category
        self.group = group
        self.area = area
        #: metres from the equator, and from Greenwich along it; None without a point
        self.north: float | None = None
        self.east = 0.0
        #: half of what a metre along the equator is worth here: the halves of two places make their mean
        self.narrow = 0.0
        if lat is not None and lon is not None:
            self.north, self.east = lat * METRES_PER_DEGREE, lon * METRES_PER_DEGREE
            self.narrow = math.cos(math.radians(lat)) / 2
        self._text = text
        self._words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """From `text_words`, when they are asked for the first time: of most reports nobody ever does."""
        if self._words is None:
            self._words = text_words(self._text)
            self._text = ""
        return self._words


def text_words(text: str) -> frozenset[str]:
    """The words of a text that can tell it from another."""
    return frozenset(_words(text.casefold()))


def similar(a: Sighting, b: Sighting, weights: SimilarWeights) -> float:
    """How likely the two are one thing, 0..1. Same both ways round."""
    return alike(a, (b,), weights, 0.0)[0][1]


def alike(me: Sighting, others: Iterable[Sighting], weights: SimilarWeights, least: float) -> list[tuple[int, float]]:
    """(number, how likely it is the same thing, 0..1) of those others that reach `least`.

    One loop without calls: every new report is compared with a dozen, and most are far away or of another kind. Those
    two parts come first, and the clock and the words are only looked at when they can still make a difference.
    """
    north, east, narrow, group, category, minute = me.north, me.east, me.narrow, me.group, me.category, me.minute
    radius, w_distance, w_kind, w_time, w_text = (
        weights.distance_m, weights.distance, weights.kind, weights.time, weights.text
    )  # fmt: skip
    worth_the_clock, worth_the_words = least - w_time - w_text, least - w_text
    words: frozenset[str] | None = None
    found: list[tuple[int, float]] = []
    for number, other in enumerate(others):
        score = w_kind if category == other.category else w_kind / 2 if group == other.group else 0.0
        if north is None or other.north is None:
            # With a point missing, the same area is half of the same point.
            score += w_distance / 2 if me.area is not None and me.area == other.area else 0.0
        elif (away := hypot(north - other.north, (east - other.east) * (narrow + other.narrow))) < radius:
            score += w_distance - w_distance * away / radius
        if score < worth_the_clock:
            continue
        if (apart := abs(minute - other.minute)) < weights.time_min:
            score += w_time - w_time * apart / weights.time_min
        if score < worth_the_words:
            continue
        if words is None:
            words = me.words
        if words and (theirs := other.words):
            # By the shorter text: «Banjir» is wholly in «Banjir di gang Melati».
            score += w_text * len(words & theirs) / min(len(words), len(theirs))
        if score >= least:
            found.append((number, round(score, 4)))
    return found


#: Whose words are compared when the most alike are looked for among many: so many of those that place, time and kind
#: put first. Words are worth little beside these, and comparing them takes longest.
WORDS_COMPARED = 128


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """What two sightings have in common, for showing it."""

    #: 0..1
    score: float
    #: metres apart; None where one has no point
    metres: float | None
    #: minutes apart
    minutes: float
    #: same, group, other
    kind: str
    #: words in both, at most `WORDS_SHOWN`
    words: tuple[str, ...]


WORDS_SHOWN = 6


def likeness(a: Sighting, b: Sighting, weights: SimilarWeights) -> Likeness:
    """The parts of `similar`."""
    away = None
    if a.north is not None and b.north is not None:
        away = hypot(a.north - b.north, (a.east - b.east) * (a.narrow + b.narrow))
    return Likeness(
        score=similar(a, b, weights),
        metres=away,
        minutes=abs(a.minute - b.minute),
        kind="same" if a.category == b.category else "group" if a.group == b.group else "other",
        words=tuple(sorted(a.words & b.words))[:WORDS_SHOWN],
    )


def is_similar(a: Sighting, b: Sighting, weights: SimilarWeights) -> bool:
    """Worth showing beside each other. Never decided by distance alone: radius alone is wrong, users of others say."""
    return similar(a, b, weights) >= weights.threshold


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Distance on the ground (equirectangular, right to a metre over a city)."""
    east = (lon - other_lon) * math.cos(math.radians((lat + other_lat) / 2))
    return METRES_PER_DEGREE * hypot(lat - other_lat, east)
