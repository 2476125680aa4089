"""The rows that are always there: every area of the pack and every officer, heard of or not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from hadir.domain.city import City
from hadir.domain.flood import State
from hadir.domain.people import Account, Role
from hadir.views.rows import AreaRow, PlaceRow, UnitRow

#: An officer who has not pressed a key yet.
UNKNOWN = "unknown"


def area_rows(city: City) -> Iterator[AreaRow]:
    for area in city.areas:
        place = PlaceRow(area=area.code, lat=area.lat, lon=area.lon)
        yield replace(strange_area(area.code), place=place, name=area.name, district=area.district)


def strange_area(code: str) -> AreaRow:
    """One that the journal knows and the pack does not (any more)."""
    place = PlaceRow(area=code)
    state = State.NO_NEWS.value
    return AreaRow(id=code, state=state, version=0, place=place, since=None, name=code, district="")


def strange_unit(id: str, agency: str) -> UnitRow:
    """An officer whose account is not known here (any more)."""
    return UnitRow(id=id, state=UNKNOWN, version=0, place=PlaceRow(), since=None, name=id, agency=agency)


def named_units(units: dict[str, UnitRow], officers: Iterable[Account]) -> Iterator[UnitRow]:
    """The units of these accounts, with names and agencies as they are today."""
    for person in officers:
        if person.role is Role.OFFICER:
            agency = person.agency or ""
            row = units.get(person.id) or strange_unit(person.id, agency)
            yield replace(row, name=person.name, agency=agency)


def renamed(row: Any, known: Any) -> Any:
    """A stored unit or area with today's names: those of the row that is there already."""
    if isinstance(row, UnitRow):
        return replace(row, name=known.name, agency=known.agency)
    return replace(row, name=known.name, district=known.district, place=known.place)
