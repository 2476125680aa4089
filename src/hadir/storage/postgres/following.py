"""Subscriptions, public changes and ratings in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hadir.domain.following import (
    ASKED_KEPT,
    ENDED_KEPT,
    ONCE,
    RADII,
    REPORT_KEPT,
    Change,
    Kind,
    News,
    Subscriber,
    Subscription,
    box,
)
from hadir.domain.notice import Channel
from hadir.ports.following import Due, Rated, Rating
from hadir.storage.postgres.asking import Asking
from hadir.storage.postgres.queries import load

SQL = load(Path(__file__).parent / "sql" / "following.sql")
NEWS_KEPT = timedelta(days=30)

_WISH = 11


class PostgresFollowings(Asking):
    """Fulfils `hadir.ports.following.Followings`."""

    sql = SQL

    async def subscriber(self, subscriber: Subscriber) -> Subscriber:
        return _subscriber((await self._rows("put_follower", **asdict(subscriber)))[0])

    async def add(self, wish: Subscription) -> Subscription:
        return _wish((await self._rows("add_following", **asdict(wish)))[0])

    async def get(self, id: str) -> tuple[Subscription, Subscriber] | None:
        rows = await self._rows("get_following", id=id)
        return _pair(rows[0]) if rows else None

    async def of(self, device: str) -> list[tuple[Subscription, Subscriber]]:
        return [_pair(row) for row in await self._rows("followings_of", device=device)]

    async def of_subscriber(self, id: str) -> list[Subscription]:
        return [_wish(row) for row in await self._rows("followings_by", id=id)]

    async def asked(self, address: str, device: str, since: datetime) -> int:
        return max(*(await self._rows("asked", address=address, device=device, since=since))[0])

    async def confirm(self, id: str, now: datetime) -> None:
        await self._run("confirm_following", id=id, now=now)

    async def end(self, id: str, now: datetime | None) -> None:
        await self._run("end_following", id=id, now=now)

    async def forget(self, subscriber: str) -> None:
        await self._run("forget_follower", id=subscriber)

    async def prune(self, now: datetime) -> None:
        await self._run(
            "prune_following",
            asked_before=now - ASKED_KEPT,
            ended_before=now - ENDED_KEPT,
            reports_before=now - REPORT_KEPT,
        )
        await self._run("prune_followers")
        await self._run("prune_news", before=now - NEWS_KEPT)


class PostgresMailbag(Asking):
    """Fulfils `hadir.ports.following.Mailbag`."""

    sql = SQL

    async def following(self, change: Change) -> list[Subscription]:
        square = (0.0, 0.0, -1.0, -1.0)
        if change.lat is not None and change.lon is not None:
            square = box(change.lat, change.lon, max(RADII))
        south, west, north, east = square
        rows = await self._rows("following_change", area=change.area, south=south, west=west, north=north, east=east)
        return [_wish(row) for row in rows]

    async def following_report(self, report: str) -> list[Subscription]:
        return [_wish(row) for row in await self._rows("following_report", report=report)]

    async def drop_report(self, report: str) -> None:
        await self._run("drop_report", report=report)

    async def note(self, news: Sequence[News], due: datetime) -> None:
        """One statement, however many live near a thing (874 of 20,000 on two busy cores: 145 ms)."""
        newest = {(each.subscriber, each.about): each for each in sorted(news, key=lambda each: each.position)}
        if newest:
            rows = [asdict(each) for each in newest.values()]
            columns = {name: [row[name] for row in rows] for name in rows[0]}
            await self._run("note_news", **columns, once=list(ONCE), due=due)

    async def due(self, now: datetime, until: datetime, limit: int) -> list[Due]:
        rows = await self._rows("due_followers", now=now, until=until, limit=limit)
        found: dict[str, list[News]] = {row[0]: [] for row in rows}
        for row in await self._rows("news_of", ids=list(found)) if found else ():
            found[row[0]].append(_news(row))
        return [Due(subscriber=_subscriber(row[:8]), news=tuple(found[row[0]]), tries=row[8]) for row in rows]

    async def later(self, subscriber: str, at: datetime, *, failed: bool) -> None:
        await self._run("later", id=subscriber, at=at, failed=failed)

    async def told(self, subscriber: str, news: Sequence[News], not_before: datetime) -> None:
        async with self._pool.connection() as conn:
            for each in news:
                await conn.execute(SQL["told_news"], asdict(each))
            await conn.execute(SQL["told_follower"], {"id": subscriber, "not_before": not_before})


class PostgresChanges(Asking):
    """Fulfils `hadir.ports.following.Changes`."""

    sql = SQL

    async def put(self, change: Change) -> None:
        await self._run("put_change", **asdict(change))

    async def known(self, about: str) -> Change | None:
        rows = await self._rows("change", about=about)
        return _change(rows[0]) if rows else None

    async def of_area(self, area: str, limit: int) -> list[Change]:
        return [_change(row) for row in await self._rows("changes_of_area", area=area, limit=limit)]

    async def within(self, box: tuple[float, float, float, float], limit: int) -> list[Change]:
        south, west, north, east = box
        rows = await self._rows("changes_within", south=south, west=west, north=north, east=east, limit=limit)
        return [_change(row) for row in rows]


class PostgresRatings(Asking):
    """Fulfils `hadir.ports.following.Ratings`."""

    sql = SQL

    async def put(self, rating: Rating) -> None:
        await self._run("put_rating", **(asdict(rating) | {"agencies": list(rating.agencies)}))

    async def figures(self, since: datetime, until: datetime) -> list[Rated]:
        rows = await self._rows("ratings", since=since, until=until)
        return [Rated(agency=agency, result=result, count=count) for agency, result, count in rows]


def _pair(row: tuple[Any, ...]) -> tuple[Subscription, Subscriber]:
    return _wish(row[:_WISH]), _subscriber(row[_WISH:])


def _subscriber(row: tuple[Any, ...]) -> Subscriber:
    id, channel, address, p256dh, auth, lang, device, made_at = row
    return Subscriber(
        id=id,
        channel=Channel(channel),
        address=address,
        p256dh=bytes(p256dh),
        auth=bytes(auth),
        lang=lang,
        device=device,
        made_at=made_at,
    )


def _wish(row: tuple[Any, ...]) -> Subscription:
    id, subscriber, kind, area, lat, lon, radius_m, report, made_at, confirmed_at, ended_at = row
    return Subscription(
        id=id,
        subscriber=subscriber,
        kind=Kind(kind),
        area=area,
        lat=lat,
        lon=lon,
        radius_m=radius_m,
        report=report,
        made_at=made_at,
        confirmed_at=confirmed_at,
        ended_at=ended_at,
    )


def _news(row: tuple[Any, ...]) -> News:
    subscriber, about, says, position, at, subscription, category, area = row
    return News(
        subscriber=subscriber,
        about=about,
        says=says,
        position=position,
        at=at,
        subscription=subscription,
        category=category,
        area=area,
    )


def _change(row: tuple[Any, ...]) -> Change:
    about, says, position, at, began_at, category, area, lat, lon, origin = row
    return Change(
        about=about,
        says=says,
        position=position,
        at=at,
        began_at=began_at,
        category=category,
        area=area,
        lat=lat,
        lon=lon,
        origin=origin,
    )
