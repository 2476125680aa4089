"""How deep the water is said to be: «selutut», «30 cm», «setengah meter», «1,5 m». Centimetres."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from hadir.domain.phrases import Tokens

_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?"
_METRE = r"m|mtr|meter|metre"
_CENTI = r"cm|centi|senti|sentimeter|centimeter"
_SAID = re.compile(
    rf"(?<![\w.,/])(?P<low>{_NUMBER})\s*(?:(?:-|–|s\.?/?\s?d\.?|sampai|hingga)\s*(?P<high>{_NUMBER})\s*)?"
    rf"(?P<unit>{_METRE}|{_CENTI})\b(?!\s*(?:dari|persegi|kubik|x|²|2\b))"
)
_IN_WORDS = re.compile(
    rf"\b(?:(?P<half>setengah|separuh|separo|stengah|setengahan)\s*(?:{_METRE})"
    rf"|(?P<onehalf>satu setengah|semeter setengah)\s*(?:{_METRE})?"
    rf"|(?P<one>se|sak|satu\s+)(?:meter|mtr)|(?P<two>dua)\s+(?:{_METRE}))\b"
)
_WORDED = {"half": 50, "onehalf": 150, "one": 100, "two": 200}
_DIGIT = re.compile(r"\d")
# Below 3 cm nobody calls it depth; above 4 m it is a length, a distance or a joke.
_LEAST, _MOST = 3, 400


@dataclass(frozen=True, slots=True)
class Depth:
    """A depth, and the characters [start, end) that say it."""

    cm: int
    start: int
    end: int
    #: A body word, or a number with «setinggi» before it: surely a depth, not a length.
    sure: bool


def numbers(low: str, tokens: Tokens, leads: Container[int], lengths: Container[int]) -> Iterator[Depth]:
    """Depths given in numbers. `leads` and `lengths` are the tokens that say «setinggi» and «sepanjang»."""
    in_digits = _SAID.finditer(low) if _DIGIT.search(low) else ()
    in_words = _IN_WORDS.finditer(low) if "meter" in low or "mtr" in low else ()
    for found in (*in_digits, *in_words):
        cm = _centimetres(found)
        before = [j for j, (_, end) in enumerate(tokens.spans) if end <= found.start()][-2:]
        if _LEAST <= cm <= _MOST and not any(j in lengths for j in before):
            yield Depth(cm, found.start(), found.end(), any(j in leads for j in before))


def _centimetres(found: re.Match[str]) -> int:
    if found.re is _IN_WORDS:
        return _WORDED[found.lastgroup or "one"]
    value = float((found["high"] or found["low"]).replace(",", "."))
    return round(value if found["unit"][0] in "cs" else value * 100)


def deepest(said: list[Depth]) -> Depth | None:
    """What counts when several are said: the deepest of the sure ones, else the deepest."""
    return max([d for d in said if d.sure] or said, key=lambda d: d.cm, default=None)
