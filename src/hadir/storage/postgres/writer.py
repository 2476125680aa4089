"""The one task of a process that writes facts.

Appends that wait are gathered into a batch; a batch is one transaction and one sync to disk, so many callers share the
price of one. While a batch is under way the next one gathers. What can go wrong, and what then holds:

- A caller is cancelled: while waiting, nothing is stored; once under way, the batch goes on without it. If its command
  is repeated, it gets the first answer. The neighbours notice nothing.
- The connection breaks before the commit's answer: nobody knows whether the batch is stored. The writer connects again
  and looks for the hash of the batch's last fact; found, the batch is stored as planned; else it is planned anew. So
  nothing is stored twice and nothing is acknowledged that is not stored, with command ids or without.
- The server stays away longer than `patience`: callers get Unavailable.
- A large batch of new things is sent without a look at the head first, in one round trip. Where another node wrote
  since, or something is not new, the server refuses all of it; it, and the next ones, are planned from the true head.
- The database refuses a batch for what one append holds (also: a stream that was to be new is there already): each
  append is tried on its own, and then every version is looked up.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import msgspec
import psycopg
from psycopg import AsyncConnection

from hadir.ports.clock import Clock
from hadir.ports.journal import Appended, DiskFull, JournalError, Unavailable
from hadir.storage.planning import Head, Plan, Prepared
from hadir.storage.postgres.store import MISBELIEVED, end_of, is_new, prepared_wire, store, was_committed
from hadir.storage.postgres.wire import Wire

log = logging.getLogger(__name__)

#: Facts in one transaction, at most (one append may hold more). 500 keep a batch under 30 ms, so nobody waits long.
MAX_BATCH = 500
#: Appends that may wait, at most: two seconds' worth. More would only be answered after their callers have given up.
MAX_WAITING = 20_000
#: Seconds one transaction may take before its connection counts as dead.
STORE_TIMEOUT = 20.0
#: Seconds between attempts to reach a server that is away; a restart after kill -9 takes less than one.
RETRY_EVERY = 0.1
#: Appends in a batch from which on it pays to leave out a round trip: below, nobody waits for the writer.
LARGE = 8
#: Large batches that look first after one that was wrong about the head: it cost a new connection.
LOOK_FIRST = 200


class _Waiting(msgspec.Struct, kw_only=True):
    prepared: Prepared
    future: asyncio.Future[Appended]
    #: On the clock's monotonic hand.
    deadline: float


class Writer:
    """Owns one connection and one task. `start` it before use, `stop` it after."""

    def __init__(
        self,
        *,
        connect: Callable[[], Awaitable[AsyncConnection[Any]]],
        clock: Clock,
        node: str,
        on_commit: Callable[[Plan], None],
        patience: float = 10.0,
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._node = node
        self._on_commit = on_commit
        self._patience = patience
        self._waiting: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._conn: AsyncConnection[Any] | None = None
        self._wire: Wire | None = None
        #: Of the last batch on this connection; None: not known.
        self._end: Head | None = None
        self._looks_first = 0
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Connect and begin; a server that is not there raises psycopg.OperationalError."""
        await self._connected()
        self._task = asyncio.create_task(self._run(), name="journal writer")

    async def stop(self) -> None:
        """Store what waits, then end."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
        await self._disconnect()

    async def submit(self, prepared: Prepared) -> Appended:
        """Wait for the commit. Raises what `Journal.append` raises."""
        if self._task is None or self._stopping:
            raise Unavailable("The journal is closed.")
        if len(self._waiting) >= MAX_WAITING:
            raise Unavailable("Too many facts wait for the disk. Try again in a moment.")
        future = asyncio.get_running_loop().create_future()
        deadline = self._clock.monotonic() + self._patience
        self._waiting.append(_Waiting(prepared=prepared, future=future, deadline=deadline))
        self._wake.set()
        return await future

    async def _run(self) -> None:
        while not self._stopping:
            await self._wake.wait()
            self._wake.clear()
            while batch := self._gather():
                await self._commit(batch)
                # Those who have just been answered run now, and what they append next joins the next batch.
                await asyncio.sleep(0)

    def _gather(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        facts = 0
        while self._waiting and facts < MAX_BATCH and len(batch) < MAX_BATCH:
            waiting = self._waiting.popleft()
            if not waiting.future.done():
                batch.append(waiting)
                facts += len(waiting.prepared.facts)
        return batch

    async def _commit(self, batch: Sequence[_Waiting], *, certain: bool = False) -> None:
        """`certain`: one append that is tried for the second time."""
        try:
            planned = await self._store_patiently(batch, certain)
        except psycopg.errors.DiskFull:
            _fail(batch, DiskFull)
        except Exception as error:
            # The fence: whatever one append did, the writer goes on for the others.
            if certain:
                log.error("An append could not be stored", exc_info=error, extra={"action": "journal_append_failed"})
                _fail(batch, partial(JournalError, f"It could not be stored: {error}"))
            else:
                for waiting in batch:
                    await self._commit([waiting], certain=True)
        else:
            if planned is None:
                _fail(batch, Unavailable)
            else:
                _answer(batch, planned)
                self._on_commit(planned)

    async def _store_patiently(self, batch: Sequence[_Waiting], certain: bool) -> Plan | None:
        """Store the batch, over restarts of the server; None: the server was away for too long."""
        attempt, prepared = _Attempt(), [waiting.prepared for waiting in batch]
        deadline = max(waiting.deadline for waiting in batch)
        while True:
            try:
                return await self._store(prepared, attempt, certain)
            except Exception as error:
                # Whatever state the transaction is in: a new connection has none.
                await self._disconnect()
                if attempt.believed and isinstance(error, MISBELIEVED):
                    self._looks_first = LOOK_FIRST
                    continue
                if not _server_is_away(error):
                    raise
                log.warning("The journal's server is away: %s", error, extra={"action": "journal_server_away"})
            if self._clock.monotonic() >= deadline:
                return None
            await asyncio.sleep(RETRY_EVERY)

    async def _store(self, batch: Sequence[Prepared], attempt: "_Attempt", certain: bool) -> Plan:
        async with asyncio.timeout(STORE_TIMEOUT):
            conn, wire = await self._connected()
            if attempt.planned is not None and await was_committed(conn, attempt.planned):
                return attempt.planned
            believed = self._belief(batch)
            attempt.believed = believed is not None
            now = self._clock.now()
            planned = await store(wire, batch, now, self._node, attempt.plan, certain=certain, believed=believed)
            self._end = end_of(planned) or self._end
            return planned

    def _belief(self, batch: Sequence[Prepared]) -> Head | None:
        """The head, for a large batch of new things right after one of our own."""
        if self._end is None or len(batch) < LARGE or not is_new(batch):
            return None
        if self._looks_first:
            self._looks_first -= 1
            return None
        return self._end

    async def _connected(self) -> tuple[AsyncConnection[Any], Wire]:
        if self._conn is None or self._wire is None:
            self._conn = await self._connect()
            self._wire = await prepared_wire(self._conn)
        return self._conn, self._wire

    async def _disconnect(self) -> None:
        conn, self._conn, self._wire, self._end = self._conn, None, None, None
        if conn is not None:
            await conn.close()


class _Attempt:
    """Remembers what the last attempt was about to commit."""

    planned: Plan | None = None
    #: Was it sent without a look at the head?
    believed = False

    def plan(self, planned: Plan) -> None:
        self.planned = planned


def _server_is_away(error: Exception) -> bool:
    lost = isinstance(error, psycopg.OperationalError | TimeoutError)
    return lost and not isinstance(error, psycopg.errors.DiskFull)


def _fail(batch: Sequence[_Waiting], error: Callable[[], Exception]) -> None:
    for waiting in batch:
        if not waiting.future.done():
            waiting.future.set_exception(error())


def _answer(batch: Sequence[_Waiting], planned: Plan) -> None:
    for waiting, outcome in zip(batch, planned.outcomes, strict=True):
        if waiting.future.done():
            continue
        if isinstance(outcome, Appended):
            waiting.future.set_result(outcome)
        else:
            waiting.future.set_exception(outcome)
