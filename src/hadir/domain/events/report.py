"""What happens to a report: it comes, it is judged, it belongs to an incident, its reporter is asked and answers."""

from __future__ import annotations

from datetime import datetime

from hadir.domain.events.base import Event, event
from hadir.domain.values import Place, Reason


@event("report.received")
class ReportReceived(Event):
    """One person said one thing through one channel. Content: text, exact place, photos, contact, recording."""

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
    #: the account of the key through which the reporter was named; None: the reporter filed it, or a key for nobody
    through: str | None = None
    #: codes of vulnerable places that the text names (school, clinic, river bank)
    vulnerable: tuple[str, ...] = ()
    sensitive: bool = False
    #: when it was said, where a replay or a phone without signal tells a time before the receipt
    said_at: datetime | None = None
    #: what the words suggest, where the reporter chose the category; None: the words chose it
    suggested: str | None = None
    #: a recording came with it
    voice: bool = False
    #: photos that the phone sends after the words
    to_come: int = 0
    #: what speaks against it (`domain.abuse`)
    doubts: tuple[Reason, ...] = ()
    #: it waits in the quarantine until a person has looked
    held: bool = False


@event("report.photos_came")
class ReportPhotosCame(Event):
    """The photos that the report had announced. Content: the photos."""

    photos: int


@event("report.identified")
class ReportIdentified(Event):
    """Who reported wants to be known to nobody who works on it. Content: name and number, apart from the words."""


@event("report.claimed")
class ReportClaimed(Event):
    """An operator has it open («Operator 2 sedang membuka»)."""


@event("report.released")
class ReportReleased(Event):
    """The operator put it back."""


@event("report.admitted")
class ReportAdmitted(Event):
    """A person has looked: it comes out of the quarantine, into the queue."""


@event("report.held")
class ReportHeld(Event):
    """It goes (back) into the quarantine: letting it out, or dismissing it there, was a slip."""


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


@event("report.moved")
class ReportMoved(Event):
    """It tells of another incident from now on, since two were merged or one was split; its own state stays."""

    incident_id: str
    #: the incident it belonged to
    left: str


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


@event("report.followed_up")
class ReportFollowedUp(Event):
    """The reporter tells more later, or answers a question. Content: words and photos."""

    photos: int = 0
    #: the question that it answers
    answers: str | None = None


@event("report.questioned")
class ReportQuestioned(Event):
    """A desk asks the reporter something. Content: the question."""

    question_id: str
    #: the agency that asks; None: the command centre
    agency: str | None = None
    #: so many of the reporter's additions had been seen by then; None: all
    told: int | None = None


@event("report.question_withdrawn")
class ReportQuestionWithdrawn(Event):
    """The desk does not ask it any more."""

    question_id: str


@event("report.heard")
class ReportHeard(Event):
    """A desk has read what the reporter added."""

    #: the agency that has; None: the command centre
    agency: str | None = None
    #: so many of them; None: all. One that came while the key was pressed is still to be read.
    told: int | None = None


@event("report.rated")
class ReportRated(Event):
    """What the reporter thinks of the result; the newest one counts. Content: words."""

    #: good, fair, poor
    result: str
    incident: str
    #: whose work was seen to be done; never a person's
    agencies: tuple[str, ...] = ()


@event("report.corrected")
class ReportCorrected(Event):
    """The reporter put own words or contact right. Content: what was said anew; the one before it is erased."""
