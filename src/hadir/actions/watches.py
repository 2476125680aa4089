"""Nobody stays alone at a dangerous place without a word: begun, ended and missed by rule, each a fact.

A follower of the journal beside `timers`, and of the same make: what it needs is folded from the facts and kept in
memory, the saved position lies just before the oldest officer who is still on a scene, and every fact it records has an
id made of the position that it follows from, so a crash or a second node records it once. (`timers` holds the deadlines
of orders; here the clock starts anew with each word, and what counts is who else is there.)
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.execute import record
from hadir.actions.loading import load_task
from hadir.actions.reactions import SYSTEM
from hadir.domain import events as e
from hadir.domain.fleet import Rules
from hadir.domain.refusals import Refusal
from hadir.ports.cursors import Cursors
from hadir.ports.journal import DiskFull, Fact, NewFact, Unavailable

log = logging.getLogger(__name__)

NAME = "watches"
BATCH = 500
# A word that is a second late is not late; nobody is called for less.
LOOK_S = 1.0
IDLE_S = 60.0
RETRY_S = 1.0
SAVE_EVERY = 1000

_LEAVES = (e.TaskDone, e.TaskDeclined, e.TaskCancelled, e.TaskTaken)


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """An officer on a scene, for one task, since the fact at `position`."""

    task: str
    unit: str
    incident: str
    agency: str
    category: str
    position: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """A word is due from him. `position`: of the fact from which this stretch of time runs."""

    task: str
    agency: str
    due_at: datetime
    every: timedelta
    grace: timedelta
    position: int
    missed: bool = False


def alone(posts: dict[str, Post]) -> dict[str, Post]:
    """Officers who are the only one at their incident → their post (of several tasks there the first)."""
    there: dict[str, dict[str, Post]] = {}
    for post in sorted(posts.values(), key=lambda post: post.position):
        there.setdefault(post.incident, {}).setdefault(post.unit, post)
    return {unit: post for units in there.values() if len(units) == 1 for unit, post in units.items()}


class Watches:
    """Who is on a scene, from whom a word is due, and what follows when it does not come."""

    def __init__(self, ctx: Context, cursors: Cursors) -> None:
        self.ctx = ctx
        self._cursors = cursors
        self._zone = ZoneInfo(ctx.city.zone)
        self._posts: dict[str, Post] = {}
        self._watches: dict[str, Watch] = {}
        #: incident → the newest fact that changed who is there
        self._changed: dict[str, int] = {}
        self._saved = 0

    async def follow(self) -> None:
        """For ever; survives the database going away."""
        after: int | None = None
        while True:
            try:
                after = await self.begin() if after is None else after
                newest = await self.ctx.journal.wait(after, LOOK_S if self._watches else IDLE_S)
                after = await self.catch_up(after, newest)
                await self.fire()
            except (Unavailable, DiskFull, OSError):
                log.warning("the journal cannot be reached; watches wait", extra={"action": "watches.wait"})
                await asyncio.sleep(RETRY_S)

    async def begin(self) -> int:
        """Where to read from: everybody who is on a scene arrived after this position."""
        self._posts.clear()
        self._watches.clear()
        self._changed.clear()
        self._saved = await self._cursors.get(NAME)
        return await self.catch_up(self._saved)

    async def catch_up(self, after: int, newest: int | None = None) -> int:
        """Fold everything after a position, up to `newest` at least, and put right who is watched; the new position."""
        while (newest is None or after < newest) and (facts := await self.ctx.journal.read(after, BATCH)):
            for fact in facts:
                await self._take(fact)
            after = facts[-1].position
        await self._settle()
        await self._save(after)
        return after

    async def _take(self, fact: Fact) -> None:
        noun, _, id = fact.stream.partition("/")
        if noun == "task":
            await self._take_task(id, fact)
        elif noun == "unit":
            self._take_unit(id, fact)

    async def _take_task(self, id: str, fact: Fact) -> None:
        if isinstance(fact.event, e.TaskOnScene):
            loaded = await load_task(self.ctx.journal, id)
            if isinstance(loaded, Refusal):
                return
            task = loaded.thing
            self._posts[id] = Post(
                task=id,
                unit=fact.actor,
                incident=task.incident,
                agency=task.agency,
                category=task.category,
                position=fact.position,
            )
            self._changed[task.incident] = fact.position
        elif isinstance(fact.event, _LEAVES) and (post := self._posts.pop(id, None)) is not None:
            self._changed[post.incident] = fact.position
        elif isinstance(fact.event, e.TaskMoved) and (post := self._posts.get(id)) is not None:
            self._posts[id] = replace(post, incident=fact.event.incident_id)
            self._changed |= dict.fromkeys((post.incident, fact.event.incident_id), fact.position)

    def _take_unit(self, unit: str, fact: Fact) -> None:
        event, watch = fact.event, self._watches.get(unit)
        match event:
            case e.UnitWatchBegun():
                every = timedelta(minutes=event.every_min)
                self._watches[unit] = Watch(
                    task=event.task_id,
                    agency=event.agency,
                    due_at=fact.at + every,
                    every=every,
                    grace=timedelta(minutes=event.grace_min),
                    position=fact.position,
                )
            case e.UnitWatchEnded():
                self._watches.pop(unit, None)
            case e.UnitCheckedIn() if watch:
                due = fact.at + watch.every
                self._watches[unit] = replace(watch, due_at=due, position=fact.position, missed=False)
            case e.UnitCheckInMissed() if watch:
                self._watches[unit] = replace(watch, missed=True)

    # ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _settle(self) -> None:
        """Begin and end watches where who is there has changed."""
        lonely = {u: p for u, p in alone(self._posts).items() if self.ctx.city.fleet.dangerous(p.category)}
        for unit, watch in tuple(self._watches.items()):
            if unit not in lonely:
                ended = e.UnitWatchEnded(agency=watch.agency, task_id=watch.task)
                await self._record(unit, f"{watch.task}-{watch.position}-unwatch", ended)
                del self._watches[unit]
        rules = self._rules()
        for unit, post in lonely.items():
            if unit not in self._watches:
                begun = e.UnitWatchBegun(
                    agency=post.agency,
                    task_id=post.task,
                    incident=post.incident,
                    every_min=rules.check_in_min,
                    grace_min=rules.check_in_grace_min,
                )
                position = await self._record(unit, f"{post.task}-{self._changed[post.incident]}-watch", begun)
                self._watches[unit] = self._from(post, rules, position)

    def _from(self, post: Post, rules: Rules, position: int) -> Watch:
        """As the fact just recorded will say when it is read."""
        every = timedelta(minutes=rules.check_in_min)
        return Watch(
            task=post.task,
            agency=post.agency,
            due_at=self.ctx.clock.now() + every,
            every=every,
            grace=timedelta(minutes=rules.check_in_grace_min),
            position=position,
        )

    async def fire(self) -> None:
        """Alarm the command centre about everybody whose word is overdue."""
        now = self.ctx.clock.now()
        for unit, watch in tuple(self._watches.items()):
            if watch.missed or now < watch.due_at + watch.grace:
                continue
            missed = e.UnitCheckInMissed(agency=watch.agency, task_id=watch.task, due=watch.due_at)
            await self._record(unit, f"{unit}-{watch.position}-missed", missed)
            self._watches[unit] = replace(watch, missed=True)

    async def _record(self, unit: str, command_id: str, event: e.Event) -> int:
        fact = NewFact(stream=f"unit/{unit}", expected=None, event=event)
        decision = Decision(id=unit, facts=(fact,))
        appended = await record(self.ctx, SYSTEM, command_id, decision, cause="rule:alone")
        return int(appended.answer["position"])

    def _rules(self) -> Rules:
        return self.ctx.city.fleet.rules_on(self.ctx.clock.now().astimezone(self._zone).date())

    async def _save(self, after: int) -> None:
        """Just before the oldest who is still there, or here when nobody is."""
        safe = min((post.position - 1 for post in self._posts.values()), default=after)
        if safe > self._saved and (self._posts or self._watches or safe - self._saved >= SAVE_EVERY):
            await self._cursors.set(NAME, safe)
            self._saved = safe
