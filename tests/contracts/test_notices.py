"""Devices, contacts and notices: PostgreSQL and its twin keep the same promises."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

import pytest

from hadir.domain.notice import Channel, Contact, Notice, Quiet, Urgency
from hadir.domain.people import Account, Role
from hadir.ports.notices import Attempt, Contacts, Devices, Notices, State, Subscription
from hadir.ports.people import UnknownAccount
from hadir.storage.clock import SystemClock
from hadir.storage.memory.notices import MemoryContacts, MemoryDevices, MemoryNotices
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.notices import PostgresContacts, PostgresDevices, PostgresNotices
from hadir.storage.postgres.people import PostgresPeople
from hadir.storage.postgres.pool import reading_pool

NOW = datetime(2026, 1, 7, 14, 0, tzinfo=UTC)
LEASE = NOW + timedelta(minutes=1)


class Stores(NamedTuple):
    devices: Devices
    contacts: Contacts
    notices: Notices


@pytest.fixture(params=["memory", "postgres"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "memory":
        yield Stores(MemoryDevices(), MemoryContacts(lambda id: id in ("ana", "budi")), MemoryNotices())
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url) as pool:
        people = PostgresPeople(pool, SystemClock())
        for id in ("ana", "budi"):
            await people.add(Account(id=id, name=id, role=Role.OFFICER), None)
        yield Stores(PostgresDevices(pool), PostgresContacts(pool), PostgresNotices(pool))


def device(id: str, account: str = "ana", endpoint: str = "") -> Subscription:
    return Subscription(
        id=id,
        account=account,
        endpoint=endpoint or f"https://push.example/{id}",
        p256dh=b"\x04" * 65,
        auth=b"a" * 16,
        lang="id",
        made_at=NOW,
    )


def notice(id: str = "n1", **more: object) -> Notice:
    made = Notice(
        id=id,
        position=7,
        to="ana",
        says="order_sent",
        about="orders/1",
        topic="order/orders/1",
        urgency=Urgency.HIGH,
        made_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        loud=True,
        further=True,
        timed=True,
        detail="seen",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def attempt(id: str = "a1", **more: object) -> Attempt:
    return replace(Attempt(id=id, notice="n1", channel=Channel.PUSH, target="d1", next_at=NOW), **more)  # type: ignore[arg-type]


async def test_a_device_comes_back_whole_and_changes_hands(stores: Stores) -> None:
    await stores.devices.put(device("d1"))
    await stores.devices.put(device("d2"))
    assert await stores.devices.of("ana") == (device("d1"), device("d2"))
    await stores.devices.put(device("d9", "budi", device("d1").endpoint))
    assert await stores.devices.of("ana") == (device("d2"),)
    (handed,) = await stores.devices.of("budi")
    assert handed.id == "d1", "it is the same device"
    assert await stores.devices.get("d1") == handed


async def test_a_device_is_dropped_by_its_owner_or_when_it_is_gone(stores: Stores) -> None:
    await stores.devices.put(device("d1"))
    assert not await stores.devices.drop("budi", device("d1").endpoint)
    assert await stores.devices.drop("ana", device("d1").endpoint)
    assert not await stores.devices.drop("ana", device("d1").endpoint)
    await stores.devices.put(device("d2"))
    await stores.devices.gone("d2")
    assert await stores.devices.get("d2") is None


async def test_contacts_and_quiet_hours_of_known_people_only(stores: Stores) -> None:
    sms = Contact(account="ana", channel=Channel.SMS, address="0812")
    mail = Contact(account="ana", channel=Channel.EMAIL, address="a@b.example")
    for each in (sms, mail, replace(sms, address="0813")):
        await stores.contacts.set_contact(each)
    assert await stores.contacts.contacts("ana") == (mail, replace(sms, address="0813"))
    await stores.contacts.drop_contact("ana", Channel.SMS)
    assert await stores.contacts.contacts("ana") == (mail,)
    night = Quiet(begins=time(22), ends=time(5, 30))
    await stores.contacts.set_quiet("ana", night)
    assert await stores.contacts.quiet("ana") == night
    await stores.contacts.set_quiet("ana", None)
    assert await stores.contacts.quiet("ana") is None
    with pytest.raises(UnknownAccount):
        await stores.contacts.set_contact(replace(sms, account="ghost"))
    with pytest.raises(UnknownAccount):
        await stores.contacts.set_quiet("ghost", night)


async def test_a_notice_made_twice_is_one_and_comes_back_whole(stores: Stores) -> None:
    await stores.notices.add([notice("n1"), notice("n2")])
    await stores.notices.add([notice("n3"), notice("n4", says="order_copied")])
    found = await stores.notices.about("orders/1")
    assert [each.notice.id for each in found] == ["n1", "n4"]
    assert found[0].notice == notice("n1")


async def test_what_is_due_is_claimed_by_one_and_comes_again_when_that_one_died(stores: Stores) -> None:
    await stores.notices.add([notice()])
    assert [s.notice.id for s in await stores.notices.due(NOW, LEASE, 9)] == ["n1"]
    assert await stores.notices.due(NOW, LEASE, 9) == []
    assert [s.notice.id for s in await stores.notices.due(LEASE, LEASE + timedelta(minutes=1), 9)] == ["n1"]


async def test_attempts_are_claimed_settled_and_tried_again_at_their_time(stores: Stores) -> None:
    await stores.notices.add([notice()])
    for _ in range(2):  # a node that died in between does it again
        await stores.notices.begin("n1", Channel.PUSH, [attempt("a1"), attempt("a2")], None)
    claimed = await stores.notices.claim(NOW, LEASE, 9)
    assert {(a.id, n.id) for a, n in claimed} == {("a1", "n1"), ("a2", "n1")}
    assert await stores.notices.claim(NOW, LEASE, 9) == []
    later = NOW + timedelta(seconds=30)
    await stores.notices.settle(attempt("a1", state=State.SENT, tries=1, at=NOW))
    await stores.notices.settle(attempt("a2", tries=1, at=NOW, next_at=later, detail="http_503"))
    assert await stores.notices.claim(NOW, LEASE, 9) == []
    assert [a.detail for a, _ in await stores.notices.claim(later, LEASE, 9)] == ["http_503"]
    standing = await stores.notices.get("n1")
    assert standing is not None and [a.state for a in standing.attempts] == [State.SENT, State.WAITING]


async def test_an_order_is_hastened_when_its_device_does_not_answer(stores: Stores) -> None:
    await stores.notices.add([notice(), notice("n2", to="budi"), notice("n3", says="order_copied", further=False)])
    await stores.notices.hasten("ana", "orders/1", NOW)
    for id in ("n1", "n2", "n3"):
        await stores.notices.begin(id, Channel.PUSH, (), None)
    assert await stores.notices.due(NOW, LEASE, 9) == []
    await stores.notices.hasten("ana", "orders/1", NOW)
    assert [s.notice.id for s in await stores.notices.due(NOW, LEASE, 9)] == ["n1"]


async def test_delivered_once_and_nothing_is_due_any_more(stores: Stores) -> None:
    await stores.notices.add([notice(), notice("n2", to="budi")])
    for id in ("n1", "n2"):
        await stores.notices.begin(id, Channel.PUSH, (), LEASE)
    await stores.notices.delivered("ana", "orders/1", NOW, "order.delivered")
    await stores.notices.delivered("ana", "orders/1", LEASE, "order.seen")
    await stores.notices.hasten("ana", "orders/1", NOW)
    standing = await stores.notices.get("n1")
    assert standing is not None
    assert (standing.delivered_at, standing.delivered_by, standing.step_at) == (NOW, "order.delivered", None)
    assert [s.notice.id for s in await stores.notices.due(LEASE, LEASE, 9)] == ["n2"]


async def test_a_device_says_that_it_shows_it_for_its_own_person_only(stores: Stores) -> None:
    await stores.notices.add([notice()])
    assert not await stores.notices.received("budi", "n1", NOW)
    assert await stores.notices.received("ana", "n1", NOW)
    assert await stores.notices.received("ana", "n1", LEASE)
    standing = await stores.notices.get("n1")
    assert standing is not None and (standing.delivered_at, standing.delivered_by) == (NOW, "push")


async def test_old_notices_go_with_their_attempts(stores: Stores) -> None:
    await stores.notices.add([notice()])
    await stores.notices.begin("n1", Channel.PUSH, [attempt()], None)
    await stores.notices.prune(NOW)
    assert await stores.notices.get("n1") is not None
    await stores.notices.prune(NOW + timedelta(seconds=1))
    assert await stores.notices.get("n1") is None
    assert await stores.notices.claim(NOW, LEASE, 9) == []
