"""What a report is about, how urgent, how deep the water: rules on words, every answer with its reasons.

The rules know kinds of meaning (a denial, a hedge, a sign of danger); the words stand in the city pack. Reasons name
only the pack's own terms, never the person's words: a reason goes into an event, and the text must stay erasable.
Budget: 150 µs for a report of a hundred characters; it runs inside every intake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import NamedTuple

from hadir.domain.city import Category, City, Terms, TriageRules
from hadir.domain.depth import Depth, deepest, numbers
from hadir.domain.masking import mask
from hadir.domain.phrases import Doubts, Hit, Lexicon, Tokens, lower
from hadir.domain.values import Reason

__all__ = ["SIGNS", "Mark", "Triage", "mask", "triage"]

#: The kinds of sign a pack may give words for. Each has a sentence in words/reasons.json («reason.sign.trapped»).
SIGNS = (
    "casualty", "trapped", "frail", "children", "wires", "blocked", "hit", "indoors", "rising", "help", "fell",
    "ongoing", "many", "receding", "handled", "long_ago", "request",
)  # fmt: skip
#: Signs after which a floor (`at_least`) no longer holds: somebody has dealt with it.
_OVER = frozenset(("handled",))
# Another term of the same category makes it likelier, but no list of synonyms may outweigh one plain word.
_FURTHER_TERM, _HEDGED = 0.25, 0.5
_DEPTH_POINTS = 1.5  # what «air selutut» is worth as a word for a flood
_LOWEST, _HIGHEST = 1, 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Characters [start, end) of the text that were understood, for showing them to the operator."""

    start: int
    end: int
    #: category, sign, depth; "not" for what is denied, "maybe" for what is only feared
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Triage:
    """The suggestion for one text. A person may overrule each part of it."""

    category: str
    category_reasons: tuple[Reason, ...]
    #: The next likeliest categories, at most two.
    also: tuple[str, ...]
    #: 1 routine … 4 emergency
    urgency: int
    urgency_reasons: tuple[Reason, ...]
    #: The deepest water said, in centimetres.
    depth_cm: int | None
    #: Water is said to stand there now.
    flood: bool
    #: The water is said to be going, or gone.
    receding: bool
    sensitive: bool
    #: Codes of the kinds of vulnerable place that are named, in the pack's order.
    vulnerable: tuple[str, ...]


def triage(text: str, city: City) -> Triage:
    """Suggests for `text`; never fails, whatever was written."""
    heard = _hear(text, city)
    scores = _scores(heard, city)
    category = city.category_by_code[next(iter(scores), city.triage.fallback)]
    urgency, reasons = _urgency(category, heard, city.triage)
    plain = {h.code for h in heard.categories if not h.doubt}
    return Triage(
        category=category.code,
        category_reasons=_category_reasons(category.code, scores, heard),
        also=tuple(scores)[1:3],
        urgency=urgency,
        urgency_reasons=reasons,
        depth_cm=heard.depth.cm if heard.depth else None,
        flood=not heard.gone and (heard.depth is not None or any(city.category_by_code[c].flood for c in plain)),
        receding=heard.receding or heard.gone,
        sensitive=category.sensitive or any(city.category_by_code[c].sensitive for c in plain),
        vulnerable=heard.vulnerable,
    )


# ── hearing: the pack's phrases in the text ──────────────────────────────────────────────────────────────────────


class _Said(NamedTuple):
    """A term of a category or a sign, as it was said."""

    code: str
    terms: Terms
    term: str
    doubt: str
    start: int
    end: int

    @property
    def points(self) -> float:
        return self.terms.points * (_HEDGED if self.doubt else 1.0)


class _Heard(NamedTuple):
    categories: list[_Said]
    signs: list[_Said]
    denied: list[_Said]
    depth: Depth | None
    receding: bool
    gone: bool
    vulnerable: tuple[str, ...]


@lru_cache(maxsize=8)
def _lexicon(city: City) -> Lexicon:
    return Lexicon(_meanings(city), dict(city.triage.spellings))


def _meanings(city: City) -> Iterator[tuple[object, str]]:
    rules = city.triage
    yield from ((("vulnerable", kind.code), term) for kind in city.vulnerable for term in kind.terms)
    for role, groups in (("category", rules.categories), ("sign", rules.signs)):
        yield from (((role, terms), term) for terms in groups for term in terms.terms)
    yield from ((("depth", d.cm), term) for d in rules.depths for term in d.terms)
    for role, words in (
        ("negation", rules.negations), ("hedge", rules.hedges), ("break", rules.breaks), ("filler", rules.fillers),
        ("water", rules.water), ("receding", rules.receding), ("gone", rules.gone),
        ("lead", rules.depth_leads), ("length", rules.length_leads),
    ):  # fmt: skip
        yield from (((role, None), word) for word in words)


def _hear(text: str, city: City) -> _Heard:
    lexicon = _lexicon(city)
    tokens = lexicon.read(text)
    by_role: dict[str, list[Hit]] = defaultdict(list)
    for hit in lexicon.find(tokens):
        by_role[hit.phrase.meaning[0]].append(hit)  # type: ignore[index]  # meanings are ours: (role, value)
    doubts = _doubts(by_role, city.triage)
    said = {role: _said(by_role[role], doubts, tokens) for role in ("category", "sign")}
    gone = any(doubts.of(h, tokens) == "" for h in by_role["gone"])
    return _Heard(
        categories=[s for s in said["category"] if s.doubt != "not"],
        signs=[s for s in said["sign"] if s.doubt != "not"],
        denied=[s for both in said.values() for s in both if s.doubt == "not"],
        depth=None if gone else _depth(text, tokens, by_role, doubts),
        receding=any(doubts.of(h, tokens) == "" for h in by_role["receding"]),
        gone=gone,
        vulnerable=_vulnerable(by_role["vulnerable"], city),
    )


def _vulnerable(hits: list[Hit], city: City) -> tuple[str, ...]:
    named = {hit.phrase.meaning[1] for hit in hits}  # type: ignore[index]
    return tuple(kind.code for kind in city.vulnerable if kind.code in named) if named else ()


def _doubts(by_role: dict[str, list[Hit]], rules: TriageRules) -> Doubts:
    """A «tidak» that is part of a phrase itself («tidak bisa lewat») denies nothing after it."""
    at = {role: {h.used[-1] for h in by_role[role]} for role in ("negation", "hedge", "break", "filler")}
    for hit in (*by_role["category"], *by_role["sign"], *by_role["gone"]):
        if len(hit.used) > 1 and not at["negation"].isdisjoint(hit.used):
            at["negation"].difference_update(hit.used)
            at["hedge"].difference_update(hit.used)
    return Doubts(
        negations=frozenset(at["negation"]),
        hedges=frozenset(at["hedge"]),
        breaks=frozenset(at["break"]),
        fillers=frozenset(at["filler"]),
        reach=rules.reach,
    )


def _said(hits: list[Hit], doubts: Doubts, tokens: Tokens) -> list[_Said]:
    return [
        _Said(
            hit.phrase.meaning[1].code,  # type: ignore[index]
            hit.phrase.meaning[1],  # type: ignore[index]
            hit.phrase.term,
            doubts.of(hit, tokens),
            tokens.spans[hit.used[0]][0],
            tokens.spans[hit.used[-1]][1],
        )
        for hit in hits
    ]


def _depth(text: str, tokens: Tokens, by_role: dict[str, list[Hit]], doubts: Doubts) -> Depth | None:
    if all(doubts.of(h, tokens) for h in by_role["water"]):
        return None
    said = [
        Depth(hit.phrase.meaning[1], tokens.spans[hit.used[0]][0], tokens.spans[hit.used[-1]][1], True)  # type: ignore[index]
        for hit in by_role["depth"]
        if not doubts.of(hit, tokens) or hit.used[0] - 1 in doubts.hedges  # «hampir selutut» is a depth
    ]
    leads, lengths = ({h.used[-1] for h in by_role[role]} for role in ("lead", "length"))
    said += numbers(lower(text), tokens, leads, lengths)
    return deepest(said)


# ── what it is about ─────────────────────────────────────────────────────────────────────────────────────────────


def _scores(heard: _Heard, city: City) -> dict[str, float]:
    """Category → points, the likeliest first; equal points stand in the pack's order."""
    terms: dict[str, dict[str, float]] = defaultdict(dict)
    for said in heard.categories:
        terms[said.code][said.term] = max(said.points, terms[said.code].get(said.term, 0.0))
    if heard.depth and heard.depth.sure:
        terms[city.triage.depth_category].setdefault("", _DEPTH_POINTS)
    scores = {code: max(found.values()) + _FURTHER_TERM * (len(found) - 1) for code, found in terms.items()}
    order = city.category_order
    return dict(sorted(scores.items(), key=lambda item: (-item[1], order[item[0]])))


def _category_reasons(code: str, scores: dict[str, float], heard: _Heard) -> tuple[Reason, ...]:
    if code not in scores:
        return (Reason(code="category.none"),)
    said = [s for s in heard.categories if s.code == code]
    reasons = []
    if said:
        doubt = "" if any(not s.doubt for s in said) else ".maybe"
        reasons.append(Reason(code=f"category.words{doubt}", points=scores[code], params=_words(said)))
    elif heard.depth:
        reasons.append(Reason(code="category.depth", points=scores[code], params=(("cm", str(heard.depth.cm)),)))
    if heard.denied:
        reasons.append(Reason(code="category.denied", params=_words(heard.denied)))
    return tuple(reasons)


def _words(said: list[_Said]) -> tuple[tuple[str, str], ...]:
    """The pack's terms, not the person's words."""
    terms = dict.fromkeys(s.term.replace(" ..", " …").replace("*", "") for s in said)
    return (("words", ", ".join(terms)),)


# ── how urgent ───────────────────────────────────────────────────────────────────────────────────────────────────


def _urgency(category: Category, heard: _Heard, rules: TriageRules) -> tuple[int, tuple[Reason, ...]]:
    total, floor_at = float(category.urgency), 0
    reasons = [Reason(code="urgency.category", points=total, params=(("level", str(category.urgency)),))]
    signs = _strongest(heard.signs, category.group)
    for said in signs:
        total += said.points
        floor_at = max(floor_at, 0 if said.doubt else said.terms.at_least)
        code = "sign.maybe" if said.doubt else f"sign.{said.code}"
        reasons.append(Reason(code=code, points=said.points, params=_words([said])))
    if step := _depth_step(heard, rules):
        total += step[0]
        floor_at = max(floor_at, step[1])
        reasons.append(Reason(code="urgency.depth", points=step[0], params=(("cm", str(step[2])),)))
    if _only_feared(category.code, heard):
        total -= 1
        reasons.append(Reason(code="urgency.maybe", points=-1.0))
    level = min(max(floor(total), _LOWEST), _HIGHEST)
    if floor_at > level and not any(s.code in _OVER and not s.doubt for s in signs):
        level = floor_at
        reasons.append(Reason(code="urgency.at_least", params=(("level", str(level)),)))
    return level, tuple(reasons)


def _strongest(signs: list[_Said], group: str) -> list[_Said]:
    """One of each kind, the plainest; only those that count in this group of categories."""
    best: dict[str, _Said] = {}
    for said in signs:
        counts = not said.terms.groups or group in said.terms.groups
        if counts and (said.code not in best or abs(said.points) > abs(best[said.code].points)):
            best[said.code] = said
    return [best[code] for code in SIGNS if code in best]


def _depth_step(heard: _Heard, rules: TriageRules) -> tuple[float, int, int] | None:
    if heard.depth is None:
        return None
    cm = heard.depth.cm
    reached = [s for s in rules.depth_steps if s.cm <= cm]
    return (reached[-1].points, reached[-1].at_least, cm) if reached else None


def _only_feared(code: str, heard: _Heard) -> bool:
    said = [s for s in heard.categories if s.code == code]
    return bool(said) and all(s.doubt for s in said) and heard.depth is None


# ── showing it ───────────────────────────────────────────────────────────────────────────────────────────────────


def marks(text: str, city: City) -> tuple[Mark, ...]:
    """Where the words stand that made the suggestion, for a page that shows them. By place in the text."""
    heard = _hear(text, city)
    code = next(iter(_scores(heard, city)), city.triage.fallback)
    found = {
        *(Mark(start=s.start, end=s.end, kind=s.doubt or "category") for s in heard.categories if s.code == code),
        *(Mark(start=s.start, end=s.end, kind=s.doubt or "sign") for s in heard.signs),
        *(Mark(start=s.start, end=s.end, kind="not") for s in heard.denied),
    }
    if heard.depth:
        found.add(Mark(start=heard.depth.start, end=heard.depth.end, kind="depth"))
    return tuple(sorted(found, key=lambda m: (m.start, m.end, m.kind)))
