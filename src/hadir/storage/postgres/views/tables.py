"""What the store and a rebuild's side have in common: connections and rows as columns."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, LiteralString, TypeAlias

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from hadir.ports.views import ViewRow, ViewsUnavailable
from hadir.storage.postgres.arrays import BoolArray, Float8Array, JsonArray, TextArray, TimeArray
from hadir.storage.postgres.queries import load

BOARD = load(Path(__file__).parent / "board.sql")

Pool: TypeAlias = AsyncConnectionPool[AsyncConnection[Any]]


@asynccontextmanager
async def reached(pool: Pool) -> AsyncIterator[AsyncConnection[Any]]:
    """A connection; what says that the server cannot be reached becomes ViewsUnavailable."""
    try:
        async with pool.connection() as conn:
            yield conn
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise ViewsUnavailable(str(error)) from error


async def put_rows(conn: AsyncConnection[Any], query: LiteralString, rows: Sequence[ViewRow]) -> None:
    if rows:
        await conn.execute(query, columns(rows))


def columns(rows: Sequence[ViewRow]) -> dict[str, Any]:
    """Rows as the parameters of `put_rows`."""
    # Only reports are drawn on the map by their point.
    points = [(row.lon, row.lat) if row.group == "reports" else (None, None) for row in rows]
    return {
        "things": TextArray([row.group for row in rows]),
        "ids": TextArray([row.id for row in rows]),
        "rooms": TextArray([row.room for row in rows]),
        "kepts": BoolArray([row.kept for row in rows]),
        "ats": TimeArray([row.at for row in rows]),
        "areas": TextArray([row.area for row in rows]),
        "states": TextArray([row.state for row in rows]),
        "categories": TextArray([row.category for row in rows]),
        "lons": Float8Array([lon for lon, _ in points]),
        "lats": Float8Array([lat for _, lat in points]),
        "contents": TextArray([" ".join(row.contents) for row in rows]),
        "bodies": JsonArray([row.body for row in rows]),
    }
