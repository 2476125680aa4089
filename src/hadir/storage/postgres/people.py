"""Accounts and sessions in PostgreSQL."""

from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from hadir.domain.people import Account, Role
from hadir.ports.clock import Clock
from hadir.ports.people import AccountExists, Session, UnknownAccount
from hadir.storage.postgres.queries import load

SQL = load(Path(__file__).parent / "sql" / "people.sql")

Pool = AsyncConnectionPool[AsyncConnection[Any]]

# Every command asks who its people are; a city has a few hundred accounts, and a change made on another node may be
# seen so much later.
SEEN_FOR_S = 5.0


class PostgresPeople:
    """Fulfils `hadir.ports.people.Accounts`; reads all accounts at once and keeps them for `SEEN_FOR_S`."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._seen: dict[str, Account] = {}
        self._seen_at: float | None = None

    async def account(self, id: str) -> Account | None:
        return (await self._all()).get(id)

    async def accounts(self) -> tuple[Account, ...]:
        return tuple((await self._all()).values())

    async def _all(self) -> dict[str, Account]:
        now = self._clock.monotonic()
        if self._seen_at is None or now - self._seen_at > SEEN_FOR_S:
            async with self._pool.connection() as conn:
                rows = await (await conn.execute(SQL["accounts"])).fetchall()
            self._seen = {row[0]: _account(row) for row in rows}
            self._seen_at = now
        return self._seen

    async def same_person(self, id: str) -> frozenset[str]:
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(SQL["same_person"], {"id": id})).fetchall()
        return frozenset(row[0] for row in rows)

    async def password(self, id: str) -> str | None:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(SQL["password"], {"id": id})).fetchone()
        return None if row is None else row[0]

    async def add(self, account: Account, password: str | None) -> None:
        values = {name: getattr(account, name) for name in ("id", "name", "agency", "person", "demo")}
        values |= {"role": account.role.value, "areas": list(account.areas), "password": password}
        if not await self._changed("add", values):
            raise AccountExists(account.id)

    async def set_password(self, id: str, password: str) -> None:
        if not await self._changed("set_password", {"id": id, "password": password}):
            raise UnknownAccount(id)

    async def set_disabled(self, id: str, disabled: bool) -> None:
        if not await self._changed("set_disabled", {"id": id, "disabled": disabled}):
            raise UnknownAccount(id)

    async def set_person(self, id: str, person: str | None) -> None:
        if not await self._changed("set_person", {"id": id, "person": person}):
            raise UnknownAccount(id)

    async def disable_demo(self) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(SQL["disable_demo"])
        self._seen_at = None

    async def _changed(self, query: str, values: dict[str, Any]) -> bool:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(SQL[query], values)).fetchone()
        self._seen_at = None
        return row is not None


def _account(row: tuple[Any, ...]) -> Account:
    id, name, role, agency, areas, person, demo = row
    return Account(id=id, name=name, role=Role(role), agency=agency, areas=tuple(areas), person=person, demo=demo)


class PostgresSessions:
    """Fulfils `hadir.ports.people.Sessions`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def open(self, digest: bytes, session: Session) -> None:
        await self._run("open_session", digest=digest, account=session.account, until=session.until)

    async def find(self, digest: bytes) -> Session | None:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(SQL["find_session"], {"digest": digest})).fetchone()
        return None if row is None else Session(*row)

    async def extend(self, digest: bytes, until: datetime) -> None:
        await self._run("extend_session", digest=digest, until=until)

    async def close(self, digest: bytes) -> None:
        await self._run("close_session", digest=digest)

    async def close_of(self, account: str) -> None:
        await self._run("close_sessions_of", account=account)

    async def prune(self, before: datetime) -> None:
        await self._run("prune_sessions", before=before)

    async def _run(self, query: str, **values: Any) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(SQL[query], values)
