"""Devices, contacts and notices in PostgreSQL."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from hadir.domain.notice import Channel, Contact, Notice, Quiet, Urgency
from hadir.ports.notices import Attempt, Standing, State, Subscription
from hadir.ports.people import UnknownAccount
from hadir.storage.postgres.asking import Asking
from hadir.storage.postgres.queries import load

SQL = load(Path(__file__).parent / "sql" / "notices.sql")


class PostgresDevices(Asking):
    """Fulfils `hadir.ports.notices.Devices`."""

    sql = SQL

    async def put(self, subscription: Subscription) -> None:
        await self._run("put_subscription", **asdict(subscription))

    async def drop(self, account: str, endpoint: str) -> bool:
        return bool(await self._rows("drop_subscription", account=account, endpoint=endpoint))

    async def gone(self, id: str) -> None:
        await self._run("gone_subscription", id=id)

    async def of(self, account: str) -> tuple[Subscription, ...]:
        return tuple(_subscription(row) for row in await self._rows("subscriptions_of", account=account))

    async def get(self, id: str) -> Subscription | None:
        rows = await self._rows("subscription", id=id)
        return _subscription(rows[0]) if rows else None


def _subscription(row: tuple[Any, ...]) -> Subscription:
    id, account, endpoint, p256dh, auth, lang, made_at = row
    return Subscription(
        id=id, account=account, endpoint=endpoint, p256dh=bytes(p256dh), auth=bytes(auth), lang=lang, made_at=made_at
    )


class PostgresContacts(Asking):
    """Fulfils `hadir.ports.notices.Contacts`."""

    sql = SQL

    async def contacts(self, account: str) -> tuple[Contact, ...]:
        rows = await self._rows("contacts_of", account=account)
        return tuple(Contact(account=who, channel=Channel(by), address=address) for who, by, address in rows)

    async def set_contact(self, contact: Contact) -> None:
        if not await self._rows("set_contact", **asdict(contact)):
            raise UnknownAccount(contact.account)

    async def drop_contact(self, account: str, channel: Channel) -> None:
        await self._run("drop_contact", account=account, channel=channel)

    async def quiet(self, account: str) -> Quiet | None:
        rows = await self._rows("quiet_of", account=account)
        return Quiet(begins=rows[0][0], ends=rows[0][1]) if rows else None

    async def set_quiet(self, account: str, quiet: Quiet | None) -> None:
        if quiet is None:
            await self._run("drop_quiet", account=account)
        elif not await self._rows("set_quiet", account=account, begins=quiet.begins, ends=quiet.ends):
            raise UnknownAccount(account)


class PostgresNotices(Asking):
    """Fulfils `hadir.ports.notices.Notices`."""

    sql = SQL

    async def add(self, notices: Sequence[Notice]) -> None:
        if notices:
            async with self._pool.connection() as conn, conn.cursor() as cursor:
                await cursor.executemany(SQL["add_notice"], [asdict(notice) for notice in notices])

    async def due(self, now: datetime, until: datetime, limit: int) -> list[Standing]:
        return [_standing(row) for row in await self._rows("due_notices", now=now, until=until, limit=limit)]

    async def begin(
        self, id: str, channel: Channel | None, attempts: Iterable[Attempt], step_at: datetime | None
    ) -> None:
        async with self._pool.connection() as conn:
            for attempt in attempts:
                await conn.execute(SQL["add_attempt"], asdict(attempt))
            await conn.execute(SQL["begin_channel"], {"id": id, "channel": channel, "step_at": step_at})

    async def claim(self, now: datetime, until: datetime, limit: int) -> list[tuple[Attempt, Notice]]:
        attempts = [_attempt(row) for row in await self._rows("claim_attempts", now=now, until=until, limit=limit)]
        rows = await self._rows("notices", ids=[each.notice for each in attempts]) if attempts else []
        notices = {row[0]: _standing(row).notice for row in rows}
        return [(attempt, notices[attempt.notice]) for attempt in attempts]

    async def settle(self, attempt: Attempt) -> None:
        await self._run("settle_attempt", **asdict(attempt))

    async def hasten(self, account: str, about: str, now: datetime) -> None:
        await self._run("hasten", account=account, about=about, now=now)

    async def delivered(self, account: str, about: str, now: datetime, by: str) -> None:
        await self._run("delivered", account=account, about=about, now=now, by=by)

    async def received(self, account: str, id: str, now: datetime) -> bool:
        return bool(await self._rows("received", account=account, id=id, now=now))

    async def get(self, id: str) -> Standing | None:
        found = await self._with_attempts(await self._rows("notices", ids=[id]))
        return found[0] if found else None

    async def about(self, about: str) -> list[Standing]:
        return await self._with_attempts(await self._rows("notices_about", about=about))

    async def _with_attempts(self, rows: list[tuple[Any, ...]]) -> list[Standing]:
        made: dict[str, list[Attempt]] = {row[0]: [] for row in rows}
        for row in await self._rows("attempts_of", ids=list(made)):
            made[row[1]].append(_attempt(row))
        return [_standing(row, made[row[0]]) for row in rows]

    async def prune(self, before: datetime) -> None:
        await self._run("prune_notices", before=before)


def _standing(row: tuple[Any, ...], attempts: Iterable[Attempt] = ()) -> Standing:
    id, position, to, says, about, topic, urgency, made_at, expires_at, loud, further, timed, detail, *way = row
    channel, step_at, delivered_at, delivered_by = way
    notice = Notice(
        id=id,
        position=position,
        to=to,
        says=says,
        about=about,
        topic=topic,
        urgency=Urgency(urgency),
        made_at=made_at,
        expires_at=expires_at,
        loud=loud,
        further=further,
        timed=timed,
        detail=detail,
    )
    return Standing(
        notice=notice,
        channel=Channel(channel) if channel else None,
        step_at=step_at,
        delivered_at=delivered_at,
        delivered_by=delivered_by,
        attempts=tuple(attempts),
    )


def _attempt(row: tuple[Any, ...]) -> Attempt:
    id, notice, channel, target, state, tries, next_at, at, detail = row
    return Attempt(
        id=id,
        notice=notice,
        channel=Channel(channel),
        target=target,
        state=State(state),
        tries=tries,
        next_at=next_at,
        at=at,
        detail=detail,
    )
