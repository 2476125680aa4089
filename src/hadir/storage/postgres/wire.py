"""Several statements in one round trip, with one wait: the writer's shortest way to the server.

psycopg's pipeline waits on the event loop at every statement, some 14 times a batch and 70 µs each, a third of all the
work of a small batch. Here libpq (through psycopg's own public wrapper) is told all statements, and the loop is asked
once until the answers are there. Only for a connection that nobody else uses, and that is closed after any error.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, cast

import psycopg
from psycopg import AsyncConnection
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from hadir.storage.postgres.arrays import Array

_PARAMETER = re.compile(r"%\((\w+)\)s")
_GOOD = {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.PIPELINE_SYNC}

#: An array, or the text form of anything else; None: null.
Value = Array | bytes | None


class Wire:
    """Prepared statements on one connection, sent by name."""

    def __init__(self, conn: AsyncConnection[Any]) -> None:
        self._conn = conn
        self._pgconn: PGconn = conn.pgconn
        self._parameters: dict[str, list[str]] = {}
        self._sent = 0

    async def prepare(self, queries: Mapping[str, LiteralString], names: Sequence[str]) -> None:
        """Make statements known to the server; their parameters need casts."""
        for name in names:
            self._parameters[name] = list(dict.fromkeys(_PARAMETER.findall(queries[name])))
            numbered = _PARAMETER.sub(lambda found, name=name: self._number(name, found[1]), queries[name])
            await self._conn.execute(cast("LiteralString", f"prepare {name} as {numbered}"))

    def _number(self, name: str, parameter: str) -> str:
        return f"${self._parameters[name].index(parameter) + 1}"

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        """Around sends and their results; after an error only closing is left."""
        self._pgconn.enter_pipeline_mode()
        self._sent = 0
        yield
        self._pgconn.exit_pipeline_mode()

    def say(self, statement: LiteralString) -> None:
        """Send a statement without parameters."""
        self._pgconn.send_query_params(statement.encode(), None)
        self._sent += 1

    def send(self, name: str, values: Mapping[str, Value] | None = None) -> None:
        """Send a prepared statement; answers come in the binary format."""
        given = [(values or {})[parameter] for parameter in self._parameters[name]]
        data = [value.data if isinstance(value, Array) else value for value in given]
        formats = [Format.BINARY if isinstance(value, Array) else Format.TEXT for value in given]
        self._pgconn.send_query_prepared(name.encode(), data, formats, result_format=Format.BINARY)
        self._sent += 1

    async def results(self, *, last: bool = False) -> list[PGresult]:
        """One result for each statement sent since the last call; raises the first error. `last`: ends the pipeline."""
        if last:
            self._pgconn.pipeline_sync()
        else:
            self._pgconn.send_flush_request()
        await self._flush()
        results = [await self._result() for _ in range(self._sent)]
        self._sent = 0
        if last:
            _checked(await self._next())
        return results

    async def _flush(self) -> None:
        while self._pgconn.flush():
            # The server may be waiting for us to read before it reads on.
            await self._wait(writing=True)
            self._pgconn.consume_input()

    async def _result(self) -> PGresult:
        result = _checked(await self._next())
        # libpq ends each statement's results with a null.
        await self._next()
        return result

    async def _next(self) -> PGresult | None:
        while self._pgconn.is_busy():
            await self._wait(writing=False)
            self._pgconn.consume_input()
        return self._pgconn.get_result()

    async def _wait(self, *, writing: bool) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        socket = self._pgconn.socket
        loop.add_reader(socket, _set, ready)
        if writing:
            loop.add_writer(socket, _set, ready)
        try:
            await ready
        finally:
            loop.remove_reader(socket)
            if writing:
                loop.remove_writer(socket)


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _checked(result: PGresult | None) -> PGresult:
    if result is None:
        raise psycopg.OperationalError("the server gave no answer")
    if result.status not in _GOOD:
        raise psycopg.errors.error_from_result(result)
    return result
