"""What happens to an order: it is said, heard, said back, and taken or not; what is late is told."""

from __future__ import annotations

from datetime import datetime

from hadir.domain.events.base import Event, event
from hadir.domain.values import Copy, Place


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

    #: delivered, seen, read_back; done: its minutes were over before the task was
    step: str
    due: datetime
    said_version: int
    #: channel (try another one), told (superior and deputy see it), commander, superior (and the commander)
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


@event("order.moved")
class OrderMoved(Event):
    """It belongs to another incident from now on; what was said, and its clocks, stay."""

    incident_id: str
    left: str
