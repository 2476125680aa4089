"""Numbers and addresses that are written as they are spoken: «nol delapan satu dua», «contoh at gmail titik com».

A number is a run of words for digits and of digits, with nothing but spaces, signs and «strip» between them. It is
found by walking the words once, so the time grows with the text and with nothing else. Counting is told from a number
by its length: nobody counts eight single digits in a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: Indonesian, Javanese (ngoko, krama), English, and the ways of typing them; by what each is worth in digits.
_DIGITS = {
    "0": "nol enol nul kosong zero",
    "1": "satu sathu siji setunggal one",
    "2": "dua duwa loro kalih two",
    "3": "tiga telu three",
    "4": "empat ampat papat sekawan four",
    "5": "lima limo gangsal five",
    "6": "enam anam enem nem six",
    "7": "tujuh pitu seven",
    "8": "delapan lapan wolu eight",
    "9": "sembilan sambilan sanga songo nine",
    "10": "sepuluh",
    "11": "sebelas",
}
_WORTH = {word: digits for digits, words in _DIGITS.items() for word in words.split()}
#: Said inside a number and begins none; what it adds to the length: «dua belas» are two digits, «dobel lima» too.
_WITHIN = {"belas": "1", "puluh": "0", "strip": "", "spasi": "", "dobel": "0", "double": "0", "triple": "00"}
#: What is made of digits and is nobody's: «RT 2/RW 01», a date with or without its hour, a span of hours. It is passed
#: over whole, so that no number begins in its middle; a «date» that goes on in digits is a telephone after all.
HARMLESS = (
    r"\bR[TW][ .:/]{0,2}\d{1,3}(?!\d)"
    r"|(?<!\d)\d{1,2}(?P<sep>[./-])\d{1,2}(?P=sep)(?:19|20)\d\d(?:[ ,]{1,2}\d{1,2}[.:]\d\d)?(?![ .\-]?\d)"
    r"|(?<!\d)\d{1,2}[.:]\d\d ?- ?\d{1,2}[.:]\d\d(?![ .\-]?\d)"
)
_TOKEN = re.compile(rf"(?P<harmless>{HARMLESS})|[^\W\d_]+|\d+", re.IGNORECASE)
#: Words glued together: «delapansatudua». No word of the list begins another one, so there is one way through.
_PIECE = re.compile("|".join(_WORTH))
_GLUED = re.compile(f"(?:{_PIECE.pattern})+")
#: Between two tokens of one number: at most three signs.
_GAP = re.compile(r"[ \t\r\n.,;:/()+_-]{0,3}")
#: So many digits make it somebody's, when it begins as telephones do, and when not; with one word only among digits.
_LEAST_CALLED, _LEAST, _LEAST_ONE_WORD = 8, 9, 10
_IDENTITY = 16
#: Most texts have none of these words, or one of them and few digits. Looked for one by one: an alternation of so many
#: would try each of them at every letter.
_SAID_BY = (*_WORTH, *_WITHIN)
_FEW_DIGITS = _LEAST_ONE_WORD - 2
_DIGIT = re.compile(r"\d")

_AT = r"(?:[ ]?[\[({<][ ]?(?:at|et)[ ]?[\])}>][ ]?|[ ]{1,2}(?:at|et)[ ]{1,2})"
_SAID_DOT = r"(?:[ ]?[\[({<][ ]?(?:dot|titik)[ ]?[\])}>][ ]?|[ ]{1,2}(?:dot|titik)[ ]{1,2})"
_HOST = r"(?:gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|icloud|proton(?:mail)?)"
_END = r"(?:com|net|org|info|biz|id|co|go|ac|sch|web|my|desa|mail|me|io|de|uk|us|sg|au|jp)"
#: The part before the «at», with what is said between its pieces. Possessive: tried once where a run of signs begins.
_LOCAL = r"(?<![\w.+-])(?:[\w.+-]++[ ](?:titik|dot|strip|underscore|garis bawah)[ ]){0,3}[\w.+-]++"
_ADDRESS = re.compile(
    rf"{_LOCAL}(?:"
    # whatever stands for the sign, a known house of mail needs no end
    rf"(?:{_AT}|[ ]?@[ ]?){_HOST}\b(?:(?:{_SAID_DOT}|\.){_END}\b){{0,3}}"
    rf"|(?:{_AT}|[ ]?@[ ]?)[\w-]++(?:\.[\w-]++){{0,3}}?(?:(?:{_SAID_DOT}|\.){_END}\b){{1,3}})",
    re.IGNORECASE,
)
_AT_LAST = ("@", " at ", " et ", "(", "[", "{", "<")


class _Run(NamedTuple):
    """Tokens that follow each other and may be one number."""

    start: int
    end: int
    digits: str
    words: int


_NO_RUN = _Run(0, 0, "", 0)


def may_say(text: str) -> bool:
    """Whether `hide_said` could find anything: quicker than looking."""
    low = text.lower()
    return _may_address(low) or _may_count(low)


def _may_address(low: str) -> bool:
    return any(sign in low for sign in _AT_LAST)


def _may_count(low: str) -> bool:
    said = sum([low.count(word) for word in _SAID_BY])
    return said > 1 or (said == 1 and len(_DIGIT.findall(low)) >= _FEW_DIGITS)


def hide_said(text: str) -> str:
    """The text without the numbers and addresses that are written in words."""
    low = text.lower()
    if _may_address(low):
        text = _ADDRESS.sub("[surel]", text)
    if not _may_count(low):
        return text
    parts: list[str] = []
    done = 0
    for run in _runs(text):
        if kind := _kind(run):
            parts += text[done : run.start], kind
            done = run.end
    return "".join((*parts, text[done:]))


def _kind(run: _Run) -> str:
    called = run.digits.startswith(("0", "62", "8"))
    least = _LEAST_CALLED if called else _LEAST
    if run.words < 2:
        least = _LEAST_ONE_WORD if run.words and run.digits.startswith(("08", "62")) else len(run.digits) + 1
    if len(run.digits) < least:
        return ""
    if len(run.digits) == _IDENTITY and run.digits[0] != "0":
        return "[NIK/KK]"
    return "[telepon]" if called and len(run.digits) < _IDENTITY else "[nomor]"


def _runs(text: str) -> Iterator[_Run]:
    """What may be a number, in the order of the text."""
    now, reached = _NO_RUN, 0
    for token in _TOKEN.finditer(text):
        part = _part(token)
        if part is None:
            yield now
            now = _NO_RUN
            continue
        if now is _NO_RUN or not _GAP.fullmatch(text, reached, token.start()):
            yield now
            begins = part.digits and token.group().lower() not in _WITHIN
            now = part if begins else _NO_RUN
        else:
            # «strip» at the end is no part of it
            end = part.end if part.digits else now.end
            now = _Run(now.start, end, now.digits + part.digits, now.words + part.words)
        reached = token.end()
    yield now


def _part(token: re.Match[str]) -> _Run | None:
    """What a token is worth; None when it is no part of a number."""
    found = token.group()
    if token["harmless"]:
        return None
    if found[0].isdigit():
        return _Run(*token.span(), found, 0)
    low = found.lower()
    if low in _WITHIN:
        return _Run(*token.span(), _WITHIN[low], 1)
    if not _GLUED.fullmatch(low):
        return None
    pieces = _PIECE.findall(low)
    return _Run(*token.span(), "".join([_WORTH[piece] for piece in pieces]), len(pieces))
