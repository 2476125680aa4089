"""One named query on one connection of the pool: what small stores are made of."""

from collections.abc import Mapping
from typing import Any, ClassVar, LiteralString

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[Any]]


class Asking:
    """`sql`: the store's named queries."""

    sql: ClassVar[Mapping[str, LiteralString]]

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def _rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        async with self._pool.connection() as conn:
            return await (await conn.execute(self.sql[query], values)).fetchall()

    async def _run(self, query: str, **values: Any) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(self.sql[query], values)
