"""What a client asks for: parameters to values. An empty parameter is an absent one; the first of several counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from math import isfinite
from typing import TypeAlias, TypeVar
from urllib.parse import unquote

import msgspec

from hadir.standards.open311.model import Refused, Wrong

Params: TypeAlias = Mapping[str, Sequence[str]]
T = TypeVar("T")

#: «may not span more than 90 days»
SPAN = timedelta(days=90)
#: «the first 1000 requests returned, whichever is smaller»
ANSWERED_MOST = 1000
#: Extension `page`: when only the page is said
PAGE_SIZE = 50
#: Further back nobody pages; narrower times are asked for.
SKIPPED_MOST = 100_000
#: A form of a request has some 20 fields and a few attributes.
FIELDS_MOST = 200
#: Ids or service codes in one comma list
LIST_MOST = 1000

Box: TypeAlias = tuple[float, float, float, float]
_SPACE_FOR_PLUS = re.compile(r"^(\d{4}-.*) (\d{2}:?\d{2})$")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """GET Service Requests: what is wanted. `ids` overrides everything else."""

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset()
    #: requested_datetime: the first moment in it, the last one too
    start: datetime
    end: datetime
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    #: west, south, east, north
    bbox: Box | None = None
    extensions: bool = False
    limit: int = ANSWERED_MOST
    offset: int = 0


def parameters(text: bytes) -> dict[str, list[str]]:
    """A query string or an `application/x-www-form-urlencoded` body. Raises Refused(400): not UTF-8, too many."""
    if text.count(b"&") >= FIELDS_MOST:
        raise Refused(400, Wrong("too_many_fields", {"most": FIELDS_MOST}))
    found: dict[str, list[str]] = {}
    try:
        for pair in text.decode("ascii").split("&"):
            name, _, value = pair.partition("=")
            if value:
                found.setdefault(_read(name), []).append(_read(value))
    except UnicodeDecodeError:
        raise Refused(400, Wrong("not_utf8")) from None
    return found


def _read(text: str) -> str:
    """What a form escaped: a plus sign is a space, %41 is A. Most names and numbers have neither."""
    text = text.replace("+", " ") if "+" in text else text
    return unquote(text, errors="strict") if "%" in text else text


def first(params: Params, name: str) -> str | None:
    """The parameter, without the space around it; None when it is empty."""
    values = params.get(name)
    return (values[0].strip() or None) if values else None


def check_jurisdiction(params: Params, ours: frozenset[str]) -> None:
    """`jurisdiction_id` is «required only if the endpoint serves multiple»: here it may be left out.

    Raises Refused(404) for another one than ours.
    """
    given = first(params, "jurisdiction_id")
    if given is not None and given not in ours:
        raise Refused(404, Wrong("jurisdiction", {"jurisdiction_id": given[:60]}))


def asked(params: Params, now: datetime, zone: tzinfo) -> Asked:
    """GET Service Requests. Raises Refused(400) with all that is wrong.

    service_request_id: «multiple ids can be declared, comma delimited. This overrides all other arguments».
    service_code, status: comma lists; status is open or closed. start_date, end_date: see `window`. Extensions: page
    and page_size, updated_after and updated_before, bbox (west,south,east,north), extensions=true.
    """
    wrong: list[Wrong] = []

    def read(name: str, reader: object, *more: object) -> object:
        text = first(params, name)
        try:
            return None if text is None else reader(text, *more)  # type: ignore[operator]
        except ValueError:
            wrong.append(Wrong("parameter", {"name": name}))
            return None

    start, end = read("start_date", moment, zone), read("end_date", moment, zone)
    statuses = read("status", _statuses) or frozenset()
    page, size = read("page", _from_one), read("page_size", _from_one)
    limit = min(ANSWERED_MOST, size or (PAGE_SIZE if page else ANSWERED_MOST))  # type: ignore[call-overload]
    offset = ((page or 1) - 1) * limit  # type: ignore[operator]
    if offset > SKIPPED_MOST:
        wrong.append(Wrong("too_far", {"most": SKIPPED_MOST}))
    values = {
        "updated_after": read("updated_after", moment, zone),
        "updated_before": read("updated_before", moment, zone),
        "bbox": read("bbox", box),
        "codes": read("service_code", _list) or (),
        "ids": read("service_request_id", _list) or (),
    }
    if not wrong:
        try:
            values["start"], values["end"] = window(start, end, now)  # type: ignore[arg-type]
        except Refused as refused:
            wrong += refused.wrong
    if wrong:
        raise Refused(400, *wrong)
    extensions = (first(params, "extensions") or "").lower() in ("true", "1", "v1")
    return Asked(statuses=statuses, extensions=extensions, limit=limit, offset=offset, **values)  # type: ignore[arg-type]


def window(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """start_date and end_date: «may not span more than 90 days»; «defaults to the most recent 90 days».

    One alone is the beginning or the end of 90 days. A longer span is refused, so that nobody takes a part for the
    whole; the standard leaves that open.
    """
    if start is None and end is None:
        return now - SPAN, now
    if start is None:
        assert end is not None
        return end - SPAN, end
    if end is None:
        return start, min(start + SPAN, max(now, start))
    if end < start:
        raise Refused(400, Wrong("end_before_start"))
    if end - start > SPAN:
        raise Refused(400, Wrong("span", {"days": SPAN.days}))
    return start, end


def moment(text: str, zone: tzinfo) -> datetime:
    """W3C's profile of ISO 8601 «with an offset or Z»; a day alone is its midnight in `zone`. Raises ValueError.

    A plus sign that was not escaped in an address arrives as a space; nothing else can be meant.
    """
    if _DAY.fullmatch(text):
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    found = datetime.fromisoformat(_SPACE_FOR_PLUS.sub(r"\1+\2", text))
    if found.tzinfo is None:
        raise ValueError("no offset")
    if not 1970 <= found.year <= 9000:
        raise ValueError("not of this time")
    return found


def box(text: str) -> Box:
    """«west,south,east,north» in degrees. Raises ValueError."""
    west, south, east, north = (float(part) for part in text.split(","))
    inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if not inside or not all(map(isfinite, (west, south, east, north))):
        raise ValueError("no rectangle")
    return west, south, east, north


def _list(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(found) > LIST_MOST:
        raise ValueError("too many")
    return found


def _statuses(text: str) -> frozenset[str]:
    found = frozenset(part.lower() for part in _list(text))
    if not found <= {"open", "closed"}:
        raise ValueError("no status")
    return found


def _from_one(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise ValueError("not a number from 1")
    return int(text)
