"""Merge and split: whole incidents become one, or one becomes two, in one append over all their streams.

What belongs to what comes from the board, which may lag by a moment: it is waited for first, every member's own stream
has the last word, and what slipped in between follows by rule (`actions.strays`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hadir.actions import commands as c
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import Loaded, load_incident, load_order, load_report, load_task
from hadir.actions.reports import words
from hadir.domain import events as e
from hadir.domain import incident, merging, order, report, task
from hadir.domain.merging import Members
from hadir.domain.people import may
from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.values import Actor, ref_of
from hadir.ports.journal import NewFact

#: How long a merge waits for the board to have taken in what was said before it.
BOARD_WAIT_S = 2.0


@dataclass(kw_only=True, slots=True)
class Belongings:
    """What belongs to an incident by each member's own stream."""

    reports: list[Loaded[report.Report]] = field(default_factory=list)
    tasks: list[Loaded[task.Task]] = field(default_factory=list)
    orders: list[Loaded[order.Order]] = field(default_factory=list)

    @property
    def members(self) -> Members:
        return Members(
            reports=tuple(sorted(each.thing.id for each in self.reports)),
            tasks=tuple(sorted(each.thing.id for each in self.tasks)),
            orders=tuple(sorted(each.thing.id for each in self.orders)),
        )

    def among(self, members: Members) -> Belongings:
        return Belongings(
            reports=[each for each in self.reports if each.thing.id in members.reports],
            tasks=[each for each in self.tasks if each.thing.id in members.tasks],
            orders=[each for each in self.orders if each.thing.id in members.orders],
        )

    def without(self, members: Members) -> Belongings:
        rest = Belongings()
        rest.reports = [each for each in self.reports if each.thing.id not in members.reports]
        rest.tasks = [each for each in self.tasks if each.thing.id not in members.tasks]
        rest.orders = [each for each in self.orders if each.thing.id not in members.orders]
        return rest

    def moved(self, left: str, to: str) -> Iterable[NewFact]:
        """All of it goes from one incident to another."""
        yield from (each.fact(e.ReportMoved(incident_id=to, left=left)) for each in self.reports)
        yield from (each.fact(e.TaskMoved(incident_id=to, left=left)) for each in self.tasks)
        yield from (each.fact(e.OrderMoved(incident_id=to, left=left)) for each in self.orders)

    @property
    def work(self) -> list[task.Task]:
        return [each.thing for each in self.tasks]


async def belongings(ctx: Context, incident_id: str) -> Belongings:
    """By the board; confirmed by the streams."""
    found = Belongings()
    for id in ctx.relations.reports_of(incident_id):
        loaded = await load_report(ctx.journal, id)
        if not isinstance(loaded, Refusal) and loaded.thing.incident == incident_id:
            found.reports.append(loaded)
    for id in ctx.relations.tasks_of(incident_id):
        loaded = await load_task(ctx.journal, id)
        if not isinstance(loaded, Refusal) and loaded.thing.incident == incident_id:
            found.tasks.append(loaded)
    for id in ctx.relations.orders_of(incident_id):
        loaded = await load_order(ctx.journal, id)
        if not isinstance(loaded, Refusal) and loaded.thing.incident == incident_id:
            found.orders.append(loaded)
    return found


async def merge(ctx: Context, actor: Actor, id: str, command: c.Merge) -> Decision | Refusal:
    """These others become this one."""
    into = await _theirs(ctx, actor, "incident.merge", id, command.seen_version)
    if isinstance(into, Refusal):
        return into
    others = await _named(ctx, into.thing, command.incidents)
    return others if isinstance(others, Refusal) else await _merged(ctx, into, others)


async def unsplit(ctx: Context, actor: Actor, id: str, command: c.Unsplit) -> Decision | Refusal:
    """The one that was split off becomes a part again; without a name the newest."""
    into = await _theirs(ctx, actor, "incident.unsplit", id, None)
    if isinstance(into, Refusal):
        return into
    off = into.thing.split_off
    if not off or command.incident_id not in (None, *off):
        return conflict("nothing_split")
    others = await _named(ctx, into.thing, (c.OtherIncident(id=command.incident_id or off[-1]),))
    return others if isinstance(others, Refusal) else await _merged(ctx, into, others, undoes=True)


async def _theirs(
    ctx: Context, actor: Actor, verb: str, id: str, seen_version: int | None
) -> Loaded[incident.Incident] | Refusal:
    """The incident that the command is about, going on, and as its sender saw it."""
    if refusal := may(verb, actor):
        return refusal
    await ctx.relations.wait(await ctx.journal.position(), BOARD_WAIT_S)
    loaded = await load_incident(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    if loaded.thing.merged_into is not None:
        return conflict("incident_merged", ref=ref_of(loaded.thing.merged_into))
    if not loaded.thing.live:
        return conflict("incident_not_open")
    return loaded if seen_version in (None, loaded.version) else conflict("seen_older", ref=ref_of(id))


async def _named(
    ctx: Context, into: incident.Incident, named: Sequence[c.OtherIncident]
) -> list[Loaded[incident.Incident]] | Refusal:
    """The others, each once, each as its sender saw it."""
    found: list[Loaded[incident.Incident]] = []
    for each in {each.id: each for each in named}.values():
        loaded = await load_incident(ctx.journal, each.id)
        if isinstance(loaded, Refusal):
            return loaded
        if refusal := merging.mergeable(into, loaded.thing):
            return refusal
        if each.seen_version not in (None, loaded.version):
            return conflict("seen_older", ref=ref_of(each.id))
        found.append(loaded)
    return found


async def _merged(
    ctx: Context,
    into: Loaded[incident.Incident],
    others: Sequence[Loaded[incident.Incident]],
    *,
    undoes: bool = False,
) -> Decision | Refusal:
    thing, facts, work, moved = into.thing, list[NewFact](), list[task.Task](), 0
    for other in others:
        theirs = await belongings(ctx, other.thing.id)
        event = merging.absorbed(thing, other.thing, theirs.members, undoes=undoes)
        thing = incident.evolve(thing, event)
        merged = e.IncidentMerged(incident_id=into.thing.id)
        facts += [into.fact(event), *theirs.moved(other.thing.id, into.thing.id), other.fact(merged)]
        work += theirs.work
        moved += len(theirs.members)
    if moved > merging.MEMBERS_MOST:
        return invalid("too_much_at_once", most=str(merging.MEMBERS_MOST))
    if pace := merging.changed_pace(thing, work, may_stop=False):
        facts.append(into.fact(pace))
    answer = {"incident_id": into.thing.id, "merged": [other.thing.id for other in others]}
    return Decision(id=into.thing.id, facts=tuple(facts), answer=answer)


async def unmerge(ctx: Context, actor: Actor, id: str, command: c.Unmerge) -> Decision | Refusal:
    """These stand for themselves again, with what they brought and what is still here."""
    into = await _theirs(ctx, actor, "incident.unmerge", id, None)
    if isinstance(into, Refusal):
        return into
    here, thing, facts = await belongings(ctx, id), into.thing, list[NewFact]()
    for other_id in dict.fromkeys(command.incidents):
        other = await load_incident(ctx.journal, other_id)
        if isinstance(other, Refusal):
            return other
        taken = merging.taken_from(thing, other.thing)
        if isinstance(taken, Refusal):
            return taken
        back = here.among(here.members.among(taken))
        here = here.without(back.members)
        event = merging.parted(thing, other.thing, taken, back.members)
        facts += [into.fact(event), other.fact(e.IncidentUnmerged(incident_id=id)), *back.moved(id, other_id)]
        if other.thing.was_started or merging.worked_on(back.work):
            facts.append(other.fact(e.IncidentStarted()))
        thing = incident.evolve(thing, event)
        if pace := merging.changed_pace(thing, here.work, may_stop=taken.was_open):
            facts.append(into.fact(pace))
            thing = incident.evolve(thing, pace)
    return Decision(id=id, facts=tuple(facts), answer={"incident_id": id, "unmerged": list(command.incidents)})


async def split(ctx: Context, actor: Actor, id: str, command: c.Split) -> Decision | Refusal:
    """The chosen reports, and the chosen tasks with their orders, become an incident of their own."""
    old = await _theirs(ctx, actor, "incident.split", id, command.seen_version)
    if isinstance(old, Refusal):
        return old
    here = await belongings(ctx, id)
    members = here.members
    if refusal := merging.splittable(members.reports, command.reports):
        return refusal
    if elsewhere := [task_id for task_id in command.tasks if task_id not in members.tasks]:
        return conflict("task_elsewhere", ref=ref_of(elsewhere[0]))
    if command.category is not None and command.category not in ctx.city.category_by_code:
        return invalid("unknown_category", category=command.category)
    going = here.among(_going(here, command))
    return _split(ctx, old, here.without(going.members), going, command)


def _going(here: Belongings, command: c.Split) -> Members:
    """An order goes with its task."""
    orders = tuple(each.thing.id for each in here.orders if each.thing.task in command.tasks)
    return Members(reports=tuple(command.reports), tasks=tuple(command.tasks), orders=orders)


def _split(
    ctx: Context, old: Loaded[incident.Incident], rest: Belongings, going: Belongings, command: c.Split
) -> Decision:
    new_id = ctx.ids.new()
    opened = _opened(ctx, old.thing, going, command.category, new_id)
    title = words(ctx, "title", f"incident/{new_id}", title=command.title) if command.title else None
    members = going.members
    event = e.IncidentSplit(incident_id=new_id, reports=members.reports, tasks=members.tasks, orders=members.orders)
    new = Loaded(thing=incident.evolve(None, opened), stream=f"incident/{new_id}", version=0)
    facts = [old.fact(event), new.fact(opened, title), *going.moved(old.thing.id, new_id)]
    if pace := merging.changed_pace(new.thing, going.work, may_stop=False):
        facts.append(new.fact(pace))
    if pace := merging.changed_pace(old.thing, rest.work, may_stop=bool(going.tasks)):
        facts.append(old.fact(pace))
    return Decision(id=old.thing.id, facts=tuple(facts), answer={"incident_id": new_id, "split_from": old.thing.id})


def _opened(
    ctx: Context, old: incident.Incident, going: Belongings, category: str | None, new_id: str
) -> e.IncidentOpened:
    """As its reports say; as grave as the old one until somebody says otherwise. The command level is a person's."""
    kinds = {each.thing.category for each in going.reports}
    code = category or (kinds.pop() if len(kinds) == 1 else old.category)
    first = min(going.reports, key=lambda each: each.thing.id).thing
    return e.IncidentOpened(
        incident_id=new_id,
        category=code,
        place=first.place,
        severity=old.severity,
        flood=ctx.city.category_by_code[code].flood,
        origin=first.origin,
        split_from=old.id,
    )
