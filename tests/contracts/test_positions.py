"""Positions: the tables and their twin keep the same promises."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from hadir.domain.position import Fix
from hadir.ports.positions import Positions
from hadir.storage.memory.positions import MemoryPositions
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import reading_pool
from hadir.storage.postgres.positions import PostgresPositions

NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)
FAR = NOON + timedelta(days=400)


@pytest.fixture(params=["memory", "postgres"])
async def positions(request: pytest.FixtureRequest) -> AsyncIterator[Positions]:
    if request.param == "memory":
        yield MemoryPositions()
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url) as pool:
        yield PostgresPositions(pool)


def fix(unit: str = "u1", seconds: float = 0, lat: float = -8.1, late: bool = False, **more: object) -> Fix:
    return Fix(unit=unit, at=NOON + timedelta(seconds=seconds), lat=lat, lon=112.165, late=late, **more)  # type: ignore[arg-type]


async def test_what_was_added_can_be_followed(positions: Positions) -> None:
    said = fix(accuracy_m=12.5, device_at=NOON - timedelta(hours=2), battery=62)
    await positions.add([fix(seconds=5), said, fix("u2")])
    assert await positions.track("u1", NOON, FAR, 10) == [said, fix(seconds=5)]
    assert await positions.track("u1", NOON, FAR, 1) == [said]
    assert await positions.track("u1", NOON, NOON + timedelta(seconds=5), 10) == [said]
    assert await positions.track("nobody", NOON, FAR, 10) == []


async def test_the_newest_counts_whatever_order_they_come_in(positions: Positions) -> None:
    assert await positions.newest() == []
    await positions.add([fix(seconds=10), fix(seconds=20), fix(seconds=15), fix("u2", 1)])
    await positions.add([fix(seconds=18)])
    assert await positions.newest() == [fix(seconds=20), fix("u2", 1)]


async def test_a_late_one_is_history_and_never_the_newest(positions: Positions) -> None:
    await positions.add([fix(seconds=10)])
    await positions.add([fix(seconds=20, late=True)])
    assert await positions.newest() == [fix(seconds=10)]
    assert len(await positions.track("u1", NOON, FAR, 10)) == 2


async def test_a_batch_may_span_days_that_nobody_has_seen(positions: Positions) -> None:
    days = [fix(seconds=-86_400 * n, late=n > 0) for n in range(4)]
    await positions.add(days)
    assert len(await positions.track("u1", NOON - timedelta(days=9), FAR, 10)) == 4


async def test_whole_days_are_forgotten(positions: Positions) -> None:
    await positions.add([fix("gone", -86_400 * 3), fix(seconds=-86_400, late=True), fix()])
    assert await positions.forget(date(2026, 1, 6)) == 1
    assert await positions.forget(date(2026, 1, 6)) == 0
    assert await positions.newest() == [fix()]
    assert len(await positions.track("u1", NOON - timedelta(days=9), FAR, 10)) == 2
    assert await positions.track("gone", NOON - timedelta(days=9), FAR, 10) == []


async def test_a_forgotten_day_can_be_written_again(positions: Positions) -> None:
    await positions.add([fix()])
    await positions.forget(date(2026, 1, 8))
    await positions.add([fix(seconds=1)])
    assert await positions.track("u1", NOON, FAR, 10) == [fix(seconds=1)]


async def test_nothing_is_nothing(positions: Positions) -> None:
    await positions.add([])
    assert await positions.newest() == []


async def test_two_processes_meet_a_new_day_at_once(database_url: str) -> None:
    await migrate(database_url)
    async with reading_pool(database_url) as pool:
        stores = [PostgresPositions(pool) for _ in range(4)]
        await asyncio.gather(*(s.add([fix(f"u{n}", n), fix("shared", n)]) for n, s in enumerate(stores)))
        assert len(await stores[0].newest()) == 5
        assert (await stores[0].newest())[0] == fix("shared", 3)
