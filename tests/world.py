"""A whole city in memory: the twins, the demo pack, and a hand that presses keys for people."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from hadir.actions.context import Context
from hadir.actions.decision import Done
from hadir.actions.reactions import Reactions
from hadir.actions.registry import COMMANDS, execute
from hadir.actions.secrets import Secrets
from hadir.domain import events as e
from hadir.domain.events import KINDS
from hadir.domain.people import Account, Role
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor
from hadir.ports.journal import Fact
from hadir.storage.areas import ShapelyAreas
from hadir.storage.citypack import load_city
from hadir.storage.codec import Codec
from hadir.storage.memory import CountingIds, MemoryBlobs, MemoryJournal, SettableClock, SwitchedGuard
from hadir.storage.memory.cursors import MemoryCursors
from hadir.storage.memory.evidence import MemoryEvidence
from hadir.storage.memory.people import MemoryPeople
from hadir.storage.memory.shown import MemoryShown

PACK = Path(__file__).parents[1] / "cities" / "blitar"
CITY = load_city(PACK)


class JournalRelations:
    """What belongs to what, read from the facts: the board's twin, and never behind."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._reports: dict[str, str] = {}
        self._tasks: dict[str, str] = {}
        self._orders: dict[str, str] = {}
        self._heard: dict[str, datetime] = {}
        journal.subscribe(self._take)

    def _take(self, facts: Any) -> None:
        for fact in facts:
            id = fact.stream.partition("/")[2]
            match fact.event:
                case e.ReportJoined(incident_id=incident) | e.ReportMoved(incident_id=incident):
                    self._reports[id] = incident
                case e.ReportLeft():
                    self._reports.pop(id, None)
                case e.TaskGiven(incident_id=incident) | e.TaskMoved(incident_id=incident):
                    self._tasks[id] = incident
                case e.OrderSent(incident_id=incident) | e.OrderMoved(incident_id=incident):
                    self._orders[id] = incident
                case e.UnitStatusSet():
                    self._heard[id] = fact.at

    def reports_of(self, incident_id: str) -> tuple[str, ...]:
        return tuple(id for id, incident in self._reports.items() if incident == incident_id)

    def tasks_of(self, incident_id: str) -> tuple[str, ...]:
        return tuple(id for id, incident in self._tasks.items() if incident == incident_id)

    async def works_of(self, incident_id: str) -> tuple[str, ...]:
        return self.tasks_of(incident_id)

    def orders_of(self, incident_id: str) -> tuple[str, ...]:
        return tuple(id for id, incident in self._orders.items() if incident == incident_id)

    def heard_at(self, person: str) -> datetime | None:
        return self._heard.get(person)

    async def wait(self, position: int, timeout: float) -> bool:
        return True


@dataclass
class World:
    """The system under test, driven by commands only."""

    ctx: Context
    clock: SettableClock
    disk: SwitchedGuard
    reactions: Reactions
    reacted: int = 0
    numbers: Iterator[int] = field(default_factory=count)

    async def press(
        self, who: Actor, things: str, id: str = "", verb: str = "", command_id: str = "", **body: Any
    ) -> Done | Refusal:
        """One command; the city's own reactions to it have happened when this returns."""
        command = msgspec.convert(
            {"command_id": command_id or f"command-{next(self.numbers)}", **body}, COMMANDS[things, verb].body
        )
        outcome = await execute(self.ctx, who, things, verb, id, command)
        self.reacted = await self.reactions.catch_up(self.reacted)
        return outcome

    async def done(self, who: Actor, things: str, id: str = "", verb: str = "", **body: Any) -> Done:
        outcome = await self.press(who, things, id, verb, **body)
        assert isinstance(outcome, Done), outcome
        return outcome

    async def refused(self, who: Actor, things: str, id: str = "", verb: str = "", **body: Any) -> str:
        outcome = await self.press(who, things, id, verb, **body)
        assert isinstance(outcome, Refusal), outcome
        return outcome.code

    async def facts(self, stream: str = "") -> list[Fact]:
        return [f for f in await self.ctx.journal.read(0, 10_000) if f.stream.startswith(stream)]

    async def kinds(self, stream: str) -> list[str]:
        return [f.event.kind for f in await self.facts(stream)]


def make_world() -> World:
    """A new city with nothing in it."""
    clock, disk = SettableClock(), SwitchedGuard()
    journal = MemoryJournal(codec=Codec(KINDS), clock=clock, guard=disk)
    accounts = [Account(id=p.account, name=p.name, role=Role(p.role), agency=p.agency, demo=True) for p in CITY.people]
    ctx = Context(
        journal=journal,
        clock=clock,
        ids=CountingIds(),
        disk=disk,
        blobs=MemoryBlobs(),
        shown=MemoryShown(),
        evidence=MemoryEvidence(),
        city=CITY,
        areas=ShapelyAreas(CITY),
        people=MemoryPeople(*accounts),
        relations=JournalRelations(journal),
        secrets=Secrets(b"k" * 32),
    )
    return World(ctx=ctx, clock=clock, disk=disk, reactions=Reactions(ctx, MemoryCursors()))


def account(id: str) -> Actor:
    person = next(p for p in CITY.people if p.account == id)
    return Actor(id=id, role=person.role, agency=person.agency, channel="test")


def citizen(device: str = "d1") -> Actor:
    return Actor(id=f"device/{device}", role=Role.CITIZEN, channel="citizen-web")
