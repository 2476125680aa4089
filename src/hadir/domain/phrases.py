"""Finds the pack's phrases in what a person wrote: tokens, spellings, gaps, denial and doubt.

A text becomes tokens with their place in it; each token is looked up once (and remembered) as the words of the pack it
may stand for; a phrase is found by walking the tokens from its first word. No regular expression is made from the
pack, so a thousand phrases cost no more than a hundred: the work grows with the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
#: A word, or a sign that ends a clause.
_PIECE = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*|[.!?\n,;:()]")
_STRETCHED = re.compile(r"(\w)\1{2,}|(\w)\2+$")
#: What Indonesian and Javanese hang on a word without changing it.
_ENDINGS = ("nya", "lah", "kah", "pun", "ku", "mu", "ne", "e")
_SENTENCE_ENDS = frozenset(".!?\n")
_CLAUSE_ENDS = frozenset(".!?\n,;:()")
_GAP = 3  # words that ".." may stand for
_REMEMBERED = 20_000  # distinct tokens kept; a city writes fewer in a year, and nonsense must not fill the memory


class Tokens:
    """A text cut into words."""

    __slots__ = ("_low", "_spans", "begins", "clause", "keys", "present", "sentence")

    def __init__(self, low: str) -> None:
        #: The words of the pack each token may stand for.
        self.keys: list[tuple[str, ...]] = []
        #: Tokens that may begin phrases, and which.
        self.begins: list[tuple[int, tuple[Phrase, ...]]] = []
        self.clause: list[int] = []
        self.sentence: list[int] = []
        #: All words of the pack in the text.
        self.present: set[str] = set()
        self._low = low
        self._spans: list[tuple[int, int]] | None = None

    @property
    def spans(self) -> list[tuple[int, int]]:
        """(start, end) of each token in the original text. Few ask for them."""
        if self._spans is None:
            self._spans = [found.span() for found in _WORD.finditer(self._low)]
        return self._spans


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """One term of the pack, ready to be walked."""

    #: What it is for («category», «negation»), and what it means: whatever the caller put there.
    role: str
    meaning: Any
    term: str
    second: str
    #: (word, how many other words may stand before it)
    rest: tuple[tuple[str, int], ...]


class Hit(NamedTuple):
    phrase: Phrase
    #: The tokens it used, in order.
    used: tuple[int, ...]


def lower(text: str) -> str:
    """Lower case of the same length, so that places in it are places in the original («İ» becomes two characters)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class Lexicon:
    """All phrases of a pack with their meanings. Made once; its memory of looked-up words is its only state."""

    def __init__(self, terms: Iterable[tuple[str, object, str]], spellings: Mapping[str, str]) -> None:
        """`terms`: (role, meaning, term)."""
        self._spellings = spellings
        self._index: dict[str, list[Phrase]] = {}  # first word → phrases
        self._whole: set[str] = set()
        self._starts: set[str] = set()
        self._known: dict[str, tuple[tuple[str, ...], tuple[Phrase, ...]]] = {}
        for role, meaning, term in terms:
            self._add(role, meaning, term)

    def _add(self, role: str, meaning: object, term: str) -> None:
        steps: list[tuple[str, int]] = []
        gap = 0
        for word in term.split():
            if word == "..":
                gap = _GAP
                continue
            steps.append((word, gap))
            gap = 0
            (self._starts if word.endswith("*") else self._whole).add(word.removesuffix("*"))
        first, rest = steps[0][0], tuple(steps[1:])
        second = rest[0][0] if rest else ""
        self._index.setdefault(first, []).append(Phrase(role, meaning, term, second, rest))

    def read(self, text: str) -> Tokens:
        tokens, known, clause, sentence = Tokens(lower(text)), self._known.get, 0, 0
        for piece in _PIECE.findall(tokens._low):
            if piece in _CLAUSE_ENDS:
                clause += 1
                sentence += piece in _SENTENCE_ENDS
                continue
            keys, begins = known(piece) or self._keys(piece)
            if begins:
                tokens.begins.append((len(tokens.keys), begins))
            if keys:
                tokens.present.update(keys)
            tokens.keys.append(keys)
            tokens.clause.append(clause)
            tokens.sentence.append(sentence)
        return tokens

    def find(self, tokens: Tokens) -> list[Hit]:
        hits = []
        for i, phrases in tokens.begins:
            for phrase in phrases:
                if not phrase.rest:
                    hits.append(Hit(phrase, (i,)))
                # Words such as «jalan» begin forty phrases: walk only those whose next word is in the text at all.
                elif phrase.second in tokens.present and (used := _walk(phrase.rest, tokens, i)):
                    hits.append(Hit(phrase, used))
        return hits

    def _keys(self, word: str) -> tuple[tuple[str, ...], tuple[Phrase, ...]]:
        keys = self._look_up(word)
        begins = tuple(phrase for key in keys for phrase in self._index.get(key, ()))
        if len(self._known) < _REMEMBERED:
            self._known[word] = keys, begins
        return keys, begins

    def _look_up(self, word: str) -> tuple[str, ...]:
        """The first form of the word that the pack knows, and the beginnings («banjir*») that it fits."""
        starts = [f"{s}*" for s in self._starts if self._spellings.get(word, word).startswith(s)]
        plain = (self._spellings.get(form, form) for form in _forms(word))
        return (*(next(([p] for p in plain if p in self._whole), [])), *starts)


def _forms(word: str) -> Iterator[str]:
    """The word, then ways in which it may be a known one: stretched, doubled («rumah-rumah»), with an ending."""
    yield word
    once = _STRETCHED.sub(r"\1\2", word)
    if once != word:
        yield once
    head, dash, tail = once.partition("-")
    if dash:
        yield head if head == tail or tail in _ENDINGS else once.replace("-", "")
    for ending in _ENDINGS:
        if once.endswith(ending) and len(once) - len(ending) >= 3:
            yield once.removesuffix(ending)


def _walk(rest: tuple[tuple[str, int], ...], tokens: Tokens, first: int) -> tuple[int, ...] | None:
    keys, sentence = tokens.keys, tokens.sentence
    at, used, count = first, [first], len(keys)
    for word, gap in rest:
        for j in range(at + 1, min(at + 2 + gap, count)):
            if sentence[j] != sentence[first]:
                return None
            if word in keys[j]:
                at = j
                used.append(j)
                break
        else:
            return None
    return tuple(used)


@dataclass(frozen=True, slots=True)
class Doubts:
    """Where a text denies, doubts, and where either ends; token numbers."""

    negations: frozenset[int]
    hedges: frozenset[int]
    breaks: frozenset[int]
    fillers: frozenset[int]
    reach: int

    def of(self, hit: Hit, tokens: Tokens) -> str:
        """ "" plainly said · "not" denied · "maybe" only feared, usual or long ago."""
        if not self.negations and not self.hedges:
            return ""
        maybe, since = False, -1
        for own in hit.used:
            if self._denied(own, since, tokens):
                return "not"
            maybe = maybe or self._hedged(own, since, tokens)
            since = own
        return "maybe" if maybe else ""

    def _denied(self, at: int, since: int, tokens: Tokens) -> bool:
        """A negation before token `at`, with nothing but fillers between; not looking back beyond `since`."""
        for j in range(at - 1, since, -1):
            if tokens.clause[j] != tokens.clause[at]:
                return False
            if j in self.negations:
                return True
            if j not in self.fillers:
                return False
        return False

    def _hedged(self, at: int, since: int, tokens: Tokens) -> bool:
        for j in range(at - 1, max(since, at - 1 - self.reach), -1):
            if tokens.clause[j] != tokens.clause[at] or j in self.breaks:
                return False
            if j in self.hedges:
                return True
        return False
