"""An accepted order whose minutes are over before its task is done: one fact, on the twin and on PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hadir.actions.timers import Timers
from hadir.domain import events as e
from hadir.domain.values import Place
from hadir.ports.journal import Append, Journal
from hadir.storage.memory import SettableClock
from hadir.storage.memory.cursors import MemoryCursors
from tests.world import make_world

PLACE = Place(area="35.72.03.1002", how="list")
SENT = e.OrderSent(
    order_id="o1",
    incident_id="i1",
    to="petugas-1",
    agency="bpbd",
    place=PLACE,
    action="check",
    within_min=30,
)
HEARD = e.OrderReadBack(area=PLACE.area, action="check", within_min=30)
TASK = e.TaskGiven(task_id="t1", incident_id="i1", agency="bpbd", category="flood", place=PLACE, order_id="o1")
STORY = [
    ("order/o1", [SENT, e.OrderDelivered(), e.OrderSeen(), HEARD, e.OrderConfirmed(), e.OrderAccepted(task_id="t1")]),
    ("task/t1", [TASK, e.TaskAssigned(officer="petugas-1"), e.TaskAccepted()]),
]


@pytest.mark.parametrize(("then", "missed"), [([], 1), ([e.TaskDone(photos=1)], 0)])
async def test_late_work_is_on_record_once(
    journal: Journal,
    clock: SettableClock,
    new_append: Callable[..., Append],
    then: list[e.Event],
    missed: int,
) -> None:
    for stream, events in [*STORY, ("task/t1", then)]:
        for event in events:
            await journal.append(new_append(stream, event=event))
    ctx = replace(make_world().ctx, journal=journal, clock=clock)
    nodes = [Timers(ctx, MemoryCursors()) for _ in range(2)]
    for node in nodes:
        await node.begin()
    clock.advance(30 * 60)
    for node in nodes:
        await node.fire()
    facts = [f for f in await journal.read(0, 100) if isinstance(f.event, e.OrderOverdue)]
    assert [(f.stream, f.event.step, f.event.consequence) for f in facts] == [("order/o1", "done", "superior")] * missed
