"""The limit beside live.fanout_10k: a uvloop server that keeps transports and writes, and does nothing else.

    python -m benchmarks.peers.bare_live PORT

A connection that begins with GET becomes a stream; one that begins with `WRITE N` makes it write one event of N bytes,
with its own time in it, to every stream.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

import uvloop

HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    b"17\r\nevent: beat\ndata: {}    \r\n"
)


class Bare(asyncio.Protocol):
    streams: dict[Bare, asyncio.Transport]

    def __init__(self, streams: dict[Bare, asyncio.Transport]) -> None:
        self.streams = streams

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET"):
            self.transport.write(HEAD)  # type: ignore[attr-defined]
            self.streams[self] = self.transport  # type: ignore[assignment]
        elif data.startswith(b"WRITE"):
            event = made(int(data.split()[1]))
            for transport in self.streams.values():
                transport.write(event)

    def connection_lost(self, error: Exception | None) -> None:
        self.streams.pop(self, None)


def made(size: int) -> bytes:
    """One chunk with one event of this size."""
    at = datetime.now(UTC).isoformat()
    head = f'id: BARE-1\nevent: fact\ndata: {{"position":1,"at":"{at}","x":"'.encode()
    body = head + b"y" * max(0, size - len(head) - 4) + b'"}\n\n'
    return b"%x\r\n%b\r\n" % (len(body), body)


async def main(port: int) -> None:
    streams: dict[Bare, asyncio.Transport] = {}
    server = await asyncio.get_running_loop().create_server(lambda: Bare(streams), "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
