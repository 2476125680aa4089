"""The report form, read and checked: what was typed → a Draft and a list of what is wrong. Pure.

A field that cannot be read never throws away the others: the page comes back with all of it and says what to mend.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hadir.domain.city import City
from hadir.inbound.pages.desk import Draft

TEXT_MOST = 2000
WORDS_MOST = 300
NAME_MOST = 80
#: What the form takes for one photo; `actions.photos` has the same limit and the last word.
PHOTO_MOST = 16 * 1024 * 1024
PHOTOS_MOST = 4
#: The choice «tidak tahu persis» in the list of areas, and «di luar kota».
UNSURE, BEYOND = "?", "-"
#: «Ini lain»: what goes on near by was shown, and it is something else.
OTHER = "lain"

_COMMAND_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_INCIDENT_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PHOTO_ID = re.compile(r"[0-9a-f]{64}")
_SPOKEN = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d")
_PHONE = re.compile(r"\+?[\d\s().-]{8,25}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong with one field; the sentence is ``citizen.wrong.<code>``."""

    field: str
    code: str
    params: tuple[tuple[str, str], ...] = ()


Fields = Mapping[str, str]


def read(fields: Fields, city: City, new_id: str) -> tuple[Draft, tuple[Problem, ...]]:
    """The draft as typed (cut to what fits where a field is too long to keep), and everything that is wrong with it."""
    problems: list[Problem] = []
    draft = Draft(
        command_id=command_id(fields, new_id),
        text=_words(fields, "text", TEXT_MOST, "text_long", problems),
        rt=_small(fields, "rt", problems),
        rw=_small(fields, "rw", problems),
        words=_words(fields, "words", WORDS_MOST, "words_long", problems),
        name=_words(fields, "name", NAME_MOST, "name_long", problems),
        phone=_phone(fields, problems),
        secret=bool(fields.get("secret")),
        photos=photos(fields),
        kind=_kind(fields, city),
        same=_same(fields),
        voice=_voice(fields),
        to_come=_to_come(fields),
        said_at=_said_at(fields),
    )
    draft = _placed(draft, fields, city, problems)
    if not (draft.text or draft.photos or draft.voice or draft.same):
        problems.insert(0, Problem(field="text", code="text_empty"))
    return draft, tuple(problems)


def _kind(fields: Fields, city: City) -> str | None:
    """What is not in the pack is no mistake worth a word: the words of the report say it too."""
    kind = fields.get("kind", "")
    return kind if kind in city.category_by_code else None


def _same(fields: Fields) -> str | None:
    given = fields.get("same", "")
    return given if given != OTHER and _INCIDENT_ID.fullmatch(given) else None


def _voice(fields: Fields) -> str | None:
    given = fields.get("voice", "")
    return given if _PHOTO_ID.fullmatch(given) else None


def _to_come(fields: Fields) -> int:
    given = fields.get("to_come", "")
    return int(given) if re.fullmatch("[0-4]", given) else 0


def _said_at(fields: Fields) -> datetime | None:
    """Milliseconds since 1970, as the phone's script counts; whether it is believed the use case says."""
    given = fields.get("said_at", "")
    if not (given.isascii() and given.isdigit() and 12 <= len(given) <= 13):
        return None
    return datetime.fromtimestamp(int(given) / 1000, UTC)


def command_id(fields: Fields, new_id: str) -> str:
    """The id that the page made before sending, or a new one."""
    given = fields.get("command_id", "")
    return given if _COMMAND_ID.fullmatch(given) else new_id


def photos(fields: Fields) -> tuple[str, ...]:
    """Photos that an earlier try of the same form already brought in."""
    return tuple(p for p in fields.get("photos", "").split() if _PHOTO_ID.fullmatch(p))[:PHOTOS_MOST]


def place_missing(draft: Draft, fields: Fields, city: City) -> bool:
    """Nothing at all says where. «Tidak tahu persis» is an answer; a kelurahan named in the words is one too."""
    said = draft.area or draft.lat is not None or draft.words or draft.same or fields.get("area") in (UNSURE, BEYOND)
    return not said and not names_area(draft.text, city)


def names_area(text: str, city: City) -> bool:
    """Does the text name an area, as a whole word?"""
    spoken = " ".join(("", *_SPOKEN.findall(text.casefold()), ""))
    return any(f" {area.name.casefold()} " in spoken for area in city.areas)


def _words(fields: Fields, name: str, most: int, code: str, problems: list[Problem]) -> str:
    # A NUL cannot be stored as text by PostgreSQL, and nobody types one.
    text = fields.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > most:
        problems.append(Problem(field=name, code=code, params=(("n", str(most)),)))
    return text


def _small(fields: Fields, name: str, problems: list[Problem]) -> int | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 99:
        return int(text[:4])
    problems.append(Problem(field="rtrw", code="number"))
    return None


def _phone(fields: Fields, problems: list[Problem]) -> str:
    text = fields.get("phone", "").strip()[:40]
    if text and not (_PHONE.fullmatch(text) and 8 <= len(_DIGITS.findall(text)) <= 15):
        problems.append(Problem(field="phone", code="phone"))
    return text


def _placed(draft: Draft, fields: Fields, city: City, problems: list[Problem]) -> Draft:
    near = fields.get("near", "")
    code = near if near in city.area_by_code else fields.get("area", "")
    area = code if code in city.area_by_code else None
    if code and area is None and code not in (UNSURE, BEYOND):
        problems.append(Problem(field="place", code="area_unknown"))
    lat, lon = _degrees(fields.get("lat", ""), 90), _degrees(fields.get("lon", ""), 180)
    if lat is None or lon is None:
        return replace(draft, area=area, how="list" if area else "words")
    how = "tap" if fields.get("how") == "tap" else "gps"
    accuracy = _degrees(fields.get("accuracy_m", ""), 1_000_000) if how == "gps" else None
    return replace(draft, area=area, lat=lat, lon=lon, how=how, accuracy_m=None if accuracy is None else abs(accuracy))


def _degrees(text: str, most: float) -> float | None:
    """A number within ±most; NaN, infinity and words are None: a broken script must not cost a report."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None
