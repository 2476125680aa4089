"""What comes first, and what is probably the same thing: the pack's two formulas. Pure.

The rank of a report does not change while time passes. Waiting is worth the same to all, so the points of waiting
grow equally and drop out of every comparison: rank = points − per_minute × the minute it came in. Two reports never
change places by themselves, and nothing has to be recomputed because a minute went by.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from hadir.domain.city import PriorityWeights, SimilarWeights
from hadir.domain.values import Reason, aware

#: The minute waiting is counted from; any fixed one would do, a near one keeps the numbers readable.
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
METRES_PER_DEGREE = 111_195.0
# Words of fewer letters («di», «yg», «ada») say nothing about being the same thing.
_SHORTEST_WORD = 4


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
    #: Of this area's reports and of its finished work, the share in the whole city, 0..1; None where too few to say.
    reported_share: float | None = None
    done_share: float | None = None
    #: Points a person added.
    person: float = 0.0


def rank(facts: Facts, weights: PriorityWeights, since: datetime) -> tuple[float, tuple[Reason, ...]]:
    """The place in the queue (bigger is first) and its parts. `since`: when the report came in, aware."""
    reasons = points(facts, weights)
    return at_rank(reasons, weights, since), reasons


def at_rank(reasons: tuple[Reason, ...], weights: PriorityWeights, since: datetime) -> float:
    """What the parts and the minute it came in add up to."""
    minute = (aware(since) - _EPOCH).total_seconds() / 60
    return round(sum(r.points or 0.0 for r in reasons) - weights.per_minute * minute, 3)


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
    if fair := _fairness(facts, weights):
        reasons.append(_reason("rank.fairness", fair))
    if facts.person:
        reasons.append(_reason("rank.person", facts.person))
    return tuple(reasons)


def _fairness(facts: Facts, weights: PriorityWeights) -> float:
    if facts.reported_share is None or facts.done_share is None:
        return 0.0
    behind = (facts.reported_share - facts.done_share) * 100
    return round(min(max(behind, 0.0) * weights.fairness, weights.fairness_most), 1)


def _reason(code: str, points: float, **params: object) -> Reason:
    return Reason(code=code, points=points, params=tuple((k, str(v)) for k, v in params.items()))


# ── what is probably one thing ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A report (or an incident) as far as likeness goes."""

    at: datetime
    category: str
    group: str
    area: str | None = None
    lat: float | None = None
    lon: float | None = None
    #: From `text_words`; words, not the text, so that they can be kept without keeping what was said.
    words: frozenset[str] = frozenset()


def text_words(text: str) -> frozenset[str]:
    """The words of a text that can tell it from another."""
    return frozenset(w for w in re.findall(r"[^\W\d_]+", text.casefold()) if len(w) >= _SHORTEST_WORD)


def similar(a: Sighting, b: Sighting, weights: SimilarWeights, least: float = 0.0) -> float:
    """How likely the two are one thing, 0..1. Same both ways round; 0 for what cannot reach `least`.

    Every new report is compared with dozens, and most are far away or of another kind: those two parts come first, and
    the clock and the words are only looked at when they can still make a difference.
    """
    score = weights.distance * _closeness(a, b, weights) + weights.kind * _kinship(a, b)
    if score + weights.time + weights.text < least:
        return 0.0
    minutes = abs((a.at - b.at).total_seconds()) / 60
    score += weights.time * max(0.0, 1 - minutes / weights.time_min)
    if score + weights.text < least:
        return 0.0
    return round(score + weights.text * _overlap(a.words, b.words), 4)


def is_similar(a: Sighting, b: Sighting, weights: SimilarWeights) -> bool:
    """Worth showing beside each other. Never decided by distance alone: radius alone is wrong, users of others say."""
    return similar(a, b, weights) >= weights.threshold


def _closeness(a: Sighting, b: Sighting, weights: SimilarWeights) -> float:
    """1 at the same point; with a point missing, the same area is half of it."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return 0.5 if a.area is not None and a.area == b.area else 0.0
    return max(0.0, 1 - metres(a.lat, a.lon, b.lat, b.lon) / weights.distance_m)


def _kinship(a: Sighting, b: Sighting) -> float:
    if a.category == b.category:
        return 1.0
    return 0.5 if a.group == b.group else 0.0


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared words by the shorter text: «Banjir» is wholly in «Banjir di gang Melati»."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Distance on the ground (equirectangular, right to a metre over a city)."""
    east = (lon - other_lon) * math.cos(math.radians((lat + other_lat) / 2))
    return METRES_PER_DEGREE * math.hypot(lat - other_lat, east)
