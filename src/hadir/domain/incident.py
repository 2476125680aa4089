"""An incident: what goes on at a place. Its state follows its tasks; people only grade, note, resolve and reopen it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from hadir.domain import events as e
from hadir.domain.machine import Table, after, allowed, wrong_state
from hadir.domain.people import Subject, may
from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.values import Actor, Place, ref_of

SEVERITIES = ("minor", "moderate", "severe")  # water 10–70, 71–150, over 150 cm
LEVELS = (4, 3, 2, 1)  # siaga: field officer, BPBD+DPUPR, Sekda, mayor


class State(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"


#: Off the board: over, or told under another id.
GONE = frozenset({State.CLOSED, State.MERGED})
#: Work may still be given to it.
LIVE = frozenset({State.OPEN, State.IN_PROGRESS})


def _stays(state: State) -> dict[type[e.Event], State]:
    return dict.fromkeys((e.IncidentGraded, e.IncidentNoted, e.IncidentSeconded), state)


def _joins(state: State) -> dict[type[e.Event], State]:
    """Two live ones may become one, and one two: the one that goes on keeps its state."""
    same = dict.fromkeys((e.IncidentAbsorbed, e.IncidentParted, e.IncidentSplit), state)
    return {**same, e.IncidentMerged: State.MERGED}


TABLE: Table[State] = {
    State.OPEN: {
        **_stays(State.OPEN),
        **_joins(State.OPEN),
        e.IncidentStarted: State.IN_PROGRESS,
        e.IncidentResolved: State.RESOLVED,
    },
    State.IN_PROGRESS: {
        **_stays(State.IN_PROGRESS),
        **_joins(State.IN_PROGRESS),
        e.IncidentStopped: State.OPEN,
        e.IncidentResolved: State.RESOLVED,
    },
    State.RESOLVED: {
        **_stays(State.RESOLVED),
        e.IncidentReopened: State.OPEN,
        e.IncidentClosed: State.CLOSED,
    },
    State.CLOSED: {e.IncidentNoted: State.CLOSED, e.IncidentReopened: State.OPEN},
    State.MERGED: {e.IncidentUnmerged: State.OPEN},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Absorbed:
    """What another incident brought, and what it was held to be; a person's grade since then overrules that."""

    id: str
    reports: frozenset[str]
    tasks: frozenset[str]
    orders: frozenset[str]
    seconded: tuple[str, ...]
    severity: str | None
    level: int | None
    #: nobody was at work here yet
    was_open: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """What the rules remember of an incident."""

    id: str
    state: State = State.OPEN
    category: str
    place: Place
    flood: bool = False
    #: as it was opened or graded by a person; `severity` and `level` are what holds
    own_severity: str | None = None
    own_level: int | None = None
    seconded: frozenset[str] = frozenset()
    #: this id is a link to that one
    merged_into: str | None = None
    #: somebody was at work on it when it was merged
    was_started: bool = False
    #: what was merged into it and could go back, the oldest first
    absorbed: tuple[Absorbed, ...] = ()
    #: what was split off and could come back, the oldest first
    split_off: tuple[str, ...] = ()
    split_from: str | None = None

    @property
    def live(self) -> bool:
        """Work may still be given to it."""
        return self.state in LIVE

    @property
    def severity(self) -> str | None:
        """The gravest of its own and of what was merged into it."""
        return gravest(self.own_severity, *(taken.severity for taken in self.absorbed))

    @property
    def level(self) -> int | None:
        """The highest command level of its own and of what was merged into it; 1 is the mayor's."""
        return highest(self.own_level, *(taken.level for taken in self.absorbed))

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
            own_severity=event.severity,
            split_from=event.split_from,
        )
    assert incident is not None
    moved = replace(incident, state=after(TABLE, incident.state, event))
    match event:
        case e.IncidentGraded(severity=severity, level=level):
            return _graded(moved, severity, level)
        case e.IncidentSeconded(reporter=reporter):
            return replace(moved, seconded=moved.seconded | {reporter})
        case e.IncidentAbsorbed():
            return _absorbed(moved, event)
        case e.IncidentParted():
            return _parted(moved, event)
        case e.IncidentSplit(incident_id=new):
            return replace(moved, split_off=(*moved.split_off, new))
        case e.IncidentMerged(incident_id=into):
            return replace(moved, merged_into=into, was_started=incident.state is State.IN_PROGRESS)
        case e.IncidentUnmerged():
            return replace(moved, merged_into=None)
    return moved


def _graded(thing: Incident, severity: str | None, level: int | None) -> Incident:
    """A person's word counts for the whole of it, whatever its parts were held to be before."""
    kept = tuple(
        replace(
            taken,
            severity=None if severity is not None else taken.severity,
            level=None if level is not None else taken.level,
        )
        for taken in thing.absorbed
    )
    return replace(
        thing, own_severity=severity or thing.own_severity, own_level=level or thing.own_level, absorbed=kept
    )


def _absorbed(thing: Incident, event: e.IncidentAbsorbed) -> Incident:
    taken = Absorbed(
        id=event.incident_id,
        reports=frozenset(event.reports),
        tasks=frozenset(event.tasks),
        orders=frozenset(event.orders),
        seconded=event.seconded,
        severity=event.severity,
        level=event.level,
        was_open=thing.state is State.OPEN,
    )
    return replace(
        thing,
        seconded=thing.seconded | set(event.seconded),
        absorbed=(*thing.absorbed, taken),
        split_off=tuple(id for id in thing.split_off if id != event.incident_id),
    )


def _parted(thing: Incident, event: e.IncidentParted) -> Incident:
    return replace(
        thing,
        seconded=thing.seconded - set(event.seconded),
        absorbed=tuple(taken for taken in thing.absorbed if taken.id != event.incident_id),
    )


def decide(incident: Incident, event: e.Event, verb: str, actor: Actor, subject: Subject) -> Refusal | None:
    """May this fact be recorded? None, or the refusal."""
    if refusal := may(verb, actor, subject):
        return refusal
    if not allowed(TABLE, incident.state, type(event)):
        if incident.merged_into is not None:
            return conflict("incident_merged", ref=ref_of(incident.merged_into))
        return wrong_state("incident", incident.state, type(event))
    match event:
        case e.IncidentGraded(severity=severity, level=level):
            return _grade(severity, level)
        case e.IncidentSeconded(reporter=reporter) if reporter in incident.seconded:
            return conflict("already_seconded")
    return None


def gravest(*severities: str | None) -> str | None:
    return max(filter(None, severities), key=SEVERITIES.index, default=None)


def highest(*levels: int | None) -> int | None:
    return min(filter(None, levels), default=None)


def _grade(severity: str | None, level: int | None) -> Refusal | None:
    if severity is None and level is None:
        return invalid("nothing_to_change")
    if severity is not None and severity not in SEVERITIES:
        return invalid("unknown_severity", value=severity)
    if level is not None and level not in LEVELS:
        return invalid("unknown_level", value=str(level))
    return None
