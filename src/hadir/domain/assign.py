"""Which category a report gets, and whether that is sure enough to be given without a person. Pure.

The rules on words stand above what was learned: where they are sure, nothing else is asked. Where they are not, what a
model learned from closed reports may decide, and only from the city's margin on. Below it the report keeps the rules'
best suggestion and says that a person should choose; it stands in the queue like any other. What was learned never
touches urgency's signs, floods, or what is sensitive. The agency is not learned at all: it follows from the category,
by the city's own table, so a reorganisation needs no new history. Why it is so: ADR 21.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Any, Protocol

from hadir.domain.values import Reason

if TYPE_CHECKING:
    from hadir.domain.city import City
    from hadir.domain.triage import Triage

#: What one point of the rules is worth beside what was learned, until a training has fitted it.
RULE_WEIGHT = 2.5
#: What was learned is never surer than this that something cannot be.
_LEAST_SHARE = 1e-4


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignRules:
    """When a category is given without a person (the pack's [assign])."""

    #: The likeliest must lead the next by so much; shares are 0..1.
    margin: float = 0.3
    #: A model that learned from fewer closed reports is not asked.
    least_rows: int = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """One category with its share of the likelihood, 0..1."""

    category: str
    agency: str
    share: float


class Learned(Protocol):
    """What a training left behind."""

    @property
    def version(self) -> str:
        """Names the training."""
        ...

    @property
    def rows(self) -> int:
        """Closed reports it learned from."""
        ...

    @property
    def rule_weight(self) -> float:
        """What one point of the rules is worth beside it."""
        ...

    @property
    def evaluation(self) -> Mapping[str, Any]:
        """How it did on reports that it had not seen (`actions.learning.evaluation`)."""
        ...

    def shares(self, text: str) -> Mapping[str, float]:
        """Category → how likely, 0..1, of those it has seen; empty where it knows nothing of the words."""
        ...


def sure(points: Iterable[float], others: int, rules: AssignRules) -> bool:
    """Do the rules alone reach the margin? `points` of what was heard, the most first; `others`: not heard of."""
    weights = [exp(RULE_WEIGHT * p) for p in points]
    if not weights:
        return False
    first, second = weights[0], weights[1] if len(weights) > 1 else 1.0
    return (first - second) / (sum(weights) + others) >= rules.margin


def guesses(judged: Triage, text: str, city: City, learned: Learned | None) -> tuple[Guess, ...]:
    """All categories, the likeliest first; equally likely ones in the pack's order, where dangers come first."""
    found = [
        Guess(category=code, agency=city.category_by_code[code].agency, share=share)
        for code, share in _shares(judged, text, city, learned).items()
    ]
    return tuple(sorted(found, key=lambda guess: -guess.share))


def _shares(judged: Triage, text: str, city: City, learned: Learned | None) -> dict[str, float]:
    """Category → 0..1, in the pack's order: what was learned times what the words say, or the words alone."""
    model = learned.shares(text) if learned is not None and learned.rows >= city.assign.least_rows else {}
    weight = RULE_WEIGHT if learned is None or not model else learned.rule_weight
    likely = {code: max(model.get(code, 0.0), _LEAST_SHARE) for code in city.category_by_code}
    for code, points in judged.points:
        likely[code] *= exp(weight * points)
    whole = sum(likely.values())
    return {code: value / whole for code, value in likely.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The category of a report, and how it came by it."""

    category: str
    reasons: tuple[Reason, ...]
    #: as the rules say; only ever higher, where what was learned found a category that begins higher
    urgency: int
    #: False: a person should choose
    assigned: bool


def choose(judged: Triage, text: str, city: City, learned: Learned | None) -> Choice:
    """Budget: nothing where the rules are sure; else 0.1 ms inside an intake, where a model has been trained."""
    if judged.sure:
        return Choice(category=judged.category, reasons=judged.category_reasons, urgency=judged.urgency, assigned=True)
    if learned is not None and learned.rows >= city.assign.least_rows and text.strip():
        shares = _shares(judged, text, city, learned)
        first = max(shares, key=lambda code: shares[code])
        second = max((share for code, share in shares.items() if code != first), default=0.0)
        if shares[first] - second >= city.assign.margin:
            return _learned(judged, first, shares[first], city)
    unsure = Reason(code="category.unsure")
    reasons = (*judged.category_reasons, unsure)
    return Choice(category=judged.category, reasons=reasons, urgency=judged.urgency, assigned=False)


def _learned(judged: Triage, category: str, share: float, city: City) -> Choice:
    reason = Reason(code="category.learned", params=(("percent", str(round(100 * share))),))
    kept = judged.category_reasons if category == judged.category else ()
    urgency = max(judged.urgency, city.category_by_code[category].urgency)
    return Choice(category=category, reasons=(*kept, reason), urgency=urgency, assigned=True)
