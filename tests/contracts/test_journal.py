"""What every journal promises; run over the one on PostgreSQL and over its twin in memory."""

import asyncio
from datetime import UTC, datetime

import pytest

from hadir.domain.events import IncidentNoted
from hadir.ports.journal import CommandIdReused, Conflict, DiskFull, Journal, NewContent, NewFact
from hadir.storage.memory import SettableClock, SwitchedGuard


def note(id: str, text: str = "Air selutut", subject: str = "device/1", blobs: tuple[str, ...] = ()) -> NewContent:
    return NewContent(id=id, kind="note", subject=subject, body={"text": text}, blobs=blobs)


async def test_an_empty_journal(journal: Journal) -> None:
    assert await journal.position() == 0
    assert await journal.read(0, 10) == []
    assert await journal.read_stream("incident/1") == []
    assert journal.epoch.isalnum()


async def test_positions_are_gap_free_and_versions_contiguous(journal: Journal, new_append) -> None:
    first = await journal.append(new_append("incident/1", "incident/2", "incident/1"))
    second = await journal.append(new_append("incident/2"))

    assert (first.position, first.versions) == (3, {"incident/1": 2, "incident/2": 1})
    assert (second.position, second.versions) == (4, {"incident/2": 2})
    facts = await journal.read(0, 10)
    assert [(fact.position, fact.stream, fact.version) for fact in facts] == [
        (1, "incident/1", 1),
        (2, "incident/2", 1),
        (3, "incident/1", 2),
        (4, "incident/2", 2),
    ]


async def test_a_fact_comes_back_as_it_was_appended(journal: Journal, new_append, clock: SettableClock) -> None:
    at = datetime(2025, 1, 7, 18, 4, 5, 123456, tzinfo=UTC)
    clock.set(at)
    fact_in = NewFact(stream="incident/1", expected=0, event=IncidentNoted(), audience=("agency:dlh", "city"))
    append = new_append(role="operator", channel="desk", cause="rule/flood", command_id="c1")
    append = type(append)(
        **{field: getattr(append, field) for field in append.__struct_fields__} | {"facts": (fact_in,)}
    )
    await journal.append(append)

    (fact,) = await journal.read_stream("incident/1")
    assert fact.event == IncidentNoted()
    assert (fact.position, fact.version, fact.at) == (1, 1, at)
    assert (fact.actor, fact.role, fact.channel, fact.cause) == ("operator", "operator", "desk", "rule/flood")
    assert (fact.command_id, fact.content, fact.audience) == ("c1", None, ("agency:dlh", "city"))


async def test_read_goes_by_pages(journal: Journal, new_append) -> None:
    await journal.append(new_append(*(f"incident/{number}" for number in range(7))))

    assert [fact.position for fact in await journal.read(2, 3)] == [3, 4, 5]
    assert await journal.read(7, 3) == []


async def test_the_answer_gets_position_and_the_first_streams_version(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1"))
    appended = await journal.append(new_append("incident/1", "task/1", answer={"id": "x"}))

    assert appended.answer == {"id": "x", "position": 3, "version": 2}


async def test_an_answer_without_change_is_remembered_too(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1"))
    first = await journal.append(new_append(command_id="c1", answer={"already": True}))
    again = await journal.append(new_append("incident/1", command_id="c1"))

    assert (first.position, first.answer) == (1, {"already": True, "position": 1})
    assert (again.answer, again.repeated) == (first.answer, True)
    assert await journal.position() == 1


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_stale_expectation_is_a_conflict_and_stores_nothing(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1", "incident/1"))

    with pytest.raises(Conflict) as conflict:
        await journal.append(new_append("incident/2", "incident/1", expected=0, command_id="c1", content=note("n1")))

    assert (conflict.value.stream, conflict.value.actual) == ("incident/1", 2)
    assert await journal.position() == 2
    assert await journal.contents(["n1"]) == {}
    assert (await journal.append(new_append("incident/1", expected=2, command_id="c1"))).repeated is False


async def test_facts_of_one_append_expect_the_version_before_it(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1"))
    appended = await journal.append(new_append("incident/1", "incident/1", expected=1))
    assert appended.versions == {"incident/1": 3}


async def test_of_two_at_once_on_one_version_one_wins(journal: Journal, new_append) -> None:
    outcomes = await asyncio.gather(
        *(journal.append(new_append("incident/1", expected=0)) for _ in range(5)),
        journal.append(new_append("incident/2", expected=0)),
        return_exceptions=True,
    )

    assert [type(outcome).__name__ for outcome in outcomes] == ["Appended"] + ["Conflict"] * 4 + ["Appended"]
    assert [fact.stream for fact in await journal.read(0, 10)] == ["incident/1", "incident/2"]


async def test_a_stream_that_was_to_be_new_fails_alone(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/2"))
    outcomes = await asyncio.gather(
        *(journal.append(new_append(f"incident/{number}", expected=0)) for number in (1, 2, 3)),
        journal.append(new_append("incident/2")),
        return_exceptions=True,
    )

    assert [type(outcome).__name__ for outcome in outcomes] == ["Appended", "Conflict", "Appended", "Appended"]
    streams = [fact.stream for fact in await journal.read(0, 10)]
    assert streams == ["incident/2", "incident/1", "incident/3", "incident/2"]


async def test_streams_that_were_to_be_new_alone(journal: Journal, new_append) -> None:
    """No other append of the batch names them, so nothing has looked them up."""
    await journal.append(new_append("incident/2"))
    both = (journal.append(new_append(f"incident/{number}", expected=0)) for number in (2, 3))
    outcomes = await asyncio.gather(*both, return_exceptions=True)

    assert [type(outcome).__name__ for outcome in outcomes] == ["Conflict", "Appended"]
    assert await journal.position() == 2


# ── repeated commands ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_repeated_command_gets_the_first_answer(journal: Journal, new_append) -> None:
    first = await journal.append(new_append("incident/1", command_id="c1", answer={"id": "first"}))
    again = await journal.append(new_append("incident/1", expected=0, command_id="c1", answer={"id": "second"}))

    assert again.answer == first.answer == {"id": "first", "position": 1, "version": 1}
    assert (first.repeated, again.repeated, again.position) == (False, True, 1)
    assert await journal.position() == 1


async def test_a_refusal_is_remembered_whatever_would_be_decided_now(journal: Journal, new_append) -> None:
    refusal = {"code": "not_yours", "status": 403}
    first = await journal.append(new_append(command_id="c1", refusal=refusal))
    again = await journal.append(new_append("incident/1", command_id="c1"))

    assert (first.refusal, first.repeated) == (refusal, False)
    assert (again.refusal, again.repeated) == (refusal, True)
    assert await journal.position() == 0


async def test_refusals_are_forgotten_after_their_time_and_answers_never(
    journal: Journal, new_append, clock: SettableClock
) -> None:
    await journal.append(new_append("incident/1", command_id="done"))
    await journal.append(new_append(command_id="no", refusal={"code": "no"}))
    assert await journal.prune_refusals(clock.now()) == 0
    clock.advance(60)
    assert await journal.prune_refusals(clock.now()) == 1
    assert (await journal.append(new_append("incident/1", command_id="no"))).refusal is None
    assert (await journal.append(new_append("incident/1", command_id="done"))).repeated


async def test_the_same_id_with_another_body_is_refused(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1", command_id="c1", body_digest=b"one"))
    with pytest.raises(CommandIdReused):
        await journal.append(new_append("incident/1", command_id="c1", body_digest=b"two"))


async def test_ids_count_per_actor(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1", command_id="c1", actor="operator", body_digest=b"one"))
    other = await journal.append(new_append("incident/1", command_id="c1", actor="operator-2", body_digest=b"two"))
    assert other.repeated is False


async def test_the_same_command_twice_at_once_is_done_once(journal: Journal, new_append) -> None:
    outcomes = await asyncio.gather(
        *(journal.append(new_append("incident/1", command_id="c1", answer={"n": n})) for n in range(4))
    )

    assert [outcome.repeated for outcome in outcomes] == [False, True, True, True]
    assert {outcome.answer["n"] for outcome in outcomes} == {0}
    assert await journal.position() == 1


async def test_a_refusal_with_facts_is_nonsense(journal: Journal, new_append) -> None:
    with pytest.raises(ValueError, match="no facts"):
        await journal.append(new_append("incident/1", refusal={"code": "x"}))


# ── contents ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_content_comes_with_its_fact(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1", "incident/1", content=note("n1")))

    (first, body), (second, nothing) = await journal.read_with_contents(0, 10)
    assert (first.content, first.event.content) == ("n1", "n1")
    assert len(bytes.fromhex(first.event.content_digest)) == 32
    assert body == {"text": "Air selutut"}
    assert (second.content, second.event.content_digest, nothing) == (None, None, None)
    assert await journal.contents(["n1", "never was"]) == {"n1": {"text": "Air selutut"}}


async def test_a_content_is_kept_without_nul(journal: Journal, new_append) -> None:
    said = {"text": "a\0b \\u0000", "contact": {"name\0": ["\0", 1, None]}}
    await journal.append(
        new_append("incident/1", content=NewContent(id="n1", kind="note", subject="device/1", body=said))
    )
    assert await journal.contents(["n1"]) == {"n1": {"text": "ab \\u0000", "contact": {"name": ["", 1, None]}}}


async def test_the_same_words_have_another_digest_each_time(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1", content=note("n1")))
    await journal.append(new_append("incident/1", content=note("n2")))
    one, other = await journal.read(0, 10)
    assert one.event.content_digest != other.event.content_digest


async def test_erasing_takes_the_body_and_leaves_the_fact(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1", content=note("n1", blobs=("a", "b"))))
    await journal.append(new_append("incident/1", content=note("n2", blobs=("b",))))
    before = await journal.read(0, 10)

    erased = await journal.erase(["n1", "never was"])

    assert (erased.ids, erased.blobs) == (("n1",), ("a",))
    assert await journal.contents(["n1", "n2"]) == {"n1": None, "n2": {"text": "Air selutut"}}
    assert await journal.read(0, 10) == before
    assert [body for _, body in await journal.read_with_contents(0, 10)] == [None, {"text": "Air selutut"}]
    assert await journal.erase(["n1"]) == type(erased)(ids=(), blobs=())


async def test_erasing_by_subject(journal: Journal, new_append) -> None:
    for id, subject in [("n1", "device/1"), ("n2", "device/2"), ("n3", "device/1")]:
        await journal.append(new_append("incident/1", content=note(id, subject=subject)))

    assert (await journal.erase_subject("device/1")).ids == ("n1", "n3")
    assert await journal.contents(["n1", "n2", "n3"]) == {"n1": None, "n2": {"text": "Air selutut"}, "n3": None}


async def test_erasing_forgets_the_digest_of_the_command_but_not_its_answer(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1", content=note("n1"), command_id="c1", body_digest=b"one"))
    await journal.erase(["n1"])
    again = await journal.append(new_append("incident/1", command_id="c1", body_digest=b"two"))
    assert (again.repeated, again.position) == (True, 1)


async def test_odd_texts_come_back_as_they_are(journal: Journal, new_append) -> None:
    texts = {
        "quote": "'\"\\",
        "html": "<b>&",
        "sql": "'; drop table journal; --",
        "emoji": "🌧",
        "f": 1e22,
    }
    content = NewContent(id="n1", kind="note", subject="device/1", body=texts)
    await journal.append(new_append("incident/1", content=content))
    assert await journal.contents(["n1"]) == {"n1": texts}


@pytest.mark.parametrize("field", ["actor", "channel", "command_id", "cause"])
async def test_a_nul_in_a_name_fails_its_own_append_only(journal: Journal, new_append, field: str) -> None:
    bad = journal.append(new_append("incident/1", **{field: "a\x00b"}))
    outcome, good = await asyncio.gather(bad, journal.append(new_append("incident/1")), return_exceptions=True)
    assert isinstance(outcome, ValueError)
    assert good.position == 1


async def test_a_content_id_used_twice_fails_its_own_append_only(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1", content=note("n1")))
    outcome, good = await asyncio.gather(
        journal.append(new_append("incident/1", content=note("n1"))),
        journal.append(new_append("incident/1")),
        return_exceptions=True,
    )
    assert type(outcome).__name__ == "JournalError"
    assert good.position == 2


# ── following ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_wait_returns_at_once_when_there_is_more(journal: Journal, new_append) -> None:
    await journal.append(new_append("incident/1"))
    assert await journal.wait(0, timeout=60) == 1


async def test_wait_returns_when_something_is_appended(journal: Journal, new_append) -> None:
    waiting = asyncio.create_task(journal.wait(0, timeout=60))
    await asyncio.sleep(0)
    await journal.append(new_append("incident/1"))
    assert await waiting == 1


async def test_wait_gives_up(journal: Journal) -> None:
    assert await journal.wait(0, timeout=0.01) == 0


async def test_listeners_hear_every_fact_in_order_after_the_commit(journal: Journal, new_append) -> None:
    heard: list[int] = []
    end = journal.subscribe(lambda facts: heard.extend(fact.position for fact in facts))
    await asyncio.gather(*(journal.append(new_append(f"incident/{n}", "task/1")) for n in range(20)))
    assert heard == list(range(1, 41))

    end()
    await journal.append(new_append("incident/1"))
    assert len(heard) == 40


async def test_a_failing_listener_stops_nobody(journal: Journal, new_append, caplog) -> None:
    heard: list[int] = []

    def fail(facts) -> None:
        raise RuntimeError("no")

    journal.subscribe(fail)
    journal.subscribe(lambda facts: heard.append(facts[-1].position))
    assert (await journal.append(new_append("incident/1"))).position == 1
    assert heard == [1]
    assert "A listener of the journal failed" in caplog.text


# ── bad luck ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_full_disk_refuses_new_facts_and_keeps_serving(
    journal: Journal, new_append, guard: SwitchedGuard
) -> None:
    await journal.append(new_append("incident/1"))
    guard.full = True
    with pytest.raises(DiskFull, match="reading goes on"):
        await journal.append(new_append("incident/1"))
    assert len(await journal.read(0, 10)) == 1
    guard.full = False
    assert (await journal.append(new_append("incident/1"))).position == 2


async def test_cancelled_callers_neither_lose_nor_double_anything(journal: Journal, new_append) -> None:
    appends = [new_append("incident/1", command_id=f"c{n}", answer={"n": n}) for n in range(40)]
    tasks = [asyncio.create_task(journal.append(append)) for append in appends]
    await asyncio.sleep(0)
    for task in tasks[::3]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    answers = [(await journal.append(append)).answer["n"] for append in appends]

    facts = await journal.read(0, 100)
    assert answers == list(range(40))
    assert sorted(fact.command_id for fact in facts) == sorted(f"c{n}" for n in range(40))
    assert [fact.version for fact in facts] == list(range(1, 41))
