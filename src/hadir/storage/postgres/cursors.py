"""Followers' positions as rows, for followers whose work is safe to repeat. (Views keep theirs with their own rows.)"""

from pathlib import Path
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from hadir.storage.postgres.queries import load

SQL = load(Path(__file__).parent / "sql" / "cursors.sql")


class PostgresCursors:
    """Fulfils `hadir.ports.cursors.Cursors`."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool

    async def get(self, name: str) -> int:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(SQL["get_cursor"], {"name": name})).fetchone()
        return row[0] if row else 0

    async def set(self, name: str, position: int) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(SQL["set_cursor"], {"name": name, "position": position})
