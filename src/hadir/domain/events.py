"""Every kind of fact, closed and versioned.

An event never holds what may have to be erased: words, photos, names, contacts and a reporter's exact point are
*contents* (``content`` is their id, ``content_digest`` a keyed digest that the journal fills in). A changed meaning
gets a new ``v`` and an upcaster in the codec; a stored event is never rewritten. Unknown fields are an error on
reading, because a fact that is half understood is a fact that is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, dataclass_transform

from hadir.domain.values import Copy, Place, Reason

KINDS: dict[tuple[str, int], type[Event]] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """The base of every fact."""

    kind: ClassVar[str] = ""
    v: ClassVar[int] = 1

    #: id of the erasable content that belongs to this fact
    content: str | None = None
    #: hex HMAC-SHA256 of that content; its key goes when the content goes
    content_digest: str | None = None


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(kind: str, v: int = 1):
    """Class decorator: a frozen dataclass, registered under its kind and version."""

    def register(plain: type) -> type:
        cls = dataclass(frozen=True, kw_only=True, slots=True)(plain)
        cls.kind, cls.v = kind, v
        if (kind, v) in KINDS:
            raise ValueError(f"event {kind} v{v} is defined twice")
        KINDS[kind, v] = cls
        return cls

    return register


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────


@event("report.received")
class ReportReceived(Event):
    """One person said one thing through one channel. Content: text, exact place, photos, contact."""

    report_id: str
    channel: str
    #: live, simulation, replay: what is not live says so on every screen
    origin: str
    #: the area only; the exact point is content
    place: Place
    category: str
    category_reasons: tuple[Reason, ...] = ()
    #: 1 can wait … 4 danger to life
    urgency: int
    urgency_reasons: tuple[Reason, ...] = ()
    flood: bool = False
    #: water's depth in centimetres, as said
    depth_cm: int | None = None
    photos: int = 0
    #: pseudonym of the reporting device or person, keyed by the city's secret
    reporter: str
    #: codes of vulnerable places that the text names (school, clinic, river bank)
    vulnerable: tuple[str, ...] = ()
    sensitive: bool = False
    #: when it was said, where a replay or a phone without signal tells a time before the receipt
    said_at: datetime | None = None


@event("report.claimed")
class ReportClaimed(Event):
    """An operator has it open («Operator 2 sedang membuka»)."""


@event("report.released")
class ReportReleased(Event):
    """The operator put it back."""


@event("report.dismissed")
class ReportDismissed(Event):
    """It needs no work, and why: a disposition of the city pack. Content: the operator's words."""

    disposition: str


@event("report.restored")
class ReportRestored(Event):
    """The dismissal was undone."""


@event("report.joined")
class ReportJoined(Event):
    """It tells of this incident."""

    incident_id: str


@event("report.left")
class ReportLeft(Event):
    """The joining was undone."""

    incident_id: str


@event("report.recategorised")
class ReportRecategorised(Event):
    """A person overruled the suggested category."""

    category: str
    urgency: int
    flood: bool = False


@event("report.relocated")
class ReportRelocated(Event):
    """A person confirmed or corrected where it is. Content: the exact place."""

    place: Place


@event("report.prioritised")
class ReportPrioritised(Event):
    """A person overruled the place in the queue. Content: the reason in words."""

    #: points added to the formula's rank; negative puts it back
    points: float


@event("report.asked")
class ReportAsked(Event):
    """The work is done; the reporter is asked whether it is really solved."""

    incident_id: str


@event("report.confirmed")
class ReportConfirmed(Event):
    """The reporter says: solved."""


@event("report.disputed")
class ReportDisputed(Event):
    """The reporter says: not solved. Content: what is still wrong."""


# ── incidents ────────────────────────────────────────────────────────────────────────────────────────────────────


@event("incident.opened")
class IncidentOpened(Event):
    """Something goes on at a place. Content: its title."""

    incident_id: str
    category: str
    #: rounded to about 110 m when it comes from a report; exact when an operator set it
    place: Place
    #: minor, moderate, severe
    severity: str | None = None
    flood: bool = False
    origin: str = "live"


@event("incident.graded")
class IncidentGraded(Event):
    """Severity, and the command level («siaga» 4 field … 1 mayor)."""

    severity: str | None = None
    level: int | None = None


@event("incident.noted")
class IncidentNoted(Event):
    """A note on the timeline. Content: the words."""


@event("incident.seconded")
class IncidentSeconded(Event):
    """«Saya juga»: one more person has the same."""

    reporter: str


@event("incident.started")
class IncidentStarted(Event):
    """Somebody has accepted work on it."""


@event("incident.resolved")
class IncidentResolved(Event):
    """All its tasks are verified, or an operator says so with a reason (content)."""


@event("incident.reopened")
class IncidentReopened(Event):
    """It was not solved: a reporter disputed it, or an operator saw it. Content: the reason."""


@event("incident.closed")
class IncidentClosed(Event):
    """Over, and off the board."""


# ── tasks ────────────────────────────────────────────────────────────────────────────────────────────────────────


@event("task.given")
class TaskGiven(Event):
    """An agency is to do something about an incident. Content: what."""

    task_id: str
    incident_id: str
    agency: str
    category: str
    place: Place
    #: the order that made it, if one did
    order_id: str | None = None


@event("task.assigned")
class TaskAssigned(Event):
    """The agency gave it to one of its officers."""

    officer: str


@event("task.accepted")
class TaskAccepted(Event):
    """The officer takes it."""


@event("task.declined")
class TaskDeclined(Event):
    """The officer cannot. Content: the reason."""


@event("task.en_route")
class TaskEnRoute(Event):
    """The officer is under way."""

    device_at: datetime | None = None


@event("task.on_scene")
class TaskOnScene(Event):
    """The officer is there."""

    device_at: datetime | None = None


@event("task.done")
class TaskDone(Event):
    """The officer says it is done, with evidence. Content: note and photos."""

    photos: int
    device_at: datetime | None = None


@event("task.verified")
class TaskVerified(Event):
    """Somebody who did not do the work has seen that it is done."""


@event("task.sent_back")
class TaskSentBack(Event):
    """The verifier refuses the result. Content: the reason."""


@event("task.cancelled")
class TaskCancelled(Event):
    """No longer needed. Content: the reason."""


@event("task.offered")
class TaskOffered(Event):
    """A hand-over is offered; until it is taken the giver owns the task. Content: the reason."""

    to_agency: str


@event("task.taken")
class TaskTaken(Event):
    """The other agency accepts the hand-over and owns the task."""

    agency: str


@event("task.returned")
class TaskReturned(Event):
    """The other agency declines the hand-over. Content: the reason."""


# ── evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────


@event("evidence.checked")
class EvidenceChecked(Event):
    """By rule, after «done»: what speaks for and against the photos. Content: each photo, and who vouches for what."""

    #: how many photos were looked at
    photos: int
    #: with how many earlier photos they were compared
    compared: int
    #: codes of `domain.evidence.judge`, the strong ones first; none: nothing was found
    flags: tuple[str, ...] = ()


@event("photo.original_viewed")
class PhotoOriginalViewed(Event):
    """Somebody opened the closed original of a photo that stands on this thing. Content: which, and the reason."""


#: Facts about a thing that never move it: they may come in any state, also after its end.
ASIDE: frozenset[type[Event]] = frozenset({EvidenceChecked, PhotoOriginalViewed})


# ── orders ───────────────────────────────────────────────────────────────────────────────────────────────────────


@event("order.sent")
class OrderSent(Event):
    """One named commander to one named addressee: place, action, time. Content: the words, the voice."""

    order_id: str
    incident_id: str
    to: str
    #: the addressee's agency, whose desk sees the order too
    agency: str
    #: the mandate's giver, where a deputy signs («a.n. Wali Kota»)
    on_behalf: str | None = None
    #: an action of the city pack's order vocabulary
    action: str
    place: Place
    #: minutes from the order until it is to be done
    within_min: int
    #: the order that this one replaces
    replaces: str | None = None
    #: who else sees it: those the commander named, and the addressee's superior
    copies: tuple[Copy, ...] = ()
    #: the addressee's phone had been heard of just before: the shorter timer runs
    on_duty: bool = False


@event("order.delivered")
class OrderDelivered(Event):
    """Said by the addressee's device after it stored the order; never by the server for having written bytes."""

    device_at: datetime | None = None


@event("order.seen")
class OrderSeen(Event):
    """It stood on a visible screen for a second."""

    device_at: datetime | None = None


@event("order.read_back")
class OrderReadBack(Event):
    """The addressee said it back: chosen among near alternatives, or spoken. Content: the voice."""

    #: None, like the next two, where it was spoken
    area: str | None = None
    action: str | None = None
    within_min: int | None = None
    device_at: datetime | None = None
    #: the commander has to listen: no rule can tell whether it is right
    spoken: bool = False


@event("order.confirmed")
class OrderConfirmed(Event):
    """The commander heard it back right."""


@event("order.corrected")
class OrderCorrected(Event):
    """A new version, to be delivered, seen and read back again. Content: the words, the voice."""

    action: str
    place: Place
    within_min: int
    said_version: int
    on_duty: bool = False


@event("order.overdue")
class OrderOverdue(Event):
    """A step did not happen in its time. The order goes on; others are told."""

    #: delivered, seen, read_back
    step: str
    due: datetime
    said_version: int
    #: channel (try another one), told (superior and deputy see it), commander
    consequence: str
    to: str
    #: who is told because of it
    told: tuple[Copy, ...] = ()


@event("order.accepted")
class OrderAccepted(Event):
    """The addressee takes it; from here the state is the task's."""

    task_id: str


@event("order.refused")
class OrderRefused(Event):
    """The addressee cannot. Content: the reason."""


@event("order.cancelled")
class OrderCancelled(Event):
    """The commander takes it back. Content: the reason."""


@event("order.expired")
class OrderExpired(Event):
    """Its time has passed before anybody accepted it."""


@event("order.superseded")
class OrderSuperseded(Event):
    """A newer order stands in its place."""

    by_order: str


# ── units and areas ──────────────────────────────────────────────────────────────────────────────────────────────


@event("unit.status_set")
class UnitStatusSet(Event):
    """An officer's state by one press (the ten keys of the city pack)."""

    status: str
    agency: str
    device_at: datetime | None = None


@event("unit.emergency_raised")
class UnitEmergencyRaised(Event):
    """An officer held the emergency key. Content: where he is."""

    agency: str
    #: the area only; the exact point is content
    area: str | None = None
    #: when that point was taken, by our clock
    placed_at: datetime | None = None
    device_at: datetime | None = None


@event("unit.watch_begun")
class UnitWatchBegun(Event):
    """By rule: he is alone at a dangerous place, and a word from him is due every few minutes."""

    agency: str
    task_id: str
    incident: str
    every_min: int
    #: so long after it was due the command centre is alarmed
    grace_min: int


@event("unit.checked_in")
class UnitCheckedIn(Event):
    """«Saya aman»: he pressed it, or an operator has heard him."""

    agency: str
    device_at: datetime | None = None


@event("unit.check_in_missed")
class UnitCheckInMissed(Event):
    """By rule: the word that was due did not come, and the command centre is alarmed."""

    agency: str
    task_id: str
    due: datetime


@event("unit.watch_ended")
class UnitWatchEnded(Event):
    """By rule: he has left, or he is not alone any more."""

    agency: str
    task_id: str


@event("unit.alarm_acknowledged")
class UnitAlarmAcknowledged(Event):
    """Somebody in the command centre has it; it rings no more."""

    agency: str
    #: emergency or check_in
    alarm: str


@event("unit.alarm_closed")
class UnitAlarmClosed(Event):
    """It is over. Content: how it ended."""

    agency: str
    #: emergency or check_in
    alarm: str


@event("unit.arrival_proposed")
class UnitArrivalProposed(Event):
    """By rule: two readings in a row say that he left for his task, or that he is there. Only he says so himself."""

    agency: str
    task_id: str
    #: en_route or on_scene
    state: str
    #: metres from the place, where that is known
    distance_m: int | None = None


@event("area.flood_reported")
class AreaFloodReported(Event):
    """A sign of water in an area: a citizen's report or an officer on the spot."""

    #: citizen or officer
    source: str
    #: who says it, as a pseudonym or an account
    witness: str
    report_id: str | None = None
    depth_cm: int | None = None
    photo: bool = False
    #: live, simulation, replay: of the report that it comes from
    origin: str = "live"


@event("area.flood_suspected")
class AreaFloodSuspected(Event):
    """First sign. «Dugaan»."""

    reasons: tuple[Reason, ...] = ()


@event("area.flood_confirmed")
class AreaFloodConfirmed(Event):
    """Confirmed by the pack's rule, with the reasons listed."""

    reasons: tuple[Reason, ...] = ()


@event("area.flood_declared")
class AreaFloodDeclared(Event):
    """A named person declares it. Content: the words."""

    depth_cm: int | None = None


@event("area.flood_receding")
class AreaFloodReceding(Event):
    """A named person says the water goes down."""


@event("area.flood_over")
class AreaFloodOver(Event):
    """A named person says it is over. Only this makes an area quiet again; silence never does."""


# ── telling people ───────────────────────────────────────────────────────────────────────────────────────────────


@event("notice.channel_changed")
class NoticeChannelChanged(Event):
    """Somebody was not reached by one channel, and the next one was tried; or there was none left."""

    to: str
    #: the thing that he was to be told of, «orders/01J…»
    about: str
    #: which notice it was («order_sent»)
    says: str
    #: push, whatsapp, sms, email
    before: str | None = None
    #: None: nothing was left to try
    channel: str | None = None
    #: no_device, not_delivered, failed
    why: str
