"""Subscriptions, what waits to be told, public changes and ratings: PostgreSQL and its twin keep the same promises."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from hadir.domain.following import Change, Kind, News, Subscriber, Subscription, box
from hadir.domain.notice import Channel
from hadir.ports.following import Changes, Followings, Mailbag, Rated, Rating, Ratings
from hadir.storage.memory.following import MemoryChanges, MemoryFollowings, MemoryRatings
from hadir.storage.postgres.following import PostgresChanges, PostgresFollowings, PostgresMailbag, PostgresRatings
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import reading_pool

NOW = datetime(2026, 1, 7, 14, 0, tzinfo=UTC)
LEASE = NOW + timedelta(minutes=1)


class Stores(NamedTuple):
    followings: Followings
    mailbag: Mailbag
    changes: Changes
    ratings: Ratings


@pytest.fixture(params=["memory", "postgres"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "memory":
        both = MemoryFollowings()
        yield Stores(both, both, MemoryChanges(), MemoryRatings())
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url) as pool:
        yield Stores(PostgresFollowings(pool), PostgresMailbag(pool), PostgresChanges(pool), PostgresRatings(pool))


def phone(id: str = "s1", **more: object) -> Subscriber:
    made = Subscriber(
        id=id,
        channel=Channel.PUSH,
        address=f"https://push.example/{id}",
        p256dh=b"\x04" * 65,
        auth=b"a" * 16,
        lang="id",
        device="d1",
        made_at=NOW,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def mailbox(id: str = "m1", address: str = "ana@example.org") -> Subscriber:
    return phone(id, channel=Channel.EMAIL, address=address, p256dh=b"", auth=b"")


def wish(id: str = "w1", subscriber: str = "s1", **more: object) -> Subscription:
    made = Subscription(id=id, subscriber=subscriber, kind=Kind.AREA, area="a1", made_at=NOW, confirmed_at=NOW)
    return replace(made, **more)  # type: ignore[arg-type]


def around(id: str = "w2", lat: float = -8.1, lon: float = 112.16) -> Subscription:
    return wish(id, kind=Kind.AROUND, area=None, lat=lat, lon=lon, radius_m=1000)


def change(about: str = "incidents/i1", position: int = 7, **more: object) -> Change:
    made = Change(
        about=about,
        says="opened",
        position=position,
        at=NOW,
        began_at=NOW,
        category="flood",
        area="a1",
        lat=-8.1,
        lon=112.16,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def news(position: int = 7, says: str = "opened", about: str = "incidents/i1") -> News:
    return News(subscriber="s1", about=about, says=says, position=position, at=NOW, subscription="w1", area="a1")


async def test_a_known_address_keeps_its_id_and_the_same_wish_is_one(stores: Stores) -> None:
    first = await stores.followings.subscriber(phone())
    again = await stores.followings.subscriber(phone("s9", address=first.address, device="d2", lang="en"))
    assert (again.id, again.device, again.lang) == ("s1", "d2", "en")
    assert (await stores.followings.add(wish())).id == (await stores.followings.add(wish("w9"))).id == "w1"
    assert [w.id for w, _ in await stores.followings.of("d2")] == ["w1"]
    assert await stores.followings.of("d1") == []


async def test_a_change_finds_who_follows_its_area_and_its_surroundings(stores: Stores) -> None:
    await stores.followings.subscriber(phone())
    for each in (wish(), around(), around("far", lat=-8.2), wish("unconfirmed", area="a2", confirmed_at=None)):
        await stores.followings.add(each)
    assert {w.id for w in await stores.mailbag.following(change())} == {"w1", "w2"}
    assert {w.id for w in await stores.mailbag.following(change(lat=None, lon=None))} == {"w1"}
    assert await stores.mailbag.following(change(area="a2", lat=None, lon=None)) == []
    await stores.followings.end("w1", NOW)
    assert {w.id for w in await stores.mailbag.following(change())} == {"w2"}
    await stores.followings.end("w1", None)
    assert {w.id for w in await stores.mailbag.following(change())} == {"w1", "w2"}


async def test_an_address_says_yes_and_only_so_many_are_asked(stores: Stores) -> None:
    await stores.followings.subscriber(mailbox())
    await stores.followings.add(wish(subscriber="m1", confirmed_at=None))
    assert await stores.followings.asked("ana@example.org", "other", NOW - timedelta(days=1)) == 1
    assert await stores.followings.asked("else@example.org", "d1", NOW - timedelta(days=1)) == 1
    assert await stores.followings.asked("else@example.org", "other", NOW - timedelta(days=1)) == 0
    await stores.followings.confirm("w1", NOW)
    found = await stores.followings.get("w1")
    assert found is not None and found[0].live and found[1].address == "ana@example.org"
    assert await stores.followings.asked("ana@example.org", "d1", NOW - timedelta(days=1)) == 0


async def test_an_ended_wish_of_an_address_has_to_say_yes_again(stores: Stores) -> None:
    await stores.followings.subscriber(mailbox())
    await stores.followings.add(wish(subscriber="m1"))
    await stores.followings.end("w1", NOW)
    again = await stores.followings.add(wish("w9", subscriber="m1", confirmed_at=None))
    assert again.id == "w1" and not again.live


async def test_one_line_a_thing_and_nothing_twice(stores: Stores) -> None:
    await stores.followings.subscriber(phone())
    await stores.followings.add(wish())
    await stores.mailbag.note([news(7), news(9, "resolved"), news(8, "started")], NOW)
    assert await stores.mailbag.due(NOW - timedelta(seconds=1), LEASE, 10) == []
    (due,) = await stores.mailbag.due(NOW, LEASE, 10)
    assert [(n.says, n.position) for n in due.news] == [("resolved", 9)]
    assert await stores.mailbag.due(NOW, LEASE, 10) == []
    pace = NOW + timedelta(minutes=10)
    await stores.mailbag.told("s1", due.news, pace)
    await stores.mailbag.note([news(9, "resolved")], NOW)
    assert await stores.mailbag.due(NOW + timedelta(hours=1), LEASE, 10) == []
    await stores.mailbag.note([news(10, "reopened"), news(11, about="incidents/i2")], NOW)
    assert await stores.mailbag.due(NOW + timedelta(minutes=9), LEASE, 10) == []
    (due,) = await stores.mailbag.due(pace, pace + timedelta(minutes=1), 10)
    assert [n.says for n in due.news] == ["opened", "reopened"]


async def test_what_is_said_once_is_not_said_again(stores: Stores) -> None:
    await stores.followings.subscriber(phone())
    await stores.followings.add(wish())
    await stores.mailbag.note([news(7, "joined", "reports/r1")], NOW)
    (due,) = await stores.mailbag.due(NOW, LEASE, 10)
    await stores.mailbag.told("s1", due.news, NOW)
    await stores.mailbag.note([news(9, "joined", "reports/r1")], NOW)
    assert await stores.mailbag.due(LEASE, LEASE, 10) == []
    await stores.mailbag.note([news(11, "asked", "reports/r1")], NOW)
    assert len(await stores.mailbag.due(LEASE, LEASE + timedelta(minutes=1), 10)) == 1


async def test_what_failed_is_tried_later_and_counted(stores: Stores) -> None:
    await stores.followings.subscriber(phone())
    await stores.followings.add(wish())
    await stores.mailbag.note([news()], NOW)
    await stores.mailbag.due(NOW, LEASE, 10)
    await stores.mailbag.later("s1", NOW + timedelta(minutes=5), failed=True)
    assert await stores.mailbag.due(NOW + timedelta(minutes=4), LEASE, 10) == []
    (due,) = await stores.mailbag.due(NOW + timedelta(minutes=5), LEASE, 10)
    assert due.tries == 1 and len(due.news) == 1


async def test_what_is_gone_or_over_is_forgotten_with_its_address(stores: Stores) -> None:
    await stores.followings.subscriber(phone())
    await stores.followings.subscriber(mailbox())
    await stores.followings.add(wish())
    await stores.followings.add(wish("asked", subscriber="m1", confirmed_at=None))
    await stores.followings.prune(NOW + timedelta(days=1))
    assert await stores.followings.get("asked") is not None
    await stores.followings.prune(NOW + timedelta(days=3))
    assert await stores.followings.get("asked") is None
    assert [w.id for w, _ in await stores.followings.of("d1")] == ["w1"]
    await stores.followings.forget("s1")
    assert await stores.followings.of("d1") == []


async def test_an_erased_report_is_followed_by_nobody(stores: Stores) -> None:
    await stores.followings.subscriber(phone())
    await stores.followings.add(wish("own", kind=Kind.REPORT, area=None, report="r1"))
    assert [w.id for w in await stores.mailbag.following_report("r1")] == ["own"]
    await stores.mailbag.drop_report("r1")
    assert await stores.mailbag.following_report("r1") == []
    await stores.followings.prune(NOW)
    assert await stores.followings.of("d1") == []


async def test_changes_are_the_newest_state_of_each_thing(stores: Stores) -> None:
    await stores.changes.put(change())
    later = NOW + timedelta(hours=1)
    await stores.changes.put(change(position=9, says="resolved", at=later, began_at=later))
    await stores.changes.put(change(position=8, says="started"))
    await stores.changes.put(change("incidents/i2", 10, area="a2", lat=-8.2))
    (found,) = await stores.changes.of_area("a1", 5)
    assert (found.says, found.at, found.began_at) == ("resolved", later, NOW)
    assert found == await stores.changes.known("incidents/i1")
    assert [c.about for c in await stores.changes.within(box(-8.1, 112.16, 1000), 5)] == ["incidents/i1"]


async def test_the_newest_rating_of_a_report_counts_for_its_agencies(stores: Stores) -> None:
    await stores.ratings.put(Rating(report="r1", agencies=("bpbd",), result="poor", at=NOW))
    await stores.ratings.put(Rating(report="r1", agencies=("bpbd", "dpupr"), result="good", at=NOW))
    await stores.ratings.put(Rating(report="r2", agencies=("bpbd",), result="good", at=NOW))
    await stores.ratings.put(Rating(report="r3", agencies=("bpbd",), result="fair", at=NOW + timedelta(days=9)))
    assert await stores.ratings.figures(NOW, NOW + timedelta(days=1)) == [
        Rated(agency="bpbd", result="good", count=2),
        Rated(agency="dpupr", result="good", count=1),
    ]
