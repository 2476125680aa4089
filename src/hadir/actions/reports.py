"""Reports: receive one from any channel, judge it, join it to an incident, hear whether it is solved."""

from __future__ import annotations

from hadir.actions import commands as c
from hadir.actions import places
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import Loaded, load_incident, load_report
from hadir.domain import events as e
from hadir.domain import report, triage
from hadir.domain.people import Role, may
from hadir.domain.refusals import Refusal, conflict, forbidden, invalid
from hadir.domain.values import Actor
from hadir.ports.journal import NewContent, NewFact


async def receive(ctx: Context, actor: Actor, id: str, command: c.ReceiveReport) -> Decision | Refusal:
    """A new report: its words and exact place become a content, its triage stands in the fact with reasons."""
    if refusal := may("report.receive", actor) or _lawful(ctx, actor, command):
        return refusal
    place = places.resolve(ctx, command.place, command.text)
    if isinstance(place, Refusal):
        return place
    id = ctx.ids.new()
    judged = triage.triage(command.text, ctx.city)
    category = ctx.city.category_by_code[command.category or judged.category]
    event = e.ReportReceived(
        report_id=id,
        channel=actor.channel,
        origin=command.origin,
        place=place.without_point(),
        category=category.code,
        category_reasons=judged.category_reasons if category.code == judged.category else (),
        urgency=judged.urgency,
        urgency_reasons=judged.urgency_reasons,
        flood=category.flood and (judged.flood or command.category is not None),
        depth_cm=judged.depth_cm,
        photos=len(command.photos),
        # An anonymous actor's id is its device's pseudonym already.
        reporter=ctx.secrets.pseudonym(command.reporter) if command.reporter else actor.id,
        vulnerable=judged.vulnerable,
        sensitive=category.sensitive or judged.sensitive or command.secret,
        said_at=command.said_at,
    )
    content = NewContent(
        id=ctx.ids.new(),
        kind="report",
        subject=f"report/{id}",
        body={
            "text": command.text,
            "place": places.exact(place),
            "photos": list(command.photos),
            "contact": None if command.contact is None else _contact(command.contact),
            **({"media": list(command.media)} if command.media else {}),
        },
        blobs=command.photos,
    )
    fact = NewFact(stream=f"report/{id}", expected=0, event=event, content=content)
    return Decision(id=id, facts=(fact,), answer={"report_id": id, "secret": ctx.secrets.tracking_secret(id)})


def _contact(contact: c.Contact) -> dict[str, str | None]:
    return {"name": contact.name, "phone": contact.phone, "email": contact.email}


def _lawful(ctx: Context, actor: Actor, command: c.ReceiveReport) -> Refusal | None:
    """What a body's form cannot say: something must be told; only an integrator tells of other times and people,
    and of addresses that we shall go to."""
    if not command.text.strip() and not command.photos:
        return invalid("nothing_said")
    if command.category is not None and command.category not in ctx.city.category_by_code:
        return invalid("unknown_category", category=command.category)
    borrowed = command.origin != "live" or command.said_at or command.reporter or command.media
    if borrowed and actor.role != Role.INTEGRATOR:
        return forbidden("origin_needs_key")
    return None


async def _simple(ctx: Context, actor: Actor, id: str, verb: str, event: e.Event) -> Decision | Refusal:
    """A press on a report that brings no words."""
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    return _decided(ctx, loaded, actor, verb, event)


def _decided(
    ctx: Context,
    loaded: Loaded[report.Report],
    actor: Actor,
    verb: str,
    event: e.Event,
    content: NewContent | None = None,
) -> Decision | Refusal:
    if refusal := report.decide(loaded.thing, event, verb, actor, ctx.clock.now()):
        return refusal
    return Decision(id=loaded.thing.id, facts=(loaded.fact(event, content),))


def words(ctx: Context, kind: str, subject: str, **body: object) -> NewContent:
    """Free words that come with a fact."""
    return NewContent(id=ctx.ids.new(), kind=kind, subject=subject, body=body)


async def claim(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _simple(ctx, actor, id, "report.claim", e.ReportClaimed())


async def release(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _simple(ctx, actor, id, "report.release", e.ReportReleased())


async def restore(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _simple(ctx, actor, id, "report.restore", e.ReportRestored())


async def confirm(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _simple(ctx, actor, id, "report.confirm", e.ReportConfirmed())


async def dismiss(ctx: Context, actor: Actor, id: str, command: c.Dismiss) -> Decision | Refusal:
    """One touch with a disposition of the pack; some need a reason in words."""
    disposition = ctx.city.disposition_by_code.get(command.disposition)
    if disposition is None:
        return invalid("unknown_disposition", disposition=command.disposition)
    if disposition.needs_reason and not (command.reason or "").strip():
        return invalid("reason_needed")
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    content = words(ctx, "reason", f"report/{id}", text=command.reason) if command.reason else None
    event = e.ReportDismissed(disposition=command.disposition)
    return _decided(ctx, loaded, actor, "report.dismiss", event, content)


async def join(ctx: Context, actor: Actor, id: str, command: c.Join) -> Decision | Refusal:
    """It tells of this incident; a reporter who disputes can be joined again after leaving."""
    incident = await load_incident(ctx.journal, command.incident_id)
    if isinstance(incident, Refusal):
        return incident
    if not incident.thing.live:
        return conflict("incident_not_open")
    return await _simple(ctx, actor, id, "report.join", e.ReportJoined(incident_id=command.incident_id))


async def leave(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    event = e.ReportLeft(incident_id=loaded.thing.incident or "")
    return _decided(ctx, loaded, actor, "report.leave", event)


async def recategorise(ctx: Context, actor: Actor, id: str, command: c.Recategorise) -> Decision | Refusal:
    """A person overrules the suggestion; the urgency is never lowered by that alone."""
    category = ctx.city.category_by_code.get(command.category)
    if category is None:
        return invalid("unknown_category", category=command.category)
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    urgency = max(category.urgency, loaded.thing.urgency)
    event = e.ReportRecategorised(category=category.code, urgency=urgency, flood=category.flood)
    return _decided(ctx, loaded, actor, "report.recategorise", event)


async def relocate(ctx: Context, actor: Actor, id: str, command: c.Relocate) -> Decision | Refusal:
    place = places.resolve(ctx, command.place)
    if isinstance(place, Refusal):
        return place
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    content = words(ctx, "place", f"report/{id}", place=places.exact(place))
    event = e.ReportRelocated(place=place.without_point())
    return _decided(ctx, loaded, actor, "report.relocate", event, content)


async def prioritise(ctx: Context, actor: Actor, id: str, command: c.Prioritise) -> Decision | Refusal:
    """A person overrules the formula; the overruling and its reason are facts."""
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    content = words(ctx, "reason", f"report/{id}", text=command.reason)
    return _decided(ctx, loaded, actor, "report.prioritise", e.ReportPrioritised(points=command.points), content)


async def dispute(ctx: Context, actor: Actor, id: str, command: c.Dispute) -> Decision | Refusal:
    """«Belum»: the reaction to it opens the incident again."""
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    content = words(ctx, "dispute", f"report/{id}", text=command.text) if command.text else None
    return _decided(ctx, loaded, actor, "report.dispute", e.ReportDisputed(), content)
