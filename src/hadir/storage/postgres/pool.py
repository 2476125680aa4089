"""Connections: a pool for reading, and single ones for the writer and the listener."""

from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

# A dead network, not a slow server: notice it within half a minute instead of two hours (Linux' default).
_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "connect_timeout": 5}


def conninfo(url: str, purpose: str) -> str:
    """The address with what every connection of ours needs; `purpose` shows in pg_stat_activity."""
    return make_conninfo(url, application_name=f"hadir {purpose}", options="-c timezone=UTC", **_KEEPALIVES)


async def connect(url: str, purpose: str) -> AsyncConnection[Any]:
    """A connection of one's own, in autocommit."""
    return await psycopg.AsyncConnection.connect(conninfo(url, purpose), autocommit=True)


def reading_pool(url: str, *, size: int = 8, purpose: str = "reader") -> AsyncConnectionPool[AsyncConnection[Any]]:
    """A pool, not yet open, of autocommit connections: `async with reading_pool(url) as pool`.

    A connection is asked for a sign of life before it is lent, so that a restarted server costs no request an error.
    """
    return AsyncConnectionPool(
        conninfo(url, purpose),
        kwargs={"autocommit": True},
        min_size=1,
        max_size=size,
        open=False,
        check=AsyncConnectionPool.check_connection,
        timeout=10,
    )
