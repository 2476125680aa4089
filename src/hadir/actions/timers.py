"""The timers of orders: a missed step is a fact, an order nobody accepted in time is over. All by rule.

A follower of the journal, and no table of jobs: what an order waits for is folded from its facts (`domain.deadlines`),
and kept in memory. The saved position lies just before the oldest order that still waits, so a start reads again what
it needs and nothing more; at most a week, the longest an order may take. Each miss is a command whose id is made of the
order, its version and the step, so a crash between two breaths, or a second node, records it once. The order is loaded
anew before anything is written: a step that has just happened was not missed. So is the task of an accepted order when
its minutes are over; that is asked once, and what becomes of the work after it is the task's own clocks' to say.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime

from hadir.actions import copies
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.execute import record
from hadir.actions.loading import load_order, load_task
from hadir.actions.reactions import SYSTEM
from hadir.domain import deadlines, order, task
from hadir.domain import events as e
from hadir.domain.deadlines import Deadline, Step, Watch
from hadir.domain.refusals import Refusal
from hadir.domain.values import Copy
from hadir.ports.cursors import Cursors
from hadir.ports.journal import Conflict, DiskFull, Fact, Unavailable

log = logging.getLogger(__name__)

NAME = "timers"
BATCH = 500
# So many facts at once are a burst: the next ones may gather for a moment, as on the board.
CROWD, GATHER_S = 3, 0.025
# Without a deadline in sight: look up this often all the same.
IDLE_S = 60.0
# After the database went away: try again this often, so that a timer is at most a second late when it is back.
RETRY_S = 1.0
# Facts that concern no order move the saved position only every so many: it costs a write, and saves a little reading.
SAVE_EVERY = 1000


@dataclass(slots=True)
class _Held:
    """An order that waits, where in the journal it began, and the fact its present state came with."""

    watch: Watch
    begun: int
    position: int
    #: names of deadlines that were dealt with, whether or not there was something to record
    fired: set[str] = field(default_factory=set)


class Timers:
    """Keeps what orders wait for, and records what did not come."""

    def __init__(self, ctx: Context, cursors: Cursors) -> None:
        self.ctx = ctx
        self._cursors = cursors
        self._held: dict[str, _Held] = {}
        self._coming: list[tuple[datetime, Deadline, _Held]] | None = None
        self._saved = 0

    async def follow(self) -> None:
        """For ever; survives the database going away."""
        after: int | None = None
        while True:
            try:
                after = await self.begin() if after is None else after
                newest = await self.ctx.journal.wait(after, self.patience())
                begun, after = after, await self.catch_up(after, newest)
                await self.fire()
                if after - begun >= CROWD:
                    await asyncio.sleep(GATHER_S)
            except (Unavailable, DiskFull, OSError):
                log.warning("the journal cannot be reached; timers wait", extra={"action": "timers.wait"})
                await asyncio.sleep(RETRY_S)

    async def begin(self) -> int:
        """Where to read from: everything that waits began after this position."""
        self._held.clear()
        self._coming = None
        self._saved = await self._cursors.get(NAME)
        return await self.catch_up(self._saved)

    async def catch_up(self, after: int, newest: int | None = None) -> int:
        """Fold everything after a position, up to `newest` at least; the new position."""
        while (newest is None or after < newest) and (facts := await self.ctx.journal.read(after, BATCH)):
            touched = [self._take(fact) for fact in facts if fact.stream.startswith("order/")]
            after = facts[-1].position
            await self._save(after, orders=bool(touched))
        return after

    def _take(self, fact: Fact) -> None:
        id = fact.stream.partition("/")[2]
        held = self._held.get(id)
        watch = deadlines.evolve(held.watch if held else None, fact.event, fact.at)
        self._coming = None
        if watch is None:
            self._held.pop(id, None)
        elif held is None:
            self._held[id] = _Held(watch, fact.position, fact.position)
        else:
            missed = isinstance(fact.event, e.OrderOverdue)
            held.watch, held.position = watch, held.position if missed else fact.position

    async def _save(self, after: int, *, orders: bool) -> None:
        """Just before the oldest order that waits, or here when none does."""
        safe = min((held.begun - 1 for held in self._held.values()), default=after)
        if safe > self._saved and (orders or safe - self._saved >= SAVE_EVERY):
            await self._cursors.set(NAME, safe)
            self._saved = safe

    def coming(self) -> list[tuple[datetime, Deadline, _Held]]:
        """(when, what, of which order) of everything that may still be missed, the soonest first."""
        if self._coming is None:
            found = [
                (deadline.at, deadline, held)
                for held in self._held.values()
                for deadline in deadlines.deadlines(held.watch, self.ctx.city.order_rules_at(held.watch.since))
                if deadline.name not in held.fired
            ]
            self._coming = sorted(found, key=lambda each: (each[0], each[1].name))
        return self._coming

    def patience(self) -> float:
        """Seconds until the next deadline."""
        coming = self.coming()
        if not coming:
            return IDLE_S
        return min(IDLE_S, max(0.0, (coming[0][0] - self.ctx.clock.now()).total_seconds()))

    async def fire(self) -> None:
        """Record what has not come in its time. Raises Unavailable, DiskFull: it is tried again."""
        now = self.ctx.clock.now()
        for at, deadline, held in self.coming():
            if at > now:
                return
            await self._miss(deadline, held.position)
            held.fired.add(deadline.name)
            if deadline.step is Step.DONE:
                self._held.pop(deadline.order_id, None)
            self._coming = None

    async def _miss(self, deadline: Deadline, position: int) -> None:
        while True:
            decision = await self._decided(deadline)
            if decision is None:
                return
            try:
                await record(self.ctx, SYSTEM, deadline.name, decision, cause=f"fact:{position}")
                return
            except Conflict:
                continue

    async def _decided(self, deadline: Deadline) -> Decision | None:
        """None when the step has come after all, or the order has moved on."""
        loaded = await load_order(self.ctx.journal, deadline.order_id)
        if isinstance(loaded, Refusal) or loaded.thing.said_version != deadline.said_version:
            return None
        if deadline.step is Step.ACCEPTED:
            event, verb = e.OrderExpired(), "order.expire"
        elif await self._missed(loaded.thing, deadline.step):
            event, verb = await self._overdue(loaded.thing, deadline), "order.miss"
        else:
            return None
        if order.decide(loaded.thing, event, verb, SYSTEM):
            return None
        return Decision(id=deadline.order_id, facts=(loaded.fact(event),))

    async def _missed(self, late: order.Order, step: Step) -> bool:
        """It still waits for this step; for «done», somebody has its task. Given back or called off, it is lost."""
        if step is not Step.DONE:
            return deadlines.AWAITS.get(late.state) is step
        if late.state is not order.State.ACCEPTED or late.task is None:
            return False
        loaded = await load_task(self.ctx.journal, late.task)
        return not isinstance(loaded, Refusal) and loaded.thing.state in task.TO_DO

    async def _overdue(self, late: order.Order, deadline: Deadline) -> e.OrderOverdue:
        told: tuple[Copy, ...] = ()
        if deadline.step is Step.SEEN:
            told = await copies.of_late(self.ctx, late.to, late.agency)
        elif deadline.step is Step.DONE:
            told = await copies.superiors(self.ctx, late.agency, "late")
        return e.OrderOverdue(
            step=deadline.step.value,
            due=deadline.at,
            said_version=deadline.said_version,
            consequence=deadlines.CONSEQUENCES[deadline.step],
            to=late.to,
            told=told,
        )
