"""Incidents: open one from a report or from an operator's own knowledge, grade it, note on it, end it."""

from __future__ import annotations

from hadir.actions import commands as c
from hadir.actions import places
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import Loaded, follow_incident, load_incident, load_report, load_task
from hadir.actions.reports import words
from hadir.domain import events as e
from hadir.domain import incident, report, task
from hadir.domain.people import Subject, may
from hadir.domain.refusals import Refusal, invalid
from hadir.domain.values import Actor, Place
from hadir.ports.journal import NewFact


async def open_incident(ctx: Context, actor: Actor, id: str, command: c.OpenIncident) -> Decision | Refusal:
    """One keystroke: the incident and the joining of its first report are one append."""
    if refusal := may("incident.open", actor):
        return refusal
    first = await _first_report(ctx, command)
    if isinstance(first, Refusal):
        return first
    place = _place(ctx, command, first)
    if isinstance(place, Refusal):
        return place
    category = command.category or (first.thing.category if first else None)
    if category is None or category not in ctx.city.category_by_code:
        return invalid("category_needed")
    if command.severity is not None and command.severity not in incident.SEVERITIES:
        return invalid("unknown_severity", value=command.severity)
    id = ctx.ids.new()
    event = e.IncidentOpened(
        incident_id=id,
        category=category,
        place=place,
        severity=command.severity,
        flood=ctx.city.category_by_code[category].flood,
        origin=first.thing.origin if first else "live",
    )
    content = words(ctx, "title", f"incident/{id}", title=command.title) if command.title else None
    facts = [NewFact(stream=f"incident/{id}", expected=0, event=event, content=content)]
    if first is not None:
        joined = e.ReportJoined(incident_id=id)
        if refusal := report.decide(first.thing, joined, "report.join", actor, ctx.clock.now()):
            return refusal
        facts.append(first.fact(joined))
    return Decision(id=id, facts=tuple(facts), answer={"incident_id": id})


async def _first_report(ctx: Context, command: c.OpenIncident) -> Loaded[report.Report] | Refusal | None:
    return None if command.report_id is None else await load_report(ctx.journal, command.report_id)


def _place(ctx: Context, command: c.OpenIncident, first: Loaded[report.Report] | None) -> Place | Refusal:
    """Where an operator put it exactly; else the report's area. The view adds the report's point while it is there."""
    if command.place is not None:
        resolved = places.resolve(ctx, command.place)
        return resolved if isinstance(resolved, Refusal) else _public(resolved)
    return first.thing.place if first is not None else invalid("place_needed")


def _public(place: Place) -> Place:
    """An operator's pin is the incident's, not a person's: it keeps its exact point, without the words."""
    return Place(
        area=place.area,
        rw=place.rw,
        rt=place.rt,
        lat=place.lat,
        lon=place.lon,
        how="operator",
        outside=place.outside,
    )


#: What only adds to an incident goes on to the one it was merged into; what judges it is refused, and says where to.
_ADDS = (e.IncidentNoted, e.IncidentSeconded)


async def _act(ctx: Context, actor: Actor, id: str, verb: str, event: e.Event, text: str | None) -> Decision | Refusal:
    load = follow_incident if isinstance(event, _ADDS) else load_incident
    loaded = await load(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    subject = await _subject(ctx, loaded.thing, noted=isinstance(event, e.IncidentNoted))
    if refusal := incident.decide(loaded.thing, event, verb, actor, subject):
        return refusal
    id = loaded.thing.id
    content = words(ctx, "note", f"incident/{id}", text=text) if text else None
    return Decision(id=id, facts=(loaded.fact(event, content),))


async def _subject(ctx: Context, thing: incident.Incident, *, noted: bool) -> Subject:
    """Whose incident it is, also when it is closed: agencies and officers with a task on it, not a cancelled one.

    What an officer saw there he may still note after his task was called off or given to somebody else: the words that
    came too late for it have to arrive.
    """
    agencies, officers = set[str](), set[str]()
    for task_id in await ctx.relations.works_of(thing.id):
        loaded = await load_task(ctx.journal, task_id)
        if isinstance(loaded, Refusal):
            continue
        officers |= loaded.thing.had if noted else set()
        if loaded.thing.state is not task.State.CANCELLED:
            agencies |= {loaded.thing.agency, loaded.thing.offered_to or loaded.thing.agency}
            officers |= {loaded.thing.officer} if loaded.thing.officer else set()
    return thing.subject(frozenset(agencies), frozenset(officers))


async def grade(ctx: Context, actor: Actor, id: str, command: c.Grade) -> Decision | Refusal:
    event = e.IncidentGraded(severity=command.severity, level=command.level)
    return await _act(ctx, actor, id, "incident.grade", event, None)


async def note(ctx: Context, actor: Actor, id: str, command: c.Note) -> Decision | Refusal:
    return await _act(ctx, actor, id, "incident.note", e.IncidentNoted(), command.text)


async def second(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    """«Saya juga»: once for each person."""
    event = e.IncidentSeconded(reporter=ctx.secrets.pseudonym(actor.id))
    return await _act(ctx, actor, id, "incident.second", event, None)


async def resolve(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    return await _act(ctx, actor, id, "incident.resolve", e.IncidentResolved(), command.reason)


async def reopen(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    return await _act(ctx, actor, id, "incident.reopen", e.IncidentReopened(), command.reason)


async def close(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _act(ctx, actor, id, "incident.close", e.IncidentClosed(), None)
