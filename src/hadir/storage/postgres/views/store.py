"""The board's rows, deltas and position."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString

import msgspec
from psycopg import AsyncConnection

from hadir.ports.views import LATELY_LOOKED, Delta, ViewBatch, Viewport, ViewRow, ViewsBehind
from hadir.storage.postgres.arrays import ByteaArray, Int8Array, TextArray
from hadir.storage.postgres.facts import fetch
from hadir.storage.postgres.views.side import PostgresSide
from hadir.storage.postgres.views.tables import BOARD as SQL
from hadir.storage.postgres.views.tables import Pool, columns, put_rows, reached

#: Up to so many points in a rectangle are all read and sorted: 8 us each, for they lie all over the table. Where there
#: are more, the newest 500 are soon found by time, among so many of the newest: 0.2 us each, in the index alone. The
#: planner cannot choose, for it does not know how many a rectangle holds. Of a million, both take some 35 ms there.
FEW, LOOK = 4_000, 140_000


class PostgresViewStore:
    """Fulfils `hadir.ports.views.ViewStore`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def _all(self, query: LiteralString, parameters: Mapping[str, Any]) -> list[Any]:
        async with reached(self._pool) as conn:
            return await fetch(conn, query, parameters)

    async def position(self) -> int:
        return (await self._all(SQL["position"], {}))[0][0]

    async def kept(self) -> tuple[int, list[tuple[str, bytes]]]:
        async with reached(self._pool) as conn, conn.transaction():
            await conn.execute("set transaction isolation level repeatable read, read only")
            cursor = await fetch(conn, SQL["position"], {})
            return cursor[0][0], await fetch(conn, SQL["kept"], {})

    async def row(self, group: str, id: str) -> bytes | None:
        found = await self._all(SQL["row"], {"thing": group, "id": id})
        return found[0][0] if found else None

    async def room(self, incident_id: str) -> list[tuple[str, bytes]]:
        return await self._all(SQL["room"], {"room": incident_id})

    async def write(self, batch: ViewBatch) -> None:
        async with reached(self._pool) as conn:
            cursor = await conn.execute(SQL["write"], {**columns(batch.rows), **_told(batch)}, prepare=True)
            (stood,) = await cursor.fetchone() or (0,)
        if stood < batch.after:
            raise ViewsBehind(stood)

    async def showing(self, contents: Collection[str]) -> list[tuple[str, bytes]]:
        return await self._all(SQL["showing"], {"contents": list(contents)})

    async def blank(self, rows: Sequence[ViewRow]) -> None:
        async with reached(self._pool) as conn, conn.transaction():
            cursor = await conn.execute(SQL["lock_position"])
            there, _ = await cursor.fetchone() or (0, 0)
            await put_rows(conn, SQL["put_rows"], rows)
            await forget_deltas(conn, there)

    async def viewport(self, port: Viewport) -> list[bytes]:
        asked = msgspec.structs.asdict(port)
        asked |= {"states": list(port.states), "categories": list(port.categories), "few": FEW, "look": LOOK}
        async with reached(self._pool) as conn:
            ((held,),) = await fetch(conn, SQL["viewport_holds"], asked)
            found = await fetch(conn, SQL["viewport_many"], asked) if held >= FEW else []
            if len(found) < port.limit:
                found = await fetch(conn, SQL["viewport_few"], asked)
        return [body for (body,) in found]

    async def nearest(self, lat: float, lon: float, limit: int) -> list[bytes]:
        found = await self._all(SQL["nearest"], {"lat": lat, "lon": lon, "limit": limit})
        return [body for (body,) in found]

    async def lately_over(self, port: Viewport) -> list[bytes]:
        asked = {**msgspec.structs.asdict(port), "look": LATELY_LOOKED}
        return [body for (body,) in await self._all(SQL["lately_over"], asked)]

    async def began(self, group: str, since: datetime, until: datetime) -> list[bytes]:
        found = await self._all(SQL["began"], {"group": group, "since": since, "until": until})
        return [body for (body,) in found]

    async def kept_after(self) -> int:
        return (await self._all(SQL["position"], {}))[0][1]

    async def after(self, position: int, audience: str, limit: int) -> list[tuple[int, bytes]]:
        asked = {"position": position, "audience": audience, "limit": limit}
        return [(at, bytes(data)) for at, data in await self._all(SQL["deltas_after"], asked)]

    async def told(self, position: int) -> list[Delta]:
        return _deltas(await self._all(SQL["told"], {"position": position}))

    async def recent(self, limit: int) -> tuple[int, int, list[Delta]]:
        async with reached(self._pool) as conn, conn.transaction():
            await conn.execute("set transaction isolation level repeatable read, read only")
            ((head, kept_after),) = await fetch(conn, SQL["position"], {})
            rows = await fetch(conn, SQL["recent_deltas"], {"limit": limit})
        deltas = _deltas(rows)
        return (deltas[0].position - 1 if len(deltas) >= limit else kept_after), head, deltas

    async def prune(self, before: datetime) -> int:
        return (await self._all(SQL["prune_deltas"], {"before": before}))[0][0]

    async def side(self) -> PostgresSide:
        return await PostgresSide.begin(self._pool)


def _deltas(rows: Sequence[tuple[int, str, Any]]) -> list[Delta]:
    """From rows (position, audience, data) by position."""
    return [
        Delta(position, {audience: bytes(data) for _, audience, data in told})
        for position, told in groupby(rows, key=itemgetter(0))
    ]


def _told(batch: ViewBatch) -> dict[str, Any]:
    told = [(delta.position, audience, data) for delta in batch.deltas for audience, data in delta.renderings.items()]
    return {
        "after": batch.after,
        "position": batch.position,
        "at": batch.at,
        "positions": Int8Array([position for position, _, _ in told]),
        "audiences": TextArray([audience for _, audience, _ in told]),
        "datas": ByteaArray([data for _, _, data in told]),
    }


async def forget_deltas(conn: AsyncConnection[Any], position: int) -> None:
    await conn.execute(SQL["forget_deltas"])
    await conn.execute(SQL["forgotten"], {"position": position})
