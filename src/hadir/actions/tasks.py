"""Tasks: given to an agency, by its desk to an officer, done with proof, verified by somebody else."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from hadir.actions import commands as c
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import follow_incident, load_task
from hadir.actions.reports import words
from hadir.domain import events as e
from hadir.domain import task
from hadir.domain.people import Role, may
from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.values import Actor
from hadir.ports.journal import NewContent, NewFact


async def give(ctx: Context, actor: Actor, id: str, command: c.GiveTask) -> Decision | Refusal:
    if refusal := may("task.give", actor):
        return refusal
    if command.agency not in ctx.city.agency_by_code:
        return invalid("unknown_agency", agency=command.agency)
    loaded = await follow_incident(ctx.journal, command.incident_id)
    if isinstance(loaded, Refusal):
        return loaded
    if not loaded.thing.live:
        return conflict("incident_not_open")
    id = ctx.ids.new()
    event = e.TaskGiven(
        task_id=id,
        incident_id=loaded.thing.id,
        agency=command.agency,
        category=loaded.thing.category,
        place=loaded.thing.place,
    )
    content = words(ctx, "what", f"task/{id}", text=command.what) if command.what.strip() else None
    facts = [NewFact(stream=f"task/{id}", expected=0, event=event, content=content)]
    if command.officer is not None:
        assigned = e.TaskAssigned(officer=command.officer)
        named = await ctx.people.account(command.officer)
        if refusal := task.decide(task.evolve(None, event), assigned, "task.assign", actor, named):
            return refusal
        facts.append(NewFact(stream=f"task/{id}", expected=0, event=assigned))
    return Decision(id=id, facts=tuple(facts), answer={"task_id": id})


async def _act(
    ctx: Context, actor: Actor, id: str, verb: str, event: e.Event, content: NewContent | None = None
) -> Decision | Refusal:
    loaded = await load_task(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    named = await ctx.people.account(event.officer) if isinstance(event, e.TaskAssigned) else None
    mine = await ctx.people.same_person(actor.id) if isinstance(event, e.TaskVerified) else frozenset[str]()
    if refusal := task.decide(loaded.thing, event, verb, actor, named, mine):
        return await _why_no_more(ctx, actor, loaded.thing, refusal)
    if isinstance(event, e.TaskAssigned | e.TaskUnassigned | e.TaskTaken):
        event = replace(event, from_officer=loaded.thing.officer)
    return Decision(id=id, facts=(loaded.fact(event, content),))


async def _why_no_more(ctx: Context, actor: Actor, thing: task.Task, refusal: Refusal) -> Refusal:
    """An officer whose press was on its way for an hour is told who has his task now, and since when.

    Only who once had it himself: to others it stays what it is, not theirs.
    """
    if refusal.code != "not_yours" or actor.role != Role.OFFICER:
        return refusal
    if actor.id not in thing.had:
        return refusal
    facts = await ctx.journal.read_stream(f"task/{thing.id}")
    moved = (e.TaskAssigned, e.TaskTaken, e.TaskDeclined, e.TaskUnassigned)
    at = next(f.at for f in reversed(facts) if isinstance(f.event, moved))
    clock = f"{at.astimezone(ZoneInfo(ctx.city.zone)):%H.%M}"
    holder = await ctx.people.account(thing.officer) if thing.officer else None
    if holder is None:
        return conflict("task_gone", at=clock)
    return conflict("task_taken", who=holder.name, at=clock)


async def _because(
    ctx: Context, actor: Actor, id: str, verb: str, event: e.Event, command: c.Because
) -> Decision | Refusal:
    content = words(ctx, "reason", f"task/{id}", text=command.reason)
    return await _act(ctx, actor, id, verb, event, content)


async def assign(ctx: Context, actor: Actor, id: str, command: c.Assign) -> Decision | Refusal:
    return await _act(ctx, actor, id, "task.assign", e.TaskAssigned(officer=command.officer))


async def unassign(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    """The undo of assigning; who has taken it already goes on."""
    return await _act(ctx, actor, id, "task.unassign", e.TaskUnassigned())


async def accept(ctx: Context, actor: Actor, id: str, command: c.Pressed) -> Decision | Refusal:
    return await _act(ctx, actor, id, "task.accept", e.TaskAccepted())


async def decline(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    return await _because(ctx, actor, id, "task.decline", e.TaskDeclined(), command)


async def depart(ctx: Context, actor: Actor, id: str, command: c.Pressed) -> Decision | Refusal:
    return await _act(ctx, actor, id, "task.depart", e.TaskEnRoute(device_at=command.device_at))


async def arrive(ctx: Context, actor: Actor, id: str, command: c.Pressed) -> Decision | Refusal:
    return await _act(ctx, actor, id, "task.arrive", e.TaskOnScene(device_at=command.device_at))


async def finish(ctx: Context, actor: Actor, id: str, command: c.Finish) -> Decision | Refusal:
    """Done needs evidence: a photo, or words where a photo cannot be taken."""
    content = None
    if command.photos or (command.note or "").strip():
        content = NewContent(
            id=ctx.ids.new(),
            kind="evidence",
            subject=f"task/{id}",
            body={"text": command.note, "photos": list(command.photos)},
            blobs=command.photos,
        )
    # The rule asks whether there are words; the journal fills in the content's real id.
    event = e.TaskDone(photos=len(command.photos), device_at=command.device_at, content=content and content.id)
    return await _act(ctx, actor, id, "task.finish", event, content)


async def verify(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _act(ctx, actor, id, "task.verify", e.TaskVerified())


async def send_back(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    return await _because(ctx, actor, id, "task.send_back", e.TaskSentBack(), command)


async def cancel(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    return await _because(ctx, actor, id, "task.cancel", e.TaskCancelled(), command)


async def offer(ctx: Context, actor: Actor, id: str, command: c.Offer) -> Decision | Refusal:
    """A hand-over: until the other agency takes it the giver owns it."""
    if command.agency not in ctx.city.agency_by_code:
        return invalid("unknown_agency", agency=command.agency)
    content = words(ctx, "reason", f"task/{id}", text=command.reason)
    return await _act(ctx, actor, id, "task.offer", e.TaskOffered(to_agency=command.agency), content)


async def take(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    return await _act(ctx, actor, id, "task.take", e.TaskTaken(agency=actor.agency or ""))


async def give_back(ctx: Context, actor: Actor, id: str, command: c.Because) -> Decision | Refusal:
    return await _because(ctx, actor, id, "task.return", e.TaskReturned(), command)
