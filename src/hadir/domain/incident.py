"""An incident: what goes on at a place. Its state follows its tasks; people only grade, note, resolve and reopen it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from hadir.domain import events as e
from hadir.domain.machine import Table, after, allowed, wrong_state
from hadir.domain.people import Subject, may
from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.values import Actor, Place

SEVERITIES = ("minor", "moderate", "severe")  # water 10–70, 71–150, over 150 cm
LEVELS = (4, 3, 2, 1)  # siaga: field officer, BPBD+DPUPR, Sekda, mayor


class State(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"


def _stays(state: State) -> dict[type[e.Event], State]:
    return dict.fromkeys((e.IncidentGraded, e.IncidentNoted, e.IncidentSeconded), state)


TABLE: Table[State] = {
    State.OPEN: {
        **_stays(State.OPEN),
        e.IncidentStarted: State.IN_PROGRESS,
        e.IncidentResolved: State.RESOLVED,
    },
    State.IN_PROGRESS: {**_stays(State.IN_PROGRESS), e.IncidentResolved: State.RESOLVED},
    State.RESOLVED: {
        **_stays(State.RESOLVED),
        e.IncidentReopened: State.OPEN,
        e.IncidentClosed: State.CLOSED,
    },
    State.CLOSED: {e.IncidentNoted: State.CLOSED, e.IncidentReopened: State.OPEN},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """What the rules remember of an incident."""

    id: str
    state: State = State.OPEN
    category: str
    place: Place
    flood: bool = False
    severity: str | None = None
    level: int | None = None
    seconded: frozenset[str] = frozenset()

    @property
    def live(self) -> bool:
        """Work may still be given to it."""
        return self.state in (State.OPEN, State.IN_PROGRESS)

    def subject(self, agencies: frozenset[str] = frozenset(), officers: frozenset[str] = frozenset()) -> Subject:
        return Subject(owners=officers, agencies=agencies, area=self.place.area)


def evolve(incident: Incident | None, event: e.Event) -> Incident:
    """The incident after one recorded fact."""
    if isinstance(event, e.IncidentOpened):
        return Incident(
            id=event.incident_id,
            category=event.category,
            place=event.place,
            flood=event.flood,
            severity=event.severity,
        )
    assert incident is not None
    moved = replace(incident, state=after(TABLE, incident.state, event))
    match event:
        case e.IncidentGraded(severity=severity, level=level):
            return replace(moved, severity=severity or moved.severity, level=level or moved.level)
        case e.IncidentSeconded(reporter=reporter):
            return replace(moved, seconded=moved.seconded | {reporter})
    return moved


def decide(incident: Incident, event: e.Event, verb: str, actor: Actor, subject: Subject) -> Refusal | None:
    """May this fact be recorded? None, or the refusal."""
    if refusal := may(verb, actor, subject):
        return refusal
    if not allowed(TABLE, incident.state, type(event)):
        return wrong_state("incident", incident.state, type(event))
    match event:
        case e.IncidentGraded(severity=severity, level=level):
            return _grade(severity, level)
        case e.IncidentSeconded(reporter=reporter) if reporter in incident.seconded:
            return conflict("already_seconded")
    return None


def _grade(severity: str | None, level: int | None) -> Refusal | None:
    if severity is None and level is None:
        return invalid("nothing_to_change")
    if severity is not None and severity not in SEVERITIES:
        return invalid("unknown_severity", value=severity)
    if level is not None and level not in LEVELS:
        return invalid("unknown_level", value=str(level))
    return None
