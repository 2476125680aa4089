"""The timeline: every fact that touched an incident, in words, as far as the viewer may see it."""

import re
from string import Formatter

import pytest

from hadir import words
from hadir.domain import events as e
from hadir.domain.deadlines import CONSEQUENCES
from hadir.domain.values import Actor, Place
from hadir.storage.memory.views import MemoryViewStore
from hadir.views.board import Board
from hadir.views.timeline import SAYS, Speaker
from tests.views.test_fold import one_incident_s_story
from tests.views.told import ToldJournal
from tests.views.world import OFFICERS, OPERATOR, World

NAMES = {person.id: person.name for person in OFFICERS} | {"operator": "Operator 1", "pimpinan": "Pimpinan"}


def speaker(world: World, lang: str = "id") -> Speaker:
    return Speaker(city=world.city, words=words.load(), lang=lang, names=NAMES)


async def told(world: World, actor: Actor = OPERATOR, lang: str = "id") -> list[dict] | None:
    board = Board(journal=ToldJournal(world), store=MemoryViewStore(), city=world.city, officers=OFFICERS)
    await board.start()
    return await board.timeline(actor, next(iter(world.incidents)), speaker(world, lang))


def said(items: list[dict], lang: str = "id") -> list[str]:
    catalogue = words.load()
    return [catalogue.say(item["text_key"], lang, **item["params"]) for item in items]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", sorted(kind for kind, _ in e.KINDS))
def test_every_kind_of_event_has_words(kind: str, lang: str) -> None:
    catalogue = words.load()
    assert f"timeline.{kind}" in catalogue
    gaps = {gap for _, gap, _, _ in Formatter().parse(catalogue.say(f"timeline.{kind}", lang)) if gap}
    event = next(cls for (name, _), cls in e.KINDS.items() if name == kind)
    fields = {field for field in SAYS if field in event.__dataclass_fields__}
    fields |= {"agency"} if "to_agency" in fields else set()
    fields |= {"officer"} if "to" in fields or kind.startswith("unit.") else set()
    assert gaps <= fields | {"words"}


def test_every_step_that_may_be_late_has_words_everywhere() -> None:
    catalogue = words.load()
    for step, consequence in CONSEQUENCES.items():
        keys = (f"timeline.step.{step.value}", f"notice.step.{step.value}", f"order.over.{step.value}")
        assert [key for key in (*keys, f"order.consequence.{consequence}") if key not in catalogue] == []


async def test_it_tells_everything_of_the_incident_and_nothing_of_others() -> None:
    world = one_incident_s_story(World())
    items = await told(world) or []
    incident = next(iter(world.incidents))
    nouns = {fact.stream.partition("/")[0] for fact, _ in world.facts}
    assert nouns - {item["stream"].partition("/")[0] for item in items} == {"area", "notice"}
    mine = {f"incident/{incident}", *(f"task/{id}" for id in world.tasks), *(f"order/{id}" for id in world.orders)}
    joined = {fact.stream for fact, _ in world.facts if isinstance(fact.event, e.ReportJoined)}
    expected = {fact.position for fact, _ in world.facts if fact.stream in mine | joined}
    alarm = {item["position"] for item in items if item["stream"].startswith("unit/")}
    assert {item["position"] for item in items} - alarm == expected
    assert [item["position"] for item in items] == sorted(expected | alarm)
    assert not any(re.search(r"[{}]", line) for lang in ("id", "en") for line in said(items, lang))


async def test_the_sentences_name_people_places_and_words() -> None:
    items = await told(one_incident_s_story(World())) or []
    lines = said(items)
    assert "Tugas diberikan kepada Petugas 1" in lines
    assert any(line.startswith("Laporan masuk: Banjir") and line.endswith(": «Air selutut di gang»") for line in lines)
    assert "Catatan: «pompa di jalan»" in lines
    who = {item["kind"]: item["actor_name"] for item in items}
    assert who["order.sent"] == "Pimpinan" and who["report.received"] == ""
    assert next(item for item in items if item["kind"] == "report.received")["photos"] == [{"id": "a" * 64}]


async def test_a_report_tells_of_itself_only_while_it_belonged() -> None:
    world = World()
    report, one = world.receive(), world.open()
    world.tell(f"report/{report}", e.ReportJoined(incident_id=one))
    other = world.open()
    world.tell(f"report/{report}", e.ReportLeft(incident_id=one))
    world.tell(f"report/{report}", e.ReportJoined(incident_id=other))
    world.tell(f"report/{report}", e.ReportAsked(incident_id=other))
    kinds = [item["kind"] for item in await told(world) or []]
    assert kinds == ["report.received", "incident.opened", "report.joined", "report.left"]


async def test_the_flood_of_its_area_stands_in_it_while_it_was_open() -> None:
    world = World()
    area = "area/3572011004"
    world.tell(area, e.AreaFloodSuspected())
    id = world.new_id()
    opened = e.IncidentOpened(incident_id=id, category="flood", place=Place(area="3572011004"), flood=True)
    world.tell(f"incident/{id}", opened)
    world.tell(area, e.AreaFloodReported(source="citizen", witness="p1"))
    world.tell(area, e.AreaFloodConfirmed())
    assert [item["kind"] for item in await told(world) or []] == ["incident.opened", "area.flood_confirmed"]


async def test_others_do_not_see_what_their_board_does_not_show() -> None:
    world = one_incident_s_story(World())
    desk = Actor(id="opd-dpupr", role="desk", agency="dpupr")
    officer = Actor(id="petugas-1", role="officer", agency="bpbd")
    assert await told(world, Actor(id="device/x", role="citizen")) is None
    assert await told(world, desk) is None
    mine = {f"task/{id}" for id, task in world.tasks.items() if task.officer == "petugas-1"}
    tasks = {item["stream"] for item in await told(world, officer) or [] if item["stream"].startswith("task/")}
    assert tasks == mine


async def test_a_merged_incident_tells_of_both_and_tells_the_merge_once() -> None:
    world = World()
    stays, goes = world.open(), world.open()
    report = world.receive()
    world.tell(f"report/{report}", e.ReportJoined(incident_id=goes))
    world.tell(f"incident/{goes}", e.IncidentNoted(), OPERATOR, {"text": "pohon menutup gang"})
    task = world.give(goes)
    world.tell(f"task/{task}", e.TaskAssigned(officer="petugas-1"))
    world.merge(stays, goes)
    items = await told(world) or []
    assert [item["kind"] for item in items] == [
        "incident.opened", "incident.opened", "report.received", "report.joined", "incident.noted", "task.given",
        "task.assigned", "incident.absorbed",
    ]  # fmt: skip
    assert said(items)[-1].startswith(f"Kejadian {goes[-5:]} digabung ke sini: Banjir, ")
    assert said(items)[-1].endswith("(1 laporan, 1 tugas)")
    officer = Actor(id="petugas-1", role="officer", agency="bpbd")
    assert "incident.noted" in {item["kind"] for item in await told(world, officer) or []}
    world.unmerge(stays, goes)
    kinds = [item["kind"] for item in await told(world) or []]
    assert kinds == ["incident.opened", "report.received", "incident.absorbed", "incident.parted"]


async def test_a_merged_id_tells_the_story_of_the_one_that_goes_on() -> None:
    world = World()
    goes, stays, last = world.open(), world.open(), world.open()
    world.merge(stays, goes)
    world.merge(last, stays)
    items = await told(world) or []
    assert [item["stream"] for item in items if item["kind"] == "incident.opened"] == [
        f"incident/{id}" for id in (goes, stays, last)
    ]
