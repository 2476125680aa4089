"""Against abuse: how much is too much, and what is done then. Pure.

Nothing is thrown away and nobody is refused by these rules. A report that speaks against itself is kept as any other
and *held*: it stands in a list of its own (karantina) until a person has looked. One that may be urgent is never held:
it goes into the queue with the doubt written on it, because a false alarm costs a minute and a held true one a life.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from hadir.domain.values import Reason

TOO_FAST, BUSY_ADDRESS, BUSY_AREA = "doubt.too_fast", "doubt.busy_address", "doubt.busy_area"
ADVERT, LINKS, SAME_TEXT = "doubt.advert", "doubt.links", "doubt.same_text"

HOLDS = frozenset({TOO_FAST, BUSY_ADDRESS, BUSY_AREA, ADVERT, LINKS})
"""Doubts for which a report is held. One text from many phones is not among them: neighbours pass on what is true."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """`at_once`, then `per_hour`."""

    at_once: int
    per_hour: int


@dataclass(frozen=True, kw_only=True)
class AbuseRules:
    """The city's numbers; the reasons for them stand in docs/abuse.md."""

    #: reports of one phone
    device: Pace = field(default_factory=lambda: Pace(at_once=5, per_hour=20))
    #: reports of one IPv4 address: a carrier's, with a whole neighbourhood behind it
    address: Pace = field(default_factory=lambda: Pace(at_once=200, per_hour=1200))
    #: reports of one IPv6 network of 64 bits: one phone, or one house
    network: Pace = field(default_factory=lambda: Pace(at_once=20, per_hour=120))
    #: reports about one kelurahan, or one square kilometre where none is said
    area: Pace = field(default_factory=lambda: Pace(at_once=300, per_hour=1800))
    #: who has worked for it (a number that takes a phone a while to find) may do so many times as much
    worked: int = 5
    #: bits of that work: 15 is a blink, each more doubles it
    bits: int = 15
    bits_most: int = 19
    #: from this urgency on nothing is held
    urgent_from: int = 3
    #: so many phones with one text, in so many minutes, are told to the operator
    same_text_from: int = 3
    same_text_within_min: int = 360
    #: shorter texts are the same by chance («lampu mati»)
    same_text_words: int = 5
    #: what only advertisements say
    adverts: tuple[str, ...] = ()
    #: more addresses of pages than this are an advertisement; those of maps are not counted
    links_most: int = 1
    maps: tuple[str, ...] = ()


# ── what is said ─────────────────────────────────────────────────────────────────────────────────────────────────

_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]{3,}", re.IGNORECASE)


def of_text(text: str, rules: AbuseRules) -> tuple[Reason, ...]:
    """What the words themselves say against a report."""
    found = []
    if said := _advert(text.casefold(), rules.adverts):
        found.append(Reason(code=ADVERT, params=(("words", said),)))
    if ("://" in text or "www." in text.casefold()) and (links := _links(text, rules.maps)) > rules.links_most:
        found.append(Reason(code=LINKS, params=(("n", str(links)),)))
    return tuple(found)


def _links(text: str, maps: Sequence[str]) -> int:
    return sum(not any(known in link.casefold() for known in maps) for link in _LINK.findall(text))


def _advert(text: str, phrases: tuple[str, ...]) -> str:
    """The phrase that is said, as whole words with anything between them. Nearly no text has even one of the words."""
    for longest, pattern in _patterns(phrases):
        if longest in text and (match := pattern.search(text)):
            return " ".join(_WORD.findall(match[0]))
    return ""


@lru_cache(maxsize=4)
def _patterns(phrases: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(the longest word, the whole phrase) of each."""
    found = []
    for phrase in phrases:
        words = phrase.casefold().split()
        said = r"[\W_]+".join(map(re.escape, words))
        found.append((max(words, key=len), re.compile(rf"(?<!\w){said}(?!\w)")))
    return tuple(found)


def print_of(text: str, rules: AbuseRules) -> bytes | None:
    """The same for texts that differ in letters' size, signs and spaces only; None for a text too short to tell."""
    words = _WORD.findall(text.casefold())
    if len(words) < rules.same_text_words:
        return None
    return hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).digest()


# ── what is done ─────────────────────────────────────────────────────────────────────────────────────────────────


def held(doubts: Iterable[Reason], urgency: int, rules: AbuseRules) -> bool:
    """Does it wait in the quarantine? Never what may be urgent."""
    return urgency < rules.urgent_from and any(doubt.code in HOLDS for doubt in doubts)


# ── work ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def bits_for(rules: AbuseRules, spent: float) -> int:
    """How much work is asked, by the share (0..1) of what may be had for work that is spent already."""
    return rules.bits + round(min(max(spent, 0.0), 1.0) * (rules.bits_most - rules.bits))


def solves(task: str, answer: str, bits: int) -> bool:
    """Does SHA-256 of «task:answer» begin with so many zero bits?"""
    if not answer.isascii() or not 1 <= len(answer) <= 20:
        return False
    digest = hashlib.sha256(f"{task}:{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0
