"""The public's view of all reports as rows."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, LiteralString, Self, cast

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from hadir.ports.opendata import ORIGINS, STATES, OpenRow, Reached
from hadir.storage.postgres.arrays import BoolArray, Float8Array, Int4Array, Int8Array, TextArray, TimeArray
from hadir.storage.postgres.facts import fetch
from hadir.storage.postgres.queries import load

SQL = load(Path(__file__).parent / "sql" / "opendata.sql")

Pool = AsyncConnectionPool[AsyncConnection[Any]]
_FIELDS = OpenRow.__struct_fields__


class PostgresOpenStore:
    """Fulfils `hadir.ports.opendata.OpenStore`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def reached(self) -> Reached:
        async with self._pool.connection() as conn:
            return Reached(*(await fetch(conn, SQL["reached"], {}))[0])

    async def rows(self, ids: Collection[str]) -> list[OpenRow]:
        async with self._pool.connection() as conn:
            return _rows(await fetch(conn, SQL["rows"], {"ids": list(ids)}))

    async def at(self, positions: Collection[int]) -> list[OpenRow]:
        async with self._pool.connection() as conn:
            return _rows(await fetch(conn, SQL["at"], {"positions": Int8Array(list(positions))}))

    async def write(self, after: int, position: int, rows: Sequence[OpenRow]) -> bool:
        asked = {"after": after, "position": position, **_columns(rows)}
        async with self._pool.connection() as conn:
            return bool(await fetch(conn, SQL["write"], asked))

    async def packed(self, after: int, kinds: Sequence[str], areas: Sequence[str], limit: int) -> tuple[int, bytes]:
        asked = {"after": after, "limit": limit, "kinds": list(kinds), "areas": list(areas)}
        asked |= {"states": list(STATES), "origins": list(ORIGINS)}
        async with self._pool.connection() as conn:
            ((tick, lines),) = await fetch(conn, SQL["packed"], asked)
        return max(tick, after), bytes(lines)

    async def side(self) -> "PostgresOpenSide":
        return await PostgresOpenSide.begin(self._pool)


def _aside(name: str) -> LiteralString:
    """A query asked of the side."""
    return cast("LiteralString", SQL[name].replace("open_report ", "open_report_side "))


class PostgresOpenSide:
    """Fulfils `hadir.ports.opendata.OpenSide`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @classmethod
    async def begin(cls, pool: Pool) -> Self:
        async with pool.connection() as conn, conn.transaction():
            await conn.execute(SQL["side_drop"])
            await conn.execute(SQL["side_create"])
        return cls(pool)

    async def rows(self, ids: Collection[str]) -> list[OpenRow]:
        async with self._pool.connection() as conn:
            return _rows(await fetch(conn, _aside("rows"), {"ids": list(ids)}))

    async def put(self, rows: Sequence[OpenRow]) -> None:
        if rows:
            async with self._pool.connection() as conn, conn.transaction():
                await conn.execute("set local synchronous_commit = off")
                await conn.execute(_aside("put"), _columns(rows))

    async def differences(self) -> list[str]:
        async with self._pool.connection() as conn:
            return [id for (id,) in await fetch(conn, SQL["side_differences"], {})]

    async def swap(self, position: int, rules: str) -> bool:
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(SQL["side_analyze"])
            await conn.execute(SQL["swap_alone"])
            ((there, _, _),) = await fetch(conn, SQL["lock"], {})
            if there > position:
                return False
            await conn.execute(SQL["swap_old"])
            await conn.execute(SQL["swap_new"])
            await conn.execute(SQL["swapped"], {"position": position, "rules": rules})
        return True

    async def drop(self) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(SQL["side_drop"])


def _rows(found: Sequence[tuple[Any, ...]]) -> list[OpenRow]:
    return [OpenRow(**dict(zip(_FIELDS, row, strict=True))) for row in found]


def _columns(rows: Sequence[OpenRow]) -> dict[str, Any]:
    return {
        "positions": Int8Array([r.position for r in rows]),
        "ids": TextArray([r.id for r in rows]),
        "ats": TimeArray([r.at for r in rows]),
        "changed_ats": TimeArray([r.changed_at for r in rows]),
        "kinds": TextArray([r.kind for r in rows]),
        "areas": TextArray([r.area for r in rows]),
        "states": TextArray([r.state for r in rows]),
        "origins": TextArray([r.origin for r in rows]),
        "lats": Float8Array([r.lat for r in rows]),
        "lons": Float8Array([r.lon for r in rows]),
        "answered_ats": TimeArray([r.answered_at for r in rows]),
        "solved_ats": TimeArray([r.solved_at for r in rows]),
        "confirmed_ats": TimeArray([r.confirmed_at for r in rows]),
        "reopeneds": Int4Array([r.reopened for r in rows]),
        "place_contents": TextArray([r.place_content for r in rows]),
        "moveds": BoolArray([r.moved for r in rows]),
    }
