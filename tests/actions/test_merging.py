"""Merge and split, command by command: nothing is lost or counted twice, and everything can go back."""

import asyncio

import pytest

from hadir.actions.decision import Done
from hadir.domain import events as e
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor
from tests.world import World, account, citizen

PLOSOKEREP, GEDOG = "35.72.03.1002", "35.72.01.1006"
OPERATOR, LEADER, DESK, OFFICER = account("operator"), account("pimpinan"), account("opd-bpbd"), account("petugas-1")


async def report(world: World, device: str = "d1", text: str = "Air selutut di gang, RT 2 RW 1") -> str:
    place = {"how": "list", "area": PLOSOKEREP}
    return (await world.done(citizen(device), "reports", text=text, place=place)).id


async def opened(world: World, *devices: str) -> tuple[str, list[str]]:
    """An incident with a report of each device."""
    reports = [await report(world, device) for device in devices]
    incident = (await world.done(OPERATOR, "incidents", report_id=reports[0])).id
    for other in reports[1:]:
        await world.done(OPERATOR, "reports", other, "join", incident_id=incident)
    return incident, reports


async def given(world: World, incident: str, agency: str = "bpbd") -> str:
    return (await world.done(OPERATOR, "tasks", incident_id=incident, agency=agency)).id


async def accepted(world: World, incident: str) -> str:
    task = await given(world, incident)
    await world.done(DESK, "tasks", task, "assign", officer="petugas-1")
    await world.done(OFFICER, "tasks", task, "accept")
    return task


def members(world: World, incident: str) -> tuple[set[str], set[str], set[str]]:
    relations = world.ctx.relations
    return (
        set(relations.reports_of(incident)),
        set(relations.tasks_of(incident)),
        set(relations.orders_of(incident)),
    )


async def merge(world: World, into: str, *others: str, **more: object) -> Done:
    return await world.done(OPERATOR, "incidents", into, "merge", incidents=[{"id": id} for id in others], **more)


def reporter(report_id: str) -> Actor:
    return Actor(id=f"reporter/{report_id}", role="citizen", channel="citizen-web")


async def test_all_that_belonged_to_the_others_belongs_to_one_in_one_append(world: World) -> None:
    stays, first = await opened(world, "a", "b")
    goes, second = await opened(world, "c")
    third, more = await opened(world, "d", "e")
    task = await accepted(world, goes)
    order = (await world.done(LEADER, "orders", incident_id=third, to="petugas-2", action="check", within_min=30)).id
    before = await world.ctx.journal.position()
    done = await merge(world, stays, goes, third)
    assert done.answer["merged"] == [goes, third]
    assert members(world, stays) == ({*first, *second, *more}, {task}, {order})
    assert members(world, goes) == members(world, third) == (set(), set(), set())
    facts = await world.ctx.journal.read(before, 100)
    assert {fact.command_id for fact in facts} == {facts[0].command_id}
    assert (await world.kinds(f"incident/{stays}"))[-3:] == [
        "incident.absorbed", "incident.absorbed", "incident.started",
    ]  # fmt: skip
    assert (await world.kinds(f"incident/{goes}"))[-1] == "incident.merged"


async def test_undo_gives_what_was_and_keeps_what_came_since(world: World) -> None:
    stays, first = await opened(world, "a")
    goes, second = await opened(world, "b", "c")
    task = await accepted(world, goes)
    await world.done(OPERATOR, "incidents", goes, "grade", severity="severe", level=2)
    await world.done(OPERATOR, "incidents", stays, "grade", severity="minor")
    await merge(world, stays, goes)
    absorbed = next(f.event for f in await world.facts(f"incident/{stays}") if isinstance(f.event, e.IncidentAbsorbed))
    assert (absorbed.severity, absorbed.level) == ("severe", 2)
    late = await report(world, "d")
    await world.done(OPERATOR, "reports", late, "join", incident_id=stays)
    await world.done(OPERATOR, "reports", second[1], "leave")
    await world.done(OPERATOR, "incidents", stays, "unmerge", incidents=[goes])
    assert members(world, stays) == ({*first, late}, set(), set())
    assert members(world, goes) == ({second[0]}, {task}, set())
    parted = next(f.event for f in await world.facts(f"incident/{stays}") if isinstance(f.event, e.IncidentParted))
    assert (parted.severity, parted.level) == ("minor", None)
    assert (await world.kinds(f"incident/{goes}"))[-2:] == ["incident.unmerged", "incident.started"]
    assert (await world.kinds(f"incident/{stays}"))[-1] == "incident.stopped"
    assert await world.refused(OPERATOR, "incidents", stays, "unmerge", incidents=[goes]) == "not_merged_here"


async def test_a_grade_by_a_person_after_the_merge_outlives_its_undoing(world: World) -> None:
    stays, _ = await opened(world, "a")
    goes, _ = await opened(world, "b")
    await world.done(OPERATOR, "incidents", goes, "grade", severity="severe")
    await merge(world, stays, goes)
    await world.done(OPERATOR, "incidents", stays, "grade", severity="moderate")
    await world.done(OPERATOR, "incidents", stays, "unmerge", incidents=[goes])
    parted = (await world.facts(f"incident/{stays}"))[-1].event
    assert parted.severity == "moderate"


async def test_me_too_of_one_person_in_both_counts_once(world: World) -> None:
    stays, _ = await opened(world, "a")
    goes, _ = await opened(world, "b")
    for who, where in (("x", stays), ("x", goes), ("y", goes)):
        await world.done(citizen(who), "incidents", where, "me-too")
    await merge(world, stays, goes)
    absorbed = (await world.facts(f"incident/{stays}"))[-1].event
    assert len(absorbed.seconded) == 1
    assert await world.refused(citizen("y"), "incidents", stays, "me-too") == "already_seconded"


async def test_the_old_id_is_a_link_for_what_adds_and_a_sentence_for_what_judges(world: World) -> None:
    stays, _ = await opened(world, "a")
    goes, _ = await opened(world, "b")
    await merge(world, stays, goes)
    assert (await world.done(citizen("z"), "incidents", goes, "me-too")).id == stays
    assert (await world.done(OPERATOR, "incidents", goes, "note", text="pompa datang")).id == stays
    task = await given(world, goes)
    late = await report(world, "c")
    await world.done(OPERATOR, "reports", late, "join", incident_id=goes)
    order = (await world.done(LEADER, "orders", incident_id=goes, to="petugas-1", action="check", within_min=30)).id
    reports, tasks, orders = members(world, stays)
    assert late in reports and task in tasks and order in orders
    for verb, body in (
        ("grade", {"severity": "minor"}), ("resolve", {"reason": "x"}), ("close", {}),
        ("merge", {"incidents": [{"id": stays}]}), ("split", {"reports": [late]}),
    ):  # fmt: skip
        assert await world.refused(OPERATOR, "incidents", goes, verb, **body) == "incident_merged"
    assert await world.refused(OPERATOR, "incidents", stays, "merge", incidents=[{"id": goes}]) == "incident_merged"


async def test_a_merge_goes_on_through_another_and_back_in_turn(world: World) -> None:
    a, ra = await opened(world, "a")
    b, rb = await opened(world, "b")
    c, rc = await opened(world, "c")
    await merge(world, b, a)
    await merge(world, c, b)
    assert members(world, c)[0] == {*ra, *rb, *rc}
    assert (await world.done(OPERATOR, "incidents", a, "note", text="x")).id == c
    assert await world.refused(OPERATOR, "incidents", b, "unmerge", incidents=[a]) == "incident_merged"
    await world.done(OPERATOR, "incidents", c, "unmerge", incidents=[b])
    await world.done(OPERATOR, "incidents", b, "unmerge", incidents=[a])
    assert [members(world, id)[0] for id in (a, b, c)] == [set(ra), set(rb), set(rc)]


async def test_split_takes_the_chosen_ones_and_undo_brings_them_back(world: World) -> None:
    old, reports = await opened(world, "a", "b", "c")
    task = await accepted(world, old)
    done = await world.done(OPERATOR, "incidents", old, "split", reports=reports[1:], tasks=[task], title="Pohon")
    new = done.answer["incident_id"]
    assert members(world, old) == ({reports[0]}, set(), set())
    assert members(world, new) == (set(reports[1:]), {task}, set())
    assert (await world.kinds(f"incident/{new}")) == ["incident.opened", "incident.started"]
    assert (await world.kinds(f"incident/{old}"))[-2:] == ["incident.split", "incident.stopped"]
    await world.done(OPERATOR, "incidents", old, "unsplit")
    assert members(world, old) == (set(reports), {task}, set())
    assert (await world.kinds(f"incident/{old}"))[-1] == "incident.started"
    assert await world.refused(OPERATOR, "incidents", old, "unsplit") == "nothing_split"


async def test_what_cannot_be_split_says_why(world: World) -> None:
    old, reports = await opened(world, "a", "b")
    other, theirs = await opened(world, "c", "d")
    split = ("incidents", old, "split")
    assert await world.refused(OPERATOR, *split, reports=reports) == "all_reports_chosen"
    assert await world.refused(OPERATOR, *split, reports=[theirs[0]]) == "report_elsewhere"
    task = await given(world, other)
    assert await world.refused(OPERATOR, *split, reports=reports[:1], tasks=[task]) == "task_elsewhere"
    assert await world.refused(OPERATOR, *split, reports=reports[:1], category="ufo") == "unknown_category"
    assert await world.refused(LEADER, *split, reports=reports[:1]) == "not_your_role"


async def test_what_cannot_be_merged_says_why(world: World) -> None:
    stays, _ = await opened(world, "a")
    goes, _ = await opened(world, "b")
    one = {"incidents": [{"id": goes}]}
    assert await world.refused(OPERATOR, "incidents", stays, "merge", incidents=[{"id": stays}]) == "merge_with_itself"
    assert await world.refused(OPERATOR, "incidents", stays, "merge", incidents=[{"id": "NOPE"}]) == "no_incident"
    assert await world.refused(DESK, "incidents", stays, "merge", **one) == "not_your_role"
    stale = {"incidents": [{"id": goes, "seen_version": 1}]}
    await world.done(OPERATOR, "incidents", goes, "note", text="ternyata pohon")
    assert await world.refused(OPERATOR, "incidents", stays, "merge", **stale) == "seen_older"
    assert await world.refused(OPERATOR, "incidents", stays, "merge", **one, seen_version=7) == "seen_older"
    await world.done(OPERATOR, "incidents", goes, "resolve", reason="selesai")
    assert await world.refused(OPERATOR, "incidents", stays, "merge", **one) == "other_not_open"
    assert await world.refused(OPERATOR, "incidents", goes, "merge", incidents=[{"id": stays}]) == "incident_not_open"


async def test_the_same_command_twice_is_one_merge(world: World) -> None:
    stays, _ = await opened(world, "a")
    goes, _ = await opened(world, "b")
    first = await merge(world, stays, goes, command_id="the-same-merge")
    again = await merge(world, stays, goes, command_id="the-same-merge")
    assert (again.repeated, again.position) == (True, first.position)
    assert (await world.kinds(f"incident/{goes}")).count("incident.merged") == 1


async def test_two_operators_merging_each_into_the_other_make_one_incident(world: World) -> None:
    a, ra = await opened(world, "a")
    b, rb = await opened(world, "b")
    outcomes = await asyncio.gather(
        world.press(OPERATOR, "incidents", a, "merge", incidents=[{"id": b}]),
        world.press(account("operator-2"), "incidents", b, "merge", incidents=[{"id": a}]),
    )
    assert [type(outcome) for outcome in outcomes].count(Refusal) == 1
    sizes = sorted(len(members(world, id)[0]) for id in (a, b))
    assert sizes == [0, len(ra) + len(rb)]


@pytest.mark.parametrize("noun", ["report", "task", "order"])
async def test_what_comes_to_an_incident_in_the_moment_of_its_merge_follows(world: World, noun: str) -> None:
    """Both decided on what they saw; the one that came second is told by rule."""
    stays, _ = await opened(world, "a")
    goes, _ = await opened(world, "b")
    late = await report(world, "c")
    presses = {
        "report": (OPERATOR, "reports", late, "join"),
        "task": (OPERATOR, "tasks", "", ""),
        "order": (LEADER, "orders", "", ""),
    }
    more = {"report": {}, "task": {"agency": "bpbd"}, "order": {"to": "petugas-1", "action": "check", "within_min": 9}}
    comes, _ = await asyncio.gather(
        world.done(*presses[noun], incident_id=goes, **more[noun]), merge(world, stays, goes)
    )
    world.reacted = await world.reactions.catch_up(world.reacted)
    id = late if noun == "report" else comes.id
    assert id in set().union(*members(world, stays))
    assert members(world, goes) == (set(), set(), set())


async def test_a_merge_keeps_what_a_report_is_and_nobody_is_asked_again(world: World) -> None:
    stays, _ = await opened(world, "a")
    goes, (first, second) = await opened(world, "b", "c")
    await world.done(OPERATOR, "incidents", goes, "resolve", reason="surut")
    await world.done(reporter(first), "reports", first, "dispute", text="belum")
    await merge(world, stays, goes)
    kinds = await world.kinds(f"report/{second}")
    assert kinds.count("report.asked") == 1 and kinds[-1] == "report.moved"
    assert (await world.kinds(f"report/{first}"))[-2:] == ["report.disputed", "report.moved"]
    await world.done(OPERATOR, "incidents", stays, "resolve", reason="surut semua")
    assert (await world.kinds(f"report/{second}")).count("report.asked") == 1, "he was asked, and has not answered"
    assert (await world.kinds(f"report/{first}"))[-1] == "report.asked", "he said no, so he is asked again"
    await world.done(reporter(second), "reports", second, "dispute")
    assert (await world.kinds(f"incident/{stays}"))[-1] == "incident.reopened"


async def test_who_reported_twice_answers_once(world: World) -> None:
    stays, (first, mine) = await opened(world, "other", "me")
    goes, (again,) = await opened(world, "me")
    await merge(world, stays, goes)
    await world.done(OPERATOR, "incidents", stays, "resolve", reason="surut")
    await world.done(reporter(again), "reports", again, "confirm")
    assert (await world.kinds(f"report/{mine}"))[-1] == "report.confirmed"
    assert (await world.kinds(f"report/{first}"))[-1] == "report.asked", "another person answers for himself"
    assert (await world.kinds(f"incident/{stays}"))[-1] == "incident.resolved"
    await world.done(reporter(first), "reports", first, "dispute", text="masih ada air")
    assert (await world.kinds(f"incident/{stays}"))[-1] == "incident.reopened"
    assert (await world.kinds(f"report/{mine}"))[-1] == "report.confirmed"


async def test_who_says_it_is_that_one_without_a_line_is_led_to_the_one_that_goes_on(world: World) -> None:
    stays, _ = await opened(world, "a")
    goes, _ = await opened(world, "b")
    await merge(world, stays, goes)
    done = await world.done(citizen("kept"), "reports", text="di sini juga", same_as=goes)
    assert done.id in members(world, stays)[0]
