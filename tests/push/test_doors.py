"""The doors of the devices: one's own only, addresses are judged, and who was told is read by those who may."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hadir.inbound.api.notices import DEVICES_MOST
from tests.push.conftest import Ringing

Until = Callable[[Callable[[], Any]], Awaitable[Any]]


async def test_nobody_subscribes_without_signing_in(ringing: Ringing) -> None:
    for method, path in (
        ("GET", "push/key"),
        ("POST", "push/subscriptions"),
        ("POST", "push/received"),
        ("GET", "notices"),
    ):
        answer = await ringing.client.request(method, f"/api/v1/{path}", json={})
        assert answer.status_code == 401, path


async def test_a_device_is_ended_by_its_own_account_only(ringing: Ringing) -> None:
    phone = await ringing.phone("petugas-1")
    ended = {"endpoint": phone.endpoint}
    assert (await ringing.call("petugas-2", "DELETE", "push/subscriptions", json=ended)).status_code == 404
    assert len(await ringing.program.storage.devices.of("petugas-1")) == 1
    assert (await ringing.call("petugas-1", "DELETE", "push/subscriptions", json=ended)).status_code == 200
    assert (await ringing.call("petugas-1", "DELETE", "push/subscriptions", json=ended)).status_code == 404


async def test_a_phone_that_is_handed_on_rings_for_the_new_one_only(ringing: Ringing) -> None:
    await ringing.phone("petugas-1", "shared")
    await ringing.phone("petugas-2", "shared")
    devices = ringing.program.storage.devices
    assert [len(await devices.of(who)) for who in ("petugas-1", "petugas-2")] == [0, 1]


async def test_forgotten_browsers_make_room(ringing: Ringing) -> None:
    for count in range(DEVICES_MOST + 3):
        await ringing.phone("petugas-1", f"phone-{count}")
    names = [each.endpoint.rpartition("-")[2] for each in await ringing.program.storage.devices.of("petugas-1")]
    assert names == [str(count) for count in range(3, DEVICES_MOST + 3)]


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "ftp://push.example/1"},
        {"endpoint": "http://u:p@127.0.0.1/"},
        {"endpoint": "x"},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "!", "auth": "!"}},
    ],
)
async def test_what_cannot_ring_is_not_kept(ringing: Ringing, change: dict[str, object]) -> None:
    body = ringing.service.browser("x").subscription | change
    answer = await ringing.call("petugas-1", "POST", "push/subscriptions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_subscription")


async def test_only_the_receiver_says_that_it_came(ringing: Ringing, until: Until) -> None:
    order = await ringing.order()
    (standing,) = await until(lambda: ringing.notices(f"orders/{order}", "order_sent"))
    body = {"id": standing.notice.id}
    assert (await ringing.call("petugas-2", "POST", "push/received", json=body)).status_code == 404
    assert (await ringing.call("petugas-1", "POST", "push/received", json=body)).status_code == 200


async def test_who_was_told_is_read_by_those_who_may_and_holds_no_address(ringing: Ringing, until: Until) -> None:
    await ringing.reachable("petugas-1", sms="081298765432")
    order = await ringing.order()
    await until(lambda: ringing.gateways.taken)
    about = f"notices?about=orders/{order}"
    for who, status in (("operator", 200), ("auditor", 200), ("pimpinan", 200), ("petugas-1", 403), ("opd-bpbd", 403)):
        assert (await ringing.call(who, "GET", about)).status_code == status, who
    answer = await ringing.call("operator", "GET", about)
    mine = next(each for each in answer.json()["notices"] if each["to"] == "petugas-1")
    assert (mine["to_name"], mine["says"]) == ("Petugas 1 BPBD", "order_sent")
    assert "98765432" not in answer.text
    assert (await ringing.call("operator", "GET", "notices?about=passwords/1")).status_code == 400
