"""Filters as they stand in an address: read, turned into a question, and written into the addresses of links.

`kind`, `agency`, `area`, `state`, `origin`: codes, several with commas or by repeating the name. `from`, `to`: days in
the city's zone, both included. `bbox`: west,south,east,north in degrees. `only`: a part that a number opens to.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from hadir.domain.city import City
from hadir.inbound.kit.problems import Problem
from hadir.ports.opendata import ORIGINS
from hadir.views.columns import ONLY, STATUSES, Asked
from hadir.views.openfold import public_kinds

#: Of no kind: what a filter asks for that leaves nothing.
NOTHING = ("",)
LIVE, EVERY_ORIGIN = "live", "all"
Box = tuple[float, float, float, float]


class Params(Protocol):
    """Query parameters: `request.query_params`."""

    def getall(self, key: str, default: Any) -> list[Any]: ...


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for; empty is everything."""

    kind: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    #: empty: live ones only
    origin: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    bbox: Box | None = None
    only: str = ""

    def query(self, /, **more: object) -> str:
        """«kind=flood&from=2026-01-01», with more parameters that are not None; "" when there are none."""
        own = {
            "kind": ",".join(self.kind),
            "agency": ",".join(self.agency),
            "area": ",".join(self.area),
            "state": ",".join(self.state),
            "origin": ",".join(self.origin),
            "from": self.first,
            "to": self.last,
            "bbox": None if self.bbox is None else ",".join(map(str, self.bbox)),
            "only": self.only,
        }
        told = {name: str(value) for name, value in {**own, **more}.items() if value not in (None, "")}
        return urlencode(told, safe=",:")

    def where(self, **changes: Any) -> Filters:
        return replace(self, **changes)


def read(params: Params, city: City, *, strict: bool) -> Filters:
    """From an address. What is not known: Problem(400) where it is strict, else passed over."""
    take = _Taker(params, strict=strict)
    first, last = take.one("from", _day), take.one("to", _day)
    return Filters(
        kind=take.many("kind", frozenset(public_kinds(city))),
        agency=take.many("agency", city.agency_by_code),
        area=take.many("area", city.area_by_code),
        state=take.many("state", STATUSES),
        origin=take.many("origin", (*ORIGINS, EVERY_ORIGIN)),
        first=first,
        last=last,
        bbox=take.one("bbox", _box),
        only=take.one("only", _only) or "",
    )


def number(params: Params, name: str, least: int, most: int, usual: int) -> int:
    """Raises Problem(400)."""
    given = params.getall(name, [])
    if not given:
        return usual
    text = str(given[-1])
    if not (text.isascii() and text.isdigit() and len(text) < 19 and least <= int(text) <= most):
        raise Problem("bad_query", status=400, name=name)
    return int(text)


def asked(filters: Filters, city: City) -> Asked:
    """The question that these filters are."""
    zone = ZoneInfo(city.zone)
    return Asked(
        kinds=_kinds(filters, city),
        areas=filters.area,
        statuses=filters.state,
        origins=() if EVERY_ORIGIN in filters.origin else filters.origin or (LIVE,),
        since=None if filters.first is None else _midnight(filters.first, zone),
        until=None if filters.last is None else _midnight(filters.last + timedelta(days=1), zone),
        bbox=filters.bbox,
        only=filters.only,
    )


def _kinds(filters: Filters, city: City) -> tuple[str, ...]:
    """Of an agency: the kinds that it acts on first."""
    if not filters.agency:
        return filters.kind
    theirs = tuple(
        code for code in filters.kind or public_kinds(city) if city.category_by_code[code].agency in filters.agency
    )
    return theirs or NOTHING


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


class _Taker:
    """Takes parameters one by one."""

    def __init__(self, params: Params, *, strict: bool) -> None:
        self._params = params
        self._strict = strict

    def many(self, name: str, known: Container[str]) -> tuple[str, ...]:
        given = [code for text in self._params.getall(name, []) for code in str(text).split(",") if code]
        return tuple(dict.fromkeys(code for code in given if self._is_fine(name, code in known)))

    def one(self, name: str, reader: Callable[[str], Any]) -> Any:
        given: Sequence[Any] = self._params.getall(name, [])
        if not given or not given[-1]:
            return None
        try:
            return reader(str(given[-1]))
        except (ValueError, OverflowError):
            self._is_fine(name, False)
            return None

    def _is_fine(self, name: str, fine: bool) -> bool:
        if not fine and self._strict:
            raise Problem("bad_query", status=400, name=name)
        return fine


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not 1970 < day.year < 2200:
        raise ValueError(text)
    return day


def _box(text: str) -> Box:
    west, south, east, north = map(float, text.split(","))
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(text)
    return west, south, east, north


def _only(text: str) -> str:
    if text not in ONLY:
        raise ValueError(text)
    return text


def chosen(values: Iterable[str]) -> str:
    """The one value of a filter, for a form that offers one; "" where there is none or several."""
    one = tuple(values)
    return one[0] if len(one) == 1 else ""
