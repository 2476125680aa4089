"""Followers' positions as rows, for followers whose work is safe to repeat. (Views keep theirs with their own rows.)"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from hadir.storage.postgres.queries import load

log = logging.getLogger(__name__)

SQL = load(Path(__file__).parent / "sql" / "cursors.sql")

#: Positions are saved together, this long after the first of them moved. With a transaction for each follower and step,
#: forty times a second in a storm, they were a twelfth of all the work; after a crash half a second is done again.
SAVE_EVERY_S = 0.5


class PostgresCursors:
    """Fulfils `hadir.ports.cursors.Cursors`."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool
        self._moved: dict[str, int] = {}
        self._saving: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> AsyncIterator[Self]:
        """What was not saved yet is saved at the end."""
        cursors = cls(pool)
        try:
            yield cursors
        finally:
            if cursors._saving is not None:
                cursors._saving.cancel()
            if cursors._moved:
                await cursors._save()

    async def get(self, name: str) -> int:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(SQL["get_cursor"], {"name": name})).fetchone()
        return max(row[0] if row else 0, self._moved.get(name, 0))

    async def set(self, name: str, position: int) -> None:
        self._moved[name] = max(position, self._moved.get(name, 0))
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save_soon(), name="cursors")

    async def _save_soon(self) -> None:
        # What moves while the last positions are being saved needs another turn.
        while self._moved:
            await asyncio.sleep(SAVE_EVERY_S)
            await self._save()

    async def _save(self) -> None:
        moved, self._moved = self._moved, {}
        try:
            async with self._pool.connection() as conn:
                await conn.execute(SQL["set_cursors"], {"names": list(moved), "positions": list(moved.values())})
        except psycopg.Error as error:
            log.warning("Followers' positions could not be saved: %s", error, extra={"action": "cursors_not_saved"})
            for name, position in moved.items():
                self._moved[name] = max(position, self._moved.get(name, 0))
