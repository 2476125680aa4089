"""Whose contents are whose, and who looked, as rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from hadir.ports.access import Look, Wanted
from hadir.ports.subjects import Over
from hadir.storage.contact import plain_contact
from hadir.storage.postgres.facts import fetch
from hadir.storage.postgres.queries import load

SQL = load(Path(__file__).parent / "sql" / "privacy.sql")

_OF_ACCOUNT = (
    "forget_name",
    "forget_contacts",
    "forget_devices",
    "forget_quiet",
    "forget_positions",
    "forget_last_position",
    "forget_notices",
)

Pool = AsyncConnectionPool[AsyncConnection[Any]]


class PostgresSubjects:
    """Fulfils `hadir.ports.subjects.Subjects`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def contents_of(self, stream: str, upto: int) -> list[str]:
        return await self._names("contents_of", stream=stream, upto=upto)

    async def contents_by(self, actor: str, upto: int) -> list[str]:
        return await self._names("contents_by", actor=actor, upto=upto)

    async def blobs_of(self, contents: Collection[str]) -> list[str]:
        return await self._names("blobs_of", ids=list(contents))

    async def checks_of(self, photos: Collection[str]) -> list[tuple[str, str]]:
        return [(stream, id) for stream, id in await self._rows("checks_of", photos=list(photos))]

    async def reports_of(self, reporter: str) -> list[str]:
        return await self._names("reports_of", reporter=reporter)

    async def reports_reached_by(self, contact: str) -> list[str]:
        return await self._names("reports_reached_by", contact=plain_contact(contact))

    async def over(self, noun: str, before: datetime, limit: int) -> list[Over]:
        return _over(await self._rows("over", noun=noun, before=before, limit=limit))

    async def old_of(self, noun: str, before: datetime, limit: int) -> list[Over]:
        return _over(await self._rows("old_of", noun=noun, before=before, limit=limit))

    async def unused(self, before: datetime, limit: int) -> list[str]:
        return await self._names("unused", before=before, limit=limit)

    async def left_of(self, contents: Collection[str]) -> list[str]:
        return await self._names("left_of", ids=list(contents))

    async def forget_account(self, account: str) -> None:
        async with self._pool.connection() as conn, conn.transaction():
            for query in _OF_ACCOUNT:
                await conn.execute(SQL[query], {"account": account})

    async def forget_following(
        self, *, device: str | None = None, address: str | None = None, report: str | None = None
    ) -> int:
        async with self._pool.connection() as conn, conn.transaction():
            gone = await conn.execute(SQL["forget_following"], {"device": device, "address": address})
            ended = await conn.execute(SQL["forget_following_report"], {"report": report})
            return gone.rowcount + ended.rowcount

    async def photos_of(self, actor: str) -> list[str]:
        return await self._names("photos_of", actor=actor)

    async def _names(self, query: str, **given: Any) -> list[str]:
        return [name for (name,) in await self._rows(query, **given)]

    async def _rows(self, query: str, **given: Any) -> list[Any]:
        async with self._pool.connection() as conn:
            return await fetch(conn, SQL[query], given)


def _over(rows: list[Any]) -> list[Over]:
    return [Over(stream=stream, contents=tuple(ids)) for stream, ids in rows]


class PostgresAccessLog:
    """Fulfils `hadir.ports.access.AccessLog`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def note(self, look: Look) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(SQL["note"], msgspec.structs.asdict(look))

    async def find(self, wanted: Wanted) -> list[Look]:
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(SQL["find"], msgspec.structs.asdict(wanted))).fetchall()
        names = ("n", "at", "actor", "role", "what", "thing", "reason")
        return [Look(**dict(zip(names, row, strict=True))) for row in rows]

    async def prune(self, before: datetime) -> int:
        async with self._pool.connection() as conn:
            return (await conn.execute(SQL["prune"], {"before": before})).rowcount
