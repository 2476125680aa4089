"""Connections: a pool for reading, and single ones for the writer and the listener."""

from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from hadir.storage.postgres.arrays import register_arrays

# A dead network, not a slow server: notice it within half a minute instead of two hours (Linux' default).
_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "connect_timeout": 5}

# A server that was killed is back after 0.15 s at the earliest: a connection used since then need not be asked.
RESTED_S = 0.1


def conninfo(url: str, purpose: str) -> str:
    """The address with what every connection of ours needs; `purpose` shows in pg_stat_activity."""
    return make_conninfo(url, application_name=f"hadir {purpose}", options="-c timezone=UTC", **_KEEPALIVES)


async def connect(url: str, purpose: str) -> AsyncConnection[Any]:
    """A connection of one's own, in autocommit."""
    return await psycopg.AsyncConnection.connect(conninfo(url, purpose), autocommit=True)


def reading_pool(url: str, *, size: int = 8, purpose: str = "reader") -> AsyncConnectionPool[AsyncConnection[Any]]:
    """A pool, not yet open, of autocommit connections: `async with reading_pool(url) as pool`.

    A connection that has rested is asked for a sign of life before it is lent, so that a restarted server costs no
    request an error.
    """
    return AsyncConnectionPool(
        conninfo(url, purpose),
        kwargs={"autocommit": True},
        min_size=1,
        max_size=size,
        open=False,
        check=_SignsOfLife().check,
        configure=_configure,
        timeout=10,
    )


async def _configure(conn: AsyncConnection[Any]) -> None:
    register_arrays(conn.adapters)


class _SignsOfLife:
    """When each connection was last known to live. In a burst the question would cost as much as the query itself."""

    def __init__(self) -> None:
        self._seen: WeakKeyDictionary[AsyncConnection[Any], float] = WeakKeyDictionary()

    async def check(self, conn: AsyncConnection[Any]) -> None:
        """Raises what psycopg raises when the connection is dead."""
        now = monotonic()
        if conn.closed or now - self._seen.get(conn, -RESTED_S) >= RESTED_S:
            await AsyncConnectionPool.check_connection(conn)
            self._seen[conn] = now
