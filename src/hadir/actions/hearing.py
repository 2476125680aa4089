"""One person, one incident, one question: who reported twice is asked on both pages and answers once."""

from __future__ import annotations

from collections.abc import AsyncIterator

from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import load_report
from hadir.domain import events as e
from hadir.domain import report
from hadir.domain.refusals import Refusal
from hadir.ports.journal import NewFact


async def for_all_of_his(
    ctx: Context, told: report.Report, event: e.Event, decision: Decision | Refusal
) -> Decision | Refusal:
    """The answer, in the same append, also for his other reports of this incident that still wait for one."""
    if isinstance(decision, Refusal) or told.incident is None or not told.reporter:
        return decision
    others = [fact async for fact in _waiting(ctx, told, event)]
    return Decision(id=decision.id, facts=(*decision.facts, *others), answer=decision.answer)


async def _waiting(ctx: Context, told: report.Report, event: e.Event) -> AsyncIterator[NewFact]:
    for id in ctx.relations.reports_of(told.incident or ""):
        other = await load_report(ctx.journal, id) if id != told.id else None
        if other is None or isinstance(other, Refusal) or other.thing.incident != told.incident:
            continue
        if other.thing.reporter == told.reporter and other.thing.state is report.State.ASKED:
            yield other.fact(event)
