"""Orders, the addressee's side: delivered, seen, said back, taken or refused. Nobody else answers."""

from __future__ import annotations

from hadir.actions import commands as c
from hadir.actions import voices
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import Loaded, load_incident, load_order, load_task
from hadir.actions.reports import words
from hadir.domain import events as e
from hadir.domain import order, task
from hadir.domain.people import may
from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.values import Actor
from hadir.ports.journal import NewContent, NewFact

_HAVE_BEEN_DELIVERED = frozenset(order.State) - {order.State.SENT}
_HAVE_BEEN_SEEN = _HAVE_BEEN_DELIVERED - {order.State.DELIVERED}


async def deliver(ctx: Context, actor: Actor, id: str, command: c.OrderPressed) -> Decision | Refusal:
    """Said by the addressee's device. A second device saying it again changes nothing and is no error."""
    return await _receipt(ctx, actor, id, "order.deliver", _HAVE_BEEN_DELIVERED, command)


async def see(ctx: Context, actor: Actor, id: str, command: c.OrderPressed) -> Decision | Refusal:
    """Seen implies delivered: a phone that lost the line between the two says only the second."""
    return await _receipt(ctx, actor, id, "order.see", _HAVE_BEEN_SEEN, command)


async def _receipt(
    ctx: Context, actor: Actor, id: str, verb: str, had: frozenset[order.State], command: c.OrderPressed
) -> Decision | Refusal:
    loaded = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    if refusal := may(verb, actor, loaded.thing.subject()):
        return refusal
    if refusal := _outdated(loaded.thing, command):
        return refusal
    if loaded.thing.state in had:
        return Decision(id=id)
    events: list[e.Event] = []
    if loaded.thing.state is order.State.SENT:
        events.append(e.OrderDelivered(device_at=command.device_at))
    if verb == "order.see":
        events.append(e.OrderSeen(device_at=command.device_at))
    return Decision(id=id, facts=tuple(loaded.fact(event) for event in events))


def _outdated(said: order.Order, command: c.OrderPressed) -> Refusal | None:
    """An answer to an earlier version answers something that no longer holds."""
    if command.said_version in (None, said.said_version):
        return None
    return conflict("order_corrected")


async def read_back(ctx: Context, actor: Actor, id: str, command: c.ReadBack) -> Decision | Refusal:
    """Place, action and time as chosen among near alternatives, or spoken; right or wrong, it is recorded."""
    loaded = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    if refusal := _outdated(loaded.thing, command) or _unmade(ctx, command):
        return refusal
    spoken = command.voice is not None
    event = e.OrderReadBack(
        area=None if spoken else command.area,
        action=None if spoken else command.action,
        within_min=None if spoken else command.within_min,
        device_at=command.device_at,
        spoken=spoken,
    )
    if refusal := order.decide(loaded.thing, event, "order.read_back", actor):
        return refusal
    content = await _voice(ctx, id, command.voice)
    return content if isinstance(content, Refusal) else Decision(id=id, facts=(loaded.fact(event, content),))


def _unmade(ctx: Context, command: c.ReadBack) -> Refusal | None:
    """A read-back says all three, each from the pack, or is spoken."""
    if command.voice is not None:
        return None
    if command.area is None or command.action is None or command.within_min is None:
        return invalid("read_back_incomplete")
    known = command.action in ctx.city.action_by_code and command.area in ctx.city.area_by_code
    return None if known else invalid("unknown_choice")


async def _voice(ctx: Context, id: str, voice: str | None) -> NewContent | Refusal | None:
    if voice is None:
        return None
    recording = await voices.named(ctx, voice)
    if isinstance(recording, Refusal):
        return recording
    body = {"voice": recording}
    return NewContent(id=ctx.ids.new(), kind="read_back", subject=f"order/{id}", body=body, blobs=(voice,))


async def refuse(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    loaded = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    event = e.OrderRefused()
    if refusal := order.decide(loaded.thing, event, "order.refuse", actor):
        return refusal
    return Decision(id=id, facts=(loaded.fact(event, words(ctx, "reason", f"order/{id}", text=command.reason)),))


async def accept(ctx: Context, actor: Actor, id: str, command: c.OrderPressed) -> Decision | Refusal:
    """An order to act creates or joins one task; from here the state is the task's."""
    loaded = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    if refusal := _outdated(loaded.thing, command):
        return refusal
    mine = await _open_task(ctx, loaded.thing)
    task_id = mine.thing.id if mine else ctx.ids.new()
    event = e.OrderAccepted(task_id=task_id)
    if refusal := order.decide(loaded.thing, event, "order.accept", actor):
        return refusal
    steps = _joined(mine) if mine else await _made(ctx, loaded.thing, task_id)
    if isinstance(steps, Refusal):
        return steps
    return Decision(id=id, facts=(loaded.fact(event), *steps), answer={"task_id": task_id})


async def _open_task(ctx: Context, said: order.Order) -> Loaded[task.Task] | None:
    """The officer's task on this incident, if he has one that has not ended."""
    for task_id in ctx.relations.tasks_of(said.incident):
        loaded = await load_task(ctx.journal, task_id)
        if isinstance(loaded, Refusal) or loaded.thing.officer != said.to or loaded.thing.state in task.ENDED:
            continue
        return loaded
    return None


def _joined(mine: Loaded[task.Task]) -> tuple[NewFact, ...]:
    return (mine.fact(e.TaskAccepted()),) if mine.thing.state is task.State.ASSIGNED else ()


async def _made(ctx: Context, said: order.Order, task_id: str) -> tuple[NewFact, ...] | Refusal:
    incident = await load_incident(ctx.journal, said.incident)
    if isinstance(incident, Refusal):
        return incident
    if not incident.thing.live:
        return conflict("incident_not_open")
    given = e.TaskGiven(
        task_id=task_id,
        incident_id=said.incident,
        agency=said.agency,
        category=incident.thing.category,
        place=incident.thing.place,
        order_id=said.id,
        action=said.said.action,
    )
    steps = (given, e.TaskAssigned(officer=said.to), e.TaskAccepted())
    return tuple(NewFact(stream=f"task/{task_id}", expected=0, event=event) for event in steps)
