"""The field and its areas: an officer's state, signs of water, and what a named person declares of a flood."""

from __future__ import annotations

from hadir.actions import commands as c
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import load_flood
from hadir.actions.reports import words
from hadir.domain import events as e
from hadir.domain import flood
from hadir.domain.people import Subject, may
from hadir.domain.refusals import Refusal, invalid, unknown
from hadir.domain.values import Actor
from hadir.ports.journal import NewFact


async def set_status(ctx: Context, actor: Actor, id: str, command: c.SetStatus) -> Decision | Refusal:
    """One press on one of the ten keys."""
    if refusal := may("unit.set_status", actor, Subject(owners=frozenset({id}))):
        return refusal
    if command.status not in ctx.city.status_by_key:
        return invalid("unknown_status", status=command.status)
    event = e.UnitStatusSet(status=command.status, agency=actor.agency or "", device_at=command.device_at)
    return Decision(id=id, facts=(NewFact(stream=f"unit/{id}", expected=None, event=event),))


async def sign(ctx: Context, actor: Actor, id: str, command: c.Sign) -> Decision | Refusal:
    """An officer on the spot says that there is water: that confirms."""
    if id not in ctx.city.area_by_code:
        return unknown("no_area")
    if refusal := may("area.sign", actor, Subject(owners=frozenset({actor.id}))):
        return refusal
    loaded = await load_flood(ctx.journal, id)
    seen = e.AreaFloodReported(source="officer", witness=actor.id, depth_cm=command.depth_cm)
    events = flood.on_sign(loaded.thing, seen, ctx.city.flood, ctx.clock.now())
    return Decision(id=id, facts=tuple(loaded.fact(event) for event in events))


async def declare(ctx: Context, actor: Actor, id: str, command: c.Declare) -> Decision | Refusal:
    return await _act(ctx, actor, id, "area.declare", e.AreaFloodDeclared(depth_cm=command.depth_cm), command.note)


async def recede(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _act(ctx, actor, id, "area.recede", e.AreaFloodReceding(), None)


async def end(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _act(ctx, actor, id, "area.end", e.AreaFloodOver(), None)


async def _act(ctx: Context, actor: Actor, id: str, verb: str, event: e.Event, note: str | None) -> Decision | Refusal:
    if id not in ctx.city.area_by_code:
        return unknown("no_area")
    loaded = await load_flood(ctx.journal, id)
    if refusal := flood.decide(loaded.thing, event, verb, actor):
        return refusal
    content = words(ctx, "note", f"area/{id}", text=note) if note else None
    return Decision(id=id, facts=(loaded.fact(event, content),))
