"""Brings every fact of the journal to this process's listeners, whichever node appended it.

Own facts come straight from the writer, with no detour over the database. LISTEN wakes us for those of other nodes, and
reading by position makes it exact: what is told is always the fact after the last one told, so a lost or late wake-up
costs time, never a fact.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.pq.abc import PGconn

from hadir.ports.journal import Fact
from hadir.storage.planning import Plan
from hadir.storage.tail import Tail

log = logging.getLogger(__name__)

CHANNEL = "hadir_journal"
#: Facts read at a time when catching up.
PAGE = 1_000
#: Seconds before the listener connects again.
RETRY_EVERY = 0.5


class Feed:
    """Owns the listening connection and the task that catches up."""

    def __init__(
        self,
        *,
        tail: Tail,
        node: str,
        connect: Callable[[], Awaitable[AsyncConnection[Any]]],
        read: Callable[[int, int], Awaitable[list[Fact]]],
        newest: Callable[[AsyncConnection[Any]], Awaitable[int]],
    ) -> None:
        self._tail = tail
        self._node = node
        self._connect = connect
        self._read = read
        self._newest = newest
        self._target = tail.position
        self._behind = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listen from now on; returns when nothing can be missed any more."""
        listening = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._listen(listening), name="journal listener"),
            asyncio.create_task(self._catch_up(), name="journal feed"),
        ]
        await listening.wait()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def committed(self, planned: Plan) -> None:
        """Facts of this process, just committed."""
        if not planned.facts:
            return
        if planned.facts[0].position == self._tail.position + 1:
            self._tail.tell(planned.facts)
        else:
            self._reach(planned.facts[-1].position)

    def _reach(self, position: int) -> None:
        self._target = max(self._target, position)
        self._behind.set()

    async def _listen(self, listening: asyncio.Event) -> None:
        while True:
            try:
                await self._listen_once(listening)
            except psycopg.OperationalError as error:
                log.warning("The journal's listener lost its server: %s", error, extra={"action": "listener_away"})
            await asyncio.sleep(RETRY_EVERY)

    async def _listen_once(self, listening: asyncio.Event) -> None:
        conn = await self._connect()
        async with conn:
            # For what comes together with the answers to these two.
            conn.add_notify_handler(lambda notify: self._woken(notify.payload))
            await conn.execute(f"listen {CHANNEL}")
            # Only now: what is committed later is notified, what was committed before is found here.
            self._reach(await self._newest(conn))
            listening.set()
            await self._hear(conn.pgconn)

    async def _hear(self, pgconn: PGconn) -> None:
        """Until the line breaks, which raises psycopg.OperationalError.

        Every commit of this process wakes it, too: psycopg's generator takes 80 us for each, this a tenth.
        """
        loop = asyncio.get_running_loop()
        broken: asyncio.Future[None] = loop.create_future()

        def ready() -> None:
            try:
                pgconn.consume_input()
                while notify := pgconn.notifies():
                    self._woken(notify.extra.decode())
            except psycopg.Error as error:
                loop.remove_reader(socket)
                broken.set_exception(error)

        socket = pgconn.socket
        loop.add_reader(socket, ready)
        try:
            await broken
        finally:
            loop.remove_reader(socket)

    def _woken(self, payload: str) -> None:
        position, _, node = payload.split(" ")
        if node != self._node:
            self._reach(int(position))

    async def _catch_up(self) -> None:
        while True:
            await self._behind.wait()
            self._behind.clear()
            try:
                while self._tail.position < self._target:
                    await self._tell_next_page()
            except psycopg.Error as error:
                log.warning("The journal could not be read: %s", error, extra={"action": "feed_read_failed"})
                await asyncio.sleep(RETRY_EVERY)
                self._behind.set()

    async def _tell_next_page(self) -> None:
        after = self._tail.position
        if not self._tail.has_listeners:
            self._tail.advance(self._target)
            return
        facts = await self._read(after, PAGE)
        # While this read was under way the writer may have told some of them.
        fresh = [fact for fact in facts if fact.position > self._tail.position]
        if fresh:
            self._tail.tell(fresh)
