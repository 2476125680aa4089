"""Orders: closed-loop command from one named commander to one named officer."""

from __future__ import annotations

from hadir.actions import commands as c
from hadir.actions import places
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import Loaded, load_incident, load_order, load_task
from hadir.actions.reports import words
from hadir.domain import events as e
from hadir.domain import order, task
from hadir.domain.people import Account, Role, may
from hadir.domain.refusals import Refusal, conflict, forbidden, invalid
from hadir.domain.values import Actor, Place
from hadir.ports.journal import NewContent, NewFact


async def give(ctx: Context, actor: Actor, id: str, command: c.GiveOrder) -> Decision | Refusal:
    """One order, one named addressee. A new order may take the place of an older one of the same commander."""
    checked = await _givable(ctx, actor, command)
    if isinstance(checked, Refusal):
        return checked
    officer, place = checked
    id = ctx.ids.new()
    event = e.OrderSent(
        order_id=id,
        incident_id=command.incident_id,
        to=officer.id,
        agency=officer.agency or "",
        on_behalf=command.on_behalf,
        action=command.action,
        place=place,
        within_min=command.within_min,
        replaces=command.replaces,
    )
    facts = [NewFact(stream=f"order/{id}", expected=0, event=event, content=_said(ctx, id, command.text))]
    if command.replaces is not None:
        old = await _superseded(ctx, actor, command.replaces, id)
        if isinstance(old, Refusal):
            return old
        facts.append(old)
    return Decision(id=id, facts=tuple(facts), answer={"order_id": id})


async def _givable(ctx: Context, actor: Actor, command: c.GiveOrder) -> tuple[Account, Place] | Refusal:
    if refusal := may("order.give", actor):
        return refusal
    if refusal := await _mandate(ctx, actor, command.on_behalf):
        return refusal
    if command.action not in ctx.city.action_by_code:
        return invalid("unknown_action", action=command.action)
    officer = await ctx.people.account(command.to)
    if officer is None or officer.role is not Role.OFFICER:
        return invalid("unknown_officer")
    incident = await load_incident(ctx.journal, command.incident_id)
    if isinstance(incident, Refusal):
        return incident
    if not incident.thing.live:
        return conflict("incident_not_open")
    place = _place(ctx, command.place, incident.thing.place)
    return place if isinstance(place, Refusal) else (officer, place)


async def _mandate(ctx: Context, actor: Actor, on_behalf: str | None) -> Refusal | None:
    """«a.n. …» is signed only by whom the city gave that mandate."""
    if on_behalf is None:
        return None
    account = await ctx.people.account(actor.id)
    return None if account is not None and account.on_behalf == on_behalf else forbidden("no_mandate")


def _place(ctx: Context, where: c.Where | None, otherwise: Place) -> Place | Refusal:
    if where is None:
        return otherwise
    place = places.resolve(ctx, where)
    return place if isinstance(place, Refusal) else place.coarse()


def _said(ctx: Context, id: str, text: str) -> NewContent | None:
    return words(ctx, "order", f"order/{id}", text=text) if text.strip() else None


async def _superseded(ctx: Context, actor: Actor, old_id: str, new_id: str) -> NewFact | Refusal:
    old = await load_order(ctx.journal, old_id)
    if isinstance(old, Refusal):
        return old
    event = e.OrderSuperseded(by_order=new_id)
    return order.decide(old.thing, event, "order.cancel", actor) or old.fact(event)


async def _act(
    ctx: Context, actor: Actor, id: str, verb: str, event: e.Event, content: NewContent | None = None
) -> Decision | Refusal:
    loaded = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    if refusal := order.decide(loaded.thing, event, verb, actor):
        return refusal
    return Decision(id=id, facts=(loaded.fact(event, content),))


_HAVE_BEEN_DELIVERED = frozenset(order.State) - {order.State.SENT}
_HAVE_BEEN_SEEN = _HAVE_BEEN_DELIVERED - {order.State.DELIVERED}


async def deliver(ctx: Context, actor: Actor, id: str, command: c.Pressed) -> Decision | Refusal:
    """Said by the addressee's device. A second device saying it again changes nothing and is no error."""
    return await _receipt(ctx, actor, id, "order.deliver", _HAVE_BEEN_DELIVERED, command)


async def see(ctx: Context, actor: Actor, id: str, command: c.Pressed) -> Decision | Refusal:
    """Seen implies delivered: a phone that lost the line between the two says only the second."""
    return await _receipt(ctx, actor, id, "order.see", _HAVE_BEEN_SEEN, command)


async def _receipt(
    ctx: Context, actor: Actor, id: str, verb: str, had: frozenset[order.State], command: c.Pressed
) -> Decision | Refusal:
    loaded = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    if refusal := may(verb, actor, loaded.thing.subject()):
        return refusal
    if loaded.thing.state in had:
        return Decision(id=id)
    events: list[e.Event] = []
    if loaded.thing.state is order.State.SENT:
        events.append(e.OrderDelivered(device_at=command.device_at))
    if verb == "order.see":
        events.append(e.OrderSeen(device_at=command.device_at))
    return Decision(id=id, facts=tuple(loaded.fact(event) for event in events))


async def read_back(ctx: Context, actor: Actor, id: str, command: c.ReadBack) -> Decision | Refusal:
    """Place, action and time as the officer chose them among near alternatives; right or wrong, it is recorded."""
    if command.action not in ctx.city.action_by_code or command.area not in ctx.city.area_by_code:
        return invalid("unknown_choice")
    event = e.OrderReadBack(
        area=command.area, action=command.action, within_min=command.within_min, device_at=command.device_at
    )
    return await _act(ctx, actor, id, "order.read_back", event)


async def confirm(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _act(ctx, actor, id, "order.confirm", e.OrderConfirmed())


async def correct(ctx: Context, actor: Actor, id: str, command: c.Correct) -> Decision | Refusal:
    """A new version, to be delivered, seen and read back again."""
    loaded = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    if command.action not in ctx.city.action_by_code:
        return invalid("unknown_action", action=command.action)
    place = _place(ctx, command.place, Place(area=loaded.thing.said.area))
    if isinstance(place, Refusal):
        return place
    event = e.OrderCorrected(
        action=command.action,
        place=place,
        within_min=command.within_min,
        said_version=loaded.thing.said_version + 1,
    )
    if refusal := order.decide(loaded.thing, event, "order.correct", actor):
        return refusal
    return Decision(id=id, facts=(loaded.fact(event, _said(ctx, id, command.text)),))


async def refuse(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    content = words(ctx, "reason", f"order/{id}", text=command.reason)
    return await _act(ctx, actor, id, "order.refuse", e.OrderRefused(), content)


async def cancel(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    content = words(ctx, "reason", f"order/{id}", text=command.reason)
    return await _act(ctx, actor, id, "order.cancel", e.OrderCancelled(), content)


async def accept(ctx: Context, actor: Actor, id: str, command: c.Pressed) -> Decision | Refusal:
    """An order to act creates or joins one task; from here the state is the task's."""
    loaded = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
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
    )
    steps = (given, e.TaskAssigned(officer=said.to), e.TaskAccepted())
    return tuple(NewFact(stream=f"task/{task_id}", expected=0, event=event) for event in steps)
