"""A client of the live stream down to its bytes: no library between the test and the protocol."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

#: every connection of the running test, for the fixture that closes them
OPEN: list[Client] = []


@dataclass
class Event:
    """One event as it came; `raw` is all its bytes."""

    name: str = ""
    id: str | None = None
    data: Any = None
    raw: bytes = b""


@dataclass
class Client:
    """One connection. `body` is what came after the head, without the chunks' frames; `wire` is everything."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: bytes = b""
    wire: bytearray = field(default_factory=bytearray)
    body: bytearray = field(default_factory=bytearray)
    taken: int = 0
    ended: bool = False

    @classmethod
    async def open(
        cls,
        port: int,
        *,
        audience: str = "city",
        after: str | None = None,
        last_event_id: str | None = None,
        version: str = "1.1",
        who: str = "",
        path: str = "/api/v1/live",
        headers: str = "",
    ) -> Client:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        query = f"audience={audience}&who={who}" + (f"&after={after}" if after is not None else "")
        sent = f"Last-Event-ID: {last_event_id}\r\n" if last_event_id is not None else ""
        writer.write(f"GET {path}?{query} HTTP/{version}\r\nHost: 127.0.0.1:{port}\r\n{sent}{headers}\r\n".encode())
        client = cls(reader, writer)
        OPEN.append(client)
        client.head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        return client

    @property
    def chunked(self) -> bool:
        return b"transfer-encoding: chunked" in self.head.lower()

    async def more(self) -> bool:
        """Read the next piece of body; False at its end or when the connection was cut."""
        try:
            if not self.chunked:
                data = await self.reader.read(65536)
            else:
                line = await self.reader.readuntil(b"\r\n")
                size = int(line, 16)
                data = (await self.reader.readexactly(size + 2))[:size]
                self.ended = size == 0
        except (asyncio.IncompleteReadError, ConnectionError):
            return False
        self.wire += data
        self.body += data
        return bool(data)

    def ready(self) -> list[Event]:
        """Whole events that have come and were not given yet."""
        *whole, _rest = bytes(self.body[self.taken :]).split(b"\n\n")
        self.taken += sum(len(part) + 2 for part in whole)
        return [parse(part) for part in whole]

    async def events(self, count: int, within: float = 30, beats: bool = False) -> list[Event]:
        """Wait for so many events (without the retry line, and beats if not asked)."""
        found: list[Event] = []
        async with asyncio.timeout(within):
            while True:
                found += [e for e in self.ready() if e.name and (beats or e.name != "beat")]
                if len(found) >= count or not await self.more():
                    return found

    async def until(self, position: int, within: float = 30) -> list[Event]:
        """Read until a fact or beat of this position has come."""
        found: list[Event] = []
        async with asyncio.timeout(within):
            while True:
                found += self.ready()
                if any(e.id and int(e.id.split("-")[1]) >= position for e in found) or not await self.more():
                    return found

    async def rest(self, within: float = 30) -> bytes:
        """Everything until the stream ends."""
        async with asyncio.timeout(within):
            while await self.more():
                pass
        return bytes(self.body)

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


def parse(part: bytes) -> Event:
    event = Event(raw=part)
    for line in part.decode().split("\n"):
        name, _, value = line.partition(": ")
        match name:
            case "event":
                event.name = value
            case "id":
                event.id = value
            case "data":
                event.data = json.loads(value)
    return event
