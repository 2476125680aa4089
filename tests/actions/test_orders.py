"""Orders: copies, mandates, timers that run out once, voices; and what is refused in words."""

import pytest

from hadir.actions import voices
from hadir.actions.timers import Timers
from hadir.domain.refusals import Refusal
from hadir.storage.memory.cursors import MemoryCursors
from hadir.words import load as load_words
from tests.world import World, account

AREA = "35.72.03.1002"
OPERATOR, LEADER, DEPUTY, OFFICER, OTHER = (
    account(id) for id in ("operator", "pimpinan", "wakil", "petugas-1", "petugas-2")
)
MP4 = b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00" + b"\x00" * 200


async def incident(world: World, category: str = "flood") -> str:
    place = {"how": "list", "area": AREA}
    return (await world.done(OPERATOR, "incidents", category=category, place=place)).id


async def order(world: World, who=LEADER, **body) -> str:
    what = {"to": "petugas-1", "action": "check", "within_min": 30, **body}
    if "incident_id" not in what:
        what["incident_id"] = await incident(world)
    return (await world.done(who, "orders", **what)).id


async def overdue(world: World, id: str) -> list[str]:
    return [f.event.step for f in await world.facts(f"order/{id}") if f.event.kind == "order.overdue"]


# ── copies ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_superior_gets_a_copy_always_and_others_when_asked(world: World) -> None:
    id = await order(world, copies=["petugas-3", "opd-dlh", "petugas-1"])
    sent = (await world.facts(f"order/{id}"))[0].event
    assert {(c.account, c.audience, c.why) for c in sent.copies} == {
        ("opd-bpbd", "agency:bpbd", "superior"),
        ("petugas-3", "person:petugas-3", "asked"),
        ("opd-dlh", "agency:dlh", "asked"),
    }


async def test_nobody_but_the_addressee_answers(world: World) -> None:
    id = await order(world, copies=["petugas-2"])
    for verb in ("deliver", "see", "accept"):
        assert await world.refused(OTHER, "orders", id, verb) == "not_yours"
    assert (
        await world.refused(OTHER, "orders", id, "read-back", area=AREA, action="check", within_min=30) == "not_yours"
    )


async def test_no_copy_goes_to_who_could_not_see_it(world: World) -> None:
    for who in ("nobody", "admin"):
        about = await incident(world)
        body = {"incident_id": about, "to": "petugas-1", "action": "check", "within_min": 5}
        assert await world.refused(LEADER, "orders", **body, copies=[who]) == "unknown_copy"


# ── mandates ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_deputy_orders_in_the_mayor_s_name_where_his_mandate_holds(world: World) -> None:
    id = await order(world, DEPUTY, on_behalf="Wali Kota")
    assert (await world.facts(f"order/{id}"))[0].event.on_behalf == "Wali Kota"
    outside = {"incident_id": await incident(world, "garbage"), "to": "petugas-5", "action": "check", "within_min": 30}
    assert await world.refused(DEPUTY, "orders", **outside, on_behalf="Wali Kota") == "mandate_other_kind"
    assert await world.refused(LEADER, "orders", **outside, on_behalf="Wali Kota") == "no_mandate"
    assert await world.refused(DEPUTY, "orders", **outside, on_behalf="Sekda") == "no_mandate"
    await world.done(DEPUTY, "orders", **outside)


# ── timers ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_each_step_has_its_timer_and_its_consequence(world: World) -> None:
    id, timers = await order(world), Timers(world.ctx, MemoryCursors())
    at = await timers.begin()
    for verb, seconds in (("deliver", 60), ("see", 60), ("", 120)):
        assert timers.patience() == seconds if seconds < 60 else timers.patience() <= 60
        world.clock.advance(seconds - 1)
        await timers.fire()
        before = await overdue(world, id)
        world.clock.advance(1)
        await timers.fire()
        at = await timers.catch_up(at)
        await timers.fire()
        assert len(await overdue(world, id)) == len(before) + 1
        if verb:
            await world.done(OFFICER, "orders", id, verb)
            at = await timers.catch_up(at)
    missed = [f.event for f in await world.facts(f"order/{id}") if f.event.kind == "order.overdue"]
    assert [(m.step, m.consequence) for m in missed] == [
        ("delivered", "channel"),
        ("seen", "told"),
        ("read_back", "commander"),
    ]
    assert {(c.account, c.why) for c in missed[1].told} == {("opd-bpbd", "late"), ("petugas-2", "deputy")}
    facts = await world.facts(f"order/{id}")
    assert all(f.actor == "system:rules" and f.cause for f in facts if f.event.kind == "order.overdue")


async def test_a_phone_on_duty_has_the_shorter_timer(world: World) -> None:
    await world.done(OFFICER, "units", "petugas-1", "status", status="signing_on")
    id, timers = await order(world), Timers(world.ctx, MemoryCursors())
    await timers.begin()
    assert timers.patience() == 15
    world.clock.advance(15)
    await timers.fire()
    assert await overdue(world, id) == ["delivered"]


async def test_a_step_that_came_in_time_is_never_missed(world: World) -> None:
    id, timers = await order(world), Timers(world.ctx, MemoryCursors())
    await timers.begin()
    world.clock.advance(61)
    await world.done(OFFICER, "orders", id, "deliver")  # the follower has not read of it yet
    await timers.fire()
    assert await overdue(world, id) == []


async def test_two_followers_and_a_restart_record_a_miss_once(world: World) -> None:
    id, cursors = await order(world), MemoryCursors()
    first, second = Timers(world.ctx, cursors), Timers(world.ctx, MemoryCursors())
    await first.begin()
    await second.begin()
    world.clock.advance(60)
    await first.fire()
    await second.fire()
    again = Timers(world.ctx, cursors)
    await again.begin()
    await again.fire()
    assert await overdue(world, id) == ["delivered"]


async def test_after_a_crash_the_deadline_is_still_known_and_the_past_is_not_read_again(world: World) -> None:
    for _ in range(3):
        done = await order(world)
        await world.done(LEADER, "orders", done, "cancel", reason="Salah alamat")
    cursors = MemoryCursors()
    await Timers(world.ctx, cursors).begin()
    begun = await world.ctx.journal.position()
    id = await order(world)
    dead = Timers(world.ctx, cursors)
    await dead.begin()
    world.clock.advance(300)
    assert begun <= await cursors.get("timers") < await world.ctx.journal.position()
    reborn = Timers(world.ctx, cursors)
    await reborn.begin()
    await reborn.fire()
    assert await overdue(world, id) == ["delivered"]


async def taken(world: World, **body) -> tuple[str, str]:
    """(order, task): understood, and the addressee's to do."""
    id = await order(world, **body)
    minutes = body.get("within_min", 30)
    await world.done(OFFICER, "orders", id, "see")
    await world.done(OFFICER, "orders", id, "read-back", area=AREA, action="check", within_min=minutes)
    await world.done(LEADER, "orders", id, "confirm")
    return id, (await world.done(OFFICER, "orders", id, "accept")).answer["task_id"]


async def test_an_order_that_is_not_done_in_its_minutes_is_late_on_record_once(world: World) -> None:
    (id, task), cursors = await taken(world, within_min=20), MemoryCursors()
    first, second = Timers(world.ctx, cursors), Timers(world.ctx, MemoryCursors())
    await first.begin()
    await second.begin()
    await world.done(OFFICER, "tasks", task, "arrive")
    world.clock.advance(20 * 60 - 1)
    await first.fire()
    assert await overdue(world, id) == []
    world.clock.advance(1)
    await first.fire()
    await second.fire()
    again = Timers(world.ctx, cursors)
    await again.begin()
    world.clock.advance(86_400)
    await again.fire()
    missed = (await world.facts(f"order/{id}"))[-1]
    assert await overdue(world, id) == ["done"]
    assert (missed.event.consequence, missed.actor) == ("superior", "system:rules")
    assert {(c.account, c.why) for c in missed.event.told} == {("opd-bpbd", "late")}, "no deputy: he has looked at it"
    assert again.coming() == [], "nothing is waited for any more"
    assert (await world.done(OFFICER, "tasks", task, "finish", note="Selesai")).id == task, "the work goes on"


@pytest.mark.parametrize("end", ["finish", "decline", "cancel"])
async def test_what_is_done_given_back_or_called_off_in_time_is_not_late(world: World, end: str) -> None:
    (id, task), timers = await taken(world), Timers(world.ctx, MemoryCursors())
    await timers.begin()
    how = {"note": "Selesai"} if end == "finish" else {"reason": "Tidak perlu lagi"}
    await world.done(OPERATOR if end == "cancel" else OFFICER, "tasks", task, end, **how)
    world.clock.advance(86_400)
    await timers.fire()
    assert await overdue(world, id) == []
    assert timers.coming() == [], "it is let go, and the saved position may move on"


async def test_a_correction_starts_all_timers_anew(world: World) -> None:
    id, timers = await order(world), Timers(world.ctx, MemoryCursors())
    at = await timers.begin()
    world.clock.advance(60)
    await timers.fire()
    await world.done(LEADER, "orders", id, "correct", action="measure", within_min=20)
    at = await timers.catch_up(at)
    world.clock.advance(59)
    await timers.fire()
    assert await overdue(world, id) == ["delivered"]
    world.clock.advance(1)
    await timers.fire()
    assert await overdue(world, id) == ["delivered", "delivered"]


async def test_an_order_that_nobody_accepts_in_its_minutes_expires(world: World) -> None:
    id, timers = await order(world, within_min=10), Timers(world.ctx, MemoryCursors())
    at = await timers.begin()
    await world.done(OFFICER, "orders", id, "see")
    at = await timers.catch_up(at)
    world.clock.advance(600)
    await timers.fire()
    assert (await world.kinds(f"order/{id}"))[-1] == "order.expired"
    assert await world.refused(OFFICER, "orders", id, "accept") == "wrong_state"
    await timers.catch_up(at)
    assert timers.coming() == []


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_answer_to_an_older_version_is_told_to_read_the_new_one(world: World) -> None:
    id = await order(world)
    await world.done(OFFICER, "orders", id, "see", said_version=1)
    await world.done(LEADER, "orders", id, "correct", action="measure", within_min=20)
    old = {"area": AREA, "action": "check", "within_min": 30, "said_version": 1}
    await world.done(OFFICER, "orders", id, "see", said_version=2)
    assert await world.refused(OFFICER, "orders", id, "read-back", **old) == "order_corrected"


# ── voices ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (MP4, "audio/mp4"),
        (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x42\x82\x88webm" + b"\x00" * 200, "audio/webm"),
        (b"OggS" + b"\x00" * 24 + b"OpusHead" + b"\x00" * 200, "audio/ogg"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 200, None),
        (b"<html>" + b"\x00" * 200, None),
        (MP4[:40], None),
        (b"", None),
    ],
)
def test_a_recording_is_known_by_its_bytes(data: bytes, kind: str | None) -> None:
    assert voices.container(data) == kind


async def test_an_order_and_its_read_back_may_be_spoken(world: World) -> None:
    voice = await voices.add(world.ctx, LEADER, MP4)
    assert isinstance(voice, str)
    id = await order(world, voice=voice)
    await world.done(OFFICER, "orders", id, "see")
    answer = await voices.add(world.ctx, OFFICER, MP4 + b"\x01")
    await world.done(OFFICER, "orders", id, "read-back", voice=answer)
    heard = (await world.facts(f"order/{id}"))[-1]
    assert (heard.event.spoken, heard.event.area, heard.event.action) == (True, None, None)
    body = (await world.ctx.journal.contents([heard.content or ""]))[heard.content or ""]
    assert body == {"voice": {"id": answer, "type": "audio/mp4"}}
    await world.done(LEADER, "orders", id, "confirm")
    assert (await world.done(OFFICER, "orders", id, "accept")).answer["task_id"]


async def test_what_was_listened_to_is_what_is_confirmed(world: World) -> None:
    id = await order(world)
    await world.done(OFFICER, "orders", id, "see")
    first = await world.done(OFFICER, "orders", id, "read-back", voice=await voices.add(world.ctx, OFFICER, MP4))
    await world.done(OFFICER, "orders", id, "read-back", voice=await voices.add(world.ctx, OFFICER, MP4 + b"\x01"))
    assert await world.refused(LEADER, "orders", id, "confirm", seen_version=first.version) == "read_back_changed"


async def test_half_a_recording_has_no_name(world: World) -> None:
    about = await incident(world)
    body = {"incident_id": about, "to": "petugas-1", "action": "check", "within_min": 5}
    assert await world.refused(LEADER, "orders", **body, voice="0" * 64) == "no_such_voice"
    photo = await world.ctx.blobs.put(b"\xff\xd8\xff\xe0" + b"\x00" * 200)
    assert await world.refused(LEADER, "orders", **body, voice=photo) == "not_a_voice"
    too_long = await voices.add(world.ctx, LEADER, MP4 + b"\x00" * voices.MAX_BYTES)
    assert isinstance(too_long, Refusal) and too_long.code == "voice_too_large"


async def test_a_read_back_says_all_three(world: World) -> None:
    id = await order(world)
    await world.done(OFFICER, "orders", id, "see")
    assert await world.refused(OFFICER, "orders", id, "read-back", area=AREA, action="check") == "read_back_incomplete"
    assert (
        await world.refused(OFFICER, "orders", id, "read-back", area="x", action="y", within_min=3) == "unknown_choice"
    )


CODES = (
    *("no_mandate", "mandate_not_yet", "mandate_over", "mandate_other_kind", "mandate_other_agency", "unknown_copy"),
    *("order_corrected", "read_back_changed", "read_back_incomplete", "read_back_differs"),
    *("no_such_voice", "not_a_voice", "voice_too_large"),
)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_no_is_a_sentence(code: str, lang: str) -> None:
    said = load_words().refusal(code, lang, who="Wali Kota", day="2026-11-24", mb="2")
    assert said.endswith(".") and "{" not in said and said != load_words().say("problem.bad_request", lang)
