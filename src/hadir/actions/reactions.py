"""What the city's rules do by themselves when something happened: all of it in one table, REACTIONS.

A follower of the journal. Each reaction is a command with an id made of the position it reacts to, so doing it twice
(after a crash, or on two nodes) records it once. A reaction that asks the board what belongs to what waits for it
first; whatever decides is then loaded anew from the journal.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import groupby

from hadir.actions import strays
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.execute import record
from hadir.actions.loading import Loaded, load_flood, load_incident, load_report, load_task
from hadir.domain import events as e
from hadir.domain import flood, incident, machine, report, task
from hadir.domain.people import Role
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor
from hadir.ports.cursors import Cursors
from hadir.ports.journal import Conflict, DiskFull, Fact, Unavailable
from hadir.ports.relations import Relations

log = logging.getLogger(__name__)

NAME = "reactions"
SYSTEM = Actor(id="system:rules", role=Role.SYSTEM, channel="system")
BATCH = 500
# So many facts at once are a burst: the next ones may gather for a moment, as on the board.
CROWD, GATHER_S = 3, 0.025
# How long a reaction waits for the board to reach its fact; the board is normally there within a millisecond.
BOARD_WAIT_S = 5.0
# After the database went away: try again this often, so that the city's rules resume within a second of its return.
RETRY_S = 1.0

Reaction = Callable[["Reactions", Fact], Awaitable["list[Decision]"]]


class Reactions:
    """Runs REACTIONS over the journal, from where it stopped last time."""

    def __init__(self, ctx: Context, cursors: Cursors) -> None:
        self.ctx = ctx
        self._cursors = cursors
        self._floods: dict[str, Loaded[flood.Flood]] = {}

    async def follow(self) -> None:
        """For ever; survives the database going away."""
        after: int | None = None
        while True:
            try:
                after = await self._cursors.get(NAME) if after is None else after
                newest = await self.ctx.journal.wait(after, timeout=60.0)
                begun, after = after, await self.catch_up(after, newest)
                if after - begun >= CROWD:
                    await asyncio.sleep(GATHER_S)
            except (Unavailable, DiskFull, OSError):
                log.warning("the journal cannot be reached; rules wait", extra={"action": "reactions.wait"})
                await asyncio.sleep(RETRY_S)

    async def catch_up(self, after: int, newest: int | None = None) -> int:
        """React to everything after a position, up to `newest` at least; the new position."""
        while (newest is None or after < newest) and (facts := await self.ctx.journal.read(after, BATCH)):
            await self._react_to(fact for fact in facts if _matters(fact.event))
            after = facts[-1].position
            await self._cursors.set(NAME, after)
        return after

    async def _react_to(self, facts: Iterable[Fact]) -> None:
        """In their order; what reports lead to is recorded side by side."""
        for reports, run in groupby(facts, key=lambda fact: isinstance(fact.event, e.ReportReceived)):
            if reports:
                await self._react_together(list(run))
                continue
            for fact in run:
                await self.react(fact)

    async def _react_together(self, facts: Sequence[Fact]) -> None:
        """A cloudburst brings signs by the hundred: with a commit of its own each cost 2.6 ms, half of all the work."""
        records = [
            asyncio.create_task(self._record(fact, decision))
            for fact in facts
            for decision in await REACTIONS[type(fact.event)](self, fact)
        ]
        outcomes = await asyncio.gather(*records, return_exceptions=True)
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if not failed:
            return
        self._floods.clear()
        for error in failed:
            if not isinstance(error, Conflict):
                raise error
        for fact in facts:
            await self.react(fact)

    async def react(self, fact: Fact) -> None:
        """Carry out what follows from one fact."""
        while True:
            try:
                for decision in await REACTIONS[type(fact.event)](self, fact):
                    await self._record(fact, decision)
                return
            except Conflict:
                self._floods.clear()

    async def _record(self, fact: Fact, decision: Decision) -> None:
        await record(self.ctx, SYSTEM, f"{fact.position}-{decision.id}", decision, cause=f"fact:{fact.position}")

    async def board_at(self, fact: Fact) -> Relations:
        """What belongs to what, when the board has taken in this fact."""
        await self.ctx.relations.wait(fact.position, BOARD_WAIT_S)
        return self.ctx.relations

    async def flood_of(self, area: str) -> Loaded[flood.Flood]:
        """An area's flood state, remembered: its stream grows with every sign, and is read once a start."""
        if area not in self._floods:
            self._floods[area] = await load_flood(self.ctx.journal, area)
        return self._floods[area]

    def remember_flood(self, loaded: Loaded[flood.Flood], events: tuple[e.Event, ...]) -> None:
        thing, now = loaded.thing, self.ctx.clock.now()
        for event in events:
            thing = flood.evolve(thing, event, now)
        version = loaded.version + len(events)
        self._floods[thing.area] = Loaded(thing=thing, stream=loaded.stream, version=version)


def _matters(event: e.Event) -> bool:
    """Does anything follow from it?"""
    return type(event) in REACTIONS and not _dry(event) and not _held(event)


def _dry(event: e.Event) -> bool:
    """Most reports are not about water: they cost the rules nothing, not even a wait for the board."""
    return isinstance(event, e.ReportReceived | e.ReportRecategorised) and not event.flood


def _held(event: e.Event) -> bool:
    """In the quarantine a report is a witness of nothing; it becomes one when somebody lets it out."""
    return isinstance(event, e.ReportReceived) and event.held


async def first_sign_of_water(reactions: Reactions, fact: Fact) -> list[Decision]:
    """A report of water is a sign in its area; enough of them confirm it. All that is needed stands in the fact."""
    said: e.ReportReceived = fact.event
    sign = e.AreaFloodReported(
        source="citizen",
        witness=said.reporter,
        report_id=said.report_id,
        depth_cm=said.depth_cm,
        photo=said.photos > 0,
        origin=said.origin,
        through=said.through,
    )
    return await _sign(reactions, said.place.area, sign)


async def late_sign_of_water(reactions: Reactions, fact: Fact) -> list[Decision]:
    """A person said that a report is about water, or where it is: only now it is a sign there."""
    loaded = await load_report(reactions.ctx.journal, fact.stream.partition("/")[2])
    if isinstance(loaded, Refusal) or not loaded.thing.flood or loaded.thing.state is report.State.HELD:
        return []
    told = loaded.thing
    sign = e.AreaFloodReported(
        source="citizen", witness=told.reporter, report_id=told.id, origin=told.origin, through=told.through
    )
    return await _sign(reactions, told.place.area, sign)


async def _sign(reactions: Reactions, area_code: str | None, sign: e.AreaFloodReported) -> list[Decision]:
    if area_code is None:
        return []
    area = await reactions.flood_of(area_code)
    events = flood.on_sign(area.thing, sign, reactions.ctx.city.flood, reactions.ctx.clock.now())
    decision = Decision(id=area.thing.area, facts=tuple(area.fact(event) for event in events))
    reactions.remember_flood(area, events)
    return [decision]


async def start_incident(reactions: Reactions, fact: Fact) -> list[Decision]:
    """The first accepted task puts its incident in progress."""
    loaded = await load_task(reactions.ctx.journal, fact.stream.partition("/")[2])
    if isinstance(loaded, Refusal):
        return []
    return await _incident_step(reactions, loaded.thing.incident, e.IncidentStarted())


async def _incident_step(reactions: Reactions, incident_id: str, event: e.Event) -> list[Decision]:
    loaded = await load_incident(reactions.ctx.journal, incident_id)
    if isinstance(loaded, Refusal) or not machine.allowed(incident.TABLE, loaded.thing.state, type(event)):
        return []
    return [Decision(id=incident_id, facts=(loaded.fact(event),))]


async def resolve_incident(reactions: Reactions, fact: Fact) -> list[Decision]:
    """When every task has ended and at least one was verified, the incident is resolved."""
    ended = await load_task(reactions.ctx.journal, fact.stream.partition("/")[2])
    if isinstance(ended, Refusal):
        return []
    states = [ended.thing.state]
    for task_id in (await reactions.board_at(fact)).tasks_of(ended.thing.incident):
        other = await load_task(reactions.ctx.journal, task_id)
        states += [] if isinstance(other, Refusal) else [other.thing.state]
    if task.State.VERIFIED not in states or any(s not in task.ENDED for s in states):
        return []
    return await _incident_step(reactions, ended.thing.incident, e.IncidentResolved())


async def ask_reporters(reactions: Reactions, fact: Fact) -> list[Decision]:
    """A resolved incident asks each of its reporters whether it is really solved."""
    incident_id = fact.stream.partition("/")[2]
    decisions = []
    for report_id in (await reactions.board_at(fact)).reports_of(incident_id):
        loaded = await load_report(reactions.ctx.journal, report_id)
        if isinstance(loaded, Refusal) or loaded.thing.state not in (report.State.JOINED, report.State.DISPUTED):
            continue
        decisions.append(Decision(id=report_id, facts=(loaded.fact(e.ReportAsked(incident_id=incident_id)),)))
    return decisions


async def reopen_incident(reactions: Reactions, fact: Fact) -> list[Decision]:
    """«Belum» opens it again."""
    loaded = await load_report(reactions.ctx.journal, fact.stream.partition("/")[2])
    if isinstance(loaded, Refusal) or loaded.thing.incident is None:
        return []
    return await _incident_step(reactions, loaded.thing.incident, e.IncidentReopened())


async def close_incident(reactions: Reactions, fact: Fact) -> list[Decision]:
    """When every reporter that was asked has said «sudah», it is over."""
    confirmed = await load_report(reactions.ctx.journal, fact.stream.partition("/")[2])
    if isinstance(confirmed, Refusal) or confirmed.thing.incident is None:
        return []
    for report_id in (await reactions.board_at(fact)).reports_of(confirmed.thing.incident):
        other = await load_report(reactions.ctx.journal, report_id)
        if isinstance(other, Refusal) or other.thing.state is not report.State.CONFIRMED:
            return []
    return await _incident_step(reactions, confirmed.thing.incident, e.IncidentClosed())


async def stray(reactions: Reactions, fact: Fact) -> list[Decision]:
    """It came to an incident in the moment in which that was merged: it goes on to the one that has the rest."""
    return await strays.follow(reactions.ctx, fact)


async def left_behind(reactions: Reactions, fact: Fact) -> list[Decision]:
    """What came while the merge was being decided, and what the board had not told yet."""
    await reactions.board_at(fact)
    return await strays.sweep(reactions.ctx, fact)


REACTIONS: Mapping[type[e.Event], Reaction] = {
    e.ReportReceived: first_sign_of_water,
    e.ReportRecategorised: late_sign_of_water,
    e.ReportRelocated: late_sign_of_water,
    e.ReportAdmitted: late_sign_of_water,
    e.TaskAccepted: start_incident,
    e.TaskVerified: resolve_incident,
    e.TaskCancelled: resolve_incident,
    e.IncidentResolved: ask_reporters,
    e.ReportDisputed: reopen_incident,
    e.ReportConfirmed: close_incident,
    e.ReportJoined: stray,
    e.TaskGiven: stray,
    e.OrderSent: stray,
    e.IncidentMerged: left_behind,
}
"""fact → what follows from it by rule."""
