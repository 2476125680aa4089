"""`GET /api/v1/live`: where a stream begins, at the position its client has reached."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from hadir.outbound.live import frames
from hadir.outbound.live.hub import Hub, Stream
from hadir.outbound.live.ring import DeltaStore
from hadir.outbound.live.wire import LiveProtocol
from hadir.ports.wire import EXTENSION

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Further behind than this, the board is smaller than the way to it.
BEHIND_MOST = 2000
# A catch-up is written in pieces of this size, each after the last has drained.
PIECE_BYTES = 64 * 1024
# A client that takes no piece for so long is cut.
PIECE_WITHIN_S = 60


class Viewer(NamedTuple):
    """Whose stream it is: the audience whose facts it gets, and the account ("" for the public)."""

    audience: str
    who: str


#: Says who may have a stream; None: it has answered the request itself (401, 429 …).
Admit = Callable[[Scope, Receive, Send], Awaitable[Viewer | None]]

HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    # no-transform keeps compressing proxies from holding events back; the second is for nginx.
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
)


class LiveDoor:
    """The ASGI application of the stream; needs `LiveProtocol` under it."""

    def __init__(self, *, hub: Hub, store: DeltaStore, admit: Admit) -> None:
        self._hub = hub
        self._store = store
        self._admit = admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        viewer = await self._admit(scope, receive, send)
        if viewer is None:
            return
        wire: LiveProtocol = scope["extensions"][EXTENSION]
        chunked = scope["http_version"] != "1.0"
        if not chunked:
            wire.plain_body()
        stream = Stream(
            transport=wire.transport, audience=viewer.audience, who=viewer.who, chunked=chunked, born=wire.loop.time()
        )
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        stream.write(frames.retry(self._hub.retry_ms()))
        try:
            await self._begin(wire, stream, self._start(scope))
        except (TimeoutError, Overrun):
            # It takes nothing, or so slowly that the ring has moved past it: it resumes by id, or gets a resync.
            self._release(wire)
            wire.transport.abort()

    def _start(self, scope: Scope) -> int | None:
        """The position after which to begin; None: it cannot be continued from where the client is."""
        given = given_id(scope)
        if given is None:
            return self._hub.ring.head
        parsed = frames.parse_event_id(given)
        if parsed is None or parsed[0] != self._hub.epoch or parsed[1] > self._hub.ring.head:
            return None
        return parsed[1]

    async def _begin(self, wire: LiveProtocol, stream: Stream, after: int | None) -> None:
        """Catch up, then join the hub in the same loop step as the last piece; or say resync, and end."""
        if after is not None and not self._hub.ring.covers(after):
            after = await self._from_store(wire, stream, after)
        if after is None:
            stream.write(frames.resync(self._hub.epoch, self._hub.ring.head))
        elif await self._from_ring(wire, stream, after):
            return
        self._release(wire)
        stream.end()

    async def _from_store(self, wire: LiveProtocol, stream: Stream, after: int) -> int | None:
        """Write what the ring has forgotten; the position reached, or None when it is too much or no longer kept."""
        head = self._hub.ring.head
        rows = await self._store.after(after, stream.audience, BEHIND_MOST + 1)
        # Asked after the reading: had rows been dropped in between, we would know.
        if len(rows) > BEHIND_MOST or await self._store.kept_after() > after:
            return None
        piece = bytearray()
        for position, data in rows:
            if position <= head:
                piece += frames.fact(self._hub.epoch, position, data)
            if len(piece) > PIECE_BYTES:
                await _written(wire, stream, bytes(piece))
                piece.clear()
        await _written(wire, stream, bytes(piece))
        return head

    async def _from_ring(self, wire: LiveProtocol, stream: Stream, after: int) -> bool:
        """Write what the ring holds and join; False: the server stops, or the client has gone."""
        while not (wire.lost or self._hub.closed):
            if not self._hub.ring.covers(after):
                raise Overrun
            piece = self._hub.ring.since(after, stream.audience, PIECE_BYTES)
            if piece.end:
                self._join(wire, stream, piece.data)
                return True
            await _written(wire, stream, piece.data)
            after = piece.upto
        return False

    def _join(self, wire: LiveProtocol, stream: Stream, last: bytes) -> None:
        """The last piece and a beat, and from now on whatever comes. No await in here: that would be the hole."""
        hub = self._hub
        hub.flush_for(stream.audience)
        stream.write(last + hub.beat_frame())
        wire.take_over(on_full=lambda: hub.cut(stream), on_lost=lambda: hub.leave(stream))
        hub.join(stream)

    @staticmethod
    def _release(wire: LiveProtocol) -> None:
        """The request is over for uvicorn; what is written still goes out."""
        if not wire.lost:
            wire.take_over(on_full=wire.transport.abort, on_lost=_nothing)


class Overrun(Exception):
    """The ring has dropped what this client still needs."""


def given_id(scope: Scope) -> str | None:
    """The header wins: on a reconnect EventSource repeats the `?after=` of its first connect."""
    for name, value in scope["headers"]:
        if name == b"last-event-id" and value:
            return str(value.decode("latin-1"))
    after = parse_qs(scope["query_string"].decode("latin-1")).get("after")
    return after[0] if after else None


async def _written(wire: LiveProtocol, stream: Stream, body: bytes) -> None:
    """Write a piece and wait until the client has taken most of it. Raises TimeoutError."""
    stream.write(body)
    async with asyncio.timeout(PIECE_WITHIN_S):
        await wire.flow.drain()


def _nothing() -> None:
    """For a connection nobody has to hear of again."""
