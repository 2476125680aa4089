"""The journal's rules under random interleavings: as a pure plan, cut into any batches, and on both journals."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hadir.domain.events import KINDS, IncidentNoted
from hadir.ports.journal import Append, Appended, CommandIdReused, Conflict, Journal, NewFact
from hadir.storage.chain import chained
from hadir.storage.codec import Codec
from hadir.storage.entropy import Entropy
from hadir.storage.memory import MemoryJournal, SettableClock, SwitchedGuard
from hadir.storage.planning import Head, Plan, plan, prepare
from hadir.storage.postgres.journal import PostgresJournal
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import connect, reading_pool

STREAMS = ("incident/1", "incident/2", "task/1")
CODEC = Codec(KINDS)
AT = datetime(2025, 1, 7, tzinfo=UTC)


def make(streams: Sequence[str], expected: int | None, command_id: str | None, body: bytes, refuse: bool) -> Append:
    facts = () if refuse else tuple(NewFact(stream=one, expected=expected, event=IncidentNoted()) for one in streams)
    return Append(
        actor="operator",
        role="operator",
        channel="api",
        command_id=command_id,
        body_digest=body,
        facts=facts,
        answer={} if refuse else {"streams": list(streams)},
        refusal={"code": "no"} if refuse else None,
    )


appends = st.builds(
    make,
    streams=st.lists(st.sampled_from(STREAMS), max_size=3),
    expected=st.none() | st.integers(0, 3),
    command_id=st.none() | st.sampled_from(["c1", "c2", "c3"]),
    body=st.sampled_from([b"one", b"one", b"two"]),
    refuse=st.sampled_from([False, False, False, True]),
)


def after(head: Head, planned: Plan) -> Head:
    """The head as the next batch would read it."""
    if planned.rows:
        head = Head(
            position=planned.rows[-1].position,
            hash=planned.hashes[-1],
            day=planned.rows[-1].day,
            versions=head.versions | {row.stream: row.version for row in planned.rows},
            commands=head.commands,
        )
    commands = head.commands | {(first.actor, first.command_id): first for first in planned.commands}
    return Head(position=head.position, hash=head.hash, day=head.day, versions=head.versions, commands=commands)


def in_batches(sequence: Sequence[Append], sizes: Sequence[int]) -> tuple[list[Plan], list[object]]:
    head, plans, left = Head(), [], [prepare(append, CODEC, Entropy()) for append in sequence]
    for size in [*sizes, len(left) or 1]:
        planned = plan(head, left[:size], AT)
        head, left = after(head, planned), left[size:]
        plans.append(planned)
    return plans, [outcome for planned in plans for outcome in planned.outcomes]


@given(st.lists(appends, max_size=25), st.lists(st.integers(1, 5), max_size=5))
def test_the_batches_an_append_falls_into_do_not_matter(sequence: list[Append], sizes: list[int]) -> None:
    cut, outcomes = in_batches(sequence, sizes)
    whole, expected = in_batches(sequence, [])
    assert [hash for planned in cut for hash in planned.hashes] == whole[0].hashes
    assert [repr(outcome) for outcome in outcomes] == [repr(outcome) for outcome in expected]


@given(st.lists(appends, max_size=25))
def test_gap_free_contiguous_and_chained(sequence: list[Append]) -> None:
    (planned, *_), outcomes = in_batches(sequence, [])
    assert [row.position for row in planned.rows] == list(range(1, len(planned.rows) + 1))
    for stream in STREAMS:
        versions = [row.version for row in planned.rows if row.stream == stream]
        assert versions == list(range(1, len(versions) + 1))
    previous = bytes(32)
    for row, hash in zip(planned.rows, planned.hashes, strict=True):
        previous = chained(previous, row)
        assert hash == previous
    fresh = [o for o in outcomes if isinstance(o, Appended) and not o.repeated]
    assert sum(len(a.facts) for a, o in zip(sequence, outcomes, strict=True) if o in fresh) >= len(planned.rows)


@given(st.lists(appends, max_size=25))
def test_a_repeated_command_gets_the_first_outcome(sequence: list[Append]) -> None:
    _, outcomes = in_batches(sequence, [])
    first: dict[str, tuple[bytes, Appended]] = {}
    for append, outcome in zip(sequence, outcomes, strict=True):
        if append.command_id is None or isinstance(outcome, Conflict):
            continue
        if append.command_id not in first:
            assert isinstance(outcome, Appended) and not outcome.repeated
            first[append.command_id] = (append.body_digest, outcome)
            continue
        digest, told = first[append.command_id]
        if append.body_digest == digest:
            assert isinstance(outcome, Appended) and outcome.repeated
            assert (outcome.answer, outcome.refusal, outcome.position) == (told.answer, told.refusal, told.position)
        else:
            assert isinstance(outcome, CommandIdReused)


async def _outcome(journal: Journal, append: Append) -> str:
    try:
        return repr(await journal.append(append))
    except (Conflict, CommandIdReused) as refused:
        return repr(refused)


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(appends, min_size=1, max_size=15))
def test_the_real_journal_and_its_twin_agree(database_url: str, sequence: list[Append]) -> None:
    asyncio.run(_compare(database_url, sequence))


async def _compare(url: str, sequence: list[Append]) -> None:
    await migrate(url)
    async with await connect(url, "test") as conn:
        await conn.execute("set session_replication_role = replica")
        await conn.execute("truncate journal, commands, contents, journal_day")
    clock = SettableClock()
    twin = MemoryJournal(codec=CODEC, clock=clock)
    expected = [await _outcome(twin, append) for append in sequence]
    async with (
        reading_pool(url, size=1) as pool,
        PostgresJournal.open(url, pool, codec=CODEC, clock=clock, guard=SwitchedGuard()) as real,
    ):
        # All at once: they fall into one or two batches, in this order.
        assert await asyncio.gather(*(_outcome(real, append) for append in sequence)) == expected
        assert await real.read(0, 100) == await twin.read(0, 100)
