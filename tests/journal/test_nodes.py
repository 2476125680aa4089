"""Several nodes on one database: one order, and each hears what the others append."""

import asyncio

import pytest

from hadir.ports.journal import Conflict
from hadir.storage.postgres.epoch import new_epoch
from hadir.storage.postgres.pool import connect
from hadir.storage.postgres.verify import verify_chain


async def test_positions_are_gap_free_over_all_nodes(open_journal, note, migrated_url: str) -> None:
    async with open_journal() as one, open_journal() as two, open_journal() as three:
        await asyncio.gather(
            *(node.append(note(f"incident/{number % 5}")) for number in range(40) for node in (one, two, three))
        )
        assert [fact.position for fact, _ in await _all(two)] == list(range(1, 121))
    async with await connect(migrated_url, "test") as conn:
        assert (await verify_chain(conn)).whole


async def test_of_two_nodes_on_one_version_one_wins(open_journal, note) -> None:
    async with open_journal() as one, open_journal() as two:
        outcomes = await asyncio.gather(
            *(node.append(note("incident/1", expected=0)) for node in (one, two)), return_exceptions=True
        )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Appended", "Conflict"]
    assert Conflict("incident/1", 1).actual == next(o for o in outcomes if isinstance(o, Conflict)).actual


async def test_the_same_command_at_two_nodes_is_done_once(open_journal, note) -> None:
    async with open_journal() as one, open_journal() as two:
        outcomes = await asyncio.gather(
            *(node.append(note("incident/1", command_id="c1")) for node in (one, two, one, two))
        )
        assert sorted(outcome.repeated for outcome in outcomes) == [False, True, True, True]
        assert await one.position() == 1


async def test_a_listener_hears_all_nodes_in_order(open_journal, note) -> None:
    heard: list[int] = []
    async with open_journal() as one, open_journal() as two:
        one.subscribe(lambda facts: heard.extend(fact.position for fact in facts))
        await asyncio.gather(*(node.append(note(f"incident/{number}")) for number in range(30) for node in (one, two)))
        assert await one.wait(59, timeout=60) == 60
    assert heard == list(range(1, 61))


async def test_a_node_without_listeners_is_woken_too(open_journal, note) -> None:
    async with open_journal() as one, open_journal() as two:
        waiting = asyncio.create_task(one.wait(0, timeout=60))
        await two.append(note("incident/1"))
        assert await waiting == 1


async def test_a_node_that_starts_later_begins_at_the_end(open_journal, note) -> None:
    heard: list[int] = []
    async with open_journal() as one:
        await one.append(note("incident/1"))
        async with open_journal() as two:
            two.subscribe(lambda facts: heard.extend(fact.position for fact in facts))
            await one.append(note("incident/1"))
            assert await two.wait(1, timeout=60) == 2
    assert heard == [2]


@pytest.mark.parametrize("reason", ["restored from a backup"])
async def test_a_new_epoch_is_seen_by_the_next_node(open_journal, migrated_url: str, reason: str) -> None:
    async with open_journal() as journal:
        before = journal.epoch
    async with await connect(migrated_url, "test") as conn:
        begun = await new_epoch(conn, reason)
    async with open_journal() as journal:
        assert journal.epoch == begun != before


async def test_a_journal_that_lost_its_tail_gets_a_new_epoch(open_journal, note, migrated_url: str) -> None:
    """As when a replica is promoted that had not got the newest facts."""
    async with open_journal() as journal, await connect(migrated_url, "test") as conn:
        before = journal.epoch
        for _ in range(3):
            await journal.append(note("incident/1"))
        await conn.execute("set session_replication_role = replica")
        await conn.execute("delete from journal where position = 3")
        await conn.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name ~ 'hadir (writer|listener)'"
        )

        appended = await journal.append(note("incident/1"))

        assert (appended.position, appended.versions) == (3, {"incident/1": 3})
        assert journal.epoch != before
        assert await journal.wait(2, timeout=60) == 3


async def test_what_another_node_wrote_is_read_once_for_all_followers(open_journal, note) -> None:
    async with open_journal() as one, open_journal() as two:
        for number in range(6):
            await (one if number % 3 == 0 else two).append(note("incident/1", command_id=f"c{number}"))
        assert await one.wait(5, timeout=60) == 6
        whole = await _all(one)
        assert [fact.position for fact, _ in whole] == list(range(1, 7))
        assert all(content for _, content in whole)
        asked = _counting(one)
        assert await _all(one) == whole
        assert await one.read(2, 100) == [fact for fact, _ in whole][2:]
        assert asked == ["read_with_contents"], "only whether there is more"


async def test_what_was_read_before_an_erasure_does_not_come_back(open_journal, note) -> None:
    async with open_journal() as one, open_journal() as two:
        await two.append(note("incident/1", command_id="c1"))
        await one.wait(0, timeout=60)
        ((told, _),) = await one.read_with_contents(0, 10)
        await one.erase([told.content])
        assert await one.read_with_contents(0, 10) == [(told, None)]


async def test_a_node_that_only_appends_hears_nothing(open_journal, note) -> None:
    async with open_journal(follows=False) as quiet, open_journal() as other:
        await other.append(note("incident/1"))
        assert (await quiet.append(note("incident/2"))).position == 2
        assert await quiet.wait(0, timeout=0) == 0
        assert await other.wait(1, timeout=60) == 2
        assert [fact.position for fact, _ in await _all(other)] == [1, 2]


async def _all(journal) -> list:
    """Read as followers do: until nothing comes."""
    found: list = []
    while page := await journal.read_with_contents(len(found), 100):
        found += page
    return found


def _counting(journal) -> list[str]:
    """The queries that this journal asks from now on."""
    asked, real = [], journal._rows

    async def counted(query: str, parameters: dict) -> list:
        asked.append(query)
        return await real(query, parameters)

    journal._rows = counted
    return asked
