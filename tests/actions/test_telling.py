"""What comes with a report beside its words: a recording, photos that follow, a name kept apart, «saya juga»."""

from datetime import timedelta

import pytest

from hadir.actions import commands as c
from hadir.actions import photos, voices
from hadir.actions.registry import execute
from hadir.domain import events as e
from hadir.domain.people import Role
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor
from tests.actions.pictures import jpeg, scene
from tests.world import CITY, World

CITIZEN = Actor(id="device/p1", role=Role.CITIZEN, channel="citizen-web")
AREA = CITY.areas[3].code
WEBM = b"\x1a\x45\xdf\xa3 webm" + b"\x00" * 200


@pytest.fixture
def operator(world: World) -> Actor:
    return Actor(id="operator", role=Role.OPERATOR, channel="desk")


async def said(world: World, text: str = "Air selutut", **more: object) -> dict:
    where = more.pop("place", c.Where(area=AREA, how="list"))
    command = c.ReceiveReport(command_id=more.pop("id", "command-1"), text=text, place=where, **more)  # type: ignore[arg-type]
    done = await execute(world.ctx, CITIZEN, "reports", "", "", command)
    assert not isinstance(done, Refusal), done
    return dict(done.answer)


async def facts(world: World, id: str) -> list:
    return await world.ctx.journal.read_stream(f"report/{id}")


async def incident(world: World, operator: Actor, category: str = "flood") -> str:
    command = c.OpenIncident(command_id=f"open-{category}", category=category, place=c.Where(area=AREA))
    done = await execute(world.ctx, operator, "incidents", "", "", command)
    assert not isinstance(done, Refusal), done
    return done.id


async def test_a_recording_alone_is_a_report_and_half_of_one_is_none(world: World) -> None:
    voice = await voices.add(world.ctx, CITIZEN, WEBM)
    assert isinstance(voice, str)
    got = await said(world, "", voice=voice)
    (first,) = await facts(world, got["report_id"])
    assert first.event.voice and first.event.urgency == 3, "nobody has listened yet"
    (body,) = (await world.ctx.journal.contents([first.content])).values()
    assert body["voice"] == {"id": voice, "type": "audio/webm"}
    command = c.ReceiveReport(command_id="command-2", voice="0" * 64)
    refused = await execute(world.ctx, CITIZEN, "reports", "", "", command)
    assert isinstance(refused, Refusal) and refused.code == "no_such_voice"


async def test_photos_follow_the_words_once(world: World) -> None:
    got = await said(world, to_come=1)
    id, reporter = got["report_id"], Actor(id=f"reporter/{got['report_id']}", role=Role.CITIZEN, channel="citizen-web")
    photo = await photos.add(world.ctx, CITIZEN, jpeg(scene(1)))
    assert isinstance(photo, str)
    command = c.AddPhotos(command_id="command-1-s", photos=(photo,))
    stranger = await execute(world.ctx, CITIZEN, "reports", "add-photos", id, command)
    assert isinstance(stranger, Refusal) and stranger.code == "not_yours"
    for _ in range(2):
        done = await execute(world.ctx, reporter, "reports", "add-photos", id, command)
        assert not isinstance(done, Refusal)
    again = await execute(
        world.ctx, reporter, "reports", "add-photos", id, c.AddPhotos(command_id="other-id", photos=(photo,))
    )
    assert isinstance(again, Refusal) and again.code == "no_photos_announced"
    assert [type(f.event) for f in await facts(world, id)] == [e.ReportReceived, e.ReportPhotosCame]


async def test_a_secret_name_does_not_stand_with_the_words(world: World) -> None:
    contact = c.Contact(name="Nama Warga", phone="081234567890")
    got = await said(world, contact=contact, secret=True)
    first, second = await facts(world, got["report_id"])
    bodies = await world.ctx.journal.contents([first.content, second.content])
    assert isinstance(second.event, e.ReportIdentified) and first.event.sensitive
    assert bodies[first.content]["contact"] is None
    assert bodies[second.content] == {"contact": {"name": "Nama Warga", "phone": "081234567890", "email": None}}
    open_one = await said(world, contact=contact, id="command-2")
    (only,) = await facts(world, open_one["report_id"])
    assert (await world.ctx.journal.contents([only.content]))[only.content]["contact"]["name"] == "Nama Warga"


async def test_the_reporter_s_kind_stands_beside_what_the_words_say(world: World) -> None:
    got = await said(world, "Pohon tumbang menutup jalan", category="flood")
    (first,) = await facts(world, got["report_id"])
    assert first.event.category == "flood"
    assert first.event.suggested not in (None, "flood")
    plain = await said(world, "Pohon tumbang menutup jalan", id="command-2")
    assert (await facts(world, plain["report_id"]))[0].event.suggested is None


async def test_saya_juga_is_joined_at_once_and_takes_its_place_and_kind(world: World, operator: Actor) -> None:
    same = await incident(world, operator)
    got = await said(world, "", place=c.Where(), same_as=same)
    first, second = await facts(world, got["report_id"])
    assert (first.event.category, first.event.place.area) == ("flood", AREA)
    assert second.event == e.ReportJoined(incident_id=same)
    again = await said(world, "", place=c.Where(), same_as=same)
    assert again["secret"] == got["secret"], "the same press is the same report"


@pytest.mark.parametrize("gone", ["closed", "unknown"])
async def test_what_is_over_costs_nobody_a_report(world: World, operator: Actor, gone: str) -> None:
    same = await incident(world, operator) if gone == "closed" else "01NOSUCHINCIDENT"
    if gone == "closed":
        command = c.Because(command_id="resolve-1", reason="sudah surut")
        assert not isinstance(await execute(world.ctx, operator, "incidents", "resolve", same, command), Refusal)
    got = await said(world, same_as=same)
    assert [type(f.event) for f in await facts(world, got["report_id"])] == [e.ReportReceived]


@pytest.mark.parametrize(("ago", "believed"), [(10, False), (3600, True), (8 * 86400, False), (-3600, False)])
async def test_a_phone_without_a_line_says_when_it_was_written(world: World, ago: int, believed: bool) -> None:
    told = world.ctx.clock.now() - timedelta(seconds=ago)
    got = await said(world, said_at=told)
    (first,) = await facts(world, got["report_id"])
    assert first.event.said_at == (told if believed else None)
