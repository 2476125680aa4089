"""Between a reporter and the desks: more words and photos, a question and its answer, what was read, the rating."""

from __future__ import annotations

from dataclasses import replace

from hadir.actions import commands as c
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import Loaded, load_report, load_task
from hadir.domain import events as e
from hadir.domain import report, talk, task
from hadir.domain.people import Subject, may
from hadir.domain.refusals import Refusal, conflict
from hadir.domain.values import Actor
from hadir.ports.journal import NewContent


async def follow_up(ctx: Context, actor: Actor, id: str, command: c.FollowUp) -> Decision | Refusal:
    """The reporter tells more, or answers the desk's question."""
    loaded = await _mine(ctx, actor, id, "report.follow_up")
    if isinstance(loaded, Refusal):
        return loaded
    now, photos = ctx.clock.now(), command.photos
    if refusal := talk.follow_up(loaded.thing, command.text, len(photos), command.answers, now):
        return refusal
    content = words(ctx, "follow_up", id, command.text, photos)
    event = e.ReportFollowedUp(photos=len(photos), answers=command.answers)
    return Decision(id=id, facts=(loaded.fact(event, content),))


async def rate(ctx: Context, actor: Actor, id: str, command: c.Rate) -> Decision | Refusal:
    """What the reporter thinks of the result. It is the agencies' figure, and nobody's who worked for them."""
    loaded = await _mine(ctx, actor, id, "report.rate")
    if isinstance(loaded, Refusal):
        return loaded
    if refusal := talk.rate(loaded.thing, command.result):
        return refusal
    incident = loaded.thing.incident or ""
    agencies = sorted({t.agency for t in await _tasks(ctx, incident) if t.state is task.State.VERIFIED})
    event = e.ReportRated(result=command.result, incident=incident, agencies=tuple(agencies))
    content = words(ctx, "rating", id, command.text) if command.text.strip() else None
    return Decision(id=id, facts=(loaded.fact(event, content),))


async def ask(ctx: Context, actor: Actor, id: str, command: c.Ask) -> Decision | Refusal:
    """A desk asks the reporter; he reads it behind his link."""
    loaded = await _desk(ctx, actor, id, "report.ask")
    if isinstance(loaded, Refusal):
        return loaded
    if refusal := talk.question(loaded.thing, command.text):
        return refusal
    event = e.ReportQuestioned(question_id=ctx.ids.new(), agency=actor.agency, told=command.told)
    return Decision(id=id, facts=(loaded.fact(event, words(ctx, "question", id, command.text)),))


async def withdraw(ctx: Context, actor: Actor, id: str, command: c.Plain) -> Decision | Refusal:
    """The question is not asked any more."""
    loaded = await _desk(ctx, actor, id, "report.withdraw")
    if isinstance(loaded, Refusal):
        return loaded
    if loaded.thing.question is None:
        return conflict("no_question")
    return Decision(id=id, facts=(loaded.fact(e.ReportQuestionWithdrawn(question_id=loaded.thing.question)),))


async def hear(ctx: Context, actor: Actor, id: str, command: c.Hear) -> Decision | Refusal:
    """This desk has read what the reporter added."""
    loaded = await _desk(ctx, actor, id, "report.hear")
    if isinstance(loaded, Refusal):
        return loaded
    return Decision(id=id, facts=(loaded.fact(e.ReportHeard(agency=actor.agency, told=command.told)),))


def words(ctx: Context, kind: str, report_id: str, text: str, photos: tuple[str, ...] = ()) -> NewContent:
    """What was said, erasable with the report."""
    body = {"text": text, **({"photos": list(photos)} if photos else {})}
    return NewContent(id=ctx.ids.new(), kind=kind, subject=f"report/{report_id}", body=body, blobs=photos)


async def _mine(ctx: Context, actor: Actor, id: str, verb: str) -> Loaded[report.Report] | Refusal:
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    return may(verb, actor, loaded.thing.subject()) or loaded


async def _desk(ctx: Context, actor: Actor, id: str, verb: str) -> Loaded[report.Report] | Refusal:
    """For the command centre, and for the agencies that have something to do about it."""
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    return may(verb, actor, await _subject(ctx, loaded.thing)) or loaded


async def _subject(ctx: Context, thing: report.Report) -> Subject:
    tasks = await _tasks(ctx, thing.incident) if thing.incident else []
    live = [t for t in tasks if t.state is not task.State.CANCELLED]
    agencies = {t.agency for t in live} | {t.offered_to for t in live if t.offered_to}
    return replace(thing.subject(), agencies=frozenset(agencies))


async def _tasks(ctx: Context, incident: str) -> list[task.Task]:
    found = [await load_task(ctx.journal, id) for id in await ctx.relations.works_of(incident)]
    return [each.thing for each in found if not isinstance(each, Refusal)]
