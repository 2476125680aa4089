"""The open book: what facts make of the public's rows, in memory and on PostgreSQL; and no more than the public's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain import events as e
from hadir.domain.blur import grid
from hadir.domain.city import City
from hadir.domain.values import Place
from hadir.ports.journal import Append, NewContent, NewFact
from hadir.ports.opendata import NONE, ORIGINS, STATES, OpenRow, OpenStore
from hadir.storage.codec import Codec
from hadir.storage.memory import MemoryJournal, SettableClock, SwitchedGuard
from hadir.storage.memory.opendata import MemoryOpenStore
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.opendata import PostgresOpenStore
from hadir.storage.postgres.pool import reading_pool
from hadir.views.columns import STATUS_OF, STATUSES, Asked, Cluster, Columns, Squares
from hadir.views.openbook import OpenBook
from hadir.views.openfold import public_kinds
from tests.views.world import AREAS, blitar

CITY = blitar()
PLAIN = next(k for k in CITY.categories if k.public and not k.sensitive and not k.blur_m)
BLURRED = next(k for k in CITY.categories if k.public and not k.sensitive and k.blur_m)
HIDDEN = next(k for k in CITY.categories if not k.public)
LAT, LON = -8.09513, 112.16719


@dataclass
class Told:
    """A journal, a book over a store, and a hand that tells facts."""

    store: OpenStore
    clock: SettableClock = field(default_factory=SettableClock)
    number: int = 0

    def __post_init__(self) -> None:
        self.journal = MemoryJournal(codec=Codec(e.KINDS), clock=self.clock, guard=SwitchedGuard())
        self.book = self.new_book()

    def new_book(self, city: City = CITY) -> OpenBook:
        return OpenBook(journal=self.journal, store=self.store, city=city)

    async def tell(self, stream: str, event: Any, body: dict[str, Any] | None = None) -> str | None:
        self.number += 1
        content = None if body is None else NewContent(id=f"c{self.number}", kind="x", subject=stream, body=body)
        fact = NewFact(stream=stream, expected=None, event=event, content=content)
        await self.journal.append(
            Append(
                actor="a", role="operator", channel="desk", command_id=None, body_digest=b"", facts=(fact,), answer={}
            )
        )
        self.clock.advance(60)
        return None if content is None else content.id

    async def report(self, id: str, kind: str = PLAIN.code, **fields: Any) -> str | None:
        event = e.ReportReceived(
            report_id=id,
            channel="citizen-web",
            origin="live",
            place=Place(area=AREAS[0], how="gps"),
            category=kind,
            urgency=2,
            reporter="p1",
        )
        body = {"text": "rahasia Contoh 0812", "place": {"lat": LAT, "lon": LON, "words": "x"}, "photos": []}
        return await self.tell(f"report/{id}", replace(event, **fields), body)

    async def rows(self, asked: Asked | None = None) -> dict[str, OpenRow]:
        while await self.book.step():
            pass
        found = await self.book.rows(await self.book.positions(asked or Asked(), limit=100))
        return {row.id: row for row in found}


@pytest.fixture(params=["memory", "postgres"])
async def told(request: pytest.FixtureRequest) -> AsyncIterator[Told]:
    if request.param == "memory":
        yield Told(MemoryOpenStore())
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url, size=3) as pool:
        yield Told(PostgresOpenStore(pool))


async def test_a_report_through_its_life(told: Told) -> None:
    await told.report("r1")
    await told.tell("report/r1", e.ReportJoined(incident_id="i1"))
    await told.tell("report/r1", e.ReportAsked(incident_id="i1"))
    row = (await told.rows())["r1"]
    assert (row.state, row.kind, row.area, (row.lat, row.lon)) == ("asked", PLAIN.code, AREAS[0], (LAT, LON))
    assert row.answered_at == row.at + timedelta(minutes=1)
    assert row.solved_at == row.at + timedelta(minutes=2) == row.changed_at
    await told.tell("report/r1", e.ReportDisputed())
    row = (await told.rows(Asked(statuses=("work",), only="reopened")))["r1"]
    assert (row.solved_at, row.reopened) == (None, 1)
    await told.tell("report/r1", e.ReportAsked(incident_id="i1"))
    await told.tell("report/r1", e.ReportConfirmed())
    row = (await told.rows())["r1"]
    assert row.confirmed_at == row.at + timedelta(minutes=5)
    figures = await told.book.figures(Asked())
    assert figures[:6] == (1, 1, 60.0, 1, 240.0, 1)


async def test_no_words_no_secret_reports_no_hidden_kinds(told: Told) -> None:
    await told.report("r1", sensitive=True)
    await told.report("r2", HIDDEN.code)
    await told.report("r3")
    rows = await told.rows()
    assert list(rows) == ["r3"]
    assert "Contoh" not in repr(await told.store.rows(["r1", "r2", "r3"]))
    assert await told.book.rows([1, 2, 3]) == list(rows.values())


async def test_a_report_moved_to_a_hidden_kind_is_gone_and_back_it_is_blurred_as_its_kind_says(told: Told) -> None:
    await told.report("r1")
    assert list(await told.rows()) == ["r1"]
    await told.tell("report/r1", e.ReportRecategorised(category=HIDDEN.code, urgency=1))
    assert await told.rows() == {}
    await told.tell("report/r1", e.ReportRecategorised(category=BLURRED.code, urgency=1))
    row = (await told.rows())["r1"]
    assert (row.lat, row.lon) == grid(BLURRED.blur_m, CITY.lat).middle(LAT, LON)


async def test_what_is_erased_has_no_point_any_more_in_the_rows_and_made_anew(told: Told) -> None:
    first = await told.report("r1")
    await told.report("r2")
    assert len(await told.rows(Asked(bbox=(112, -9, 113, -8)))) == 2
    await told.tell("report/r1", e.ContentsErased(why="asked", contents=1))
    await told.journal.erase([first or ""])
    assert list(await told.rows(Asked(bbox=(112, -9, 113, -8)))) == ["r2"]
    assert (await told.rows())["r1"].lat is None
    assert await told.book.compare() == []


async def test_newer_words_keep_the_place_and_what_somebody_has_put_right_stays(told: Told) -> None:
    first = await told.report("r1")
    await told.tell("report/r1", e.ReportCorrected(), {"place": {"lat": LAT, "lon": LON}})
    await told.tell("report/r1", e.ContentsErased(why="corrected", contents=1, only=(first or "",)))
    assert (await told.rows())["r1"].lat == LAT
    await told.tell("report/r1", e.ReportRelocated(place=Place(area=AREAS[1])), {"place": {"lat": -8.1, "lon": 112.2}})
    await told.tell("report/r1", e.ReportCorrected(), {"place": {"lat": LAT, "lon": LON}})
    row = (await told.rows())["r1"]
    assert (row.lat, row.area) == (-8.1, AREAS[1])
    assert await told.book.compare() == []


async def test_what_is_held_is_not_there_until_a_person_has_looked(told: Told) -> None:
    await told.report("r1", held=True)
    assert await told.rows() == {}
    assert await told.book.rows([1]) == []
    await told.tell("report/r1", e.ReportAdmitted())
    assert (await told.rows())["r1"].state == "received"


async def test_made_anew_they_are_what_they_were(told: Told) -> None:
    for number in range(8):
        await told.report(f"r{number}", (PLAIN, BLURRED, HIDDEN)[number % 3].code)
        if number % 2:
            await told.tell(f"report/r{number}", e.ReportDismissed(disposition="information"))
    await told.tell("report/r1", e.ReportRecategorised(category=PLAIN.code, urgency=1))
    await told.tell("report/r2", e.ReportRelocated(place=Place(area=AREAS[1])), {"place": {"lat": -8.1, "lon": 112.2}})
    before = await told.rows()
    assert await told.book.compare() == []
    assert await told.book.rebuild() == await told.journal.position()
    assert await told.rows() == before
    await told.report("r9")
    assert len(await told.rows()) == len(before) + 1


async def test_made_anew_while_facts_come_in_and_another_process_writes(told: Told) -> None:
    for number in range(6):
        await told.report(f"r{number}")
    await told.rows()
    other = told.new_book()
    rebuilding = asyncio.create_task(other.rebuild())
    for number in range(6, 24):
        await told.report(f"r{number}")
        await told.tell(f"report/r{number - 6}", e.ReportJoined(incident_id="i1"))
        await told.book.step()
    await rebuilding
    assert len(await told.rows()) == 24
    assert await told.book.compare() == []
    assert (await told.store.reached()).generation == 1
    await other.refresh()
    assert await other.count(Asked(statuses=("work",))) == 18


async def test_what_both_storages_say_of_a_row_in_bytes_is_the_same(told: Told) -> None:
    await told.report("r1", BLURRED.code)
    await told.report("r2")
    await told.tell("report/r2", e.ReportJoined(incident_id="i1"))
    await told.rows()
    theirs = MemoryOpenStore()
    await theirs.write(0, 1, sorted(await told.store.rows(["r1", "r2"]), key=lambda row: row.position))
    kinds, areas = public_kinds(CITY), AREAS
    _, lines = await told.store.packed(0, kinds, areas, 9)
    assert lines == (await theirs.packed(0, kinds, areas, 9))[1]
    figures = await told.book.figures(Asked())
    assert (figures.answered, figures.answer_s, figures.solved, figures.solve_s) == (1, 60, 0, None)


async def test_two_processes_write_one_history(told: Told) -> None:
    other = told.new_book()
    await told.report("r1")
    await told.rows()
    await told.report("r2")
    await other.step()
    assert await other.count(Asked()) == 2
    assert len(await told.rows()) == 2


async def test_another_blur_in_the_pack_makes_them_anew(told: Told) -> None:
    await told.report("r1")
    await told.rows()
    kinds = tuple(replace(k, blur_m=300) if k.code == PLAIN.code else k for k in CITY.categories)
    other = told.new_book(replace(CITY, categories=kinds))
    await other.start()
    (row,) = await other.rows([1])
    assert (row.lat, row.lon) == grid(300, CITY.lat).middle(LAT, LON)
    await other.start()
    assert (await told.store.reached()).generation == 1


# ── the columns against the plainest way ─────────────────────────────────────────────────────────────────────────

KINDS, AT = public_kinds(CITY)[:3], datetime(2026, 1, 7, tzinfo=UTC)
MAYBE = st.none() | st.integers(0, 10_000)
ROWS = st.builds(
    lambda at, kind, area, state, origin, point, answered, solved, reopened: OpenRow(
        position=0,
        id="",
        at=AT + timedelta(hours=at),
        changed_at=AT,
        kind=kind,
        area=area,
        state=state,
        origin=origin,
        lat=None if point is None else point[0] / 1000,
        lon=None if point is None else point[1] / 1000,
        answered_at=None if answered is None else AT + timedelta(hours=at, seconds=answered),
        solved_at=None if solved is None else AT + timedelta(hours=at, seconds=solved),
        reopened=reopened,
    ),
    st.integers(0, 2000),
    st.sampled_from([*KINDS, "unknown"]),
    st.sampled_from([None, *AREAS]),
    st.sampled_from([*STATES, "held"]),
    st.sampled_from(ORIGINS),
    st.none() | st.tuples(st.integers(-10, 10), st.integers(-10, 10)),
    MAYBE,
    MAYBE,
    st.integers(0, 2),
)
ASKED = st.builds(
    Asked,
    kinds=st.lists(st.sampled_from([*KINDS, "unknown"]), max_size=2).map(tuple),
    areas=st.lists(st.sampled_from(AREAS), max_size=1).map(tuple),
    statuses=st.lists(st.sampled_from(list(STATUSES)), max_size=2).map(tuple),
    origins=st.lists(st.sampled_from(ORIGINS), max_size=2).map(tuple),
    since=st.none() | st.integers(0, 2000).map(lambda h: AT + timedelta(hours=h)),
    until=st.none() | st.integers(0, 2000).map(lambda h: AT + timedelta(hours=h)),
    bbox=st.none() | st.just((-0.005, -0.005, 0.005, 0.005)),
    only=st.sampled_from(["", "answered", "waiting", "solved", "reopened"]),
)


def _wanted(row: OpenRow, asked: Asked) -> bool:
    west, south, east, north = asked.bbox or (-180, -90, 180, 90)
    inside = asked.bbox is None or (
        row.lat is not None and row.lon is not None and south <= row.lat <= north and west <= row.lon <= east
    )
    only = {
        "": True,
        "answered": row.answered_at is not None,
        "waiting": row.answered_at is None,
        "solved": row.solved_at is not None,
        "reopened": row.reopened > 0,
    }
    return (
        row.kind in (asked.kinds or KINDS)
        and row.kind in KINDS
        and row.state in STATUS_OF
        and (not asked.areas or row.area in asked.areas)
        and (not asked.statuses or STATUS_OF[row.state] in asked.statuses)
        and (not asked.origins or row.origin in asked.origins)
        and (asked.since is None or row.at >= asked.since)
        and (asked.until is None or row.at < asked.until)
        and inside
        and only[asked.only]
    )


async def _columns(rows: list[OpenRow], order: list[int]) -> Columns:
    """As they come from a store, in some order and some of them twice."""
    columns = Columns(KINDS, AREAS)
    for number in [*order, *range(len(rows))]:
        store = MemoryOpenStore()
        await store.write(0, 1, [rows[number]])
        columns.take([(await store.packed(0, KINDS, AREAS, 9))[1]])
    return columns


@given(st.lists(ROWS, max_size=12), ASKED, st.data())
async def test_columns_find_what_a_walk_through_all_rows_finds(
    rows: list[OpenRow], asked: Asked, data: st.DataObject
) -> None:
    rows = [_named(row, number) for number, row in enumerate(rows, 1)]
    order = data.draw(st.permutations(range(len(rows))))
    columns = await _columns(rows, order)
    wanted = [row for row in rows if _wanted(row, asked)]
    assert len(columns) == len(rows)
    assert columns.positions(asked, limit=99) == [row.position for row in reversed(wanted)]
    assert columns.positions(asked, before=5, limit=2) == [r.position for r in reversed(wanted) if r.position < 5][:2]
    figures = columns.figures(asked)
    assert figures.received == len(wanted) == columns.count(asked)
    assert figures.answered == sum(row.answered_at is not None for row in wanted)
    by_area = columns.figures_by(asked, "area")
    assert sum(each.received for each in by_area.values()) == len(wanted)
    assert all(by_area[a].received == sum(r.area == a for r in wanted) for a in by_area if a)
    boxed = replace_box(asked)
    total, apart, clusters, positions = columns.look(boxed, Squares(-7, 5, 4000, 3000), limit=3)
    assert sum(cluster.reports for cluster in clusters) == sum(_wanted(row, boxed) for row in rows) == total
    assert positions == columns.positions(boxed, limit=3)
    lats = [row.lat for row in rows if _wanted(row, boxed) and row.lat is not None]
    assert all(min(lats) - 1e-6 <= cluster.lat <= max(lats) + 1e-6 for cluster in clusters)
    assert [c.position for c in clusters if c.reports == total] == positions[:1] * (len(clusters) == 1)
    assert apart == sum(_wanted(row, boxed) and row.origin != "live" for row in rows)
    assert all(isinstance(cluster, Cluster) and cluster.going_on <= cluster.reports for cluster in clusters)


def _named(row: OpenRow, number: int) -> OpenRow:
    fields = {name: getattr(row, name) for name in row.__struct_fields__}
    return OpenRow(**{**fields, "position": number, "id": f"r{number}"})


def replace_box(asked: Asked) -> Asked:
    fields = {name: getattr(asked, name) for name in asked.__struct_fields__}
    return Asked(**{**fields, "bbox": asked.bbox or (-180, -90, 180, 90)})


def test_an_empty_column_answers() -> None:
    columns = Columns(KINDS, AREAS)
    assert columns.positions(Asked(), limit=9) == []
    assert columns.figures(Asked()).answer_s is None
    assert columns.look(Asked(bbox=(0, 0, 1, 1)), Squares(0, 0, 1, 1), limit=9).clusters == []
    assert columns.span(Asked()) is None
    assert NONE < -180_000_000
