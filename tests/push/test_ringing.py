"""From a fact to a phone: who is told, with which words and headers, and what follows when no device answers."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hadir.domain.notice import Quiet
from hadir.outbound.kit.backoff import TRIES_MOST
from hadir.ports.notices import State
from tests.push.conftest import Ringing
from tests.push.service import Browser

Until = Callable[[Callable[[], Any]], Awaitable[Any]]


async def test_an_order_rings_at_the_officers_phone_with_all_that_the_standards_ask(
    ringing: Ringing, until: Until
) -> None:
    phone = await ringing.phone("petugas-1")
    order = await ringing.order(text="Nomor KTP 3572011234567890, lewat gang belakang")
    rang = (await until(lambda: phone.rang))[0]
    assert rang.headers["urgency"] == "high"
    assert 0 < int(rang.headers["ttl"]) <= 30 * 60, "as long as the order lives"
    assert len(rang.headers["topic"]) <= 32
    assert rang.claims["aud"] == ringing.service.url
    assert rang.claims["sub"] == "mailto:hadir@kota.example"
    assert rang.claims["k"] == (await ringing.call("petugas-1", "GET", "push/key")).json()["key"]
    assert rang.size <= 4096
    payload = rang.payload
    assert payload["title"] == "Perintah: Evakuasi warga"
    assert "Dari Pimpinan (demo)" in payload["body"]
    assert "3572011234567890" not in payload["body"], "free text does not stand on a locked phone"
    assert payload["url"] == f"/petugas#/order/{order}"
    assert payload["loud"] is True
    row = payload["row"]
    assert (row["id"], row["to"], row["state"], row["said_version"]) == (order, "petugas-1", "sent", 1)
    board = (await ringing.call("petugas-1", "GET", "board?things=orders")).json()["board"]["orders"]
    assert [row] == board, "the row that the screen shows, and nothing more"


async def test_only_the_receiver_is_told_and_nobody_of_his_own_deed(ringing: Ringing, until: Until) -> None:
    officer, other, leader = [await ringing.phone(who) for who in ("petugas-1", "petugas-2", "pimpinan")]
    order = await ringing.order()
    await until(lambda: officer.rang)
    await ringing.press("petugas-1", f"orders/{order}/see")
    await ringing.press(
        "petugas-1", f"orders/{order}/read-back", area="35.72.01.1001", action="evacuate", within_min=30
    )
    (rang,) = await until(lambda: leader.rang)
    assert rang.payload["title"] == "Petugas 1 BPBD mengulang perintah"
    assert rang.payload["url"] == f"/pimpin#/order/{order}"
    assert "row" not in rang.payload
    assert other.rang == []


async def test_every_device_rings_and_a_gone_one_is_forgotten(ringing: Ringing, until: Until) -> None:
    old, new = await ringing.phone("petugas-1", "old"), await ringing.phone("petugas-1", "new")
    ringing.service.reply = lambda name: (410, {}) if name == "old" else (201, {})
    await ringing.order()
    await until(lambda: new.rang)
    await until(lambda: "old" in ringing.service.asked)
    devices = ringing.program.storage.devices
    left = await until(lambda: _only(devices.of("petugas-1")))
    assert left.endpoint == new.endpoint
    assert old.rang == []


def _go_to(ringing: Ringing, at: datetime) -> None:
    ringing.clock.advance((at - ringing.clock.now()).total_seconds())


async def _only(devices: Awaitable[Any]) -> Any:
    found = await devices
    return found[0] if len(found) == 1 else None


@pytest.mark.parametrize("refusal", [(429, {"retry-after": "30"}), (503, {}), (500, {})])
async def test_a_busy_service_is_asked_again_later_not_at_once(
    ringing: Ringing, until: Until, refusal: tuple[int, dict[str, str]]
) -> None:
    phone = await ringing.phone("petugas-1")
    ringing.service.reply = lambda _name: refusal
    order = await ringing.order()
    standing = await until(lambda: _tried(ringing, order))
    attempt = standing.attempts[0]
    assert (attempt.state, attempt.detail) == (State.WAITING, f"http_{refusal[0]}")
    assert attempt.next_at > ringing.clock.now()
    if refusal[1]:
        assert attempt.next_at - ringing.clock.now() >= timedelta(seconds=30)
    asked = len(ringing.service.asked)
    ringing.service.reply = lambda _name: (201, {})
    _go_to(ringing, attempt.next_at)
    await until(lambda: phone.rang)
    assert len(ringing.service.asked) == asked + 1


async def _tried(ringing: Ringing, order: str) -> Any:
    found = await ringing.notices(f"orders/{order}", "order_sent")
    return found[0] if found and any(each.tries for each in found[0].attempts) else None


async def test_what_is_refused_for_good_goes_the_next_way_at_once_and_stays_as_a_dead_letter(
    ringing: Ringing, until: Until
) -> None:
    await ringing.phone("petugas-1")
    await ringing.reachable("petugas-1", sms="0812-3456-7890")
    ringing.service.reply = lambda _name: (403, {})
    order = await ringing.order()
    await until(lambda: ringing.gateways.taken)
    (standing,) = await ringing.notices(f"orders/{order}", "order_sent")
    push = next(each for each in standing.attempts if each.channel == "push")
    assert (push.state, push.detail) == (State.FAILED, "http_403")
    assert len(ringing.service.asked) == 1


async def test_when_the_device_does_not_answer_the_orders_timer_sends_it_by_the_next_channel(
    ringing: Ringing, until: Until
) -> None:
    phone = await ringing.phone("petugas-1")
    await ringing.reachable("petugas-1", sms="0812-3456-7890", email="petugas-1@kota.example")
    order = await ringing.order()
    await until(lambda: phone.rang)
    await _timers(ringing, 61)
    (sms,) = await until(lambda: ringing.gateways.taken)
    assert sms.to == "+6281234567890"
    assert "Perintah: Evakuasi warga" in sms.text
    assert sms.text.endswith(f"https://hadir.example/petugas#/order/{order}")
    fact = await until(lambda: _changed(ringing))
    assert fact.event.why == "not_delivered"
    assert (fact.event.before, fact.event.channel) == ("push", "sms")
    assert fact.event.to == "petugas-1"
    assert "0812" not in str(fact.event) and "628" not in str(fact.event)


async def _timers(ringing: Ringing, seconds: int) -> None:
    """Let time pass and wake whoever waits for the journal."""
    ringing.clock.advance(seconds)
    await ringing.press("operator", "incidents", category="drain", title="Lain", place={"area": "35.72.01.1001"})


async def _changed(ringing: Ringing) -> Any:
    facts = await ringing.program.storage.journal.read(0, 10_000)
    return next((fact for fact in facts if fact.event.kind == "notice.channel_changed"), None)


async def test_when_it_does_answer_nothing_more_is_sent(ringing: Ringing, until: Until) -> None:
    phone = await ringing.phone("petugas-1")
    await ringing.reachable("petugas-1", sms="081234567890")
    order = await ringing.order()
    await until(lambda: phone.rang)
    await ringing.press("petugas-1", f"orders/{order}/deliver")
    (standing,) = await until(lambda: _delivered(ringing, f"orders/{order}"))
    assert standing.delivered_by == "order.delivered"
    for _ in range(3):
        await _timers(ringing, 200)
    await until(lambda: ringing.program.board.position == ringing.program.hub.ring.head)
    assert ringing.gateways.taken == []
    assert "notice.channel_changed" not in await ringing.kinds()


async def _delivered(ringing: Ringing, about: str) -> Any:
    found = [s for s in await ringing.notices(about) if s.notice.to == "petugas-1"]
    return found if found and all(each.delivered_at for each in found) else None


async def test_a_task_goes_on_after_the_citys_patience_unless_the_worker_says_it_came(
    ringing: Ringing, until: Until
) -> None:
    first, second = await ringing.phone("petugas-1"), await ringing.phone("petugas-2")
    for who in ("petugas-1", "petugas-2"):
        await ringing.reachable(who, whatsapp="+62 812 1111 222")
    incident = await ringing.incident()
    for who in ("petugas-1", "petugas-2"):
        task = (await ringing.press("operator", "tasks", incident_id=incident, agency="bpbd", what="Cek"))["id"]
        await ringing.press("opd-bpbd", f"tasks/{task}/assign", officer=who)
    await until(lambda: first.rang and second.rang)
    shown = await ringing.call("petugas-1", "POST", "push/received", json={"id": first.rang[0].payload["id"]})
    assert shown.status_code == 200
    ringing.clock.advance(CITY_PATIENCE_S + 1)
    (taken,) = await until(lambda: ringing.gateways.taken)
    assert taken.gateway == "whatsapp"
    assert taken.text.startswith("Tugas untuk Anda: Banjir")
    facts = await ringing.program.storage.journal.read(0, 10_000)
    assert [f.event.to for f in facts if f.event.kind == "notice.channel_changed"] == ["petugas-2"]


CITY_PATIENCE_S = 120


async def test_a_person_without_a_device_is_written_to_at_once(ringing: Ringing, until: Until) -> None:
    await ringing.reachable("petugas-1", email="petugas-1@kota.example")
    order = await ringing.order()
    (letter,) = await until(lambda: ringing.mail.letters)
    assert letter["Subject"] == "Perintah: Evakuasi warga"
    assert letter["To"] == "petugas-1@kota.example"
    assert f"https://hadir.example/petugas#/order/{order}" in letter.get_content()
    assert (await until(lambda: _changed(ringing))).event.why == "no_device"


async def test_who_cannot_be_reached_at_all_is_on_record(ringing: Ringing, until: Until) -> None:
    await ringing.order()
    event = (await until(lambda: _changed(ringing))).event
    assert (event.channel, event.why) == (None, "no_device")


async def test_channels_follow_one_another_until_somebody_answers(ringing: Ringing, until: Until) -> None:
    await ringing.reachable("petugas-1", whatsapp="081234567890", sms="081234567890", email="p1@kota.example")
    await ringing.order()
    for count in (1, 2):
        await until(lambda count=count: len(ringing.gateways.taken) == count)
        ringing.clock.advance(CITY_PATIENCE_S + 1)
    await until(lambda: ringing.mail.letters)
    assert [taken.gateway for taken in ringing.gateways.taken] == ["whatsapp", "sms"]


async def test_a_gateway_that_is_down_is_tried_again_and_sends_once(ringing: Ringing, until: Until) -> None:
    await ringing.reachable("petugas-1", sms="081234567890")
    ringing.gateways.refuse = lambda _path: 503
    order = await ringing.order()
    standing = await until(lambda: _tried(ringing, order))
    ringing.gateways.refuse = lambda _path: None
    _go_to(ringing, standing.attempts[0].next_at)
    await until(lambda: ringing.gateways.taken)
    assert len(ringing.gateways.taken) == 1


async def test_after_so_many_tries_it_is_a_dead_letter(ringing: Ringing, until: Until) -> None:
    await ringing.phone("petugas-1")
    ringing.service.reply = lambda _name: (503, {})
    order = await ringing.order(within_min=7 * 24 * 60)

    async def over() -> bool:
        ringing.clock.advance(6 * 60)
        (standing,) = await ringing.notices(f"orders/{order}", "order_sent")
        return bool(standing.attempts) and standing.attempts[0].state is State.FAILED

    await until(lambda: _tried(ringing, order))
    await until(over)
    (standing,) = await ringing.notices(f"orders/{order}", "order_sent")
    assert standing.attempts[0].tries == TRIES_MOST


# ── quiet hours ──────────────────────────────────────────────────────────────────────────────────────────────────

NIGHT = datetime(2026, 1, 7, 17, 0, tzinfo=UTC)  # midnight in the city
MORNING = datetime(2026, 1, 7, 22, 0, tzinfo=UTC)


def _at(ringing: Ringing, at: datetime) -> None:
    """The next time that the clock shows this hour."""
    _go_to(ringing, at + timedelta(days=(ringing.clock.now() - at).days + 1))


async def _taken(ringing: Ringing, **more: Any) -> tuple[str, str]:
    """(order, task): understood and accepted."""
    order = await ringing.order(**more)
    await ringing.press("petugas-1", f"orders/{order}/see")
    said = {"area": "35.72.01.1001", "action": "evacuate", "within_min": 30}
    await ringing.press("petugas-1", f"orders/{order}/read-back", **said)
    await ringing.press("pimpinan", f"orders/{order}/confirm")
    return order, (await ringing.press("petugas-1", f"orders/{order}/accept"))["task_id"]


def _says(phone: Browser) -> list[str]:
    return [rang.payload["says"] for rang in phone.rang]


@pytest.mark.parametrize(
    ("who", "press", "says", "body"),
    [
        ("petugas-1", "finish", "order_done", {"note": "Semua warga di balai."}),
        ("petugas-1", "decline", "order_given_back", {"reason": "Ban bocor"}),
        ("operator", "cancel", "order_called_off", {"reason": "Salah tempat"}),
    ],
)
async def test_a_commander_hears_what_becomes_of_his_order_s_task(
    ringing: Ringing, until: Until, who: str, press: str, says: str, body: dict[str, str]
) -> None:
    leader = await ringing.phone("pimpinan")
    order, task = await _taken(ringing)
    await ringing.press(who, f"tasks/{task}/{press}", **body)
    await until(lambda: says in _says(leader))
    rang = next(rang for rang in leader.rang if rang.payload["says"] == says)
    assert rang.payload["url"] == f"/pimpin#/order/{order}"
    assert not any(word in rang.payload["body"] for word in body.values()), "free text is not on a locked phone"


async def test_who_calls_his_own_order_s_task_off_is_not_told_and_its_officer_is(
    ringing: Ringing, until: Until
) -> None:
    leader, officer = await ringing.phone("pimpinan"), await ringing.phone("petugas-1")
    _, task = await _taken(ringing)
    await ringing.press("pimpinan", f"tasks/{task}/cancel", reason="Sudah surut")
    await until(lambda: "task_cancelled" in _says(officer))
    assert "order_called_off" not in _says(leader)


@pytest.mark.parametrize("press", ["assign", "unassign"])
async def test_whose_task_it_was_hears_that_he_need_not_go(ringing: Ringing, until: Until, press: str) -> None:
    had, other = await ringing.phone("petugas-3"), await ringing.phone("petugas-4")
    incident = await ringing.press(
        "operator", "incidents", category="road_damage", title="Lubang", place={"area": "35.72.01.1001"}
    )
    task = await ringing.press("operator", "tasks", incident_id=incident["id"], agency="dpupr", what="Tambal")
    await ringing.press("opd-dpupr", f"tasks/{task['id']}/assign", officer="petugas-3")
    await until(lambda: "task_assigned" in _says(had))
    body = {"officer": "petugas-4"} if press == "assign" else {}
    await ringing.press("opd-dpupr", f"tasks/{task['id']}/{press}", **body)
    await until(lambda: "task_not_yours" in _says(had))
    assert "Jalan rusak" in had.rang[-1].payload["title"]
    assert "task_not_yours" not in _says(other)


async def test_an_order_that_ran_out_is_told_to_both(ringing: Ringing, until: Until) -> None:
    leader, officer = await ringing.phone("pimpinan"), await ringing.phone("petugas-1")
    await ringing.order()
    await _timers(ringing, 31 * 60)
    await until(lambda: "order_expired" in _says(leader))
    await until(lambda: "order_ran_out" in _says(officer))


async def test_work_that_is_late_is_told_to_the_commander_and_the_superior_once(ringing: Ringing, until: Until) -> None:
    leader, superior, officer = [await ringing.phone(who) for who in ("pimpinan", "opd-bpbd", "petugas-1")]
    order, _ = await _taken(ringing)
    await _timers(ringing, 31 * 60)
    await until(lambda: all("order_overdue" in _says(phone) for phone in (leader, superior)))
    await _timers(ringing, 3_600)
    told = await ringing.notices(f"orders/{order}", "order_overdue")
    assert sorted(each.notice.to for each in told) == ["opd-bpbd", "pimpinan"]
    assert "order_overdue" not in _says(officer), "he knows"
    (rang,) = [rang for rang in leader.rang if rang.payload["says"] == "order_overdue"]
    assert rang.payload["title"] == "Petugas 1 BPBD belum selesai, waktunya lewat"


async def test_by_night_a_task_waits_for_the_morning_and_an_order_does_not(ringing: Ringing, until: Until) -> None:
    _at(ringing, NIGHT)
    phone = await ringing.phone("petugas-3")
    incident = await ringing.press(
        "operator", "incidents", category="road_damage", title="Lubang", place={"area": "35.72.01.1001"}
    )
    task = await ringing.press("operator", "tasks", incident_id=incident["id"], agency="dpupr", what="Tambal")
    await ringing.press("opd-dpupr", f"tasks/{task['id']}/assign", officer="petugas-3")
    await ringing.order("petugas-3", incident["id"], action="check")
    await until(lambda: phone.rang)
    assert [rang.payload["says"] for rang in phone.rang] == ["order_sent"]
    (standing,) = await ringing.notices(f"tasks/{task['id']}", "task_assigned")
    assert standing.step_at is not None
    _go_to(ringing, standing.step_at)
    await until(lambda: "task_assigned" in _says(phone))
    assert ringing.clock.now().hour == MORNING.hour


async def test_siaga_1_wakes_everybody_and_everything_about_it_does(ringing: Ringing, until: Until) -> None:
    _at(ringing, NIGHT)
    leader, officer = await ringing.phone("pimpinan"), await ringing.phone("petugas-3")
    made = await ringing.press(
        "operator", "incidents", category="road_damage", title="Ambles", place={"area": "35.72.01.1001"}
    )
    await ringing.press("operator", f"incidents/{made['id']}/grade", level=1)
    await until(lambda: leader.rang)
    assert leader.rang[0].payload["says"] == "siaga_1"
    task = await ringing.press("operator", "tasks", incident_id=made["id"], agency="dpupr", what="Tutup")
    await ringing.press("opd-dpupr", f"tasks/{task['id']}/assign", officer="petugas-3")
    await until(lambda: officer.rang)


async def test_a_person_may_have_hours_of_his_own(ringing: Ringing, until: Until) -> None:
    _at(ringing, NIGHT)
    never = Quiet(begins=datetime.min.time(), ends=datetime.min.time())
    await ringing.program.storage.contacts.set_quiet("petugas-3", never)
    phone = await ringing.phone("petugas-3")
    made = await ringing.press(
        "operator", "incidents", category="road_damage", title="Lubang", place={"area": "35.72.01.1001"}
    )
    task = await ringing.press("operator", "tasks", incident_id=made["id"], agency="dpupr", what="Tambal")
    await ringing.press("opd-dpupr", f"tasks/{task['id']}/assign", officer="petugas-3")
    await until(lambda: phone.rang)


async def test_an_officer_in_need_wakes_the_command_centre_until_one_of_them_has_it(
    ringing: Ringing, until: Until
) -> None:
    _at(ringing, NIGHT)
    phone = await ringing.phone("operator")
    await ringing.reachable("operator-2", sms="081200000002")
    await ringing.reachable("operator", sms="081200000001")
    await ringing.press("petugas-1", "units/petugas-1/emergency")
    await until(lambda: phone.rang)
    assert phone.rang[0].payload["title"] == "DARURAT: Petugas 1 BPBD"
    assert phone.rang[0].payload["url"] == "/pusat#/unit/petugas-1"
    await until(lambda: ringing.gateways.taken)
    await ringing.press("operator-2", "units/petugas-1/acknowledge", alarm="emergency")
    await until(lambda: _nothing_due(ringing, "units/petugas-1"))
    ringing.clock.advance(CITY_PATIENCE_S + 1)
    await until(lambda: ringing.program.board.position == ringing.program.hub.ring.head)
    assert [taken.to for taken in ringing.gateways.taken] == ["+6281200000002"]


async def _nothing_due(ringing: Ringing, about: str) -> bool:
    found = await ringing.notices(about)
    return bool(found) and all(each.step_at is None and each.delivered_at for each in found)
