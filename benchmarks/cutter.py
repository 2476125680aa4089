"""A line that breaks: a proxy that cuts each connection after a random number of bytes, until it has cut enough."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

CHUNK = 16 * 1024


@dataclass(kw_only=True)
class Cutter:
    """`most` cuts, each somewhere within the first `within` bytes of a connection, counted over both directions.

    `gentle` lets everything pass. `carried` counts what came from the server.
    """

    target: int
    most: int
    within: int = 12_000
    seed: int = 1
    gentle: bool = False
    cuts: int = 0
    carried: int = 0
    port: int = 0
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        line = _Line(self, [writer, up_writer])
        both = (line.pass_on(reader, up_writer, down=False), line.pass_on(up_reader, writer, down=True))
        try:
            await asyncio.gather(*both)
        finally:
            for end in (writer, up_writer):
                end.close()

    def budget(self) -> int:
        """Bytes until this connection breaks."""
        return self._chance.randint(1, self.within)


class _Line:
    """One connection through the proxy."""

    def __init__(self, cutter: Cutter, ends: list[asyncio.StreamWriter]) -> None:
        self._cutter, self._ends = cutter, ends
        self._left = cutter.budget()
        self._cut = False

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, down: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                breaks = self._breaks(len(data))
                writer.write(data[: self._left] if breaks else data)
                self._cutter.carried += len(data) if down else 0
                await writer.drain()
                if breaks:
                    self._break()
                    return
                self._left -= 0 if self._cutter.gentle else len(data)
            if writer.can_write_eof():
                writer.write_eof()

    def _breaks(self, size: int) -> bool:
        cutter = self._cutter
        return not (cutter.gentle or cutter.cuts >= cutter.most) and size >= self._left

    def _break(self) -> None:
        if self._cut:
            return
        self._cut = True
        self._cutter.cuts += 1
        for end in self._ends:
            end.transport.abort()


@asynccontextmanager
async def cutting(target: int, most: int, **options: int | bool) -> AsyncIterator[Cutter]:
    """The proxy on a free port."""
    cutter = Cutter(target=target, most=most, **options)  # type: ignore[arg-type]
    server = await asyncio.start_server(cutter.serve, "127.0.0.1", 0)
    cutter.port = server.sockets[0].getsockname()[1]
    try:
        yield cutter
    finally:
        server.close()
