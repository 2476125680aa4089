"""One contract for the reports of open interfaces, held by the tables and their twin."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from hadir.domain import events as e
from hadir.domain.blur import grid
from hadir.ports.journal import Append, NewFact
from hadir.ports.requests import TOLD, OpenReports, Wanted
from hadir.ports.views import ViewBatch, ViewRow, ViewStore
from hadir.storage.clock import SystemClock
from hadir.storage.codec import Codec
from hadir.storage.memory import SwitchedGuard
from hadir.storage.memory.clock import SettableClock
from hadir.storage.memory.journal import MemoryJournal
from hadir.storage.memory.requests import MemoryOpenReports
from hadir.storage.memory.views import MemoryViewStore
from hadir.storage.postgres.journal import PostgresJournal
from hadir.storage.postgres.migrate import FOLDER as MIGRATIONS
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import reading_pool
from hadir.storage.postgres.views import PostgresViewStore
from hadir.storage.postgres.views.requests import SQL, PostgresOpenReports
from hadir.views.requests import STATES

AT = datetime(2026, 1, 7, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ALL = Wanted(start=AT - 9 * MINUTE, end=AT + 9 * MINUTE, categories=("flood", "noise"), limit=50)


@pytest.fixture(params=["memory", "postgres"])
async def both(request: pytest.FixtureRequest) -> AsyncIterator[tuple[ViewStore, OpenReports]]:
    if request.param == "memory":
        store = MemoryViewStore()
        yield store, MemoryOpenReports(store, MemoryJournal(codec=Codec(e.KINDS), clock=SystemClock()))
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url, size=2) as pool:
        yield PostgresViewStore(pool), PostgresOpenReports(pool)


def row(id: str, minute: int = 0, **fields: object) -> ViewRow:
    said = {"id": id, "text": 'he said "sensitive":true', "state_at": AT, "sensitive": False}
    said |= {name: fields.pop(name) for name in ("state_at", "sensitive") if name in fields}
    at = AT + minute * MINUTE
    plain = ViewRow(
        group="reports", id=id, body=msgspec.json.encode(said), kept=True, at=at, state="received", category="flood"
    )
    return msgspec.structs.replace(plain, **fields)


async def filled(both: tuple[ViewStore, OpenReports], *rows: ViewRow) -> OpenReports:
    store, reports = both
    await store.write(ViewBatch(after=0, position=1, at=AT, rows=list(rows), deltas=[]))
    return reports


async def found(reports: OpenReports, **asked: object) -> list[str]:
    bodies = await reports.requested(msgspec.structs.replace(ALL, **asked))
    return [msgspec.json.decode(body)["id"] for body in bodies]


async def test_by_time_state_and_kind(both: tuple[ViewStore, OpenReports]) -> None:
    reports = await filled(
        both,
        row("r1"),
        row("r2", 1, state="joined"),
        row("r3", 2, category="noise"),
        row("r4", 2, category="secret"),
        row("r5", 3, sensitive=True),
        row("i1", group="incidents"),
        row("r6", 20),
    )
    assert await found(reports) == ["r3", "r2", "r1"]
    assert await found(reports, start=AT, end=AT) == ["r1"]
    assert await found(reports, states=("joined", "asked")) == ["r2"]
    assert await found(reports, categories=("noise",)) == ["r3"]
    assert await found(reports, limit=1, offset=1) == ["r2"]
    named = [msgspec.json.decode(body)["id"] for body in await reports.named(["r1", "r5", "i1", "r9"])]
    assert named == ["r5", "r1"]


async def test_by_when_it_changed(both: tuple[ViewStore, OpenReports]) -> None:
    reports = await filled(both, row("r1", state_at=AT), row("r2", 1, state_at=AT + MINUTE))
    assert await found(reports, changed_after=AT + MINUTE) == ["r2"]
    assert await found(reports, changed_before=AT) == ["r1"]


async def test_a_place_is_compared_as_it_is_published(both: tuple[ViewStore, OpenReports]) -> None:
    squares = grid(500, -8.1)
    where = {"lat": -8.1011, "lon": 112.1612}
    reports = await filled(both, row("r1", **where), row("r2", category="noise", **where), row("r3"))
    lat, lon = squares.middle(**where)
    around = (where["lon"] - 1e-6, where["lat"] - 1e-6, where["lon"] + 1e-6, where["lat"] + 1e-6)
    assert await found(reports, bbox=around) == ["r2", "r1"]
    assert await found(reports, bbox=around, grids={"noise": squares}) == ["r1"]
    middle = (lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5)
    assert await found(reports, bbox=middle, grids={"noise": squares}) == ["r2"]


def test_the_kinds_of_a_history_are_the_same_everywhere() -> None:
    assert set(STATES) == set(TOLD) <= {kind for kind, _ in e.KINDS}
    index = (MIGRATIONS / "0210_open311_history.sql").read_text()
    for kind in TOLD:
        assert f"'{kind}'" in SQL["told"] and f"'{kind}'" in SQL["told_of"] and f"'{kind}'" in index


async def test_what_happened_to_them(database_url: str) -> None:
    """The twin's answer to the same is held by tests/api/test_open311_told.py."""
    await migrate(database_url)
    clock, codec = SettableClock(), Codec(e.KINDS)
    async with (
        reading_pool(database_url, size=2) as pool,
        PostgresJournal.open(database_url, pool, codec=codec, clock=clock, guard=SwitchedGuard()) as journal,
    ):
        twin, store = MemoryJournal(codec=codec, clock=clock), MemoryViewStore()
        facts = [
            ("report/r1", e.ReportJoined(incident_id="i1")),
            ("report/r2", e.ReportJoined(incident_id="i1")),
            ("incident/i1", e.IncidentStarted()),
            ("report/r3", e.ReportDismissed(disposition="information")),
            ("report/r1", e.ReportClaimed()),
            ("report/r1", e.ReportLeft(incident_id="i1")),
            ("report/r4", e.ReportDismissed(disposition="information")),
        ]
        start = clock.now()
        for number, (stream, event) in enumerate(facts):
            one = NewFact(stream=stream, expected=None, event=event)
            press = Append(
                actor="a",
                role="operator",
                channel="desk",
                command_id=f"c{number}",
                body_digest=b"",
                facts=(one,),
                answer={},
            )
            await journal.append(press)
            await twin.append(press)
            clock.advance(60)
        rows = [
            row("r1", at=start, room="i1"),
            row("r2", at=clock.now(), room="i1"),
            row("r3", at=start, state="dismissed"),
            row("r4", at=start, sensitive=True),
            row("r5", at=start),
        ]
        both = [(PostgresViewStore(pool), PostgresOpenReports(pool)), (store, MemoryOpenReports(store, twin))]
        for tables, reports in both:
            await filled((tables, reports), *rows)
            told = await reports.told(start, clock.now(), ["flood"], limit=10)
            assert [(each.report, each.kind) for each in told] == [
                ("r1", "report.joined"),
                ("r2", "report.joined"),
                ("r1", "incident.started"),
                ("r3", "report.dismissed"),
                ("r1", "report.left"),
            ]
            assert await reports.told(start, clock.now(), ["flood"], limit=2, offset=1) == told[1:3]
            assert await reports.told(told[2].at, told[3].at, ["flood"], limit=9) == told[2:4]
            assert await reports.told(start, clock.now(), ["noise"], limit=9) == []
            assert await reports.told_of(["r1", "r5"]) == [told[0], told[2], told[4]]
