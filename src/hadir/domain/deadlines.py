"""What an order waits for, and until when: delivered, seen, said back, accepted, done. Pure; folded from its facts.

A deadline that was missed is a fact (`order.overdue`), recorded once; it changes who is told, never the order's state.
Only one ends it: an order whose minutes have passed without a yes has expired. After the yes the same minutes are for
the work: whether it is done is the task's to say, and is looked up when they are over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hadir.domain import events as e
from hadir.domain.order import ENDED, TABLE, State
from hadir.domain.ordering import OrderRules


class Step(StrEnum):
    """What has not happened yet."""

    DELIVERED = "delivered"
    SEEN = "seen"
    READ_BACK = "read_back"
    ACCEPTED = "accepted"
    DONE = "done"


AWAITS = {State.SENT: Step.DELIVERED, State.DELIVERED: Step.SEEN, State.SEEN: Step.READ_BACK}
"""state → the step that has a timer of its own."""

CONSEQUENCES = {
    Step.DELIVERED: "channel",
    Step.SEEN: "told",
    Step.READ_BACK: "commander",
    Step.DONE: "superior",
}
"""step → what follows when it is missed: another channel; superior and deputy are told; the commander is told; the
commander and the superior are told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """One step of one version of an order has to have happened by `at`."""

    order_id: str
    said_version: int
    step: Step
    at: datetime

    @property
    def name(self) -> str:
        """The same for whoever works it out, and another one after a correction: the command's id."""
        return f"{self.order_id}-{self.said_version}-{self.step.value}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """An order that still waits for something."""

    order_id: str
    state: State
    #: when this state began, by our clock
    since: datetime
    #: when its minutes are over
    until: datetime
    on_duty: bool
    said_version: int = 1
    #: what is on record already as missed, of this version
    missed: frozenset[str] = frozenset()


def evolve(watch: Watch | None, event: e.Event, at: datetime) -> Watch | None:
    """After one recorded fact; None as soon as nothing has to be waited for."""
    if isinstance(event, e.OrderSent):
        until = at + timedelta(minutes=event.within_min)
        return Watch(order_id=event.order_id, state=State.SENT, since=at, until=until, on_duty=event.on_duty)
    if watch is None:
        return None
    if isinstance(event, e.OrderCorrected):
        return replace(
            watch,
            state=State.SENT,
            since=at,
            until=at + timedelta(minutes=event.within_min),
            on_duty=event.on_duty,
            said_version=event.said_version,
            missed=frozenset(),
        )
    if isinstance(event, e.OrderOverdue):
        return None if event.step == Step.DONE else replace(watch, missed=watch.missed | {event.step})
    state = TABLE[watch.state].get(type(event), watch.state)
    return _in(watch, state, at)


def _in(watch: Watch, state: State, at: datetime) -> Watch | None:
    if state in ENDED:
        return None
    return watch if state is watch.state else replace(watch, state=state, since=at)


def step_due(state: State, since: datetime, on_duty: bool, rules: OrderRules) -> tuple[Step, datetime] | None:
    """Which step is waited for in this state, and until when; None where no timer runs."""
    step = AWAITS.get(state)
    if step is None:
        return None
    seconds = {
        Step.DELIVERED: rules.delivered_on_duty_s if on_duty else rules.delivered_s,
        Step.SEEN: rules.seen_s,
        Step.READ_BACK: rules.read_back_s,
    }[step]
    return step, since + timedelta(seconds=seconds)


def deadlines(watch: Watch, rules: OrderRules) -> tuple[Deadline, ...]:
    """What is still to come for this order; the rules are those of the day on which the state began."""
    found: list[tuple[Step, datetime]] = []
    due = step_due(watch.state, watch.since, watch.on_duty, rules)
    if due is not None and due[0] not in watch.missed:
        found.append(due)
    if watch.state is State.ACCEPTED:
        found.append((Step.DONE, watch.until))
    elif rules.expires:
        found.append((Step.ACCEPTED, watch.until))
    return tuple(
        Deadline(order_id=watch.order_id, said_version=watch.said_version, step=step, at=at) for step, at in found
    )
