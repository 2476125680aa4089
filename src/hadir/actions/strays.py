"""What came to an incident in the moment in which that was merged: it goes on to the one that has the rest.

A merge checks the streams of what moves, not of what has only just been sent to the merged one. Both halves of that
race end here, by rule: whoever comes to a merged incident follows it (`follow`), and a merge looks once more (`sweep`).
"""

from __future__ import annotations

from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import follow_incident, load_incident, load_order, load_report, load_task
from hadir.actions.merging import belongings
from hadir.domain import events as e
from hadir.domain.refusals import Refusal
from hadir.ports.journal import Fact, NewFact


async def follow(ctx: Context, fact: Fact) -> list[Decision]:
    """The thing that this fact is about, if it came to an incident that is a link by now."""
    to = await _goes_on_as(ctx, fact.event.incident_id)
    moved = None if to is None else await _moved(ctx, fact.stream, to)
    return [] if moved is None else [Decision(id=fact.stream.partition("/")[2], facts=(moved,))]


async def sweep(ctx: Context, fact: Fact) -> list[Decision]:
    """Whatever still belongs to an incident that has just been merged."""
    merged = fact.stream.partition("/")[2]
    to = await _goes_on_as(ctx, merged)
    if to is None:
        return []
    moved = tuple((await belongings(ctx, merged)).moved(merged, to))
    return [Decision(id=merged, facts=moved)] if moved else []


async def _goes_on_as(ctx: Context, incident_id: str) -> str | None:
    """The id that it is a link to; None where it is none."""
    first = await load_incident(ctx.journal, incident_id)
    if isinstance(first, Refusal) or first.thing.merged_into is None:
        return None
    last = await follow_incident(ctx.journal, first.thing.merged_into)
    return None if isinstance(last, Refusal) else last.thing.id


async def _moved(ctx: Context, stream: str, to: str) -> NewFact | None:
    """As its own stream has it now: it may have been moved already."""
    noun, _, id = stream.partition("/")
    match noun:
        case "report":
            loaded, kind = await load_report(ctx.journal, id), e.ReportMoved
        case "task":
            loaded, kind = await load_task(ctx.journal, id), e.TaskMoved
        case _:
            loaded, kind = await load_order(ctx.journal, id), e.OrderMoved
    if isinstance(loaded, Refusal) or loaded.thing.incident in (None, to):
        return None
    if await _goes_on_as(ctx, loaded.thing.incident) != to:
        return None
    return loaded.fact(kind(incident_id=to, left=loaded.thing.incident))
