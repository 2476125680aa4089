"""A report: what one person said. Never edited, never lost; judged, joined to an incident, asked about at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hadir.domain import events as e
from hadir.domain.machine import Table, after, allowed, wrong_state
from hadir.domain.people import Subject, may
from hadir.domain.refusals import Refusal, conflict
from hadir.domain.values import Actor, Place

# A claim says «I have it open». After this long without release another operator may take it over:
# people forget to press, and the queue must not wait for a coffee.
CLAIM_HOLDS = timedelta(minutes=5)


class State(StrEnum):
    RECEIVED = "received"
    #: in the quarantine: something speaks against it, and nobody has looked yet
    HELD = "held"
    JOINED = "joined"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    DISMISSED = "dismissed"


_OPEN = {
    e.ReportClaimed: State.RECEIVED,
    e.ReportReleased: State.RECEIVED,
    e.ReportRecategorised: State.RECEIVED,
    e.ReportRelocated: State.RECEIVED,
    e.ReportPrioritised: State.RECEIVED,
    e.ReportJoined: State.JOINED,
    e.ReportDismissed: State.DISMISSED,
    e.ReportIdentified: State.RECEIVED,
    e.ReportPhotosCame: State.RECEIVED,
}

TABLE: Table[State] = {
    State.RECEIVED: {**_OPEN, e.ReportHeld: State.HELD},
    State.HELD: {
        e.ReportAdmitted: State.RECEIVED,
        e.ReportDismissed: State.DISMISSED,
        e.ReportRecategorised: State.HELD,
        e.ReportRelocated: State.HELD,
        e.ReportIdentified: State.HELD,
        e.ReportPhotosCame: State.HELD,
    },
    State.JOINED: {
        e.ReportPhotosCame: State.JOINED,
        e.ReportLeft: State.RECEIVED,
        e.ReportJoined: State.JOINED,  # by hand to another incident
        e.ReportMoved: State.JOINED,  # with its incident: merges and splits never change what a report is
        e.ReportRelocated: State.JOINED,
        e.ReportRecategorised: State.JOINED,
        e.ReportAsked: State.ASKED,
    },
    State.ASKED: {
        e.ReportPhotosCame: State.ASKED,
        e.ReportConfirmed: State.CONFIRMED,
        e.ReportDisputed: State.DISPUTED,
        e.ReportAsked: State.ASKED,
        e.ReportMoved: State.ASKED,
    },
    State.DISPUTED: {
        e.ReportPhotosCame: State.DISPUTED,
        e.ReportAsked: State.ASKED,
        e.ReportLeft: State.RECEIVED,
        e.ReportConfirmed: State.CONFIRMED,
        e.ReportMoved: State.DISPUTED,
    },
    State.CONFIRMED: {
        e.ReportPhotosCame: State.CONFIRMED,
        e.ReportDisputed: State.DISPUTED,  # it came back, or the press was a slip
        e.ReportAsked: State.CONFIRMED,
        e.ReportMoved: State.CONFIRMED,
    },
    State.DISMISSED: {e.ReportPhotosCame: State.DISMISSED, e.ReportHeld: State.HELD, e.ReportRestored: State.RECEIVED},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What the rules remember of a report."""

    id: str
    state: State = State.RECEIVED
    place: Place
    category: str
    flood: bool
    urgency: int
    origin: str = "live"
    reporter: str = ""
    #: the account of the key that named the reporter
    through: str | None = None
    #: something spoke against it when it came
    doubted: bool = False
    #: it is in the quarantine, or was when it was dismissed
    held: bool = False
    incident: str | None = None
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    #: photos that the phone has yet to send
    to_come: int = 0
    #: when the reporter told more
    follow_ups: tuple[datetime, ...] = ()
    #: the desk's question that waits for an answer
    question: str | None = None

    def subject(self) -> Subject:
        return Subject(owners=frozenset({f"reporter/{self.id}"}), area=self.place.area)


def evolve(report: Report | None, event: e.Event, at: datetime, actor: str) -> Report:
    """The report after one recorded fact. ``at`` aware UTC, ``actor`` the fact's actor."""
    if isinstance(event, e.ReportReceived):
        return Report(
            id=event.report_id,
            place=event.place,
            category=event.category,
            flood=event.flood,
            urgency=event.urgency,
            origin=event.origin,
            reporter=event.reporter,
            through=event.through,
            state=State.HELD if event.held else State.RECEIVED,
            doubted=bool(event.doubts),
            held=event.held,
            to_come=event.to_come,
        )
    assert report is not None
    moved = replace(report, state=after(TABLE, report.state, event))
    match event:
        case e.ReportClaimed():
            return replace(moved, claimed_by=actor, claimed_at=at)
        case e.ReportReleased() | e.ReportDismissed():
            return replace(moved, claimed_by=None, claimed_at=None)
        case e.ReportHeld() | e.ReportAdmitted():
            return replace(moved, held=isinstance(event, e.ReportHeld), claimed_by=None, claimed_at=None)
        case e.ReportJoined(incident_id=incident):
            return replace(moved, incident=incident, claimed_by=None, claimed_at=None)
        case e.ReportMoved(incident_id=incident):
            return replace(moved, incident=incident)
        case e.ReportLeft():
            return replace(moved, incident=None)
        case e.ReportRecategorised(category=category, urgency=urgency, flood=flood):
            return replace(moved, category=category, urgency=urgency, flood=flood)
        case e.ReportRelocated(place=place):
            return replace(moved, place=place)
        case e.ReportPhotosCame():
            return replace(moved, to_come=0)
        case e.ReportFollowedUp(answers=answers):
            waits = None if answers == moved.question else moved.question
            return replace(moved, follow_ups=(*moved.follow_ups, at), question=waits)
        case e.ReportQuestioned(question_id=question):
            return replace(moved, question=question)
        case e.ReportQuestionWithdrawn():
            return replace(moved, question=None)
    return moved


def decide(report: Report, event: e.Event, verb: str, actor: Actor, now: datetime) -> Refusal | None:
    """May this fact be recorded now? None, or the refusal in the order permission, state, claim."""
    if refusal := may(verb, actor, report.subject()):
        return refusal
    if not allowed(TABLE, report.state, type(event)):
        return wrong_state("report", report.state, type(event))
    if isinstance(event, e.ReportClaimed | e.ReportReleased):
        return _claim(report, actor, now)
    if isinstance(event, e.ReportHeld) and not report.doubted:
        return conflict("not_doubted")
    if isinstance(event, e.ReportJoined) and event.incident_id == report.incident:
        return conflict("already_joined")
    if isinstance(event, e.ReportPhotosCame) and not report.to_come:
        return conflict("no_photos_announced")
    return None


def _claim(report: Report, actor: Actor, now: datetime) -> Refusal | None:
    held = report.claimed_by not in (None, actor.id) and report.claimed_at is not None
    if held and report.claimed_at is not None and now - report.claimed_at < CLAIM_HOLDS:
        return conflict("claimed_by_other", who=str(report.claimed_by))
    return None
