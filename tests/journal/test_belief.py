"""Large batches are sent on what the writer believes of the head; where it is wrong, nothing is lost or doubled."""

import asyncio
from typing import Any

import pytest

from hadir.ports.journal import Append, Appended, Conflict
from hadir.storage.postgres import store, writer
from hadir.storage.postgres.pool import connect
from hadir.storage.postgres.verify import verify_chain
from hadir.storage.postgres.wire import Wire

MANY = writer.LARGE * 3


@pytest.fixture
def beliefs(monkeypatch) -> list[bool]:
    """Of each large batch so far: was it sent without a look at the head?"""
    sent: list[bool] = []

    async def watched(wire: Wire, batch: Any, *args: Any, believed: store.Head | None, **how: Any) -> store.Plan:
        if len(batch) >= writer.LARGE:
            sent.append(believed is not None)
        return await store.store(wire, batch, *args, believed=believed, **how)

    monkeypatch.setattr(writer, "store", watched)
    return sent


async def _append_new(journal, note, name: str, *others: Append) -> list[Any]:
    """Others, and many appends that each go to a stream of their own that nobody has seen, all at once."""
    appends = (*others, *(note(f"incident/{name}{number}", expected=0) for number in range(MANY)))
    return await asyncio.gather(*(journal.append(append) for append in appends), return_exceptions=True)


async def test_a_batch_after_our_own_is_sent_in_one_round_trip(open_journal, note, beliefs, migrated_url: str) -> None:
    async with open_journal() as journal:
        for name in "abc":
            assert all(type(outcome) is Appended for outcome in await _append_new(journal, note, name))
        facts = await journal.read(0, 1000)
    assert beliefs == [False, True, True]
    assert [fact.position for fact in facts] == list(range(1, 3 * MANY + 1))
    async with await connect(migrated_url, "test") as conn:
        assert (await verify_chain(conn)).whole


async def test_another_node_wrote_in_between(open_journal, note, beliefs, migrated_url: str) -> None:
    async with open_journal() as one, open_journal() as two:
        await _append_new(one, note, "a")
        await two.append(note("incident/b"))
        outcomes = await _append_new(one, note, "c")
        await _append_new(one, note, "d")
    assert [outcome.position for outcome in outcomes] == list(range(MANY + 2, 2 * MANY + 2))
    assert beliefs == [False, True, False, False], "wrong once, and then it looks first"
    async with await connect(migrated_url, "test") as conn:
        assert (await verify_chain(conn)).whole


async def test_a_command_that_was_done_gets_its_first_answer(open_journal, note, beliefs) -> None:
    async with open_journal() as journal:
        first, *_ = await _append_new(journal, note, "a", note("incident/x", expected=0, command_id="c"))
        again, *others = await _append_new(journal, note, "b", note("incident/y", expected=0, command_id="c"))
    assert (again.repeated, again.answer) == (True, first.answer)
    assert all(type(outcome) is Appended for outcome in others)
    assert beliefs == [False, True, False]


async def test_a_stream_that_is_not_new_after_all_is_a_conflict_for_its_append_alone(open_journal, note) -> None:
    async with open_journal() as journal:
        await _append_new(journal, note, "a")
        old, *others = await _append_new(journal, note, "b", note("incident/a0", expected=0))
        assert await journal.position() == 2 * MANY
    assert isinstance(old, Conflict) and old.actual == 1
    assert all(type(outcome) is Appended for outcome in others)


async def test_what_changes_a_known_stream_is_looked_up(open_journal, note, beliefs) -> None:
    async with open_journal() as journal:
        await _append_new(journal, note, "a")
        changed, *_ = await _append_new(journal, note, "b", note("incident/a0", expected=1))
    assert changed.versions == {"incident/a0": 2}
    assert beliefs == [False, False]
