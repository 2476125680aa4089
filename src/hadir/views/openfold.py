"""One fact on one report as the public may know it. Pure.

What a person wrote never comes in here, and a report that is sensitive when it is received never does either. One that
is moved to a kind which is not public stays a row, since it may come back; whoever reads asks for public kinds only.
A point outside the city is none of the city's map: its row has no point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec.structs import replace

from hadir.domain import events as e
from hadir.domain.blur import Grid, grid
from hadir.domain.city import City
from hadir.domain.report import TABLE, State
from hadir.ports.journal import Fact
from hadir.ports.opendata import OpenRow

#: Grows when the fold changes: then the rows are made anew at the next start.
VERSION = 2

#: Kinds of facts whose content may hold the exact point, and the one after which it is gone.
TELL_PLACE, ERASED = frozenset({"report.received", "report.relocated", "report.corrected"}), "contents.erased"

Point = tuple[float, float]


def public_kinds(city: City) -> tuple[str, ...]:
    """Codes of the categories that may be shown, as they stand in the pack."""
    return tuple(kind.code for kind in city.categories if kind.public and not kind.sensitive)


def rules_of(city: City) -> str:
    """What the rows depend on beside the facts: the blur of each kind."""
    blurred = (f"{kind.code}={kind.blur_m}" for kind in city.categories if kind.blur_m)
    return f"{VERSION};{city.lat:.4f};{','.join(sorted(blurred))}"


class Blur:
    """Points as they are published."""

    def __init__(self, city: City) -> None:
        self._grids: Mapping[str, Grid] = {k.code: grid(k.blur_m, city.lat) for k in city.categories if k.blur_m}

    def shown(self, kind: str, exact: Point | None) -> tuple[float | None, float | None]:
        """(lat, lon); an unblurred one to about a metre: nobody's phone knows better."""
        if exact is None:
            return None, None
        squares = self._grids.get(kind)
        return squares.middle(*exact) if squares is not None else (round(exact[0], 5), round(exact[1], 5))


def point_of(content: Mapping[str, Any] | None) -> Point | None:
    """The exact point: it stands in a content and nowhere else, and goes with it."""
    place = (content or {}).get("place") or {}
    lat, lon = place.get("lat"), place.get("lon")
    return None if lat is None or lon is None else (float(lat), float(lon))


def received(fact: Fact, event: e.ReportReceived) -> OpenRow:
    return OpenRow(
        position=fact.position,
        id=event.report_id,
        at=fact.at,
        changed_at=fact.at,
        kind=event.category,
        area=event.place.area,
        state="held" if getattr(event, "held", False) else State.RECEIVED.value,
        origin=event.origin,
        place_content=None if event.place.outside else fact.content,
    )


def after(row: OpenRow, fact: Fact) -> OpenRow:
    """The row after a later fact of its stream; the same row where the fact is not the public's."""
    change = _CHANGES.get(fact.event.kind)
    fields = None if change is None else change(row, fact)
    if fields is None:
        return row
    state = TABLE[State(row.state)].get(type(fact.event), row.state)
    return replace(row, state=str(state), changed_at=fact.at, **fields)


#: Fields that a fact changes; None: it changes nothing.
Fields: TypeAlias = dict[str, Any] | None


def _answered(row: OpenRow, fact: Fact) -> dict[str, Any]:
    return {"answered_at": row.answered_at or fact.at}


def _nothing(_row: OpenRow, _fact: Fact) -> dict[str, Any]:
    return {}


def _dismissed(row: OpenRow, fact: Fact) -> dict[str, Any]:
    return {**_answered(row, fact), "solved_at": None}


def _recategorised(_row: OpenRow, fact: Fact) -> dict[str, Any]:
    return {"kind": fact.event.category}


def _relocated(_row: OpenRow, fact: Fact) -> dict[str, Any]:
    place = fact.event.place
    return {"area": place.area, "place_content": None if place.outside else fact.content, "moved": True}


def _corrected(row: OpenRow, fact: Fact) -> Fields:
    """The reporter's newer words bring the place again; what they stand for is erased."""
    return None if row.moved or row.place_content is None else {"place_content": fact.content}


def _erased(row: OpenRow, fact: Fact) -> Fields:
    """The point goes with its content. The row keeps the content's name, as one made anew would."""
    only = fact.event.only
    return {} if row.place_content is not None and (not only or row.place_content in only) else None


def _asked(row: OpenRow, fact: Fact) -> dict[str, Any]:
    return {**_answered(row, fact), "solved_at": row.solved_at or fact.at}


def _confirmed(row: OpenRow, fact: Fact) -> dict[str, Any]:
    return {"confirmed_at": fact.at, "solved_at": row.solved_at or fact.at}


def _disputed(row: OpenRow, _fact: Fact) -> dict[str, Any]:
    return {"confirmed_at": None, "solved_at": None, "reopened": row.reopened + 1}


_CHANGES: Mapping[str, Callable[[OpenRow, Fact], Fields]] = {
    "report.held": _nothing,
    "report.admitted": _nothing,
    "report.joined": _answered,
    "report.dismissed": _dismissed,
    "report.left": _nothing,
    "report.restored": _nothing,
    "report.recategorised": _recategorised,
    "report.relocated": _relocated,
    "report.asked": _asked,
    "report.confirmed": _confirmed,
    "report.disputed": _disputed,
    "report.corrected": _corrected,
    "contents.erased": _erased,
}
"""Facts that the public's row knows of; what a person said, or a desk asked, is not among them."""
