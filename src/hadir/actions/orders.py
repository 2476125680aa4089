"""Orders, the commander's side: one named commander says one thing to one named officer, hears it back, and decides."""

from __future__ import annotations

from datetime import timedelta

from hadir.actions import commands as c
from hadir.actions import copies, places, voices
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import Loaded, follow_incident, load_order
from hadir.actions.reports import words
from hadir.domain import events as e
from hadir.domain import order
from hadir.domain.ordering import mandated
from hadir.domain.people import Account, Role, may
from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.values import Actor, Copy, Place
from hadir.ports.journal import NewContent, NewFact


async def give(ctx: Context, actor: Actor, id: str, command: c.GiveOrder) -> Decision | Refusal:
    """One order, one named addressee. A new order may take the place of an older one of the same commander."""
    checked = await _givable(ctx, actor, command)
    if isinstance(checked, Refusal):
        return checked
    officer, place, shared, incident_id = checked
    id = ctx.ids.new()
    content = await said(ctx, id, command.text, command.voice)
    if isinstance(content, Refusal):
        return content
    event = e.OrderSent(
        order_id=id,
        incident_id=incident_id,
        to=officer.id,
        agency=officer.agency or "",
        on_behalf=command.on_behalf,
        action=command.action,
        place=place,
        within_min=command.within_min,
        replaces=command.replaces,
        copies=shared,
        on_duty=on_duty(ctx, officer.id),
    )
    facts = [NewFact(stream=f"order/{id}", expected=0, event=event, content=content)]
    if command.replaces is not None:
        old = await _superseded(ctx, actor, command.replaces, id)
        if isinstance(old, Refusal):
            return old
        facts.append(old)
    return Decision(id=id, facts=tuple(facts), answer={"order_id": id})


async def _givable(
    ctx: Context, actor: Actor, command: c.GiveOrder
) -> tuple[Account, Place, tuple[Copy, ...], str] | Refusal:
    if refusal := may("order.give", actor):
        return refusal
    if command.action not in ctx.city.action_by_code:
        return invalid("unknown_action", action=command.action)
    officer = await ctx.people.account(command.to)
    if officer is None or officer.role is not Role.OFFICER:
        return invalid("unknown_officer")
    incident = await follow_incident(ctx.journal, command.incident_id)
    if isinstance(incident, Refusal):
        return incident
    if not incident.thing.live:
        return conflict("incident_not_open")
    if refusal := _mandate(ctx, actor, command.on_behalf, incident.thing.category, officer):
        return refusal
    place = _place(ctx, command.place, incident.thing.place)
    if isinstance(place, Refusal):
        return place
    shared = await copies.of_new(ctx, officer, command.copies)
    return shared if isinstance(shared, Refusal) else (officer, place, shared, incident.thing.id)


def _mandate(ctx: Context, actor: Actor, on_behalf: str | None, category: str, officer: Account) -> Refusal | None:
    """«a.n. …» is signed only by whom the city gave that mandate, while it holds, for what it is for."""
    if on_behalf is None:
        return None
    today = ctx.city.day_of(ctx.clock.now())
    return mandated(ctx.city.mandates, actor.id, on_behalf, today, category, officer.agency or "")


def _place(ctx: Context, where: c.Where | None, otherwise: Place) -> Place | Refusal:
    if where is None:
        return otherwise
    place = places.resolve(ctx, where)
    return place if isinstance(place, Refusal) else place.coarse()


def on_duty(ctx: Context, officer: str) -> bool:
    """His phone was heard of a moment ago: it is in duty mode, or in his hand."""
    now, heard = ctx.clock.now(), ctx.relations.heard_at(officer)
    return heard is not None and now - heard <= timedelta(seconds=ctx.city.order_rules_at(now).duty_heard_s)


async def said(ctx: Context, id: str, text: str, voice: str | None) -> NewContent | Refusal | None:
    """What was said beside place, action and time: words, a voice, both or nothing."""
    if voice is None:
        return words(ctx, "order", f"order/{id}", text=text) if text.strip() else None
    recording = await voices.named(ctx, voice)
    if isinstance(recording, Refusal):
        return recording
    body = {"text": text, "voice": recording}
    return NewContent(id=ctx.ids.new(), kind="order", subject=f"order/{id}", body=body, blobs=(voice,))


async def _superseded(ctx: Context, actor: Actor, old_id: str, new_id: str) -> NewFact | Refusal:
    old = await load_order(ctx.journal, old_id)
    if isinstance(old, Refusal):
        return old
    event = e.OrderSuperseded(by_order=new_id)
    return order.decide(old.thing, event, "order.cancel", actor) or old.fact(event)


async def confirm(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    """It was heard back right. A spoken one is confirmed as it was listened to: not the one that came since."""
    loaded = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    event = e.OrderConfirmed()
    if refusal := order.decide(loaded.thing, event, "order.confirm", actor):
        return refusal
    if loaded.thing.spoken and command.seen_version not in (None, loaded.version):
        return conflict("read_back_changed")
    return Decision(id=id, facts=(loaded.fact(event),))


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
        on_duty=on_duty(ctx, loaded.thing.to),
    )
    if refusal := order.decide(loaded.thing, event, "order.correct", actor):
        return refusal
    content = await said(ctx, id, command.text, command.voice)
    return content if isinstance(content, Refusal) else Decision(id=id, facts=(loaded.fact(event, content),))


async def cancel(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    loaded: Loaded[order.Order] | Refusal = await load_order(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    event = e.OrderCancelled()
    if refusal := order.decide(loaded.thing, event, "order.cancel", actor):
        return refusal
    return Decision(id=id, facts=(loaded.fact(event, words(ctx, "reason", f"order/{id}", text=command.reason)),))
