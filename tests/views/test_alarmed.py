"""An officer in need stands in the story of the incident that he is at, and in no other."""

from hadir.domain import events as e
from hadir.domain.values import Actor
from hadir.storage.memory.views import MemoryViewStore
from hadir.views.board import Board
from tests.views.test_timeline import said, speaker
from tests.views.told import ToldJournal
from tests.views.world import OFFICERS, OPERATOR, World

OFFICER = Actor(id=OFFICERS[0].id, role="officer", agency="bpbd")
SYSTEM = Actor(id="system", role="system")
MINE = f"unit/{OFFICER.id}"
PRESSED = e.UnitEmergencyRaised(agency="bpbd")


def at_work(world: World, incident: str) -> str:
    task = world.give(incident)
    for event in (e.TaskAssigned(officer=OFFICER.id), e.TaskAccepted(), e.TaskOnScene()):
        world.tell(f"task/{task}", event, OFFICER)
    return task


async def lines(world: World, incident: str, actor: Actor = OPERATOR) -> list[str]:
    board = Board(journal=ToldJournal(world), store=MemoryViewStore(), city=world.city, officers=OFFICERS)
    await board.start()
    items = await board.timeline(actor, incident, speaker(world)) or []
    return said([item for item in items if item["stream"].partition("/")[0] in ("unit", "notice")])


async def test_an_emergency_and_how_it_ended_is_told_where_he_was() -> None:
    world = World()
    here, elsewhere = world.open(), world.open()
    task = at_work(world, here)
    world.tell(MINE, PRESSED, OFFICER)
    world.tell(MINE, e.UnitAlarmAcknowledged(agency="bpbd", alarm="emergency"))
    world.tell(f"task/{task}", e.TaskCancelled(), OPERATOR, {"text": "ditarik"})
    world.tell(MINE, e.UnitAlarmClosed(agency="bpbd", alarm="emergency"), OPERATOR, {"text": "sudah dijemput"})
    at_work(world, elsewhere)
    world.tell(MINE, PRESSED, OFFICER)
    world.tell(MINE, e.UnitAlarmClosed(agency="bpbd", alarm="emergency"), OPERATOR, {"text": "salah pencet"})
    assert await lines(world, here) == [
        "Petugas 1 menekan DARURAT",
        "Alarm Petugas 1 dipegang",
        "Alarm Petugas 1 ditutup: «sudah dijemput»",
    ]
    assert await lines(world, elsewhere) == ["Petugas 1 menekan DARURAT", "Alarm Petugas 1 ditutup: «salah pencet»"]


async def test_a_word_that_did_not_come_is_told_with_the_task_that_it_was_due_for() -> None:
    world = World()
    here = world.open()
    who = {"agency": "bpbd", "task_id": at_work(world, here)}
    world.tell(MINE, e.UnitWatchBegun(**who, incident=here, every_min=10, grace_min=3), SYSTEM)
    world.tell(MINE, e.UnitCheckedIn(agency="bpbd"), OFFICER)
    world.tell(MINE, e.UnitCheckInMissed(**who, due=world.now), SYSTEM)
    world.tell(MINE, e.UnitAlarmAcknowledged(agency="bpbd", alarm="check_in"))
    world.tell(MINE, e.UnitCheckedIn(agency="bpbd"), OFFICER)
    world.tell(MINE, e.UnitStatusSet(status="available_radio", agency="bpbd"), OFFICER)
    assert await lines(world, here) == [
        "Petugas 1 sendirian di tempat berbahaya: kabar diminta berkala",
        "Petugas 1 tidak memberi kabar pada waktunya",
        "Alarm Petugas 1 dipegang",
        "Petugas 1 aman",
    ]


async def test_one_who_is_at_nothing_is_in_no_story() -> None:
    world = World()
    here = world.open()
    task = world.give(here)
    world.tell(f"task/{task}", e.TaskAssigned(officer=OFFICER.id))
    world.tell(MINE, PRESSED, OFFICER)
    assert await lines(world, here) == []


async def test_who_was_not_reached_about_its_order_and_how_it_went_on() -> None:
    world = World()
    here = world.open()

    def missed(order: str, before: str, channel: str | None) -> e.NoticeChannelChanged:
        about = {"about": f"orders/{order}", "says": "order_sent", "why": "not_delivered"}
        return e.NoticeChannelChanged(to=OFFICER.id, before=before, channel=channel, **about)

    order = world.order(here)
    world.tell("notice/1", missed(order, "push", "sms"), SYSTEM)
    world.tell("notice/1", missed(order, "sms", None), SYSTEM)
    world.tell("notice/2", missed("01Z", "push", "sms"), SYSTEM)
    assert await lines(world, here) == [
        "Pemberitahuan kepada Petugas 1 tidak sampai lewat notifikasi HP; dicoba lewat SMS",
        "Pemberitahuan kepada Petugas 1 tidak sampai lewat SMS; tidak ada saluran lain",
    ]
    assert await lines(world, here, OFFICER) == []
