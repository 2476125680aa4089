"""After the report: more words and photos, a question and its answer, the rating; who may, how often, what it is."""

import pytest

from hadir.domain.people import Role
from hadir.domain.talk import FOLLOW_UPS_MOST, HOURLY_MOST
from hadir.domain.values import Actor
from tests.actions.test_story import DESK, OFFICER, OPERATOR, opened, report
from tests.world import World, account, citizen

PHOTO = "a" * 64


def reporter(id: str) -> Actor:
    return Actor(id=f"reporter/{id}", role=Role.CITIZEN, channel="citizen-web")


async def verified(world: World, incident: str) -> str:
    task = (await world.done(OPERATOR, "tasks", incident_id=incident, agency="bpbd", what="Pompa")).id
    await world.done(DESK, "tasks", task, "assign", officer="petugas-1")
    for verb in ("accept", "arrive"):
        await world.done(OFFICER, "tasks", task, verb)
    await world.done(OFFICER, "tasks", task, "finish", note="Surut")
    await world.done(DESK, "tasks", task, "verify")
    return task


async def test_more_words_and_photos_are_a_fact_with_erasable_content(world: World) -> None:
    id = await report(world)
    await world.done(reporter(id), "reports", id, "follow-up", text="Makin naik", photos=[PHOTO])
    fact = (await world.facts(f"report/{id}"))[-1]
    assert (fact.event.kind, fact.event.photos) == ("report.followed_up", 1) and "naik" not in repr(fact.event)
    body = (await world.ctx.journal.contents([fact.content or ""]))[fact.content or ""]
    assert body == {"text": "Makin naik", "photos": [PHOTO]}
    await world.ctx.journal.erase_subject(f"report/{id}")
    assert (await world.ctx.journal.contents([fact.content or ""]))[fact.content or ""] is None


async def test_only_the_reporter_adds_and_only_something(world: World) -> None:
    id = await report(world)
    assert await world.refused(citizen("other"), "reports", id, "follow-up", text="hai") == "not_yours"
    assert await world.refused(OPERATOR, "reports", id, "follow-up", text="hai") == "not_your_role"
    assert await world.refused(reporter(id), "reports", id, "follow-up", text="  ") == "nothing_said"


async def test_one_link_cannot_fill_a_desk(world: World) -> None:
    id = await report(world)
    for n in range(FOLLOW_UPS_MOST):
        if n and n % HOURLY_MOST == 0:
            assert await world.refused(reporter(id), "reports", id, "follow-up", text="lagi") == "follow_ups_fast"
            world.clock.advance(3600)
        await world.done(reporter(id), "reports", id, "follow-up", text=f"kabar {n}")
    world.clock.advance(86_400)
    assert await world.refused(reporter(id), "reports", id, "follow-up", text="lagi") == "follow_ups_full"


async def test_a_word_after_the_end_is_taken_in(world: World) -> None:
    id = await report(world)
    await world.done(OPERATOR, "reports", id, "dismiss", disposition="prank")
    await world.done(reporter(id), "reports", id, "follow-up", text="Ini sungguhan, lihat foto", photos=[PHOTO])
    assert (await world.kinds(f"report/{id}"))[-2:] == ["report.dismissed", "report.followed_up"]


async def test_one_question_waits_and_is_answered_or_withdrawn(world: World) -> None:
    id = await report(world)
    await world.done(OPERATOR, "reports", id, "ask", text="Dekat rumah siapa?")
    question = (await world.facts(f"report/{id}"))[-1].event.question_id
    assert await world.refused(OPERATOR, "reports", id, "ask", text="Jam berapa?") == "question_waits"
    assert await world.refused(reporter(id), "reports", id, "follow-up", text="?", answers="else") == "no_question"
    await world.done(reporter(id), "reports", id, "follow-up", text="Dekat musala", answers=question)
    assert await world.refused(OPERATOR, "reports", id, "withdraw") == "no_question"
    await world.done(OPERATOR, "reports", id, "ask", text="Masih?")
    await world.done(OPERATOR, "reports", id, "withdraw")
    assert (await world.kinds(f"report/{id}"))[-1] == "report.question_withdrawn"


async def test_an_agency_asks_and_reads_only_where_it_has_work(world: World) -> None:
    id = await report(world)
    assert await world.refused(DESK, "reports", id, "ask", text="Di mana?") == "not_yours"
    incident = await opened(world, id)
    await world.done(OPERATOR, "tasks", incident_id=incident, agency="bpbd", what="Pompa")
    await world.done(DESK, "reports", id, "ask", text="Di mana?")
    await world.done(DESK, "reports", id, "hear")
    assert (await world.facts(f"report/{id}"))[-1].event.agency == "bpbd"
    assert await world.refused(account("opd-dpupr"), "reports", id, "hear") == "not_yours"


async def test_the_result_is_rated_when_there_is_one_and_stands_for_agencies(world: World) -> None:
    id = await report(world)
    incident = await opened(world, id)
    assert await world.refused(reporter(id), "reports", id, "rate", result="good") == "nothing_to_rate"
    await verified(world, incident)
    assert await world.refused(reporter(id), "reports", id, "rate", result="excellent") == "unknown_result"
    await world.done(reporter(id), "reports", id, "rate", result="good", text="cepat")
    fact = (await world.facts(f"report/{id}"))[-1]
    assert (fact.event.result, fact.event.agencies, fact.event.incident) == ("good", ("bpbd",), incident)
    assert "petugas" not in repr(fact.event)


@pytest.mark.parametrize("verb", ["follow-up", "rate"])
async def test_staff_cannot_speak_for_a_reporter(world: World, verb: str) -> None:
    id = await report(world)
    body = {"text": "x"} if verb == "follow-up" else {"result": "good"}
    assert await world.refused(OPERATOR, "reports", id, verb, **body) == "not_your_role"
