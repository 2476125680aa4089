"""Connections that break at every moment: nothing acknowledged is lost, nothing is stored twice."""

import asyncio
from typing import Any

import psycopg
import pytest

from hadir.ports.journal import DiskFull, JournalError, Unavailable
from hadir.storage.clock import SystemClock
from hadir.storage.postgres import store, writer
from hadir.storage.postgres.pool import connect
from hadir.storage.postgres.wire import Wire

KILL = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'hadir writer'"


async def test_appends_survive_broken_connections(open_journal, note, migrated_url: str) -> None:
    async with open_journal() as journal, await connect(migrated_url, "test") as killer:
        acknowledged: list[int] = []

        async def caller(name: str) -> None:
            for number in range(25):
                acknowledged.append((await journal.append(note(f"incident/{name}{number}"))).position)

        async def kill() -> None:
            for after in range(5, 100, 10):
                await journal.wait(after, timeout=60)
                await killer.execute(KILL)

        await asyncio.gather(*(caller(name) for name in "abcd"), kill())
        facts = await journal.read(0, 1000)
    assert sorted(acknowledged) == [fact.position for fact in facts] == list(range(1, 101))
    assert len({fact.stream for fact in facts}) == 100


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
async def test_a_lost_answer_to_a_commit_is_found_out(open_journal, note, monkeypatch, moment: str) -> None:
    """Without command ids: the hash tells whether the batch is in the journal."""
    times = 0

    async def lossy(wire: Wire, *args: Any, **how: Any) -> store.Plan:
        nonlocal times
        times += 1
        if times > 1:
            return await store.store(wire, *args, **how)
        if moment == "after the commit":
            await store.store(wire, *args, **how)
        else:
            *_, about_to_commit = args
            planned = store.plan(store.Head(), args[0], args[1])
            about_to_commit(planned)
        raise psycopg.OperationalError("the answer is lost")

    monkeypatch.setattr(writer, "store", lossy)
    heard: list[int] = []
    async with open_journal() as journal:
        journal.subscribe(lambda facts: heard.extend(fact.position for fact in facts))
        outcomes = await asyncio.gather(*(journal.append(note(f"incident/{number}")) for number in range(4)))
        assert [fact.stream for fact in await journal.read(0, 10)] == [f"incident/{number}" for number in range(4)]
    assert [outcome.position for outcome in outcomes] == heard == [1, 2, 3, 4]


async def test_a_server_that_stays_away_is_said_so(open_journal, note, monkeypatch) -> None:
    async def away(*_: Any, **__: Any) -> store.Plan:
        raise psycopg.OperationalError("connection refused")

    async with open_journal(patience=0.05, clock=SystemClock()) as journal:
        with monkeypatch.context() as patched:
            patched.setattr(writer, "store", away)
            with pytest.raises(Unavailable, match="repeat it with its command_id"):
                await journal.append(note("incident/1"))
        assert (await journal.append(note("incident/1"))).position == 1


async def test_the_databases_own_full_disk_is_the_same_refusal(open_journal, note, monkeypatch) -> None:
    async def full(*_: Any, **__: Any) -> store.Plan:
        raise psycopg.errors.DiskFull("could not extend file")

    async with open_journal() as journal:
        with monkeypatch.context() as patched:
            patched.setattr(writer, "store", full)
            with pytest.raises(DiskFull):
                await journal.append(note("incident/1"))
        assert (await journal.append(note("incident/1"))).position == 1


async def test_one_append_that_the_database_refuses_does_not_fail_its_neighbours(open_journal, note) -> None:
    async with open_journal() as journal:
        await journal.append(note("incident/1", command_id="twice"))
        outcomes = await asyncio.gather(
            journal.append(note("incident/2")),
            journal.append(note("incident/2", command_id="twice", actor="operator-2")),
            journal.append(note("incident/3")),
            return_exceptions=True,
        )
        assert [type(outcome) is JournalError for outcome in outcomes] == [False, True, False]
        assert await journal.position() == 3


async def test_too_many_waiting_are_refused_at_once(open_journal, note, monkeypatch) -> None:
    monkeypatch.setattr(writer, "MAX_WAITING", 3)
    async with open_journal() as journal:
        outcomes = await asyncio.gather(
            *(journal.append(note(f"incident/{number}")) for number in range(5)), return_exceptions=True
        )
    assert [isinstance(outcome, Unavailable) for outcome in outcomes] == [False, False, False, True, True]


async def test_closing_stores_what_waits_and_then_refuses(open_journal, note) -> None:
    async with open_journal() as journal:
        tasks = [asyncio.create_task(journal.append(note(f"incident/{number}"))) for number in range(10)]
        await asyncio.sleep(0)
    assert sorted([(await task).position for task in tasks]) == list(range(1, 11))
    with pytest.raises(Unavailable, match="closed"):
        await journal.append(note("incident/1"))


async def test_refusals_are_pruned_answers_stay(open_journal, note, clock) -> None:
    async with open_journal() as journal:
        await journal.append(note(command_id="r", refusal={"code": "no"}))
        await journal.append(note("incident/1", command_id="a"))
        clock.advance(8 * 86_400)
        await journal.append(note(command_id="r2", refusal={"code": "no"}))
        assert await journal.prune_refusals(clock.now().replace(day=clock.now().day - 7)) == 1
        assert (await journal.append(note("incident/1", command_id="a"))).repeated is True
        assert (await journal.append(note("incident/1", command_id="r"))).repeated is False
