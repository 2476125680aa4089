"""An order: closed-loop command. Said once, delivered, seen, said back, confirmed or corrected, then taken.

From ``accepted`` on the state is the task's and the order only shows it: one press, one fact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from hadir.domain import events as e
from hadir.domain.machine import Table, after, allowed, wrong_state
from hadir.domain.people import Subject, may
from hadir.domain.refusals import Refusal, conflict
from hadir.domain.values import Actor


class State(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    READ_BACK = "read_back"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


_SIDE = {
    e.OrderCancelled: State.CANCELLED,
    e.OrderExpired: State.EXPIRED,
    e.OrderSuperseded: State.SUPERSEDED,
}
_TALK = {
    **_SIDE,
    e.OrderCorrected: State.SENT,  # a correction is a new version: delivered, seen and read back again
    e.OrderRefused: State.REFUSED,
}

TABLE: Table[State] = {
    State.SENT: {**_TALK, e.OrderDelivered: State.DELIVERED, e.OrderOverdue: State.SENT},
    State.DELIVERED: {**_TALK, e.OrderSeen: State.SEEN, e.OrderOverdue: State.DELIVERED},
    State.SEEN: {**_TALK, e.OrderReadBack: State.READ_BACK, e.OrderOverdue: State.SEEN},
    State.READ_BACK: {**_TALK, e.OrderConfirmed: State.CONFIRMED, e.OrderReadBack: State.READ_BACK},
    State.CONFIRMED: {**_TALK, e.OrderAccepted: State.ACCEPTED},
    State.ACCEPTED: {e.OrderOverdue: State.ACCEPTED},  # its minutes are over, and the task is not done
    State.REFUSED: {},
    State.CANCELLED: {},
    State.EXPIRED: {},
    State.SUPERSEDED: {},
}

ENDED = frozenset({State.REFUSED, State.CANCELLED, State.EXPIRED, State.SUPERSEDED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What an order says, and what a read-back must say again: where, what, within how many minutes."""

    area: str
    action: str
    within_min: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What the rules remember of an order."""

    id: str
    state: State = State.SENT
    incident: str
    to: str
    by: str
    agency: str
    said: Said
    said_version: int = 1
    #: what was chosen; None when nothing was said back, or when it was spoken
    read_back: Said | None = None
    spoken: bool = False
    task: str | None = None

    def subject(self) -> Subject:
        """For the addressee's verbs."""
        return Subject(owners=frozenset({self.to}), agencies=frozenset({self.agency}))

    def commanded(self) -> Subject:
        """For the commander's verbs."""
        return Subject(owners=frozenset({self.by}))


_COMMANDERS = (e.OrderConfirmed, e.OrderCorrected, e.OrderCancelled, e.OrderSuperseded)


def evolve(order: Order | None, event: e.Event, actor: str) -> Order:
    """The order after one recorded fact; ``actor`` is the fact's."""
    if isinstance(event, e.OrderSent):
        return Order(
            id=event.order_id,
            incident=event.incident_id,
            to=event.to,
            by=actor,
            agency=event.agency,
            said=Said(area=event.place.area or "", action=event.action, within_min=event.within_min),
        )
    assert order is not None
    moved = replace(order, state=after(TABLE, order.state, event))
    match event:
        case e.OrderReadBack():
            return replace(moved, read_back=_heard(event), spoken=event.spoken)
        case e.OrderCorrected(place=place, action=action, within_min=within, said_version=version):
            said = Said(area=place.area or "", action=action, within_min=within)
            return replace(moved, said=said, said_version=version, read_back=None, spoken=False)
        case e.OrderAccepted(task_id=task):
            return replace(moved, task=task)
        case e.OrderMoved(incident_id=incident):
            return replace(moved, incident=incident)
    return moved


def _heard(event: e.OrderReadBack) -> Said | None:
    if event.spoken:
        return None
    return Said(area=event.area or "", action=event.action or "", within_min=event.within_min or 0)


def differs(order: Order) -> tuple[str, ...]:
    """Which of area, action, within_min the addressee said otherwise than the commander.

    Of a spoken read-back no rule can say it: the commander has listened.
    """
    if order.spoken:
        return ()
    if order.read_back is None:
        return ("area", "action", "within_min")
    pairs = (
        ("area", order.said.area, order.read_back.area),
        ("action", order.said.action, order.read_back.action),
        ("within_min", order.said.within_min, order.read_back.within_min),
    )
    return tuple(name for name, said, heard in pairs if said != heard)


def decide(order: Order, event: e.Event, verb: str, actor: Actor) -> Refusal | None:
    """May this fact be recorded? None, or the refusal."""
    if isinstance(event, e.OrderExpired | e.OrderOverdue):
        subject = Subject()
    else:
        subject = order.commanded() if isinstance(event, _COMMANDERS) else order.subject()
    if refusal := may(verb, actor, subject):
        return refusal
    if not allowed(TABLE, order.state, type(event)):
        return wrong_state("order", order.state, type(event))
    if isinstance(event, e.OrderConfirmed) and differs(order):
        return conflict("read_back_differs")
    return None
