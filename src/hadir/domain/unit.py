"""A unit: one officer in the field and his state. His position is a reading, not a fact.

His state is the last key he pressed (ten of the pack) or his task's; nobody sets it for him. What may be wrong with him
is an *alarm*: an emergency he raised himself, or a word that was due and did not come while he was alone at a dangerous
place. An alarm is acknowledged (somebody has it) and closed (with words); a word from him ends the second kind alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hadir.domain import events as e
from hadir.domain.people import Subject, may
from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.values import Actor

EMERGENCY = "emergency"
CHECK_IN = "check_in"
ALARMS = (EMERGENCY, CHECK_IN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """What the rules remember: the last pressed key, and what is wrong."""

    id: str
    status: str | None = None
    #: open alarms → who has acknowledged it, if anybody
    alarms: Mapping[str, str | None] = field(default_factory=dict)


def evolve(unit: Unit, event: e.Event, actor: str = "") -> Unit:
    """The unit after one recorded fact."""
    match event:
        case e.UnitStatusSet(status=status):
            return replace(unit, status=status)
        case e.UnitEmergencyRaised():
            return replace(unit, alarms={**unit.alarms, EMERGENCY: None})
        case e.UnitCheckInMissed():
            return replace(unit, alarms={**unit.alarms, CHECK_IN: None})
        case e.UnitAlarmAcknowledged(alarm=alarm):
            return replace(unit, alarms={**unit.alarms, alarm: actor})
        case e.UnitAlarmClosed(alarm=alarm):
            return _without(unit, alarm)
        case e.UnitCheckedIn() | e.UnitWatchEnded():
            return _without(unit, CHECK_IN)
    return unit


def _without(unit: Unit, alarm: str) -> Unit:
    return replace(unit, alarms={kind: who for kind, who in unit.alarms.items() if kind != alarm})


def decide(unit: Unit, event: e.Event, verb: str, actor: Actor) -> Refusal | None:
    """May this fact be recorded? An emergency is never refused for what went before: pressed again it rings again."""
    if refusal := may(verb, actor, Subject(owners=frozenset({unit.id}))):
        return refusal
    match event:
        case e.UnitAlarmAcknowledged(alarm=alarm):
            if alarm not in unit.alarms:
                return _no_alarm(alarm)
            return None if unit.alarms[alarm] is None else conflict("alarm_acknowledged")
        case e.UnitAlarmClosed(alarm=alarm) if alarm not in unit.alarms:
            return _no_alarm(alarm)
    return None


def _no_alarm(alarm: str) -> Refusal:
    return conflict("no_alarm") if alarm in ALARMS else invalid("unknown_alarm", alarm=alarm)
