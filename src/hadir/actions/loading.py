"""The things as the journal knows them now: their streams, folded. The version goes back with the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from hadir.domain import flood, incident, order, report, task, unit
from hadir.domain.refusals import Refusal, unknown
from hadir.ports.journal import JournalReader, NewContent, NewFact

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded(Generic[T]):
    """A thing and where its stream stood."""

    thing: T
    stream: str
    version: int

    def fact(self, event: object, content: NewContent | None = None) -> NewFact:
        """An event for this thing, valid only if nothing came in between."""
        return NewFact(stream=self.stream, expected=self.version, event=event, content=content)


async def load_report(journal: JournalReader, id: str) -> Loaded[report.Report] | Refusal:
    """Refusal `no_report` when there is none."""
    thing: report.Report | None = None
    facts = await journal.read_stream(f"report/{id}")
    for f in facts:
        thing = report.evolve(thing, f.event, f.at, f.actor)
    return unknown("no_report") if thing is None else Loaded(thing=thing, stream=f"report/{id}", version=len(facts))


async def load_incident(journal: JournalReader, id: str) -> Loaded[incident.Incident] | Refusal:
    """Refusal `no_incident` when there is none."""
    thing: incident.Incident | None = None
    facts = await journal.read_stream(f"incident/{id}")
    for f in facts:
        thing = incident.evolve(thing, f.event)
    if thing is None:
        return unknown("no_incident")
    return Loaded(thing=thing, stream=f"incident/{id}", version=len(facts))


async def follow_incident(journal: JournalReader, id: str) -> Loaded[incident.Incident] | Refusal:
    """The incident that goes on under this id or another one: what was merged is a link. Refusal `no_incident`."""
    while True:
        loaded = await load_incident(journal, id)
        if isinstance(loaded, Refusal) or loaded.thing.merged_into is None:
            return loaded
        id = loaded.thing.merged_into


async def load_task(journal: JournalReader, id: str) -> Loaded[task.Task] | Refusal:
    """Refusal `no_task` when there is none."""
    thing: task.Task | None = None
    facts = await journal.read_stream(f"task/{id}")
    for f in facts:
        thing = task.evolve(thing, f.event)
    return unknown("no_task") if thing is None else Loaded(thing=thing, stream=f"task/{id}", version=len(facts))


async def load_order(journal: JournalReader, id: str) -> Loaded[order.Order] | Refusal:
    """Refusal `no_order` when there is none."""
    thing: order.Order | None = None
    facts = await journal.read_stream(f"order/{id}")
    for f in facts:
        thing = order.evolve(thing, f.event, f.actor)
    return unknown("no_order") if thing is None else Loaded(thing=thing, stream=f"order/{id}", version=len(facts))


async def load_unit(journal: JournalReader, id: str) -> Loaded[unit.Unit]:
    """Every officer is a unit, pressed or not."""
    thing = unit.Unit(id=id)
    facts = await journal.read_stream(f"unit/{id}")
    for f in facts:
        thing = unit.evolve(thing, f.event, f.actor)
    return Loaded(thing=thing, stream=f"unit/{id}", version=len(facts))


async def load_flood(journal: JournalReader, area: str) -> Loaded[flood.Flood]:
    """Every area has a flood state, if only «no news»."""
    thing = flood.Flood(area=area)
    facts = await journal.read_stream(f"area/{area}")
    for f in facts:
        thing = flood.evolve(thing, f.event, f.at)
    return Loaded(thing=thing, stream=f"area/{area}", version=len(facts))
