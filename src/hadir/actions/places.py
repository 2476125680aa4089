"""From a place as it was told to the place as the rules use it: area, RT/RW, inside or outside the city."""

from __future__ import annotations

from typing import Any

from hadir.actions.commands import Where
from hadir.actions.context import Context
from hadir.domain import places
from hadir.domain.refusals import Refusal, invalid
from hadir.domain.values import Place


def resolve(ctx: Context, where: Where, text: str = "") -> Place | Refusal:
    """The area a person chose wins over the one computed from the point, which wins over the one in the words.

    A point far outside says that it is none of ours, and a name of ours in the words does not change that: «Sukorejo»
    and «Turi» are in every second regency. It would be a sign of water there, from anywhere on earth.
    """
    if (where.lat is None) != (where.lon is None):
        return invalid("half_a_point")
    if where.area is not None and where.area not in ctx.city.area_by_code:
        return invalid("unknown_area", area=where.area)
    said = places.find(f"{text}\n{where.text or ''}", ctx.city)
    area, outside, heard = where.area, False, said.area
    if where.lat is not None and where.lon is not None:
        located = ctx.areas.locate(where.lat, where.lon)
        outside = located.outside
        area, heard = area or located.area, None if outside else said.area
    return Place(
        area=area or heard,
        rw=where.rw if where.rw is not None else said.rw,
        rt=where.rt if where.rt is not None else said.rt,
        lat=where.lat,
        lon=where.lon,
        accuracy_m=where.accuracy_m,
        how=where.how,
        words=where.text,
        outside=outside,
    )


def exact(place: Place) -> dict[str, Any]:
    """The erasable part of a place, for a content's body."""
    return {"lat": place.lat, "lon": place.lon, "words": place.words}
