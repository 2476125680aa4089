"""The timeline: every fact that touched an incident, in words, as far as the viewer may see it."""

import re
from string import Formatter

import pytest

from hadir import words
from hadir.domain import events as e
from hadir.domain.values import Actor, Place
from hadir.storage.memory.views import MemoryViewStore
from hadir.views.board import Board
from hadir.views.timeline import SAYS, Speaker
from tests.views.test_fold import the_whole_story
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
    fields |= {"officer"} if "to" in fields else set()
    assert gaps <= fields | {"words"}


async def test_it_tells_everything_of_the_incident_and_nothing_of_others() -> None:
    world = the_whole_story(World())
    items = await told(world) or []
    incident = next(iter(world.incidents))
    nouns = {fact.stream.partition("/")[0] for fact, _ in world.facts}
    assert nouns - {item["stream"].partition("/")[0] for item in items} == {"unit", "area", "notice"}
    mine = {f"incident/{incident}", *(f"task/{id}" for id in world.tasks), *(f"order/{id}" for id in world.orders)}
    expected = {
        fact.position for fact, _ in world.facts if fact.stream in mine | {f"report/{id}" for id in world.reports}
    }
    assert {item["position"] for item in items} == expected
    assert [item["position"] for item in items] == sorted(expected)
    assert not any(re.search(r"[{}]", line) for lang in ("id", "en") for line in said(items, lang))


async def test_the_sentences_name_people_places_and_words() -> None:
    items = await told(the_whole_story(World())) or []
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
    world = the_whole_story(World())
    desk = Actor(id="opd-dpupr", role="desk", agency="dpupr")
    officer = Actor(id="petugas-1", role="officer", agency="bpbd")
    assert await told(world, Actor(id="device/x", role="citizen")) is None
    assert await told(world, desk) is None
    mine = {f"task/{id}" for id, task in world.tasks.items() if task.officer == "petugas-1"}
    tasks = {item["stream"] for item in await told(world, officer) or [] if item["stream"].startswith("task/")}
    assert tasks == mine
