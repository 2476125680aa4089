"""A small city whose history is told fact by fact: the domain's rules decide, the picture folds, viewers look on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hadir.domain import events as e
from hadir.domain import flood, incident, machine, merging, order, report, task
from hadir.domain.city import City
from hadir.domain.merging import Members
from hadir.domain.people import Account, Role
from hadir.domain.values import Actor, Copy, Place, Reason
from hadir.ports.journal import Fact
from hadir.storage.citypack import load_city
from hadir.views.audience import Frames, Renderer, board, frames, pick
from hadir.views.picture import Picture, Touched, key_of

START = datetime(2026, 1, 7, 14, 0, tzinfo=UTC)
AREAS = ("3572011004", "3572011005")
OFFICERS = (
    Account(id="petugas-1", name="Petugas 1", role=Role.OFFICER, agency="bpbd"),
    Account(id="petugas-2", name="Petugas 2", role=Role.OFFICER, agency="bpbd"),
    Account(id="petugas-3", name="Petugas 3", role=Role.OFFICER, agency="dpupr"),
)
OPERATOR = Actor(id="operator", role="operator")
OPERATOR_2 = Actor(id="operator-2", role="operator")
LEADER = Actor(id="pimpinan", role="leader")
AGENCIES = ("bpbd", "dpupr")
AUDIENCES = (
    "city",
    "public",
    "agency:bpbd",
    "agency:dpupr",
    "agency:dlh",
    "person:petugas-1",
    "person:petugas-2",
    "person:petugas-3",
)

Board = dict[str, dict[str, Any]]


@cache
def blitar() -> City:
    return load_city(Path(__file__).parents[2] / "cities" / "blitar")


def by_id(groups: Mapping[str, list[Any]]) -> Board:
    return {group: {row["id"]: row for row in rows} for group, rows in groups.items()}


def fold(before: Board, frame: Mapping[str, Any]) -> Board:
    """What the browser does: remove what is gone, put what came."""
    after = {group: dict(rows) for group, rows in before.items()}
    for group, ids in frame["gone"].items():
        for id in ids:
            after[group].pop(id, None)
    for group, rows in frame["put"].items():
        after.setdefault(group, {}).update((row["id"], row) for row in rows)
    return after


@dataclass
class World:
    """Appends facts, folds them, and holds each viewer's browser beside the server's board."""

    city: City = field(default_factory=blitar)
    facts: list[tuple[Fact, dict[str, Any] | None]] = field(default_factory=list)
    told: list[Frames] = field(default_factory=list)
    reports: dict[str, report.Report] = field(default_factory=dict)
    incidents: dict[str, incident.Incident] = field(default_factory=dict)
    tasks: dict[str, task.Task] = field(default_factory=dict)
    orders: dict[str, order.Order] = field(default_factory=dict)
    floods: dict[str, flood.Flood] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.picture = Picture(self.city, OFFICERS)
        self.renderer = Renderer()
        self.screens = {audience: self.board(audience) for audience in AUDIENCES}

    @property
    def now(self) -> datetime:
        return START + timedelta(minutes=len(self.facts))

    def new_id(self) -> str:
        return f"01J{len(self.facts):023d}"

    def board(self, audience: str) -> Board:
        return by_id(json.loads(board(self.picture, audience, self.renderer)))

    # ── telling facts ────────────────────────────────────────────────────────────────────────────────────────────

    def tell(self, stream: str, event: e.Event, actor: Actor = OPERATOR, said: dict[str, Any] | None = None) -> Fact:
        """One fact, into the rules' state, the picture and every screen; checks that each screen is right after it."""
        self._evolve(stream, event, actor)
        version = self.versions[stream] = self.versions.get(stream, 0) + 1
        fact = Fact(
            position=len(self.facts) + 1,
            at=self.now,
            stream=stream,
            version=version,
            event=event,
            actor=actor.id,
            role=actor.role,
            channel=actor.channel,
            cause=None,
            command_id=None,
            content=f"c{len(self.facts) + 1}" if said else None,
        )
        self.facts.append((fact, said))
        touched = self.picture.apply(fact, said)
        self.told.append(frames(self.picture, touched, fact, self.renderer))
        self._look(fact, touched)
        return fact

    def _look(self, fact: Fact, touched: Touched) -> None:
        assert touched.rows or not key_of(fact.stream)[0], f"{fact.event.kind} changed nothing"
        for audience in AUDIENCES:
            frame = pick(self.told[-1], audience)
            before, after = self.screens[audience], self.board(audience)
            folded = before if frame is None else fold(before, json.loads(frame))
            assert folded == after, f"{fact.event.kind} for {audience}"
            if frame is not None:
                assert before != after, f"{fact.event.kind} told {audience} nothing new"
            self.screens[audience] = after

    def _evolve(self, stream: str, event: e.Event, actor: Actor) -> None:
        noun, _, id = stream.partition("/")
        match noun:
            case "report":
                self.reports[id] = report.evolve(self.reports.get(id), event, self.now, actor.id)
            case "incident":
                self.incidents[id] = incident.evolve(self.incidents.get(id), event)
            case "task":
                self.tasks[id] = task.evolve(self.tasks.get(id), event)
            case "order":
                self.orders[id] = order.evolve(self.orders.get(id), event, actor.id)
            case "area":
                self.floods[id] = flood.evolve(self.floods.get(id, flood.Flood(area=id)), event, self.now)

    def receive(
        self, area: str = AREAS[0], category: str = "flood", text: str = "Air selutut di gang", *, held: bool = False
    ) -> str:
        id = self.new_id()
        event = e.ReportReceived(
            report_id=id,
            channel="citizen-web",
            origin="live",
            place=Place(area=area, rt=2, rw=1, accuracy_m=12.0, how="gps"),
            category=category,
            urgency=3,
            urgency_reasons=(Reason(code="depth", points=1.0, params=(("cm", "45"),)),),
            flood=True,
            depth_cm=45,
            photos=1,
            reporter=f"p{len(self.facts)}",
            to_come=1,
            doubts=(Reason(code="doubt.same_text", params=(("n", "3"),)),) if held else (),
            held=held,
        )
        place = {"lat": -8.1 - len(self.facts) / 10_000, "lon": 112.16, "words": "gang Melati"}
        citizen = Actor(id=f"device/p{len(self.facts)}", role="citizen", channel="citizen-web")
        self.tell(f"report/{id}", event, citizen, {"text": text, "place": place, "photos": ["a" * 64]})
        return id

    def open(self, area: str = AREAS[0], category: str = "flood") -> str:
        id = self.new_id()
        event = e.IncidentOpened(incident_id=id, category=category, place=Place(area=area, lat=-8.1, lon=112.16))
        self.tell(f"incident/{id}", event)
        return id

    def give(self, incident_id: str, agency: str = "bpbd", order_id: str | None = None) -> str:
        id = self.new_id()
        place = self.incidents[incident_id].place
        event = e.TaskGiven(
            task_id=id, incident_id=incident_id, agency=agency, category="flood", place=place, order_id=order_id
        )
        self.tell(f"task/{id}", event, OPERATOR, {"text": "Bawa pompa"})
        return id

    def order(self, incident_id: str, to: Account = OFFICERS[0]) -> str:
        id = self.new_id()
        event = e.OrderSent(
            order_id=id,
            incident_id=incident_id,
            to=to.id,
            agency=to.agency or "",
            action="check",
            place=Place(area=AREAS[0]),
            within_min=15,
            copies=(
                Copy(account=f"opd-{to.agency}", audience=f"agency:{to.agency}", why="superior"),
                Copy(account=OFFICERS[1].id, audience=f"person:{OFFICERS[1].id}", why="asked"),
            ),
            on_duty=True,
        )
        voice = {"id": "a" * 64, "type": "audio/mp4"}
        self.tell(f"order/{id}", event, LEADER, {"text": "Segera cek", "voice": voice})
        return id

    # ── merge and split: the facts of both sides, in the order in which the use case appends them ────────────────

    def members(self, incident_id: str) -> Members:
        groups = (self.reports, self.tasks, self.orders)
        found = [tuple(sorted(id for id, t in things.items() if t.incident == incident_id)) for things in groups]
        return Members(reports=found[0], tasks=found[1], orders=found[2])

    def _move(self, members: Members, left: str, to: str) -> None:
        for noun, ids, event in (
            ("report", members.reports, e.ReportMoved),
            ("task", members.tasks, e.TaskMoved),
            ("order", members.orders, e.OrderMoved),
        ):
            for id in ids:
                self.tell(f"{noun}/{id}", event(incident_id=to, left=left))

    def merge(self, into: str, other: str, *, undoes: bool = False) -> None:
        members, (one, two) = self.members(other), (self.incidents[into], self.incidents[other])
        self.tell(f"incident/{into}", merging.absorbed(one, two, members, undoes=undoes))
        self._move(members, other, into)
        self.tell(f"incident/{other}", e.IncidentMerged(incident_id=into))
        self._pace(into, members, may_stop=False)

    def unmerge(self, into: str, other: str) -> None:
        one, two = self.incidents[into], self.incidents[other]
        taken = next(t for t in one.absorbed if t.id == other)
        back = self.members(into).among(taken)
        self.tell(f"incident/{into}", merging.parted(one, two, taken, back))
        self.tell(f"incident/{other}", e.IncidentUnmerged(incident_id=into))
        self._move(back, into, other)
        if two.was_started:
            self.tell(f"incident/{other}", e.IncidentStarted())
        self._pace(into, self.members(into), may_stop=taken.was_open)

    def split(self, old: str) -> str:
        members, new = self.members(old), self.new_id()
        going = Members(reports=members.reports[1:], tasks=members.tasks[1:])
        opened = e.IncidentOpened(incident_id=new, category="drain", place=Place(area=AREAS[0]), split_from=old)
        self.tell(f"incident/{old}", e.IncidentSplit(incident_id=new, reports=going.reports, tasks=going.tasks))
        self.tell(f"incident/{new}", opened)
        self._move(going, old, new)
        self._pace(new, going, may_stop=False)
        self._pace(old, self.members(old), may_stop=bool(going.tasks))
        return new

    def _pace(self, id: str, members: Members, *, may_stop: bool) -> None:
        work = [self.tasks[task] for task in members.tasks]
        if event := merging.changed_pace(self.incidents[id], work, may_stop=may_stop):
            self.tell(f"incident/{id}", event)

    # ── what could happen next, by the rules ─────────────────────────────────────────────────────────────────────

    def possible(self) -> list[Callable[[], object]]:
        """Everything that could happen now, each as something to call."""
        found: list[Callable[[], object]] = [lambda a=a: self.receive(a) for a in AREAS]
        found += [lambda: self.receive(AREAS[0], held=True)]
        found += [lambda: self.open(), lambda: self.open(AREAS[1], "medical")]
        live = [i for i, thing in self.incidents.items() if thing.live]
        found += [lambda i=i, a=a: self.give(i, a) for i in live for a in AGENCIES]
        found += [lambda i=i, o=o: self.order(i, o) for i in live for o in OFFICERS[::2]]
        found += [lambda i=i, o=o: self.merge(i, o) for i, o in pairwise(live)]
        found += [lambda i=i, o=t.id: self.unmerge(i, o) for i in live for t in self.incidents[i].absorbed]
        found += [lambda i=i: self.split(i) for i in live if len(self.members(i).reports) > 1]
        return found + [lambda step=step: self.tell(*step) for step in self._steps()]

    def _steps(self) -> Iterator[tuple[str, e.Event, Actor]]:
        for id, thing in self.reports.items():
            for event, verb, actor in self._report_events(thing):
                if report.decide(thing, event, verb, actor, self.now) is None:
                    yield f"report/{id}", event, actor
        for id, thing in self.incidents.items():
            for event, verb in _incident_events():
                if incident.decide(thing, event, verb, OPERATOR, thing.subject()) is None:
                    yield f"incident/{id}", event, OPERATOR
            if machine.allowed(incident.TABLE, thing.state, e.IncidentStarted):
                yield f"incident/{id}", e.IncidentStarted(), Actor(id="system", role="system")
        for id, thing in self.tasks.items():
            yield from ((f"task/{id}", event, actor) for event, actor in self._task_events(thing))
        for id, thing in self.orders.items():
            yield from ((f"order/{id}", event, actor) for event, actor in self._order_events(thing))
        for officer in OFFICERS:
            status = e.UnitStatusSet(status="not_available", agency=officer.agency or "")
            yield f"unit/{officer.id}", status, _acting(officer)
        for area in AREAS:
            thing = self.floods.get(area, flood.Flood(area=area))
            for event in _area_events():
                if machine.allowed(flood.TABLE, thing.state, type(event)):
                    yield f"area/{area}", event, OPERATOR

    def _report_events(self, thing: report.Report) -> Iterator[tuple[e.Event, str, Actor]]:
        owner = Actor(id=f"reporter/{thing.id}", role="citizen")
        for operator in (OPERATOR, OPERATOR_2):
            yield e.ReportClaimed(), "report.claim", operator
        yield e.ReportReleased(), "report.release", OPERATOR
        yield e.ReportDismissed(disposition="duplicate"), "report.dismiss", OPERATOR
        yield e.ReportRestored(), "report.restore", OPERATOR
        yield e.ReportAdmitted(), "report.admit", OPERATOR
        yield e.ReportHeld(), "report.hold", OPERATOR
        for id in self.incidents:
            yield e.ReportJoined(incident_id=id), "report.join", OPERATOR
        if thing.incident:
            yield e.ReportLeft(incident_id=thing.incident), "report.leave", OPERATOR
            yield e.ReportAsked(incident_id=thing.incident), "report.join", OPERATOR
        yield e.ReportRecategorised(category="drain", urgency=2), "report.recategorise", OPERATOR
        yield e.ReportRelocated(place=Place(area=AREAS[1], how="operator")), "report.relocate", OPERATOR
        yield e.ReportPrioritised(points=50.0), "report.prioritise", OPERATOR
        yield e.ReportPhotosCame(photos=1), "report.add_photos", owner
        yield e.ReportConfirmed(), "report.confirm", owner
        yield e.ReportDisputed(), "report.dispute", owner

    def _task_events(self, thing: task.Task) -> Iterator[tuple[e.Event, Actor]]:
        desk = Actor(id=f"opd-{thing.agency}", role="desk", agency=thing.agency)
        wanted: list[tuple[e.Event, str, Actor, Account | None]] = [
            (e.TaskAssigned(officer=o.id), "task.assign", desk, o) for o in OFFICERS
        ]
        by_officer = ((e.TaskAccepted(), "accept"), (e.TaskDeclined(), "decline"), (e.TaskEnRoute(), "depart"))
        by_officer += ((e.TaskOnScene(), "arrive"), (e.TaskDone(photos=1), "finish"))
        worker = Actor(id=thing.officer or "nobody", role="officer", agency=thing.agency)
        wanted += [(event, f"task.{verb}", worker, None) for event, verb in by_officer]
        wanted += [(e.TaskOffered(to_agency=a), "task.offer", desk, None) for a in AGENCIES]
        taker = Actor(id="opd-other", role="desk", agency=thing.offered_to)
        wanted += [(e.TaskTaken(agency=thing.offered_to or ""), "task.take", taker, None)]
        wanted += [(e.TaskReturned(), "task.return", taker, None)]
        wanted += [
            (e.TaskVerified(), "task.verify", OPERATOR, None),
            (e.TaskSentBack(), "task.send_back", OPERATOR, None),
        ]
        wanted += [(e.TaskCancelled(), "task.cancel", OPERATOR, None)]
        for event, verb, actor, officer in wanted:
            if task.decide(thing, event, verb, actor, officer) is None:
                yield event, actor

    def _order_events(self, thing: order.Order) -> Iterator[tuple[e.Event, Actor]]:
        to = Actor(id=thing.to, role="officer", agency=thing.agency)
        by = Actor(id=thing.by, role="leader")
        said = thing.said
        back = e.OrderReadBack(area=said.area, action=said.action, within_min=said.within_min)
        wrong = e.OrderReadBack(area=said.area, action="measure", within_min=30)
        new = e.OrderCorrected(
            action="measure", place=Place(area=AREAS[1]), within_min=20, said_version=thing.said_version + 1
        )
        mine = ((e.OrderDelivered(), "deliver"), (e.OrderSeen(), "see"), (back, "read_back"), (wrong, "read_back"))
        mine += ((e.OrderReadBack(spoken=True), "read_back"), (e.OrderRefused(), "refuse"))
        theirs = ((e.OrderConfirmed(), "confirm"), (new, "correct"), (e.OrderCancelled(), "cancel"))
        for actor, events in ((to, mine), (by, theirs)):
            for event, verb in events:
                if order.decide(thing, event, f"order.{verb}", actor) is None:
                    yield event, actor
        rules = Actor(id="system:rules", role="system")
        for step in ("delivered", "seen", "read_back", "done"):
            missed = _missed(thing, step)
            if order.decide(thing, missed, "order.miss", rules) is None:
                yield missed, rules
        for id in self.tasks:
            if self.tasks[id].incident == thing.incident and machine.allowed(order.TABLE, thing.state, e.OrderAccepted):
                yield e.OrderAccepted(task_id=id), to
        if machine.allowed(order.TABLE, thing.state, e.OrderExpired):
            yield e.OrderExpired(), Actor(id="system", role="system")
            yield e.OrderSuperseded(by_order="other"), by


def _missed(thing: order.Order, step: str) -> e.OrderOverdue:
    """Who is told is in another agency: a copy that comes later than the order."""
    told = (Copy(account="opd-dlh", audience="agency:dlh", why="late"),)
    return e.OrderOverdue(
        step=step, due=START, said_version=thing.said_version, consequence="told", to=thing.to, told=told
    )


def _acting(person: Account) -> Actor:
    return Actor(id=person.id, role=person.role.value, agency=person.agency)


def _incident_events() -> tuple[tuple[e.Event, str], ...]:
    return (
        (e.IncidentGraded(severity="severe", level=2), "incident.grade"),
        (e.IncidentNoted(), "incident.note"),
        (e.IncidentSeconded(reporter="x"), "incident.second"),
        (e.IncidentResolved(), "incident.resolve"),
        (e.IncidentReopened(), "incident.reopen"),
        (e.IncidentClosed(), "incident.close"),
    )


def _area_events() -> tuple[e.Event, ...]:
    why = (Reason(code="flood.witnesses", points=2.0, params=(("n", "2"),)),)
    return (
        e.AreaFloodReported(source="citizen", witness="x", depth_cm=45),
        e.AreaFloodSuspected(reasons=why),
        e.AreaFloodConfirmed(reasons=why),
        e.AreaFloodDeclared(depth_cm=60),
        e.AreaFloodReceding(),
        e.AreaFloodOver(),
    )
