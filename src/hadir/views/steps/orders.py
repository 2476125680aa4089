"""Facts on an order's row, and its steps and timers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from hadir.domain import deadlines, order
from hadir.domain import events as e
from hadir.ports.journal import Fact
from hadir.views.rows import CopyRow, OrderRow, Overdue, ReadBack, Step, Waits, ref_of
from hadir.views.steps.told import Change, Fields, Lens, Said, Told, changed, moved, place_of, refs_with, voice_of


def sent(fact: Fact, event: e.OrderSent, said: Said, lens: Lens) -> OrderRow:
    return OrderRow(
        id=event.order_id,
        ref=ref_of(event.order_id),
        state=order.State.SENT.value,
        version=fact.version,
        place=place_of(event.place, said, lens),
        since=fact.at,
        state_at=fact.at,
        refs={"text": fact.content} if fact.content else {},
        incident=event.incident_id,
        to=event.to,
        from_=fact.actor,
        agency=event.agency,
        on_behalf=event.on_behalf,
        action=event.action,
        within_min=event.within_min,
        due_at=fact.at + timedelta(minutes=event.within_min),
        text=said.get("text") or "",
        steps=(Step(state=order.State.SENT.value, at=fact.at),),
        replaces=event.replaces,
        voice=voice_of(said),
        on_duty=event.on_duty,
        copies=_copies((), event.copies),
        waits=_waits(order.State.SENT, fact.at, event.on_duty, lens),
    )


def _copies(rows: tuple[CopyRow, ...], more: tuple[Any, ...]) -> tuple[CopyRow, ...]:
    """One row an account; the newest reason is the one that wants something of him."""
    known = {row.id: row for row in rows}
    known |= {c.account: CopyRow(id=c.account, audience=c.audience, why=c.why) for c in more}
    return tuple(known.values())


def _waits(state: order.State, since: datetime, on_duty: bool, lens: Lens) -> Waits | None:
    due = deadlines.step_due(state, since, on_duty, lens.city.order_rules_at(since))
    return None if due is None else Waits(step=due[0].value, due_at=due[1])


def _read_back(told: Told[OrderRow]) -> Fields:
    event = told.fact.event
    heard = ReadBack(
        place=event.area,
        action=event.action,
        within_min=event.within_min,
        spoken=event.spoken,
        voice=voice_of(told.said),
    )
    return {"read_back": heard, "differs": _differs(told.row, event), **refs_with(told.row, "heard", told.fact)}


def _differs(row: OrderRow, event: e.OrderReadBack) -> tuple[str, ...]:
    if event.spoken:
        return ()
    pairs = (
        ("area", row.place.area or "", event.area),
        ("action", row.action, event.action),
        ("within_min", row.within_min, event.within_min),
    )
    return tuple(name for name, meant, back in pairs if meant != back)


def _corrected(told: Told[OrderRow]) -> Fields:
    event = told.fact.event
    return {
        "action": event.action,
        "place": place_of(event.place, told.said, told.lens),
        "within_min": event.within_min,
        "due_at": told.fact.at + timedelta(minutes=event.within_min),
        "said_version": event.said_version,
        "text": told.said.get("text") or "",
        "voice": voice_of(told.said),
        "on_duty": event.on_duty,
        "state_at": told.fact.at,
        "read_back": None,
        "differs": (),
        **refs_with(told.row, "text", told.fact, over="heard"),
    }


def _because(told: Told[OrderRow]) -> Fields:
    return {"reason": told.said.get("text") or "", **refs_with(told.row, "reason", told.fact)}


def _overdue(told: Told[OrderRow]) -> Fields:
    event, at = told.fact.event, told.fact.at
    missed = Overdue(
        step=event.step, due_at=event.due, at=at, consequence=event.consequence, said_version=event.said_version
    )
    return {"overdue": (*told.row.overdue, missed), "copies": _copies(told.row.copies, event.told)}


ORDER: Mapping[type[e.Event], Change] = {
    e.OrderReadBack: _read_back,
    e.OrderCorrected: _corrected,
    e.OrderAccepted: lambda told: {"task": told.fact.event.task_id},
    e.OrderOverdue: _overdue,
    e.OrderRefused: _because,
    e.OrderCancelled: _because,
    e.OrderMoved: lambda told: {"incident": told.fact.event.incident_id},
}
#: Facts of an order that are no steps of it.
_NO_STEP = (e.OrderOverdue, e.OrderMoved)


def order_after(told: Told[OrderRow]) -> OrderRow:
    """Every fact of an order is a step that the commander sees with its times, but a missed deadline and a move."""
    row, fact = told.row, told.fact
    fields = {**moved(order.TABLE, order.State, told), **changed(ORDER, told)}
    if isinstance(fact.event, _NO_STEP):
        return replace(row, version=fact.version, **fields)
    state, since = fields.get("state", row.state), fields.get("state_at", row.state_at)
    step = Step(
        state=state,
        at=fact.at,
        device_at=getattr(fact.event, "device_at", None),
        differs=fields.get("differs", ()),
    )
    waits = _waits(order.State(state), since, fields.get("on_duty", row.on_duty), told.lens)
    return replace(row, version=fact.version, steps=(*row.steps, step), waits=waits, **fields)
