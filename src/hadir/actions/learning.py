"""How `hadir train` learns and, before that, how well it would have done: on reports that came later than all it saw.

A random split would flatter it: a storm's reports are copies of each other, and half of them would stand on each side.
So the split is by time. The oldest seven tenths teach, the next tenth sets how sure it may be, the newest fifth is the
examination; what is installed afterwards has learned from all of it, with the same settings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np

from hadir.actions.learned import Model, trained
from hadir.domain.assign import RULE_WEIGHT, guesses
from hadir.domain.city import City
from hadir.domain.triage import triage

TEACH, SET, LEAST_EXAMINED = 0.7, 0.8, 20
#: The newest so many teach: what is older than that describes another city.
ROWS_MOST: Final = 200_000
_TEMPERATURES, _WEIGHTS = (0.5, 0.7, 1.0, 1.4, 2.0), (1.0, 1.7, RULE_WEIGHT, 4.0)
_MARGINS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_PAIRS_MOST = 40
Say = Callable[[str], None]


class TooFew(ValueError):
    """Not enough closed reports to learn from and to examine; the message is a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """One closed report."""

    at: datetime
    #: masked
    text: str
    #: as a person left it
    category: str


class Answer(NamedTuple):
    """What the rules, the model and both together say of one report of the examination."""

    at: datetime
    wanted: str
    #: category and its lead over the next, of rules alone and of both
    rules: tuple[str, float]
    both: tuple[str, float]
    #: the model alone
    learned: str
    #: the first three of both
    three: tuple[str, ...]

    def given(self, margin: float) -> str | None:
        """What it would have been given without a person: the rules where they are sure, else both, else nothing."""
        return next((code for code, lead in (self.rules, self.both) if lead >= margin), None)


def learn(lessons: Iterable[Lesson], city: City, *, version: str, say: Say) -> Model:
    """Examine, then learn from everything. Raises TooFew."""
    known = sorted((x for x in lessons if _teaches(x, city)), key=lambda x: x.at)[-ROWS_MOST:]
    first, second = int(len(known) * TEACH), int(len(known) * SET)
    past, settling, later = known[:first], known[first:second], known[second:]
    if len(later) < LEAST_EXAMINED or len({x.category for x in past}) < 2:
        raise TooFew(
            f"{len(known)} closed reports are too few to learn from: at least {5 * LEAST_EXAMINED} are needed."
        )
    say(f"learning from {len(past):,} reports up to {past[-1].at:%Y-%m-%d} …")
    model = _settled(_taught(past, version), settling, city)
    say(f"examining with {len(later):,} reports since {later[0].at:%Y-%m-%d} …")
    found = evaluation([_answer(x, model, city) for x in later], city, taught=past)
    say(f"learning from all {len(known):,} …")
    final = _taught(known, version)
    return replace(final, rule_weight=model.rule_weight, temperature=model.temperature, evaluation=found)


def _teaches(lesson: Lesson, city: City) -> bool:
    category = city.category_by_code.get(lesson.category)
    return category is not None and not category.sensitive and bool(lesson.text.strip())


def _taught(lessons: Sequence[Lesson], version: str) -> Model:
    categories = tuple(sorted({x.category for x in lessons}))
    number = {code: i for i, code in enumerate(categories)}
    weights = trained([x.text for x in lessons], [number[x.category] for x in lessons], len(categories))
    return Model(
        version=version,
        rows=len(lessons),
        rule_weight=RULE_WEIGHT,
        temperature=1.0,
        categories=categories,
        weights=weights,
        evaluation={},
    )


def _settled(model: Model, lessons: Sequence[Lesson], city: City) -> Model:
    """How sure the model may be, and what a point of the rules is worth beside it: what makes the truth likeliest."""
    tried = [replace(model, temperature=t, rule_weight=w) for t, w in product(_TEMPERATURES, _WEIGHTS)]
    some = lessons[:: max(1, len(lessons) // 500)]
    return max(tried, key=lambda each: sum(_likelihood(x, each, city) for x in some))


def _likelihood(lesson: Lesson, model: Model, city: City) -> float:
    found = guesses(triage(lesson.text, city), lesson.text, city, _Asked(model))
    return float(np.log(next(g.share for g in found if g.category == lesson.category)))


class _Asked:
    """A model that is asked however little it has seen: an examination is no intake."""

    def __init__(self, model: Model) -> None:
        self.version, self.rule_weight, self.shares = model.version, model.rule_weight, model.shares
        self.evaluation = model.evaluation
        self.rows = 1 << 31


def _answer(lesson: Lesson, model: Model, city: City) -> Answer:
    judged = triage(lesson.text, city)
    alone = guesses(judged, lesson.text, city, None)
    both = guesses(judged, lesson.text, city, _Asked(model))
    shares = model.shares(lesson.text)
    return Answer(
        at=lesson.at,
        wanted=lesson.category,
        rules=(judged.category, alone[0].share - alone[1].share),
        both=(both[0].category, both[0].share - both[1].share),
        learned=max(shares, key=lambda code: shares[code], default=""),
        three=tuple(g.category for g in both[:3]),
    )


# ── the examination's result, as JSON ────────────────────────────────────────────────────────────────────────────


def evaluation(answers: Sequence[Answer], city: City, *, taught: Sequence[Lesson]) -> dict[str, Any]:
    """Everything that /kelola and `hadir train --report` show. Shares are 0..1, None where nothing was measured."""
    margin = city.assign.margin
    return {
        "split": "by time",
        "taught": {"rows": len(taught), "until": taught[-1].at.isoformat()},
        "examined": {"rows": len(answers), "since": answers[0].at.isoformat(), "until": answers[-1].at.isoformat()},
        "right": {
            "rules": _share(a.rules[0] == a.wanted for a in answers),
            "learned": _share(a.learned == a.wanted for a in answers),
            "both": _share(a.both[0] == a.wanted for a in answers),
            "among_three": _share(a.wanted in a.three for a in answers),
        },
        "margin": margin,
        "assigned": _assigned(answers, margin),
        "margins": [{"margin": m, **_assigned(answers, m)} for m in _MARGINS],
        "confused": _confused(answers),
        "agencies": _agencies(answers, city, taught),
        "months": _months(answers),
    }


def _share(right: Iterable[bool]) -> float | None:
    """None of nothing: where there was nothing to be right about, nothing was measured."""
    values = list(right)
    return round(sum(values) / len(values), 4) if values else None


def _assigned(answers: Sequence[Answer], margin: float) -> dict[str, Any]:
    """How many would have got a category without a person, and how many of those rightly."""
    given = [(a.given(margin), a.wanted) for a in answers]
    said = [(code, wanted) for code, wanted in given if code is not None]
    return {"share": _share(code is not None for code, _ in given), "precision": _share(c == w for c, w in said)}


def _confused(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """What was taken for what, the most frequent first."""
    pairs = Counter((a.wanted, a.both[0]) for a in answers if a.both[0] != a.wanted)
    return [{"wanted": wanted, "given": given, "n": n} for (wanted, given), n in pairs.most_common(_PAIRS_MOST)]


def _agencies(answers: Sequence[Answer], city: City, taught: Sequence[Lesson]) -> list[dict[str, Any]]:
    """By the agency that the truth belongs to: how many, how many rightly, to whom the others went, and drift: its
    share of all reports before and since, and how right the older and the newer half of the examination was."""

    def agency(code: str) -> str:
        return city.category_by_code[code].agency

    before = Counter(agency(x.category) for x in taught)
    middle = answers[len(answers) // 2].at
    found = []
    for name in sorted({agency(a.wanted) for a in answers} | before.keys()):
        own = [a for a in answers if agency(a.wanted) == name]
        given = [a for a in answers if agency(a.both[0]) == name]
        went = Counter(agency(a.both[0]) for a in own if agency(a.both[0]) != name)
        found.append(
            {
                "agency": name,
                "n": len(own),
                "found": _share(agency(a.both[0]) == name for a in own),
                "precision": _share(agency(a.wanted) == name for a in given),
                "went_to": [{"agency": to, "n": n} for to, n in went.most_common(5)],
                "share_before": round(before[name] / len(taught), 4),
                "share_since": round(len(own) / len(answers), 4),
                "found_older": _share(agency(a.both[0]) == name for a in own if a.at < middle),
                "found_newer": _share(agency(a.both[0]) == name for a in own if a.at >= middle),
            }
        )
    return sorted(found, key=lambda row: -int(row["n"]))


def _months(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    months: dict[str, list[bool]] = {}
    for a in answers:
        months.setdefault(f"{a.at:%Y-%m}", []).append(a.both[0] == a.wanted)
    return [{"month": month, "n": len(right), "right": _share(right)} for month, right in sorted(months.items())]
