"""One contract for the board's tables, held by both."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from hadir.ports.views import Delta, ViewBatch, Viewport, ViewRow, ViewsBehind, ViewStore
from hadir.storage.postgres.views import store as postgres_store

AT = datetime(2026, 1, 7, 14, 0, tzinfo=UTC)


def row(id: str, group: str = "reports", **fields: object) -> ViewRow:
    body = f'{{"id":"{id}","text":"a \\\\ \\"quoted\\" \\n line"}}'.encode()
    plain = ViewRow(group=group, id=id, body=body, kept=True, at=AT, state="received", category="flood")
    return msgspec.structs.replace(plain, **fields)


def batch(position: int, *rows: ViewRow, told: dict[str, bytes] | None = None, at: datetime = AT) -> ViewBatch:
    deltas = [Delta(position, told)] if told else []
    return ViewBatch(after=0, position=position, at=at, rows=list(rows), deltas=deltas)


def ids(bodies: list[bytes]) -> list[str]:
    return [msgspec.json.decode(body)["id"] for body in bodies]


async def test_rows_come_back_as_they_were_written(store: ViewStore) -> None:
    incident = row("i1", "incidents", room="i1")
    await store.write(batch(3, row("r1", room="i1"), incident, row("r2", kept=False)))
    position, kept = await store.kept()
    assert position == 3 == await store.position()
    assert kept == [("incidents", incident.body), ("reports", row("r1").body)]
    assert await store.row("reports", "r2") == row("r2").body
    assert await store.row("reports", "r9") is None
    assert await store.room("i1") == kept
    assert await store.room("i9") == []


async def test_what_another_process_has_written_stays(store: ViewStore) -> None:
    await store.write(batch(5, row("r1", state="joined", room="new"), told={"city": b"5"}))
    await store.write(batch(4, row("r1", room="old"), told={"city": b"4"}))
    assert await store.position() == 5
    assert await store.room("old") == []
    assert await store.after(0, "city", 10) == [(5, b"5")]


async def test_tables_that_lost_the_last_batches_take_no_later_one(store: ViewStore) -> None:
    await store.write(batch(3, row("r1")))
    with pytest.raises(ViewsBehind):
        await store.write(ViewBatch(after=5, position=6, at=AT, rows=[row("r2")], deltas=[Delta(6, {"city": b"6"})]))
    assert await store.kept() == (3, [("reports", row("r1").body)])
    assert await store.after(0, "city", 10) == []


async def test_several_processes_at_once_leave_one_history(store: ViewStore) -> None:
    """Each writes its batches in order, of other lengths; whoever comes first is right, and all is told once."""

    async def process(length: int) -> None:
        for end in range(length, 31, length):
            told = [Delta(at, {"city": b"%d" % at}) for at in range(end - length + 1, end + 1)]
            rows = [row("r1", room=f"at {end}")]
            await store.write(ViewBatch(after=end - length, position=end, at=AT, rows=rows, deltas=told))

    await asyncio.gather(*map(process, (1, 3, 10)))
    assert await store.position() == 30
    assert await store.room("at 30") == [("reports", row("r1").body)]
    told = [at for at, _ in await store.after(0, "city", 100)]
    assert told == sorted(set(told))
    assert told[-1] == 30


async def test_a_batch_may_have_rows_or_news_alone_or_neither(store: ViewStore) -> None:
    await store.write(batch(1, row("r1")))
    await store.write(batch(2, told={"city": b"2"}))
    await store.write(batch(3))
    assert (await store.position(), await store.after(0, "city", 9)) == (3, [(2, b"2")])


async def test_every_column_comes_back_as_it_went_in(store: ViewStore) -> None:
    at = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=7)))
    rows = [
        row("r1", at=at, lat=-8.125, lon=112.1, area="a", state="joined", category=None, contents=("c1", "c2")),
        row("r2", at=None, lat=None, lon=None, kept=False),
    ]
    await store.write(batch(1, *rows))
    port = Viewport(south=-8.125, north=-8.125, west=112.1, east=112.1, states=("joined",))
    moment = {"since": at, "until": at + timedelta(microseconds=1)}
    assert ids(await store.viewport(msgspec.structs.replace(port, **moment))) == ["r1"]
    assert ids(await store.viewport(msgspec.structs.replace(port, until=at))) == []
    assert [body for _, body in (await store.kept())[1]] == [rows[0].body]
    assert await store.showing(["c2"]) == [("reports", rows[0].body)]


async def test_a_row_is_replaced(store: ViewStore) -> None:
    await store.write(batch(1, row("r1", contents=("c1",))))
    await store.write(batch(2, row("r1", kept=False, contents=("c2", "c3"))))
    assert await store.kept() == (2, [])
    assert await store.showing(["c1"]) == []
    assert await store.showing(["c9", "c3"]) == [("reports", row("r1").body)]


async def test_each_audience_gets_its_own_rendering_or_everybodys(store: ViewStore) -> None:
    await store.write(batch(1, told={"city": b"all", "*": b"some", "agency:x": b""}))
    await store.write(batch(2, told={"city": b"more"}))
    assert await store.after(0, "city", 10) == [(1, b"all"), (2, b"more")]
    assert await store.after(0, "city", 1) == [(1, b"all")]
    assert await store.after(1, "city", 10) == [(2, b"more")]
    assert await store.after(0, "public", 10) == [(1, b"some")]
    assert await store.after(0, "agency:x", 10) == []


async def test_the_newest_deltas_come_with_where_they_begin(store: ViewStore) -> None:
    assert await store.recent(2) == (0, 0, [])
    for position in (1, 2, 4):
        await store.write(batch(position, told={"city": b"c", "*": b"e"}))
    await store.write(batch(6))
    told = {"city": b"c", "*": b"e"}
    assert await store.recent(2) == (1, 6, [Delta(2, told), Delta(4, told)])
    base, head, deltas = await store.recent(10)
    assert (base, head, len(deltas)) == (0, 6, 3)
    assert await store.told(1) == [Delta(2, told), Delta(4, told)]


async def test_old_deltas_are_forgotten_and_it_is_known_from_where(store: ViewStore) -> None:
    for position in (1, 2, 3):
        await store.write(batch(position, told={"city": b"x"}, at=AT + timedelta(days=position)))
    assert await store.prune(AT + timedelta(days=3)) == 2
    assert await store.kept_after() == 2
    assert await store.after(0, "city", 10) == [(3, b"x")]
    assert await store.prune(AT) == 0
    assert await store.kept_after() == 2


async def test_blanked_rows_take_the_deltas_with_them(store: ViewStore) -> None:
    await store.write(batch(7, row("r1", contents=("c1",)), told={"city": b"secret"}))
    blank = row("r1", body=b'{"id":"r1"}')
    await store.blank([blank])
    assert await store.row("reports", "r1") == b'{"id":"r1"}'
    assert await store.after(0, "city", 10) == []
    assert await store.kept_after() == 7


async def test_what_was_over_lately_in_a_rectangle(store: ViewStore) -> None:
    rows = [
        row("r1", lat=-8.10, lon=112.16, kept=False),
        row("r2", lat=-8.11, lon=112.17, kept=False, state="dismissed", at=AT + timedelta(hours=1)),
        row("r3", lat=-8.10, lon=112.16),
        row("r4", lat=-8.30, lon=112.16, kept=False),
        row("r5", lat=-8.10, lon=112.16, kept=False, at=AT - timedelta(hours=5)),
        row("r6", kept=False),
    ]
    await store.write(batch(1, *rows))
    port = Viewport(south=-8.2, west=112.1, north=-8.0, east=112.2, since=AT - timedelta(hours=1))
    assert ids(await store.lately_over(port)) == ["r2", "r1"]
    assert ids(await store.lately_over(msgspec.structs.replace(port, limit=1))) == ["r2"]


@pytest.mark.parametrize("few", [postgres_store.FEW, 0], ids=["few", "many"])
async def test_a_viewport_shows_the_newest_reports_in_it_of_any_state(store: ViewStore, monkeypatch, few: int) -> None:
    """In both ways in which the table is read: by place where few lie, by time where many do."""
    monkeypatch.setattr(postgres_store, "FEW", few)
    rows = [
        row("r1", lat=-8.10, lon=112.16),
        row("r2", lat=-8.11, lon=112.17, state="confirmed", kept=False, at=AT + timedelta(hours=1)),
        row("r3", lat=-8.30, lon=112.16),
        row("r4"),
        row("a1", "areas", lat=-8.10, lon=112.16),
    ]
    await store.write(batch(1, *rows))
    port = Viewport(south=-8.2, west=112.1, north=-8.0, east=112.2)
    assert ids(await store.viewport(port)) == ["r2", "r1"]
    assert ids(await store.viewport(msgspec.structs.replace(port, limit=1))) == ["r2"]
    assert ids(await store.viewport(msgspec.structs.replace(port, limit=2))) == ["r2", "r1"]
    assert ids(await store.viewport(msgspec.structs.replace(port, states=("received",)))) == ["r1"]
    assert ids(await store.viewport(msgspec.structs.replace(port, categories=("drain",)))) == []
    assert ids(await store.viewport(msgspec.structs.replace(port, since=AT + timedelta(minutes=1)))) == ["r2"]
    assert ids(await store.viewport(msgspec.structs.replace(port, until=AT + timedelta(minutes=1)))) == ["r1"]


async def test_the_nearest_come_first(store: ViewStore) -> None:
    rows = [row(f"r{n}", lat=-8.0 - n / 100, lon=112.16) for n in range(5)]
    await store.write(batch(1, *rows))
    assert ids(await store.nearest(-8.021, 112.16, 2)) == ["r2", "r3"]


async def test_a_side_takes_the_place_of_the_rows_in_use(store: ViewStore) -> None:
    await store.write(batch(4, row("r1"), row("old"), told={"city": b"x"}))
    side = await store.side()
    await side.add([row("r1"), row("r2", room="i1", lat=-8.1, lon=112.1, contents=("c1", "c2"))])
    await side.replace([row("r1", kept=False), row("i1", "incidents", room="i1")])
    await side.finish()
    assert await side.row("reports", "r2") == row("r2").body
    assert [group for group, _ in await side.room("i1")] == ["incidents", "reports"]
    assert await side.differences() == [("incidents", "i1"), ("reports", "old"), ("reports", "r1"), ("reports", "r2")]
    assert not await side.swap(3)
    assert await side.swap(4)
    await side.drop()
    assert await store.row("reports", "old") is None
    assert await store.showing(["c2"]) == [("reports", row("r2").body)]
    assert await store.after(0, "city", 10) == [(4, b"x")]
    await store.write(batch(5, row("r3")))
    again = await store.side()
    await again.drop()


async def test_a_side_that_is_ahead_leaves_no_delta_behind(store: ViewStore) -> None:
    """What nobody was told cannot be resumed: whoever was away fetches the board again."""
    await store.write(batch(4, told={"city": b"x"}))
    side = await store.side()
    await side.finish()
    assert await side.swap(9)
    assert (await store.position(), await store.kept_after()) == (9, 9)
    assert await store.after(0, "city", 10) == []
