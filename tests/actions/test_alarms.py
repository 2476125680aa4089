"""An officer alone in danger, and the emergency key: by commands, and by the rule that follows the journal."""

from collections.abc import AsyncIterator

import pytest

from hadir.actions.watches import Watches
from hadir.domain import events as e
from hadir.storage.memory.cursors import MemoryCursors
from tests.world import World, account, make_world

OPERATOR, LEADER, DESK = account("operator"), account("pimpinan"), account("opd-bpbd")
ONE, TWO = account("petugas-1"), account("petugas-2")
PLACE = {"how": "operator", "area": "35.72.02.1004", "lat": -8.1149, "lon": 112.1629}


@pytest.fixture
def world() -> World:
    return make_world()


class Rule:
    """The follower, brought up to date by hand."""

    def __init__(self, world: World) -> None:
        self.world, self.cursors = world, MemoryCursors()
        self.watches, self.after = Watches(world.ctx, self.cursors), 0

    async def look(self, seconds: float = 0) -> list[str]:
        """What it records now, as «unit kind»."""
        self.world.clock.advance(seconds)
        before = await self.world.ctx.journal.position()
        self.after = await self.watches.catch_up(self.after)
        await self.watches.fire()
        return [f"{f.stream[5:]} {f.event.kind[5:]}" for f in await self.world.facts("unit/") if f.position > before]

    async def restart(self) -> list[str]:
        self.watches = Watches(self.world.ctx, self.cursors)
        before = await self.world.ctx.journal.position()
        self.after = await self.watches.begin()
        await self.watches.fire()
        return [f.event.kind[5:] for f in await self.world.facts("unit/") if f.position > before]


@pytest.fixture
async def rule(world: World) -> AsyncIterator[Rule]:
    yield Rule(world)


async def incident(world: World, category: str = "flood") -> str:
    return (await world.done(OPERATOR, "incidents", category=category, place=PLACE)).id


async def arrive(world: World, incident: str, who: object = ONE) -> str:
    task = await world.done(OPERATOR, "tasks", incident_id=incident, agency="bpbd", officer=who.id)  # type: ignore[attr-defined]
    await world.done(who, "tasks", task.id, "accept")  # type: ignore[arg-type]
    await world.done(who, "tasks", task.id, "arrive")  # type: ignore[arg-type]
    return task.id


async def test_alone_at_a_flood_a_word_is_due_and_its_absence_an_alarm(world: World, rule: Rule) -> None:
    await arrive(world, await incident(world))
    assert await rule.look() == ["petugas-1 watch_begun"]
    assert await rule.look(599) == []
    assert await rule.look(180) == []
    assert await rule.look(1) == ["petugas-1 check_in_missed"]
    assert await rule.look(600) == [], "told once"
    await world.done(ONE, "units", "petugas-1", "check-in")
    assert await rule.look(779) == []
    assert await rule.look(1) == ["petugas-1 check_in_missed"], "the next one runs from his word"


async def test_a_word_in_time_begins_the_time_anew(world: World, rule: Rule) -> None:
    await arrive(world, await incident(world))
    await rule.look()
    for _ in range(3):
        assert await rule.look(700) == []
        await world.done(ONE, "units", "petugas-1", "check-in")
    assert await rule.look(0) == []


async def test_who_is_not_alone_or_not_in_danger_owes_no_word(world: World, rule: Rule) -> None:
    await arrive(world, await incident(world, "garbage"), TWO)
    flood = await incident(world)
    await arrive(world, flood)
    assert await rule.look() == ["petugas-1 watch_begun"]
    second = await arrive(world, flood, TWO)
    assert await rule.look() == ["petugas-1 watch_ended"]
    await world.done(OPERATOR, "tasks", second, "cancel", reason="ditarik")
    assert await rule.look() == ["petugas-1 watch_begun"]
    begun = [f.event for f in await world.facts("unit/petugas-1") if isinstance(f.event, e.UnitWatchBegun)]
    assert [event.incident for event in begun] == [flood, flood]


async def test_done_ends_it_and_its_alarm(world: World, rule: Rule) -> None:
    task = await arrive(world, await incident(world))
    await rule.look()
    assert await rule.look(800) == ["petugas-1 check_in_missed"]
    await world.done(ONE, "tasks", task, "finish", note="Warga sudah di masjid")
    assert await rule.look() == ["petugas-1 watch_ended"]
    refused = await world.refused(OPERATOR, "units", "petugas-1", "acknowledge", alarm="check_in")
    assert refused == "no_alarm"


async def test_a_restart_and_a_second_node_record_nothing_twice(world: World, rule: Rule) -> None:
    await arrive(world, await incident(world))
    await rule.look()
    await rule.look(800)
    assert await rule.restart() == []
    other = Rule(world)
    assert await other.look() == []
    await world.done(ONE, "units", "petugas-1", "check-in")
    assert await rule.restart() == []
    assert await rule.look(780) == ["petugas-1 check_in_missed"]
    assert await other.look() == []


async def test_the_emergency_key_is_never_refused_and_says_where(world: World) -> None:
    body = {"lat": -8.1149, "lon": 112.1629, "accuracy_m": 14, "age_s": 20}
    for _ in range(2):
        await world.done(ONE, "units", "petugas-1", "emergency", **body)
    raised = [f for f in await world.facts("unit/petugas-1") if isinstance(f.event, e.UnitEmergencyRaised)]
    assert len(raised) == 2
    assert raised[0].event.area == "35.72.03.1002"
    assert (raised[0].at - raised[0].event.placed_at).total_seconds() == 20
    contents = await world.ctx.journal.contents([raised[0].content])
    assert contents[raised[0].content]["place"] == {"lat": -8.1149, "lon": 112.1629, "accuracy_m": 14}
    assert "112.16" not in repr(raised[0].event), "the exact point is erasable"
    assert await world.kinds("unit/petugas-1") == ["unit.emergency_raised", "unit.status_set"] * 2


async def test_a_phone_without_a_place_calls_for_help_all_the_same(world: World) -> None:
    await world.done(ONE, "units", "petugas-1", "emergency")
    fact = (await world.facts("unit/petugas-1"))[0]
    assert (fact.event.area, fact.event.placed_at, fact.content) == (None, None, None)


async def test_an_alarm_is_taken_by_one_and_closed_with_words(world: World) -> None:
    await world.done(ONE, "units", "petugas-1", "emergency")
    press = (OPERATOR, "units", "petugas-1")
    assert await world.refused(*press, "acknowledge", alarm="check_in") == "no_alarm"
    assert await world.refused(*press, "acknowledge", alarm="fire") == "unknown_alarm"
    await world.done(*press, "acknowledge", alarm="emergency")
    assert await world.refused(LEADER, *press[1:], "acknowledge", alarm="emergency") == "alarm_acknowledged"
    await world.done(ONE, "units", "petugas-1", "emergency")
    await world.done(LEADER, *press[1:], "acknowledge", alarm="emergency")
    await world.done(*press, "close-alarm", alarm="emergency", reason="Sudah dijemput tim")
    assert await world.refused(*press, "close-alarm", alarm="emergency", reason="x") == "no_alarm"


async def test_only_he_presses_for_himself_and_only_the_centre_answers(world: World) -> None:
    assert await world.refused(TWO, "units", "petugas-1", "emergency") == "not_yours"
    assert await world.refused(OPERATOR, "units", "petugas-1", "emergency") == "not_your_role"
    assert await world.refused(TWO, "units", "petugas-1", "check-in") == "not_yours"
    assert await world.refused(ONE, "units", "petugas-1", "close-alarm", alarm="emergency", reason="x")
    assert await world.refused(DESK, "units", "petugas-1", "acknowledge", alarm="emergency") == "not_your_role"
    assert await world.refused(OPERATOR, "units", "nobody", "check-in") == "no_officer"
    heard = await world.done(OPERATOR, "units", "petugas-1", "check-in")
    assert heard.version == 1


async def test_a_merge_makes_two_of_two_lonely_ones_and_its_undoing_lonely_ones_again(world: World, rule: Rule) -> None:
    stays, goes = await incident(world), await incident(world)
    await arrive(world, stays)
    await arrive(world, goes, TWO)
    assert sorted(await rule.look()) == ["petugas-1 watch_begun", "petugas-2 watch_begun"]
    await world.done(OPERATOR, "incidents", stays, "merge", incidents=[{"id": goes}])
    assert sorted(await rule.look()) == ["petugas-1 watch_ended", "petugas-2 watch_ended"]
    await world.done(OPERATOR, "incidents", stays, "unmerge", incidents=[goes])
    assert sorted(await rule.look()) == ["petugas-1 watch_begun", "petugas-2 watch_begun"]
    assert await rule.restart() == []
