"""Positions in a table a day, written by COPY; the last one of each unit in a table of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from hadir.domain.position import Fix
from hadir.ports.positions import PositionsUnavailable
from hadir.storage.postgres.queries import load

SQL = load(Path(__file__).parent / "sql" / "positions.sql")
_TYPES = ("text", "timestamptz", "float8", "float8", "float4", "timestamptz", "int2", "bool")


class PostgresPositions:
    """Fulfils `hadir.ports.positions.Positions`. Several processes may write at once."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool
        #: days whose table is known to be there
        self._days: set[date] = set()

    async def add(self, fixes: Sequence[Fix]) -> None:
        if not fixes:
            return
        async with self._connection() as conn:
            for day in sorted({_day(fix) for fix in fixes} - self._days):
                await conn.execute(SQL["make_day"], {"day": day})
                self._days.add(day)
            async with conn.transaction():
                await conn.execute(SQL["soon_on_disk"])
                await _copy(conn, fixes)
                await _keep(conn, _newest(fixes))

    async def newest(self) -> list[Fix]:
        return await self._fixes("newest", {})

    async def track(self, unit: str, since: datetime, until: datetime, limit: int) -> list[Fix]:
        return await self._fixes("track", {"unit": unit, "since": since, "until": until, "limit": limit})

    async def forget(self, before: date) -> int:
        async with self._connection() as conn:
            row = await (await conn.execute(SQL["forget"], {"before": before})).fetchone()
        self._days = {day for day in self._days if day >= before}
        return int(row[0]) if row else 0

    async def _fixes(self, query: str, params: dict[str, Any]) -> list[Fix]:
        async with self._connection() as conn:
            rows = await (await conn.execute(SQL[query], params)).fetchall()
        return [_fix(row) for row in rows]

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        try:
            async with self._pool.connection() as conn:
                yield conn
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            raise PositionsUnavailable(str(error)) from error
        except psycopg.errors.CheckViolation:
            # Another process forgot the day in between: its table is made again with the next batch.
            self._days.clear()
            raise PositionsUnavailable("a day's table went away") from None


async def _copy(conn: AsyncConnection[Any], fixes: Iterable[Fix]) -> None:
    async with conn.cursor().copy(SQL["copy_positions"]) as copy:
        copy.set_types(_TYPES)
        for f in fixes:
            await copy.write_row((f.unit, f.at, f.lat, f.lon, f.accuracy_m, f.device_at, f.battery, f.late))


async def _keep(conn: AsyncConnection[Any], fixes: Sequence[Fix]) -> None:
    if not fixes:
        return
    columns = {
        "units": [f.unit for f in fixes],
        "ats": [f.at for f in fixes],
        "lats": [f.lat for f in fixes],
        "lons": [f.lon for f in fixes],
        "accuracies": [f.accuracy_m for f in fixes],
        "device_ats": [f.device_at for f in fixes],
        "batteries": [f.battery for f in fixes],
    }
    await conn.execute(SQL["keep_newest"], columns)


def _newest(fixes: Iterable[Fix]) -> list[Fix]:
    """One for each unit, always in the same order: two processes never wait for each other's rows crosswise."""
    last: dict[str, Fix] = {}
    for fix in fixes:
        if not fix.late and (fix.unit not in last or last[fix.unit].at < fix.at):
            last[fix.unit] = fix
    return [last[unit] for unit in sorted(last)]


def _day(fix: Fix) -> date:
    return fix.at.astimezone(UTC).date()


def _fix(row: Sequence[Any]) -> Fix:
    unit, at, lat, lon, accuracy_m, device_at, battery, late = row
    return Fix(
        unit=unit,
        at=at,
        lat=lat,
        lon=lon,
        accuracy_m=accuracy_m,
        device_at=device_at,
        battery=battery,
        late=late,
    )
