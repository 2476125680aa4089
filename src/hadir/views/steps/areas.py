"""Signs of water, and what is declared, on an area's row."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from hadir.domain import events as e
from hadir.domain import flood
from hadir.domain.machine import after
from hadir.views.rows import AreaRow, SignRow, reason_rows
from hadir.views.steps.told import Change, Fields, Told, changed

#: Signs kept with an area, the newest: more than a rule's window has in the worst hour is not needed for its reasons.
SIGNS_KEPT = 60


def _wet(told: Told[AreaRow]) -> Fields:
    row, event, at = told.row, told.fact.event, told.fact.at
    depths = [d for d in (row.depth_cm, event.depth_cm) if d is not None]
    sign = SignRow(
        at=at,
        source=event.source,
        witness=event.witness,
        depth_cm=event.depth_cm,
        photo=event.photo,
        through=event.through,
    )
    signs = (*row.signs, sign)[-SIGNS_KEPT:]
    return {
        "reports": row.reports + 1,
        "depth_cm": max(depths, default=None),
        "heard_at": at,
        "origin": event.origin if row.origin is None or event.origin == "live" else row.origin,
        "signs": signs,
        "reasons": reason_rows(flood.reasons_for(signs, told.lens.city.flood, at)),
    }


def _declared(told: Told[AreaRow]) -> Fields:
    depth = told.row.depth_cm if told.fact.event.depth_cm is None else told.fact.event.depth_cm
    return {"declared_by": told.fact.actor, "depth_cm": depth, "heard_at": told.fact.at}


AREA: Mapping[type[e.Event], Change] = {
    e.AreaFloodReported: _wet,
    e.AreaFloodSuspected: {"declared_by": None},
    e.AreaFloodConfirmed: {"declared_by": None},
    e.AreaFloodDeclared: _declared,
    e.AreaFloodOver: {
        "reasons": (),
        "reports": 0,
        "depth_cm": None,
        "declared_by": None,
        "origin": None,
        "signs": (),
    },
}


def area_after(told: Told[AreaRow]) -> AreaRow:
    """`since` is when the present state began; new reasons and a new declaration begin it anew."""
    row, fact = told.row, told.fact
    fields = changed(AREA, told)
    state = after(flood.TABLE, flood.State(row.state), fact.event).value
    since = row.since if isinstance(fact.event, e.AreaFloodReported) else fact.at
    return replace(row, version=fact.version, state=state, since=since, **fields)
