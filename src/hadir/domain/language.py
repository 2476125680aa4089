"""Which languages a text is in, by the pack's own short lists of telling words. Pure.

It is for the reader («campuran Jawa»: somebody who reads Javanese should look) and decides nothing: the words of all
languages mean the same to triage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hadir.domain.label import Label

_WORD = re.compile(r"[^\W\d_]+")
#: Below so many telling words nothing is said: «Banjir Turi» is in no language.
LEAST_WORDS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Tongue:
    """A language that reports are written in, and words that tell it from the others."""

    #: ISO 639-1
    code: str
    name: Label
    words: tuple[str, ...]


def spoken(text: str, tongues: Iterable[Tongue]) -> tuple[tuple[str, float], ...]:
    """(code, share of the telling words 0..1), the most first; empty when too little is said to tell."""
    words = _WORD.findall(text.casefold())
    counts = {tongue.code: _count(words, frozenset(tongue.words)) for tongue in tongues}
    whole = sum(counts.values())
    if whole < LEAST_WORDS:
        return ()
    found = [(code, count / whole) for code, count in counts.items() if count]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _count(words: list[str], telling: frozenset[str]) -> int:
    return sum(word in telling for word in words)
