"""Reports for open interfaces, from the board's table."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from hadir.ports.requests import Told, Wanted
from hadir.storage.postgres.arrays import TextArray
from hadir.storage.postgres.facts import fetch
from hadir.storage.postgres.queries import load
from hadir.storage.postgres.views.tables import Pool, reached

SQL = load(Path(__file__).parent / "requests.sql")
_SIDES = ("west", "south", "east", "north")


class PostgresOpenReports:
    """Fulfils `hadir.ports.requests.OpenReports`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def requested(self, wanted: Wanted) -> list[bytes]:
        asked = {
            "start": wanted.start,
            "end": wanted.end,
            "categories": TextArray(wanted.categories),
            "states": TextArray(wanted.states),
            "changed_after": wanted.changed_after,
            "changed_before": wanted.changed_before,
            "limit": wanted.limit,
            "offset": wanted.offset,
        }
        query = SQL["requested"]
        if wanted.bbox is not None:
            steps = {code: (grid.step_lat, grid.step_lon) for code, grid in wanted.grids.items()}
            asked |= dict(zip(_SIDES, wanted.bbox, strict=True)) | {"grids": msgspec.json.encode(steps).decode()}
            query = SQL["requested_in"]
        async with reached(self._pool) as conn:
            return [body for (body,) in await fetch(conn, query, asked)]

    async def named(self, ids: Sequence[str]) -> list[bytes]:
        async with reached(self._pool) as conn:
            return [body for (body,) in await fetch(conn, SQL["named"], {"ids": list(ids)})]

    async def told(
        self, start: datetime, end: datetime, categories: Sequence[str], *, limit: int, offset: int = 0
    ) -> list[Told]:
        asked = {"start": start, "end": end, "categories": list(categories), "limit": limit, "offset": offset}
        async with reached(self._pool) as conn:
            return [Told(*row) for row in await fetch(conn, SQL["told"], asked)]

    async def told_of(self, ids: Sequence[str]) -> list[Told]:
        async with reached(self._pool) as conn:
            return [Told(*row) for row in await fetch(conn, SQL["told_of"], {"ids": list(ids)})]
