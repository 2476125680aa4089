"""What a report is about, how urgent, how deep the water: rules on words, every answer with its reasons.

The rules know kinds of meaning (a denial, a hedge, a sign of danger); the words stand in the city pack. Reasons name
only the pack's own terms, never the person's words: a reason goes into an event, and the text must stay erasable.
Budget: 150 µs for a report of a hundred characters; it runs inside every intake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor
from typing import NamedTuple, TypeAlias

from hadir.domain.assign import sure
from hadir.domain.city import Category, City, Terms, TriageRules
from hadir.domain.depth import Depth, deepest, numbers
from hadir.domain.masking import mask
from hadir.domain.phrases import Doubts, Hit, Lexicon, Phrase, Tokens, lower
from hadir.domain.values import Reason

__all__ = ["SIGNS", "Mark", "Triage", "mask", "triage"]

#: The kinds of sign a pack may give words for. Each has a sentence in words/reasons.json («reason.sign.trapped»).
SIGNS = (
    "casualty", "trapped", "frail", "children", "wires", "blocked", "hit", "indoors", "rising", "help", "fell",
    "ongoing", "many", "receding", "handled", "long_ago", "request", "minor",
)  # fmt: skip
#: Signs after which a floor (`at_least`) no longer holds: somebody has dealt with it.
_OVER = frozenset(("handled",))
#: What has happened has happened: that it was yesterday makes it no doubt, and takes nothing back.
_HAPPENED, _LONG_AGO = "fell", "long_ago"
# Another term of the same category makes it likelier, but no list of synonyms may outweigh one plain word.
_FURTHER_TERM, _HEDGED = 0.25, 0.5
# Terms of so many points or fewer only name a thing («jembatan», «pohon»), not what is wrong with it.
_A_THING = 1.0
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
    #: Every category that was heard of, with its points, the most first.
    points: tuple[tuple[str, float], ...]
    #: The first leads the others by the city's margin: nobody has to choose.
    sure: bool
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
    return _judged(_hear(text, city)[0], city)


# In a storm a thousand people say the same few things: what the same phrases mean is worked out once.
_JUDGED_KEPT = 4_096


@lru_cache(maxsize=_JUDGED_KEPT)
def _judged(heard: _Heard, city: City) -> Triage:
    scores = _scores(heard, city)
    category = city.category_by_code[next(iter(scores), city.triage.fallback)]
    urgency, reasons = _urgency(category, heard, city.triage)
    plain = {s.code for s in heard.categories if not s.doubt}
    return Triage(
        category=category.code,
        category_reasons=_category_reasons(category.code, scores, heard),
        points=tuple(scores.items()),
        sure=sure(scores.values(), len(city.categories) - len(scores), city.assign),
        urgency=urgency,
        urgency_reasons=reasons,
        depth_cm=heard.cm,
        flood=not heard.gone and (heard.cm is not None or any(city.category_by_code[c].flood for c in plain)),
        receding=heard.receding or heard.gone,
        sensitive=category.sensitive or any(city.category_by_code[c].sensitive for c in plain),
        vulnerable=tuple(kind.code for kind in city.vulnerable if kind.code in heard.vulnerable),
    )


# ── hearing: the pack's phrases in the text ──────────────────────────────────────────────────────────────────────


class _Said(NamedTuple):
    """A term of a category or a sign, as it was said. A phrase is compared by identity, so this is a cheap key."""

    phrase: Phrase
    #: "", "not", "maybe"
    doubt: str

    @property
    def terms(self) -> Terms:
        return self.phrase.meaning  # type: ignore[no-any-return]

    @property
    def code(self) -> str:
        return self.terms.code

    @property
    def points(self) -> float:
        return self.terms.points * (_HEDGED if self.doubt else 1.0)


class _Heard(NamedTuple):
    """What was said, wherever in the text it stood."""

    categories: tuple[_Said, ...]
    signs: tuple[_Said, ...]
    denied: tuple[_Said, ...]
    #: depth in centimetres, where there is water now; surely a depth, not a length, now or before
    cm: int | None
    sure: bool
    receding: bool
    gone: bool
    vulnerable: frozenset[str]


_Spot: TypeAlias = tuple[_Said, Hit]
_NONE: frozenset[str] = frozenset()
_NO_DOUBTS = Doubts(negations=frozenset(), hedges=frozenset(), breaks=frozenset(), fillers=frozenset(), reach=0)


@lru_cache(maxsize=8)
def _lexicon(city: City) -> Lexicon:
    return Lexicon(_meanings(city), dict(city.triage.spellings))


def _meanings(city: City) -> Iterator[tuple[str, object, str]]:
    rules = city.triage
    yield from (("vulnerable", kind.code, term) for kind in city.vulnerable for term in kind.terms)
    for role, groups in (("category", rules.categories), ("sign", rules.signs)):
        yield from ((role, terms, term) for terms in groups for term in terms.terms)
    yield from (("depth", d.cm, term) for d in rules.depths for term in d.terms)
    for role, words in (
        ("negation", rules.negations), ("hedge", rules.hedges), ("break", rules.breaks), ("filler", rules.fillers),
        ("water", rules.water), ("receding", rules.receding), ("gone", rules.gone),
        ("lead", rules.depth_leads), ("length", rules.length_leads),
    ):  # fmt: skip
        yield from ((role, None, word) for word in words)


_Hits: TypeAlias = dict[str, list[Hit]]


def _hear(text: str, city: City) -> tuple[_Heard, list[_Spot], Depth | None, Tokens]:
    """What was said, and for showing it where each of it stands."""
    lexicon = _lexicon(city)
    tokens = lexicon.read(text)
    hits: _Hits = defaultdict(list)
    for hit in lexicon.find(tokens):
        hits[hit.phrase.role].append(hit)
    doubts = _doubts(hits, city.triage)
    spots = [(_Said(hit.phrase, doubts.of(hit, tokens)), hit) for hit in hits["category"]]
    spots += [(_Said(hit.phrase, _doubt(hit, hits, doubts, tokens)), hit) for hit in hits["sign"]]
    gone = _plainly(hits["gone"], doubts, tokens)
    depth = _depth(text, tokens, hits, doubts)
    heard = _heard(spots, depth, gone, _plainly(hits["receding"], doubts, tokens), hits)
    return heard, spots, None if gone else depth, tokens


def _doubt(hit: Hit, hits: _Hits, doubts: Doubts, tokens: Tokens) -> str:
    """How a sign is said. A «kemarin» before what has happened makes it no less so."""
    if hit.phrase.meaning.code != _HAPPENED or not doubts.hedges:  # type: ignore[attr-defined]
        return doubts.of(hit, tokens)
    then = [at for each in hits["sign"] if each.phrase.meaning.code == _LONG_AGO for at in each.used]  # type: ignore[attr-defined]
    return replace(doubts, hedges=doubts.hedges.difference(then)).of(hit, tokens)


def _heard(spots: list[_Spot], depth: Depth | None, gone: bool, receding: bool, hits: _Hits) -> _Heard:
    named = hits["vulnerable"]
    said = [s for s, _ in spots if s.doubt != "not"]
    return _Heard(
        categories=tuple([s for s in said if s.phrase.role == "category"]),
        signs=tuple([s for s in said if s.phrase.role == "sign"]),
        denied=tuple([s for s, _ in spots if s.doubt == "not"]),
        cm=None if depth is None or gone else depth.cm,
        sure=depth is not None and depth.sure,
        receding=receding,
        gone=gone,
        vulnerable=frozenset([hit.phrase.meaning for hit in named]) if named else _NONE,
    )


def _plainly(hits: list[Hit], doubts: Doubts, tokens: Tokens) -> bool:
    return any(doubts.of(hit, tokens) == "" for hit in hits) if hits else False


def _doubts(hits: _Hits, rules: TriageRules) -> Doubts:
    """A «tidak» that is part of a phrase itself («tidak bisa lewat») denies nothing after it."""
    if not hits["negation"] and not hits["hedge"]:
        return _NO_DOUBTS
    at = {role: {h.used[-1] for h in hits[role]} for role in ("negation", "hedge", "break", "filler")}
    for hit in (*hits["category"], *hits["sign"], *hits["gone"]):
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


def _depth(text: str, tokens: Tokens, hits: _Hits, doubts: Doubts) -> Depth | None:
    if all(doubts.of(h, tokens) for h in hits["water"]):
        return None
    said = [
        Depth(hit.phrase.meaning, *_span(hit, tokens), True)
        for hit in hits["depth"]
        if not doubts.of(hit, tokens) or hit.used[0] - 1 in doubts.hedges  # «hampir selutut» is a depth
    ]
    leads, lengths = ({h.used[-1] for h in hits[role]} for role in ("lead", "length"))
    said += numbers(lower(text), tokens, leads, lengths)
    return deepest(said)


def _span(hit: Hit, tokens: Tokens) -> tuple[int, int]:
    return tokens.spans[hit.used[0]][0], tokens.spans[hit.used[-1]][1]


# ── what it is about ─────────────────────────────────────────────────────────────────────────────────────────────


def _scores(heard: _Heard, city: City) -> dict[str, float]:
    """Category → points, the likeliest first; equal points stand in the pack's order."""
    terms: dict[str, dict[str, float]] = defaultdict(dict)
    for said in heard.categories:
        term = said.phrase.term
        terms[said.code][term] = max(said.points, terms[said.code].get(term, 0.0))
    if heard.sure:
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
    elif heard.cm is not None:
        reasons.append(Reason(code="category.depth", points=scores[code], params=(("cm", str(heard.cm)),)))
    elif heard.gone:
        reasons.append(Reason(code="category.gone", points=scores[code]))
    if heard.denied:
        reasons.append(Reason(code="category.denied", params=_words(heard.denied)))
    return tuple(reasons)


def _words(said: Iterable[_Said]) -> tuple[tuple[str, str], ...]:
    """The pack's terms, not the person's words."""
    terms = dict.fromkeys(s.phrase.term.replace(" ..", " …").replace("*", "") for s in said)
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
    for said in _denied(heard, category.group):
        total += said.terms.denied
        reasons.append(Reason(code="sign.denied", points=said.terms.denied, params=_words([said])))
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


def _strongest(signs: Iterable[_Said], group: str) -> list[_Said]:
    """One of each kind, the plainest; only those that count in this group of categories."""
    best: dict[str, _Said] = {}
    for said in signs:
        counts = not said.terms.groups or group in said.terms.groups
        if counts and (said.code not in best or abs(said.points) > abs(best[said.code].points)):
            best[said.code] = said
    if _HAPPENED in best and not best[_HAPPENED].doubt:
        best.pop(_LONG_AGO, None)
    return [best[code] for code in SIGNS if code in best]


def _denied(heard: _Heard, group: str) -> list[_Said]:
    """Signs that are said not to be, where that is worth something; one of each kind, none that is also said to be."""
    plain = {s.code for s in heard.signs}
    found = {
        s.code: s
        for s in heard.denied
        if s.phrase.role == "sign" and s.terms.denied and s.code not in plain and group in (s.terms.groups or (group,))
    }
    return [found[code] for code in SIGNS if code in found]


def _depth_step(heard: _Heard, rules: TriageRules) -> tuple[float, int, int] | None:
    cm = heard.cm
    reached = [] if cm is None else [s for s in rules.depth_steps if s.cm <= cm]
    return (reached[-1].points, reached[-1].at_least, cm or 0) if reached else None


def _only_feared(code: str, heard: _Heard) -> bool:
    """What is wrong is only feared; that its place or thing is named plainly («jembatan rawan ambrol») says no more."""
    said = [s for s in heard.categories if s.code == code]
    plain = [s for s in said if not s.doubt and s.terms.points > _A_THING]
    return any(s.doubt for s in said) and not plain and heard.cm is None


# ── showing it ───────────────────────────────────────────────────────────────────────────────────────────────────


def marks(text: str, city: City) -> tuple[Mark, ...]:
    """Where the words stand that made the suggestion, for a page that shows them. By place in the text."""
    heard, spots, depth, tokens = _hear(text, city)
    code = next(iter(_scores(heard, city)), city.triage.fallback)
    found = {
        Mark(start=start, end=end, kind=said.doubt or said.phrase.role)
        for said, hit in spots
        for start, end in (_span(hit, tokens),)
        if said.doubt == "not" or said.phrase.role == "sign" or said.code == code
    }
    if depth is not None:
        found.add(Mark(start=depth.start, end=depth.end, kind="depth"))
    return tuple(sorted(found, key=lambda m: (m.start, m.end, m.kind)))
