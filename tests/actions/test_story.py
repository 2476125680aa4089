"""The whole loop, command by command: a report, an incident, a task, an order, proof, and the citizen's answer."""

from hadir.actions.commands import ReceiveReport
from hadir.actions.registry import execute
from hadir.domain.refusals import Refusal
from tests.world import World, account, citizen

PLOSOKEREP = "35.72.03.1002"
OPERATOR, LEADER, DESK, OFFICER = account("operator"), account("pimpinan"), account("opd-bpbd"), account("petugas-1")


async def report(world: World, text: str = "Air selutut di gang, RT 2 RW 1 Plosokerep", device: str = "d1") -> str:
    done = await world.done(citizen(device), "reports", text=text, place={"how": "list", "area": PLOSOKEREP})
    return done.id


async def opened(world: World, report_id: str) -> str:
    return (await world.done(OPERATOR, "incidents", report_id=report_id)).id


async def test_a_report_is_judged_with_reasons_and_its_words_stay_out_of_the_fact(world: World) -> None:
    id = await report(world)
    fact = (await world.facts(f"report/{id}"))[0]
    assert fact.event.category == "flood" and fact.event.flood
    assert fact.event.depth_cm == 45
    assert fact.event.urgency_reasons
    assert (fact.event.place.area, fact.event.place.rw, fact.event.place.rt) == (PLOSOKEREP, 1, 2)
    assert "selutut" not in repr(fact.event)
    body = (await world.ctx.journal.contents([fact.content or ""]))[fact.content or ""]
    assert body is not None and body["text"].startswith("Air selutut")


async def test_the_point_of_a_reporter_is_content_and_never_in_a_fact(world: World) -> None:
    done = await world.done(
        citizen(),
        "reports",
        text="banjir",
        place={"lat": -8.114907, "lon": 112.162897, "how": "gps", "text": "rumah biru"},
    )
    fact = (await world.facts(f"report/{done.id}"))[0]
    assert fact.event.place.area == PLOSOKEREP
    assert (fact.event.place.lat, fact.event.place.words) == (None, None)
    body = (await world.ctx.journal.contents([fact.content or ""]))[fact.content or ""]
    assert body is not None and body["place"] == {"lat": -8.114907, "lon": 112.162897, "words": "rumah biru"}


async def test_a_second_account_of_the_officer_does_not_verify_his_work(world: World) -> None:
    incident = await opened(world, await report(world))
    task = (await world.done(OPERATOR, "tasks", incident_id=incident, agency="bpbd", what="Cek")).id
    await world.done(DESK, "tasks", task, "assign", officer="petugas-1")
    await world.done(OFFICER, "tasks", task, "accept")
    await world.done(OFFICER, "tasks", task, "finish", note="Sudah")
    await world.ctx.people.set_person("opd-bpbd", "petugas-1")  # type: ignore[attr-defined]
    await world.ctx.people.set_disabled("petugas-1", True)  # type: ignore[attr-defined]
    assert await world.refused(DESK, "tasks", task, "verify") == "worker_does_not_verify"
    await world.done(OPERATOR, "tasks", task, "verify")


async def test_the_whole_loop_to_solved_and_the_citizen_s_answer(world: World) -> None:
    report_id = await report(world)
    incident = await opened(world, report_id)
    task = (await world.done(OPERATOR, "tasks", incident_id=incident, agency="bpbd", what="Cek dan pompa")).id
    await world.done(DESK, "tasks", task, "assign", officer="petugas-1")
    for verb in ("accept", "depart", "arrive"):
        await world.done(OFFICER, "tasks", task, verb)
    await world.done(OFFICER, "tasks", task, "finish", note="Air sudah surut")
    assert await world.refused(OFFICER, "tasks", task, "verify") == "not_your_role"
    await world.done(DESK, "tasks", task, "verify")
    assert await world.kinds(f"incident/{incident}") == ["incident.opened", "incident.started", "incident.resolved"]
    assert (await world.kinds(f"report/{report_id}"))[-1] == "report.asked"

    reporter = citizen()
    mine = type(reporter)(id=f"reporter/{report_id}", role="citizen")
    assert await world.refused(reporter, "reports", report_id, "confirm") == "not_yours"
    await world.done(mine, "reports", report_id, "dispute", text="Masih ada air")
    assert (await world.kinds(f"incident/{incident}"))[-1] == "incident.reopened"

    again = (await world.done(OPERATOR, "tasks", incident_id=incident, agency="bpbd")).id
    await world.done(DESK, "tasks", again, "assign", officer="petugas-2")
    other = account("petugas-2")
    await world.done(other, "tasks", again, "accept")
    await world.done(other, "tasks", again, "finish", note="Selesai")
    await world.done(LEADER, "tasks", again, "verify")
    await world.done(mine, "reports", report_id, "confirm")
    assert (await world.kinds(f"incident/{incident}"))[-1] == "incident.closed"


async def test_an_order_is_read_back_before_it_becomes_one_task(world: World) -> None:
    incident = await opened(world, await report(world))
    order = (
        await world.done(
            LEADER, "orders", incident_id=incident, to="petugas-1", action="evacuate", within_min=30, text="Warga RW 1"
        )
    ).id
    assert await world.refused(OFFICER, "orders", order, "accept") == "wrong_state"
    await world.done(OFFICER, "orders", order, "see")
    assert (await world.kinds(f"order/{order}")) == ["order.sent", "order.delivered", "order.seen"]
    wrong = {"area": PLOSOKEREP, "action": "check", "within_min": 30}
    await world.done(OFFICER, "orders", order, "read-back", **wrong)
    assert await world.refused(LEADER, "orders", order, "confirm") == "read_back_differs"
    await world.done(LEADER, "orders", order, "correct", action="evacuate", within_min=15)
    assert await world.refused(OFFICER, "orders", order, "read-back", **wrong) == "wrong_state"
    await world.done(OFFICER, "orders", order, "see")
    await world.done(OFFICER, "orders", order, "read-back", area=PLOSOKEREP, action="evacuate", within_min=15)
    assert await world.refused(OPERATOR, "orders", order, "confirm") == "not_yours"
    await world.done(LEADER, "orders", order, "confirm")
    accepted = await world.done(OFFICER, "orders", order, "accept")
    task = accepted.answer["task_id"]
    assert await world.kinds(f"task/{task}") == ["task.given", "task.assigned", "task.accepted"]
    await world.done(OFFICER, "tasks", task, "arrive")


async def test_an_order_joins_the_task_its_addressee_already_has(world: World) -> None:
    incident = await opened(world, await report(world))
    task = (await world.done(OPERATOR, "tasks", incident_id=incident, agency="bpbd")).id
    await world.done(DESK, "tasks", task, "assign", officer="petugas-1")
    order = (await world.done(LEADER, "orders", incident_id=incident, to="petugas-1", action="check", within_min=30)).id
    await world.done(OFFICER, "orders", order, "see")
    await world.done(OFFICER, "orders", order, "read-back", area=PLOSOKEREP, action="check", within_min=30)
    await world.done(LEADER, "orders", order, "confirm")
    accepted = await world.done(OFFICER, "orders", order, "accept")
    assert accepted.answer["task_id"] == task
    assert (await world.kinds(f"task/{task}"))[-1] == "task.accepted"


async def test_assigning_can_be_taken_back_until_he_has_taken_it(world: World) -> None:
    incident = await opened(world, await report(world))
    task = (await world.done(OPERATOR, "tasks", incident_id=incident, agency="bpbd")).id
    await world.done(DESK, "tasks", task, "assign", officer="petugas-2")
    assert await world.refused(account("opd-dlh"), "tasks", task, "unassign") == "not_yours"
    await world.done(DESK, "tasks", task, "unassign")
    assert await world.refused(account("petugas-2"), "tasks", task, "accept") == "task_gone"
    await world.done(OPERATOR, "tasks", task, "assign", officer="petugas-1")
    await world.done(OFFICER, "tasks", task, "accept")
    assert await world.refused(OPERATOR, "tasks", task, "unassign") == "wrong_state"
    assert (await world.kinds(f"task/{task}"))[-4:] == [
        "task.assigned",
        "task.unassigned",
        "task.assigned",
        "task.accepted",
    ]


async def test_a_hand_over_waits_for_its_answer(world: World) -> None:
    incident = await opened(world, await report(world))
    task = (await world.done(OPERATOR, "tasks", incident_id=incident, agency="dlh")).id
    dlh, dpupr = account("opd-dlh"), account("opd-dpupr")
    await world.done(dlh, "tasks", task, "offer", agency="dpupr", reason="Ini saluran")
    assert await world.refused(dlh, "tasks", task, "assign", officer="petugas-5") == "waits_for_hand_over"
    assert await world.refused(account("opd-bpbd"), "tasks", task, "take") == "not_yours"
    await world.done(dpupr, "tasks", task, "return", reason="Bukan kami")
    await world.done(dlh, "tasks", task, "offer", agency="dpupr", reason="Lihat foto")
    await world.done(dpupr, "tasks", task, "take")
    await world.done(dpupr, "tasks", task, "assign", officer="petugas-3")


async def test_two_neighbours_make_a_suspicion_three_confirm_and_only_a_person_ends_it(world: World) -> None:
    await report(world, device="a")
    assert (await world.kinds(f"area/{PLOSOKEREP}"))[-1] == "area.flood_suspected"
    await report(world, device="a")
    await report(world, "Banjir di Plosokerep", device="b")
    assert "area.flood_confirmed" not in await world.kinds(f"area/{PLOSOKEREP}"), "one person twice is one witness"
    await report(world, "banjir Plosokerep", device="c")
    confirmed = (await world.facts(f"area/{PLOSOKEREP}"))[-1]
    assert confirmed.event.kind == "area.flood_confirmed"
    assert {r.code for r in confirmed.event.reasons} >= {"flood.witnesses", "flood.depth"}
    world.clock.advance(86_400)
    assert (await world.kinds(f"area/{PLOSOKEREP}"))[-1] == "area.flood_confirmed"
    assert await world.refused(DESK, "areas", PLOSOKEREP, "end") == "not_your_role"
    await world.done(LEADER, "areas", PLOSOKEREP, "declare", depth_cm=80, note="Saya tetapkan")
    await world.done(OPERATOR, "areas", PLOSOKEREP, "recede")
    await world.done(OPERATOR, "areas", PLOSOKEREP, "end")


async def test_an_officer_in_the_water_confirms_alone(world: World) -> None:
    await world.done(OFFICER, "areas", PLOSOKEREP, "sign", depth_cm=40)
    assert (await world.kinds(f"area/{PLOSOKEREP}"))[-1] == "area.flood_confirmed"


async def test_the_same_command_twice_is_done_once_and_another_body_is_refused(world: World) -> None:
    body = {"text": "Pohon tumbang", "place": {"how": "list", "area": PLOSOKEREP}}
    first = await world.done(citizen(), "reports", command_id="the-same-id", **body)
    again = await world.done(citizen(), "reports", command_id="the-same-id", **body)
    assert (again.id, again.position, again.repeated) == (first.id, first.position, True)
    assert await world.refused(citizen(), "reports", command_id="the-same-id", text="lain") == "command_id_reused"
    assert len(await world.facts("report/")) == 1


async def test_a_refusal_is_remembered_even_when_it_would_be_allowed_by_now(world: World) -> None:
    id = await report(world)
    assert await world.refused(OPERATOR, "reports", id, "restore", command_id="restore-1") == "wrong_state"
    await world.done(OPERATOR, "reports", id, "dismiss", disposition="prank")
    assert await world.refused(OPERATOR, "reports", id, "restore", command_id="restore-1") == "wrong_state"
    await world.done(OPERATOR, "reports", id, "restore", command_id="restore-2")


async def test_reactions_done_twice_are_recorded_once(world: World) -> None:
    await report(world)
    before = await world.ctx.journal.position()
    world.reactions.__init__(world.ctx, type(world.reactions._cursors)())  # a node that lost its place
    await world.reactions.catch_up(0)
    assert await world.ctx.journal.position() == before


async def test_only_an_integrator_speaks_for_other_times_and_people(world: World) -> None:
    place = {"how": "list", "area": PLOSOKEREP}
    assert await world.refused(citizen(), "reports", text="banjir", place=place, origin="replay") == "origin_needs_key"
    replay = account("replay")
    done = await world.done(replay, "reports", text="banjir", place=place, origin="replay", reporter="row-1")
    assert (await world.facts(f"report/{done.id}"))[0].event.origin == "replay"


async def test_rubbish_is_refused_by_name_and_leaves_nothing(world: World) -> None:
    assert await world.refused(citizen(), "reports", text="   ") == "nothing_said"
    assert await world.refused(citizen(), "reports", text="a", place={"lat": -8.1, "how": "gps"}) == "half_a_point"
    assert await world.refused(citizen(), "reports", text="a", place={"area": "99"}) == "unknown_area"
    assert await world.refused(citizen(), "reports", text="a", category="ufo") == "unknown_category"
    assert await world.refused(OPERATOR, "reports", "NOPE", "claim") == "no_report"
    assert await world.facts() == []


async def test_a_point_far_outside_is_accepted_marked_and_has_no_area(world: World) -> None:
    done = await world.done(citizen(), "reports", text="banjir", place={"lat": -7.0, "lon": 112.0, "how": "gps"})
    place = (await world.facts(f"report/{done.id}"))[0].event.place
    assert place.outside and place.area is None


async def test_a_name_of_ours_in_the_words_brings_no_point_from_far_away_into_the_city(world: World) -> None:
    far = {"lat": 51.5, "lon": -0.12, "how": "gps"}
    done = await world.done(citizen(), "reports", text="banjir di Plosokerep", place=far)
    place = (await world.facts(f"report/{done.id}"))[0].event.place
    assert place.outside and place.area is None
    assert await world.facts(f"area/{PLOSOKEREP}") == [], "no sign of water there"
    # who names the area means it, wherever the phone is
    done = await world.done(citizen(), "reports", text="banjir", place={**far, "area": PLOSOKEREP})
    place = (await world.facts(f"report/{done.id}"))[0].event.place
    assert place.outside and place.area == PLOSOKEREP


async def test_an_operator_holds_a_report_for_five_minutes(world: World) -> None:
    id = await report(world)
    await world.done(OPERATOR, "reports", id, "claim")
    assert await world.refused(account("operator-2"), "reports", id, "claim") == "claimed_by_other"
    world.clock.advance(301)
    await world.done(account("operator-2"), "reports", id, "claim")


async def test_two_operators_at_once_and_one_wins(world: World) -> None:
    """The decision is made again on what the other one did."""
    id = await report(world)
    import asyncio

    outcomes = await asyncio.gather(
        world.press(OPERATOR, "reports", id, "dismiss", disposition="prank"),
        world.press(account("operator-2"), "reports", id, "dismiss", disposition="test"),
    )
    assert sum(isinstance(o, Refusal) for o in outcomes) == 1
    assert (await world.kinds(f"report/{id}")).count("report.dismissed") == 1


async def test_a_full_disk_refuses_and_keeps_answering(world: World) -> None:
    import pytest

    from hadir.ports.journal import DiskFull

    id = await report(world)
    world.disk.full = True
    with pytest.raises(DiskFull):
        await execute(world.ctx, citizen(), "reports", "", "", ReceiveReport(command_id="command-x", text="banjir"))
    assert len(await world.facts(f"report/{id}")) == 1
