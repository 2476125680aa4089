"""What happens to an incident: it is opened, graded, merged and split, resolved, closed."""

from __future__ import annotations

from hadir.domain.events.base import Event, event
from hadir.domain.values import Place


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
    #: the incident it was split from
    split_from: str | None = None


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


@event("incident.merged")
class IncidentMerged(Event):
    """It is the same thing as another one, which has all that belonged to it; this id is a link to that one."""

    #: the one that goes on
    incident_id: str


@event("incident.unmerged")
class IncidentUnmerged(Event):
    """A merge was undone: it stands for itself again, with what it had brought."""

    #: the one that it was merged into
    incident_id: str


@event("incident.absorbed")
class IncidentAbsorbed(Event):
    """Another incident was merged into this one. What it brought is named, so that it can go back."""

    incident_id: str
    category: str
    area: str | None = None
    reports: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    #: «saya juga» of people who had not said so here
    seconded: tuple[str, ...] = ()
    #: what the other one was held to be: the graver severity and the higher command level hold from now on
    severity: str | None = None
    level: int | None = None
    #: it is a split that is undone by this
    undoes: bool = False


@event("incident.parted")
class IncidentParted(Event):
    """A merge was undone: the other incident has taken back what it had brought and what is still here."""

    incident_id: str
    category: str
    area: str | None = None
    reports: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    seconded: tuple[str, ...] = ()
    #: what holds from now on
    severity: str | None = None
    level: int | None = None


@event("incident.split")
class IncidentSplit(Event):
    """Some of its reports told of something else: a new incident has them, and the tasks that were named."""

    #: the new one
    incident_id: str
    reports: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()


@event("incident.stopped")
class IncidentStopped(Event):
    """Nobody is at work on it any more: the work that was taken went with a split, or back with an undone merge."""
