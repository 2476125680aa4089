"""The journal on PostgreSQL.

Concurrency: one event loop. Life: `async with PostgresJournal.open(url, pool, …) as journal`. One connection writes
(`writer`), one listens (`feed`), the pool reads.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self

import msgspec
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from hadir.ports.clock import Clock
from hadir.ports.journal import (
    Append,
    Appended,
    DiskFull,
    DiskGuard,
    Erased,
    Fact,
    FactWithContent,
    Listener,
)
from hadir.storage.codec import Codec
from hadir.storage.entropy import Entropy
from hadir.storage.planning import Plan, prepare
from hadir.storage.postgres.arrays import register_arrays
from hadir.storage.postgres.epoch import continued_epoch, current_epoch, newest
from hadir.storage.postgres.facts import fact, fact_with_content, fetch
from hadir.storage.postgres.feed import Feed
from hadir.storage.postgres.pool import connect
from hadir.storage.postgres.queries import journal_queries
from hadir.storage.postgres.recent import KEPT, Held, Recent, with_content
from hadir.storage.postgres.writer import Writer
from hadir.storage.tail import Tail

SQL = journal_queries()

log = logging.getLogger(__name__)


class PostgresJournal:
    """Fulfils `hadir.ports.journal.Journal`."""

    def __init__(
        self,
        url: str,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        *,
        codec: Codec,
        clock: Clock,
        guard: DiskGuard,
        patience: float,
        follows: bool,
    ) -> None:
        self._url = url
        self._pool = pool
        self._codec = codec
        self._entropy = Entropy()
        self._clock = clock
        self._guard = guard
        self._tail = Tail()
        self._recent = Recent()
        self._reading = asyncio.Lock()
        self._follows = follows
        self._epoch = ""
        #: The newest fact known to be committed, to notice a journal that lost its tail.
        self._known = (0, b"")
        node = secrets.token_hex(4)
        self._writer = Writer(
            connect=lambda: self._connect("writer"),
            clock=clock,
            node=node,
            on_commit=self._committed,
            patience=patience,
        )
        self._feed = Feed(
            tail=self._tail,
            node=node,
            connect=lambda: self._connect("listener"),
            read=self._read_table,
            newest=self._newest,
        )

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        url: str,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        *,
        codec: Codec,
        clock: Clock,
        guard: DiskGuard,
        patience: float = 10.0,
        follows: bool = True,
    ) -> AsyncIterator[Self]:
        """A journal on a migrated database, with an open pool for reading.

        `patience`: seconds an append waits for a server that is away. `follows`: False for a process that only
        appends; it hears of no facts, not even its own.
        """
        journal = cls(url, pool, codec=codec, clock=clock, guard=guard, patience=patience, follows=follows)
        await journal._start()
        try:
            yield journal
        finally:
            await journal._writer.stop()
            await journal._feed.stop()

    async def _start(self) -> None:
        async with self._pool.connection() as conn:
            self._epoch = await current_epoch(conn)
            self._known = await newest(conn)
        self._tail.restart(self._known[0])
        await self._writer.start()
        if self._follows:
            await self._feed.start()

    async def _connect(self, purpose: str) -> AsyncConnection[Any]:
        conn = await connect(self._url, purpose)
        register_arrays(conn.adapters)
        await conn.execute(SQL["insist_on_durability"])
        await self._check_continuity(conn)
        return conn

    async def _check_continuity(self, conn: AsyncConnection[Any]) -> None:
        epoch = await continued_epoch(conn, self._epoch, *self._known)
        if epoch == self._epoch:
            return
        log.critical("The journal is in epoch %s, was in %s", epoch, self._epoch, extra={"action": "epoch_changed"})
        self._epoch = epoch
        self._known = await newest(conn)
        self._recent.clear()
        self._tail.restart(self._known[0])

    def _committed(self, planned: Plan) -> None:
        if planned.rows:
            self._known = (planned.rows[-1].position, planned.hashes[-1])
        if self._follows:
            self._recent.add(planned)
            self._feed.committed(planned)

    async def _newest(self, conn: AsyncConnection[Any]) -> int:
        self._known = max(self._known, await newest(conn))
        return self._known[0]

    @property
    def epoch(self) -> str:
        return self._epoch

    async def append(self, append: Append) -> Appended:
        if not self._guard.writable():
            raise DiskFull
        return await self._writer.submit(prepare(append, self._codec, self._entropy))

    async def position(self) -> int:
        async with self._pool.connection() as conn:
            return (await newest(conn))[0]

    async def read(self, after: int, limit: int) -> list[Fact]:
        if held := await self._held(after, limit):
            return [fact for fact, _ in held]
        return await self._read_table(after, limit)

    async def _read_table(self, after: int, limit: int) -> list[Fact]:
        rows = await self._rows("read", {"after": after, "limit": limit})
        return [fact(self._codec, row) for row in rows]

    async def read_with_contents(self, after: int, limit: int) -> list[FactWithContent]:
        if held := await self._held(after, limit):
            return [with_content(each) for each in held]
        rows = await self._rows("read_with_contents", {"after": after, "limit": limit})
        return [fact_with_content(self._codec, row) for row in rows]

    async def _held(self, after: int, limit: int) -> list[Held]:
        """The newest facts from memory; those of other nodes are read once for all followers. None: far behind."""
        if (held := self._recent.after(after, limit)) or not self._near_the_end(after):
            return held
        async with self._reading:
            if held := self._recent.after(after, limit):
                return held
            emptied = self._recent.emptied
            rows = await self._rows("read_with_contents", {"after": after, "limit": limit})
            read: list[Held] = [(fact(self._codec, row), row[-1]) for row in rows]
            self._recent.fill(read, emptied)
            return read

    def _near_the_end(self, after: int) -> bool:
        return self._tail.position - KEPT < after < self._tail.position

    async def read_stream(self, stream: str) -> list[Fact]:
        return [fact(self._codec, row) for row in await self._rows("read_stream", {"stream": stream})]

    async def contents(self, ids: Collection[str]) -> dict[str, dict[str, Any] | None]:
        rows = await self._rows("contents", {"ids": list(ids)})
        return {id: None if body is None else msgspec.json.decode(body) for id, body in rows}

    async def _rows(self, query: str, parameters: dict[str, Any]) -> list[Any]:
        async with self._pool.connection() as conn:
            return await fetch(conn, SQL[query], parameters)

    async def wait(self, after: int, timeout: float) -> int:
        return await self._tail.wait(after, timeout)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        return self._tail.subscribe(listener)

    async def erase(self, ids: Collection[str]) -> Erased:
        return await self._erase(list(ids), None)

    async def erase_subject(self, subject: str) -> Erased:
        return await self._erase([], subject)

    async def _erase(self, ids: list[str], subject: str | None) -> Erased:
        parameters = {"ids": ids, "subject": subject, "at": self._clock.now()}
        self._recent.clear()
        async with self._pool.connection() as conn, conn.transaction():
            gone = await (await conn.execute(SQL["erase"], parameters)).fetchall()
            await conn.execute(SQL["forget_digests"], {"positions": [position for _, _, position in gone]})
            blobs = {blob for _, names, _ in gone for blob in names}
            kept = await (await conn.execute(SQL["blobs_in_use"], {"blobs": list(blobs)})).fetchall()
        self._recent.clear()  # again: a commit of ours may have come in between
        blobs -= {blob for (blob,) in kept}
        return Erased(ids=tuple(sorted(id for id, _, _ in gone)), blobs=tuple(sorted(blobs)))

    async def prune_refusals(self, before: datetime) -> int:
        """Forget refused commands from before a time (keep at least seven days); gives how many."""
        async with self._pool.connection() as conn:
            return (await conn.execute(SQL["prune_refusals"], {"before": before})).rowcount
