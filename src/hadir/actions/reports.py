"""Reports: receive one from any channel, judge it, join it to an incident, hear whether it is solved."""

from __future__ import annotations

from collections.abc import Mapping

from hadir.actions import commands as c
from hadir.actions import hearing, places, talk, telling
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import Loaded, follow_incident, load_report
from hadir.domain import abuse, assign, report, triage
from hadir.domain import events as e
from hadir.domain.incident import Incident
from hadir.domain.people import Role, may
from hadir.domain.refusals import Refusal, conflict, forbidden, invalid
from hadir.domain.values import Actor, Place, Reason
from hadir.ports.journal import NewContent, NewFact


async def receive(ctx: Context, actor: Actor, id: str, command: c.ReceiveReport) -> Decision | Refusal:
    """A new report: its words and exact place become a content, its triage stands in the fact with reasons."""
    if refusal := may("report.receive", actor) or _lawful(ctx, actor, command):
        return refusal
    place = places.resolve(ctx, command.place, command.text)
    if isinstance(place, Refusal):
        return place
    spoken = await telling.recording(ctx, command) if command.voice else {}
    if isinstance(spoken, Refusal):
        return spoken
    same = await telling.same_incident(ctx, actor, command) if command.same_as else None
    if same is not None:
        place = telling.placed(place, same)
    id = ctx.ids.new()
    event = _received(ctx, actor, id, command, place, same)
    content = _said(ctx, id, command, place, spoken)
    fact = NewFact(stream=f"report/{id}", expected=0, event=event, content=content)
    # What waits to be looked at counts for no incident yet.
    more = telling.further(ctx, id, command, None if event.held else same)
    return Decision(id=id, facts=(fact, *more), answer={"report_id": id, **({"held": True} if event.held else {})})


def _received(
    ctx: Context, actor: Actor, id: str, command: c.ReceiveReport, place: Place, same: Incident | None
) -> e.ReportReceived:
    """What is made of it: kind, urgency, doubts, each with its reasons. No words, no exact point."""
    judged = triage.triage(command.text, ctx.city)
    choice = assign.choose(judged, command.text, ctx.city, ctx.learned())
    category = ctx.city.category_by_code[telling.category_of(command, same, choice.category)]
    doubts = _doubts(ctx, actor, command.text)
    return e.ReportReceived(
        report_id=id,
        channel=actor.channel,
        origin=command.origin,
        place=place.without_point(),
        category=category.code,
        category_reasons=choice.reasons if category.code == choice.category else (),
        urgency=telling.urgency(command, choice.urgency),
        urgency_reasons=(*judged.urgency_reasons, telling.UNHEARD) if command.voice else judged.urgency_reasons,
        flood=category.flood and (judged.flood or command.category is not None),
        depth_cm=judged.depth_cm,
        photos=len(command.photos),
        # An anonymous actor's id is its device's pseudonym already.
        reporter=ctx.secrets.pseudonym(command.reporter) if command.reporter else actor.id,
        through=actor.id if command.reporter else None,
        vulnerable=judged.vulnerable,
        sensitive=category.sensitive or judged.sensitive or command.secret,
        said_at=telling.said_at(command, actor, ctx.clock.now()) if command.said_at else None,
        suggested=choice.category if command.category and actor.role == Role.CITIZEN else None,
        voice=command.voice is not None,
        to_come=command.to_come,
        doubts=doubts,
        held=bool(doubts) and abuse.held(doubts, choice.urgency, ctx.city.abuse),
    )


def _said(ctx: Context, id: str, command: c.ReceiveReport, place: Place, spoken: Mapping[str, object]) -> NewContent:
    """What may be erased one day: words, exact place, photos, contact, recording."""
    apart = telling.kept_apart(command)
    return NewContent(
        id=ctx.ids.new(),
        kind="report",
        subject=f"report/{id}",
        body={
            "text": command.text,
            "place": places.exact(place),
            "photos": list(command.photos),
            "contact": None if command.contact is None or apart else telling.contact(command.contact),
            **({"media": list(command.media)} if command.media else {}),
            **spoken,
        },
        blobs=command.photos if command.voice is None else (*command.photos, command.voice),
    )


def _lawful(ctx: Context, actor: Actor, command: c.ReceiveReport) -> Refusal | None:
    """What a body's form cannot say: something must be told; only an integrator tells of other people, and of addresses
    that we shall go to; of another time also a citizen, whose phone had no line."""
    if not (command.text.strip() or command.photos or command.voice or command.same_as):
        return invalid("nothing_said")
    if command.category is not None and command.category not in ctx.city.category_by_code:
        return invalid("unknown_category", category=command.category)
    said_at = None if actor.role == Role.CITIZEN else command.said_at
    borrowed = command.origin != "live" or said_at or command.reporter or command.media
    if borrowed and actor.role != Role.INTEGRATOR:
        return forbidden("origin_needs_key")
    return None


def _doubts(ctx: Context, actor: Actor, text: str) -> tuple[Reason, ...]:
    """What speaks against it: what the door has to say, and of somebody unknown the words themselves."""
    return (*actor.doubts, *abuse.of_text(text, ctx.city.abuse)) if actor.role == Role.CITIZEN else actor.doubts


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


async def admit(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _simple(ctx, actor, id, "report.admit", e.ReportAdmitted())


async def hold(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _simple(ctx, actor, id, "report.hold", e.ReportHeld())


async def restore(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    """What was dismissed in the quarantine goes back there."""
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    event = e.ReportHeld() if loaded.thing.held else e.ReportRestored()
    return _decided(ctx, loaded, actor, "report.restore", event)


async def confirm(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    """«Sudah»: once for all that this person said of the incident."""
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    decided = _decided(ctx, loaded, actor, "report.confirm", e.ReportConfirmed())
    return await hearing.for_all_of_his(ctx, loaded.thing, e.ReportConfirmed(), decided)


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
    incident = await follow_incident(ctx.journal, command.incident_id)
    if isinstance(incident, Refusal):
        return incident
    if not incident.thing.live:
        return conflict("incident_not_open")
    return await _simple(ctx, actor, id, "report.join", e.ReportJoined(incident_id=incident.thing.id))


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
    said = command.text or command.photos
    content = talk.words(ctx, "dispute", id, command.text or "", command.photos) if said else None
    decided = _decided(ctx, loaded, actor, "report.dispute", e.ReportDisputed(), content)
    return await hearing.for_all_of_his(ctx, loaded.thing, e.ReportDisputed(), decided)
