"""Facts on an officer's row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from msgspec.structs import replace

from hadir.domain import events as e
from hadir.domain.unit import CHECK_IN, EMERGENCY
from hadir.ports.journal import Fact
from hadir.views.rows import AlarmRow, PlaceRow, ProposedRow, UnitRow, WatchRow
from hadir.views.steps.told import Fields, Said, Told


def _pressed(row: UnitRow, fact: Fact, _said: Said) -> Fields:
    return {"pressed": fact.event.status, "pressed_at": fact.at, **_heard(row, fact)}


def _raised(row: UnitRow, fact: Fact, said: Said) -> Fields:
    """Pressed again while it rings, it rings anew, with the newer place."""
    place = said.get("place")
    where = PlaceRow(how="gps", area=fact.event.area, **place) if isinstance(place, dict) else None
    alarm = AlarmRow(kind=EMERGENCY, at=fact.at, place=where, placed_at=fact.event.placed_at)
    refs = {name: content for name, content in row.refs.items() if name != EMERGENCY}
    refs |= {EMERGENCY: fact.content} if fact.content else {}
    return {"alarms": (alarm, *without(row, EMERGENCY)), "refs": refs, **_heard(row, fact)}


def _missed(row: UnitRow, fact: Fact, _said: Said) -> Fields:
    watch = None if row.watch is None else replace(row.watch, missed=True)
    alarm = AlarmRow(kind=CHECK_IN, at=fact.at)
    return {"watch": watch, "alarms": (*without(row, CHECK_IN), alarm)}


def _acknowledged(row: UnitRow, fact: Fact, _said: Said) -> Fields:
    named = fact.event.alarm
    done = {"acknowledged_by": fact.actor, "acknowledged_at": fact.at}
    return {"alarms": tuple(replace(a, **done) if a.kind == named else a for a in row.alarms)}


def _closed(row: UnitRow, fact: Fact, _said: Said) -> Fields:
    refs = {name: content for name, content in row.refs.items() if name != fact.event.alarm}
    return {"alarms": without(row, fact.event.alarm), "refs": refs}


def _watched(_row: UnitRow, fact: Fact, _said: Said) -> Fields:
    event: e.UnitWatchBegun = fact.event
    due = fact.at + timedelta(minutes=event.every_min)
    watch = WatchRow(
        task=event.task_id,
        incident=event.incident,
        since=fact.at,
        due_at=due,
        late_at=due + timedelta(minutes=event.grace_min),
        every_min=event.every_min,
    )
    return {"watch": watch}


def _unwatched(row: UnitRow, _fact: Fact, _said: Said) -> Fields:
    return {"watch": None, "alarms": without(row, CHECK_IN)}


def _checked_in(row: UnitRow, fact: Fact, _said: Said) -> Fields:
    """The next word is due a whole stretch from now; who said it may be the operator who heard him on the radio."""
    fields: Fields = {"alarms": without(row, CHECK_IN)}
    if (watch := row.watch) is not None:
        due = fact.at + timedelta(minutes=watch.every_min)
        fields["watch"] = replace(watch, due_at=due, late_at=due + (watch.late_at - watch.due_at), missed=False)
    return fields | (_heard(row, fact) if fact.actor == row.id else {})


def _proposed(_row: UnitRow, fact: Fact, _said: Said) -> Fields:
    return {"proposed": ProposedRow(task=fact.event.task_id, state=fact.event.state, at=fact.at)}


def without(row: UnitRow, kind: str) -> tuple[AlarmRow, ...]:
    return tuple(alarm for alarm in row.alarms if alarm.kind != kind)


def _heard(row: UnitRow, fact: Fact) -> Fields:
    """He said something himself; a reading may have come later by the clock."""
    return {"heard_at": fact.at, "seen_at": fact.at if row.seen_at is None else max(row.seen_at, fact.at)}


UNIT: Mapping[type[e.Event], Callable[[UnitRow, Fact, Said], Fields]] = {
    e.UnitStatusSet: _pressed,
    e.UnitEmergencyRaised: _raised,
    e.UnitCheckInMissed: _missed,
    e.UnitAlarmAcknowledged: _acknowledged,
    e.UnitAlarmClosed: _closed,
    e.UnitWatchBegun: _watched,
    e.UnitWatchEnded: _unwatched,
    e.UnitCheckedIn: _checked_in,
    e.UnitArrivalProposed: _proposed,
}


def unit_after(told: Told[UnitRow]) -> UnitRow:
    row, fact = told.row, told.fact
    return replace(row, version=fact.version, **UNIT[type(fact.event)](row, fact, told.said))
