"""Random operators join, leave, merge, split and undo: no report is ever lost or counted twice, undo gives what was."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hadir.actions.decision import Done
from hadir.actions.loading import load_incident, load_order, load_report, load_task
from hadir.domain.refusals import Refusal
from hadir.views.picture import Picture
from tests.world import CITY, account, citizen, make_world

OPERATOR, LEADER, DESK, OFFICER = account("operator"), account("pimpinan"), account("opd-bpbd"), account("petugas-1")
PLACE = {"how": "list", "area": "35.72.03.1002"}
picks = st.integers(0, 10_000)


class Merging(RuleBasedStateMachine):
    """The model knows only which thing belongs to which incident, and what each merge and split moved."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.world = make_world()
        #: (noun, id) → incident or None
        self.belongs: dict[tuple[str, str], str | None] = {}
        self.live: list[str] = []
        #: what is a part of which one now
        self.parts: dict[str, str] = {}
        #: (into, other) → what it brought
        self.brought: dict[tuple[str, str], set[tuple[str, str]]] = {}
        self.split_off: list[tuple[str, str]] = []

    def teardown(self) -> None:
        self.runner.close()

    def press(self, who: Any, things: str, id: str = "", verb: str = "", **body: Any) -> Done | Refusal:
        return self.runner.run(self.world.press(who, things, id, verb, **body))

    def of(self, incident: str, noun: str = "") -> list[tuple[str, str]]:
        return [key for key, where in self.belongs.items() if where == incident and key[0].startswith(noun)]

    def pick(self, found: list[Any], number: int) -> Any:
        return found[number % len(found)]

    # ── what can happen ──────────────────────────────────────────────────────────────────────────────────────────

    @initialize()
    def begin(self) -> None:
        for _ in range(3):
            self.report_and_open()

    def received(self) -> str:
        done = self.press(citizen(f"d{len(self.belongs)}"), "reports", text="Air selutut di gang", place=PLACE)
        assert isinstance(done, Done)
        self.belongs["report", done.id] = None
        return done.id

    @rule()
    def report_and_open(self) -> None:
        report = self.received()
        done = self.press(OPERATOR, "incidents", report_id=report)
        assert isinstance(done, Done)
        self.live.append(done.id)
        self.belongs["report", report] = done.id

    @rule(number=picks)
    def report_and_join(self, number: int) -> None:
        """Also to one that is a part of another by now: it goes on there."""
        named = self.pick([*self.live, *self.parts], number)
        report = self.received()
        done = self.press(OPERATOR, "reports", report, "join", incident_id=named)
        assert isinstance(done, Done)
        while named in self.parts:
            named = self.parts[named]
        self.belongs["report", report] = named

    @rule(number=picks)
    def leave(self, number: int) -> None:
        joined = [key for key, where in self.belongs.items() if where and key[0] == "report"]
        if joined:
            _, id = key = self.pick(joined, number)
            assert isinstance(self.press(OPERATOR, "reports", id, "leave"), Done)
            self.belongs[key] = None

    @rule(number=picks, taken=st.booleans())
    def task(self, number: int, taken: bool) -> None:
        incident = self.pick(self.live, number)
        done = self.press(OPERATOR, "tasks", incident_id=incident, agency="bpbd", officer=None)
        assert isinstance(done, Done)
        self.belongs["task", done.id] = incident
        if taken:
            self.press(DESK, "tasks", done.id, "assign", officer="petugas-1")
            assert isinstance(self.press(OFFICER, "tasks", done.id, "accept"), Done)

    @rule(number=picks)
    def order(self, number: int) -> None:
        incident = self.pick(self.live, number)
        done = self.press(LEADER, "orders", incident_id=incident, to="petugas-1", action="check", within_min=30)
        assert isinstance(done, Done)
        self.belongs["order", done.id] = incident

    @precondition(lambda self: len(self.live) > 1)
    @rule(one=picks, two=picks)
    def merge(self, one: int, two: int) -> None:
        into, other = self.pick(self.live, one), self.pick(self.live, two)
        done = self.press(OPERATOR, "incidents", into, "merge", incidents=[{"id": other}])
        assert isinstance(done, Done) == (into != other)
        if isinstance(done, Done):
            self.merged(into, other)

    def merged(self, into: str, other: str) -> None:
        self.brought[into, other] = set(self.of(other))
        for key in self.of(other):
            self.belongs[key] = into
        self.live.remove(other)
        self.parts[other] = into
        self.split_off = [pair for pair in self.split_off if pair != (into, other)]

    @precondition(lambda self: self.parts)
    @rule(number=picks)
    def unmerge(self, number: int) -> None:
        other = self.pick(sorted(self.parts), number)
        into = self.parts[other]
        done = self.press(OPERATOR, "incidents", into, "unmerge", incidents=[other])
        assert isinstance(done, Done) == (into in self.live)
        if isinstance(done, Done):
            for key in self.brought.pop((into, other)) & set(self.of(into)):
                self.belongs[key] = other
            del self.parts[other]
            self.live.append(other)

    @rule(number=picks, some=st.integers(1, 3), along=st.booleans())
    def split(self, number: int, some: int, along: bool) -> None:
        old = self.pick(self.live, number)
        reports = self.of(old, "report")
        going, tasks = reports[:some], self.of(old, "task")[: 1 if along else 0]
        if not going:
            return
        body = {"reports": [id for _, id in going], "tasks": [id for _, id in tasks]}
        done = self.press(OPERATOR, "incidents", old, "split", **body)
        assert isinstance(done, Done) == (len(going) < len(reports))
        if isinstance(done, Done):
            new = str(done.answer["incident_id"])
            for key in (*going, *tasks):
                self.belongs[key] = new
            self.live.append(new)
            self.split_off.append((old, new))

    @precondition(lambda self: self.split_off)
    @rule(number=picks)
    def unsplit(self, number: int) -> None:
        old, new = self.pick(self.split_off, number)
        done = self.press(OPERATOR, "incidents", old, "unsplit", incident_id=new)
        assert isinstance(done, Done) == (old in self.live and new in self.live)
        if isinstance(done, Done):
            self.merged(old, new)

    # ── what always holds ────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def every_thing_is_where_it_belongs(self) -> None:
        assert self.runner.run(self.as_recorded()) == self.belongs

    async def as_recorded(self) -> dict[tuple[str, str], str | None]:
        loads = {"report": load_report, "task": load_task, "order": load_order}
        found: dict[tuple[str, str], str | None] = {}
        for noun, id in self.belongs:
            loaded = await loads[noun](self.world.ctx.journal, id)
            assert not isinstance(loaded, Refusal)
            found[noun, id] = loaded.thing.incident
        return found

    @invariant()
    def a_part_is_a_link_and_nothing_else(self) -> None:
        async def states() -> dict[str, bool]:
            ids = [*self.live, *self.parts]
            found = [await load_incident(self.world.ctx.journal, id) for id in ids]
            return {id: each.thing.live for id, each in zip(ids, found, strict=True) if not isinstance(each, Refusal)}

        assert self.runner.run(states()) == {**dict.fromkeys(self.live, True), **dict.fromkeys(self.parts, False)}

    @invariant()
    def the_board_counts_each_report_once(self) -> None:
        picture = self.runner.run(self.folded())
        shown = {id: row.reports for id, row in picture.incidents.items() if picture.on_board("incidents", row)}
        assert shown == {id: len(self.of(id, "report")) for id in self.live}
        for id in self.live:
            working = any(picture.tasks[task].state == "accepted" for _, task in self.of(id, "task"))
            assert picture.incidents[id].state == ("in_progress" if working else "open")

    async def folded(self) -> Picture:
        picture = Picture(CITY)
        for fact in await self.world.ctx.journal.read(0, 100_000):
            picture.apply(fact, None)
        return picture


TestMerging = Merging.TestCase
TestMerging.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
