"""Dispatch by commands: a task given to an agency and to its officer in one breath."""

import pytest

from tests.world import World, account, make_world

OPERATOR, LEADER = account("operator"), account("pimpinan")
PLACE = {"how": "operator", "area": "35.72.02.1004", "lat": -8.1149, "lon": 112.1629}


@pytest.fixture
def world() -> World:
    return make_world()


async def flood(world: World) -> str:
    return (await world.done(OPERATOR, "incidents", category="flood", place=PLACE)).id


async def test_given_and_assigned_are_one_append(world: World) -> None:
    incident = await flood(world)
    done = await world.done(
        OPERATOR, "tasks", incident_id=incident, agency="bpbd", what="Evakuasi", officer="petugas-1"
    )
    assert await world.kinds(f"task/{done.id}") == ["task.given", "task.assigned"]
    given, assigned = await world.facts(f"task/{done.id}")
    assert assigned.position == given.position + 1
    assert (given.command_id, given.at) == (assigned.command_id, assigned.at)
    accepted = await world.done(account("petugas-1"), "tasks", done.id, "accept")
    assert accepted.version == 3


async def test_what_cannot_be_assigned_is_not_given_either(world: World) -> None:
    incident = await flood(world)
    said = {"incident_id": incident, "agency": "bpbd"}
    assert await world.refused(OPERATOR, "tasks", **said, officer="petugas-3") == "officer_of_other_agency"
    assert await world.refused(OPERATOR, "tasks", **said, officer="opd-bpbd") == "unknown_officer"
    assert await world.refused(LEADER, "tasks", **said, officer="petugas-1") == "not_your_role"
    assert await world.facts("task/") == []
