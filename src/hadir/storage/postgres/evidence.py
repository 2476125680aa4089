"""What is known of photos as rows; the fingerprints also in memory, read on from the last number before each search."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from hadir.domain.evidence import Marks, Taken
from hadir.ports.evidence import Kept, Near, Print, Use
from hadir.storage.lookalikes import Lookalikes
from hadir.storage.postgres.queries import load

SQL = load(Path(__file__).parent / "sql" / "evidence.sql")
# 2 MB of fingerprints at a time: reading a million takes a second or two and never more memory than that.
BATCH = 50_000


class PostgresEvidence:
    """Fulfils `hadir.ports.evidence.Evidence`."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self._pool = pool
        self._lookalikes = Lookalikes()
        self._reading = asyncio.Lock()

    async def keep(self, kept: Kept, printed: Print | None) -> None:
        row = {
            "photo": kept.photo,
            "actor": kept.actor,
            "received_at": kept.received_at,
            "taken": _json(kept.taken),
            "marks": _json(kept.marks),
        }
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(SQL["keep"], row)
            if printed is not None:
                await conn.execute(SQL["lock_prints"])
                await conn.execute(
                    SQL["add_print"], {"photo": kept.photo, "print": printed.bits, "small": printed.small}
                )

    async def kept(self, photo: str, actor: str) -> Kept | None:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(SQL["kept"], {"photo": photo, "actor": actor})).fetchone()
        if row is None:
            return None
        taken, marks = _from_json(row[1], Taken), _from_json(row[2], Marks)
        return Kept(photo=photo, actor=actor, received_at=row[0], taken=taken, marks=marks)

    async def use(self, use: Use) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(SQL["use"], msgspec.structs.asdict(use))

    async def uses(self, photos: Collection[str], before: int) -> list[Use]:
        async with self._pool.connection() as conn:
            found = await conn.execute(SQL["uses"], {"photos": list(photos), "before": before})
            return [Use(photo=p, thing=t, position=n, at=at) for p, t, n, at in await found.fetchall()]

    async def near(self, probes: bytes, most: int = 10) -> list[Near]:
        await self._read_on()
        found = await asyncio.to_thread(self._lookalikes.near, probes, most)
        if not found:
            return []
        async with self._pool.connection() as conn:
            rows = await conn.execute(SQL["photos_of"], {"numbers": [n for n, _, _ in found]})
            known = {n: (photo, small or b"") for n, photo, small in await rows.fetchall()}
        return [
            Near(photo=known[n][0], bits=bits, probe=probe, small=known[n][1]) for n, bits, probe in found if n in known
        ]

    async def count(self) -> int:
        await self._read_on()
        return len(self._lookalikes)

    async def _read_on(self) -> None:
        async with self._reading:
            while True:
                async with self._pool.connection() as conn:
                    limits = {"after": self._lookalikes.newest, "limit": BATCH}
                    rows = await (await conn.execute(SQL["prints_after"], limits)).fetchall()
                if rows:
                    self._lookalikes.add([n for n, _ in rows], b"".join(printed for _, printed in rows))
                if len(rows) < BATCH:
                    return

    async def forget(self, photo: str) -> None:
        async with self._pool.connection() as conn, conn.transaction():
            for query in ("forget_kept", "forget_print", "forget_uses"):
                await conn.execute(SQL[query], {"photo": photo})


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _from_json(value: Any, cls: type[Any]) -> Any:
    return None if value is None else msgspec.convert(value, cls)
