"""Whatever is changed behind the journal's back, `verify_chain` names the position."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from hadir.storage.memory import SettableClock
from hadir.storage.postgres.pool import connect
from hadir.storage.postgres.verify import verify_chain

DAY = 86_400.0


@pytest.fixture
async def three_days(
    migrated_url: str, open_journal, note, clock: SettableClock
) -> AsyncIterator[psycopg.AsyncConnection]:
    """Nine facts on three days, and a connection of somebody who may do anything."""
    async with open_journal() as journal:
        for day in range(3):
            for number in range(3):
                await journal.append(note("incident/1", command_id=f"c{day}{number}"))
            clock.advance(DAY)
        await journal.erase(["c01-0"])
    async with await connect(migrated_url, "test") as conn:
        await conn.execute("set session_replication_role = replica")
        yield conn


async def test_an_untouched_journal_is_whole_also_after_an_erasure(three_days) -> None:
    seen: list[tuple[int, int]] = []
    verified = await verify_chain(three_days, lambda done, all: seen.append((done, all)))
    assert (verified.whole, verified.facts, verified.days) == (True, 9, 2)
    assert seen == [(9, 9)]


@pytest.mark.parametrize(
    ("change", "position", "reason"),
    [
        ("update journal set actor = 'somebody' where position = 4", 4, "not what it was"),
        ("update journal set body = '{\"content\":null}' where position = 2", 2, "not what it was"),
        ("update journal set at = at + interval '1 microsecond' where position = 5", 5, "not what it was"),
        ("update journal set hash = sha256('x') where position = 9", 9, "not what it was"),
        ("delete from journal where position = 3", 3, "position 3 is missing"),
        ("update journal set version = 99 where position = 6", 6, "has version 99 where 6 should be"),
        ("update journal_day set hash = sha256('x') where first = 4", 7, "was not sealed"),
        ("delete from journal_day where first = 1", 4, "was not sealed"),
        ("delete from journal where position > 5", 5, "a day that never was"),
        ('update contents set body = \'{"text":"lain"}\' where position = 6', 6, "content c12-0 is not what it was"),
        ("delete from contents where position = 6", 6, "content c12-0 is missing"),
    ],
)
async def test_a_change_is_found_where_it_is(three_days, change: str, position: int, reason: str) -> None:
    await three_days.execute(change)
    verified = await verify_chain(three_days)
    assert (verified.whole, verified.broken_at) == (False, position)
    assert reason in verified.reason


async def test_a_clock_that_goes_back_over_midnight_does_not_break_the_days(
    open_journal, note, clock, migrated_url
) -> None:
    async with open_journal() as journal:
        await journal.append(note("incident/1"))
        clock.advance(DAY)
        await journal.append(note("incident/1"))
        clock.advance(-DAY)
        await journal.append(note("incident/1"))
        assert [fact.at.day for fact in await journal.read(0, 9)] == [6, 7, 6]
    async with await connect(migrated_url, "test") as conn:
        verified = await verify_chain(conn)
    assert (verified.whole, verified.days) == (True, 1)


@pytest.mark.parametrize("change", ["update journal set actor = 'x'", "delete from journal", "truncate journal"])
async def test_the_database_itself_refuses_to_change_the_journal(migrated_url: str, change: str) -> None:
    async with await connect(migrated_url, "test") as conn:
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            await conn.execute(change)
