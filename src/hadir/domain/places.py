"""Places in words: RT and RW, the area, streets and landmarks.

RT and RW have no code and no border: two small integers, written in a dozen ways. An area's name may also be the name
of a district, of the city and of the regency around it; then the name alone says nothing, and only «kelurahan X» or
«kel. X» does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hadir.domain.city import City

# «RT 2 RW 1», «rt02/rw01», «RT.02 RW.01», «RT 002 / 001», «rt:2, rw:1», «Rt.2Rw.1»
_RT = r"\brt\s?[.:/\-]?\s?0*(?P<rt>[1-9]\d?)(?!\d)"
_RW = r"\brw\s?[.:/\-]?\s?0*(?P<rw>[1-9]\d?)(?!\d)"
_RT_ONLY, _RW_ONLY = re.compile(_RT), re.compile(_RW.replace(r"\b", r"(?<![a-z])"))
_PAIR = re.compile(r"\brt\s?[.:\-]?\s?(?:/\s?rw\s?[.:\-]?\s?)?0*(?P<rt>[1-9]\d?)\s?[/\\]\s?0*(?P<rw>[1-9]\d?)(?!\d)")
_REVERSED = re.compile(r"\brw\s?[.:\-]?\s?/\s?rt\s?[.:\-]?\s?0*(?P<rw>[1-9]\d?)\s?[/\\]\s?0*(?P<rt>[1-9]\d?)(?!\d)")

_LANE = re.compile(r"\b(?:gang|gg|jalan|jln|jl)\.?\s+(?P<name>(?:[^\W\d_]+\.?\s?){1,3}\d{0,3})")
_WORD = re.compile(r"[^\W_]+")
#: Between two words that do not belong together: «tumbang di pinggir jalan, Sentul» names no street.
_BREAK = re.compile(r"[,;!?\n]")
#: What stands before a name and says that an area is meant.
_AREA_WORDS = frozenset(("kelurahan", "kel", "kelurahannya", "desa", "ds", "klurahan", "lurah"))
#: … and that something else of that name is meant.
_OTHER_WORDS = frozenset(("kota", "kecamatan", "kec", "kabupaten", "kab", "jalan", "jl", "jln", "camat", "walikota"))
#: Kinds of landmark that cross borders.
_LINES = frozenset(("street", "river", "railway"))
# A misspelt name is believed from this length on, with one letter wrong, missing, too many or swapped.
_TYPO_FROM = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the words say about the place. Anything may be missing."""

    #: Code of the only area that was meant; None when none or several were.
    area: str | None = None
    #: Codes that may be meant when it is not clear: ask.
    candidates: tuple[str, ...] = ()
    rt: int | None = None
    rw: int | None = None
    #: The lane as said («gang melati»), lower case. Personal text.
    lane: str | None = None
    #: Names of the pack's landmarks that were named.
    landmarks: tuple[str, ...] = ()


def find(text: str, city: City) -> Said:
    """The place in the words of a report."""
    low = text.casefold()
    rt, rw = _rt_rw(low)
    lane = _LANE.search(low)
    words, apart = _words(low)
    book = _gazetteer(city)
    runs = _runs(words, book)
    landmarks = tuple(dict.fromkeys(book.landmarks[run] for _, run in runs if run in book.landmarks))
    sure, unsure = _areas(words, apart, runs, city)
    # A building stands in one area. A street or a river crosses borders: it only helps to ask.
    if not (sure or unsure):
        sure = [book.stands_in[name] for name in landmarks if name in book.stands_in]
    near = sure or unsure or [code for name in landmarks for code in book.landmark_areas[name]]
    return Said(
        area=sure[0] if len(set(sure)) == 1 else None,
        candidates=tuple(dict.fromkeys(near)),
        rt=rt,
        rw=rw,
        lane=lane.group().strip() if lane else None,
        landmarks=landmarks,
    )


def _words(low: str) -> tuple[list[str], frozenset[int]]:
    """The words, and which of them a sign sets apart from the one before."""
    found = list(_WORD.finditer(low))
    ends = [0, *(word.end() for word in found)]
    apart = (n for n, word in enumerate(found) if _BREAK.search(low, ends[n], word.start()))
    return [word.group() for word in found], frozenset(apart)


def _rt_rw(low: str) -> tuple[int | None, int | None]:
    """«RT 2/1» is RT 2 of RW 1; «RW/RT 1/2» turns it round."""
    if not ("rt" in low or "rw" in low):
        return None, None
    pair = _REVERSED.search(low) or _PAIR.search(low)
    if pair:
        return int(pair["rt"]), int(pair["rw"])
    rt, rw = _RT_ONLY.search(low), _RW_ONLY.search(low)
    return (int(rt["rt"]) if rt else None), (int(rw["rw"]) if rw else None)


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, slots=True)
class _Gazetteer:
    #: (words of the name) → codes of the areas so called
    areas: dict[tuple[str, ...], list[str]]
    #: names that are also a district's, the city's or the regency's
    ambiguous: frozenset[tuple[str, ...]]
    landmarks: dict[tuple[str, ...], str]
    landmark_areas: dict[str, tuple[str, ...]]
    #: landmark that is no line → its only area
    stands_in: dict[str, str]
    #: all of both
    names: frozenset[tuple[str, ...]]
    longest: int
    first_words: frozenset[str]
    #: first letter → names of one word that are long and clear enough to be believed when misspelt
    by_letter: dict[str, list[str]]


@lru_cache(maxsize=8)
def _gazetteer(city: City) -> _Gazetteer:
    areas: dict[tuple[str, ...], list[str]] = {}
    for area in city.areas:
        areas.setdefault(_key(area.name), []).append(area.code)
    above = {_key(area.district) for area in city.areas} | {_key(city.name)}
    landmarks = {_key(name): mark.name for mark in city.landmarks for name in (mark.name, *mark.also)}
    by_letter: dict[str, list[str]] = {}
    for name in areas.keys() - above:
        if len(name) == 1 and len(name[0]) >= _TYPO_FROM:
            by_letter.setdefault(name[0][0], []).append(name[0])
    return _Gazetteer(
        areas=areas,
        ambiguous=frozenset(above & areas.keys()),
        landmarks=landmarks,
        landmark_areas={mark.name: mark.areas for mark in city.landmarks},
        stands_in={m.name: m.areas[0] for m in city.landmarks if len(m.areas) == 1 and m.kind not in _LINES},
        names=frozenset((*areas, *landmarks)),
        longest=max((len(k) for k in (*areas, *landmarks)), default=1),
        first_words=frozenset(key[0] for key in (*areas, *landmarks)),
        by_letter=by_letter,
    )


def _key(name: str) -> tuple[str, ...]:
    return tuple("jalan" if w in ("jl", "jln") else w for w in _WORD.findall(name.casefold()))


_Run = tuple[int, tuple[str, ...]]


def _runs(words: list[str], book: _Gazetteer) -> list[_Run]:
    """Every run of words that is a name of the pack, with where it begins; the longest first."""
    plain = ["jalan" if w in ("jl", "jln") else w for w in words]
    found: list[_Run] = []
    for start, word in enumerate(plain):
        if word in book.first_words:
            runs = (tuple(plain[start:end]) for end in range(min(len(plain), start + book.longest), start, -1))
            found += [(start, run) for run in runs if run in book.names]
    return found


def _areas(words: list[str], apart: frozenset[int], runs: list[_Run], city: City) -> tuple[list[str], list[str]]:
    """Codes surely meant, and codes perhaps meant."""
    book = _gazetteer(city)
    sure: list[str] = []
    unsure: list[str] = []
    found = [(start, run) for start, run in runs if run in book.areas]
    found += [
        (start, name) for start, word in enumerate(words) if len(word) >= _TYPO_FROM and (name := _misspelt(word, city))
    ]
    for start, name in found:
        before = words[start - 1] if start and start not in apart else ""
        if before in _OTHER_WORDS:
            continue
        clear = before in _AREA_WORDS or (name not in book.ambiguous and len(book.areas[name]) == 1)
        (sure if clear else unsure).extend(book.areas[name])
    return sure, unsure


@lru_cache(maxsize=20_000)
def _misspelt(word: str, city: City) -> tuple[str, ...] | None:
    """The one unambiguous name that is a single slip away. Remembered: people use few words, again and again."""
    book = _gazetteer(city)
    if (word,) in book.areas:
        return None
    near = [name for name in book.by_letter.get(word[0], ()) if _one_slip(word, name)]
    return (near[0],) if len(near) == 1 else None


def _one_slip(a: str, b: str) -> bool:
    """One letter wrong, missing, too many, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    swapped = len(a) == len(b) and a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :]
    return swapped or a[i + 1 :] == b[i + 1 :] or a[i:] == b[i + 1 :] or a[i + 1 :] == b[i:]
