"""What carries an answer to its caller: the headers of every answer, and the short way for the answers of commands."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias

from hadir.inbound.kit.asgi import JSON, NOT_KEPT, Header, Scope, Send, answer
from hadir.ports.wire import EXTENSION, Wire

_NONE: Mapping[str, Any] = {}
_JSON = (JSON, NOT_KEPT)
# What is longer goes the usual way, which waits for a client that reads slowly.
SHORT_MOST = 128 * 1024

#: (status, headers of the door) → the head as it goes over the wire; a door has few such pairs, and they are constants
Heads: TypeAlias = dict[tuple[int, tuple[Header, ...]], bytes]


def head(status: int, headers: Iterable[Header]) -> bytes:
    """Status line and headers as they go over the wire."""
    line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    return line + b"".join(b"%b: %b\r\n" % header for header in headers)


class Reply:
    """`send`, with the headers every answer carries; knows whether the answer has begun."""

    __slots__ = ("_headers", "_heads", "_scope", "_send", "started", "status")

    def __init__(self, scope: Scope, send: Send, headers: tuple[Header, ...], heads: Heads) -> None:
        self._scope = scope
        self._send = send
        self._headers = headers
        self._heads = heads
        self.started = False
        self.status = 0

    async def whole(self, status: int, content: bytes, headers: tuple[Header, ...] = _JSON) -> None:
        """A whole answer, by the short way to the connection where there is one (`ports.wire`).

        `headers` are a constant of the door: what stands in them is kept, encoded, for as long as the process runs.
        """
        scope = self._scope
        wire: Wire | None = scope.get("extensions", _NONE).get(EXTENSION)
        is_short = len(content) <= SHORT_MOST and scope["http_version"] == "1.1" and scope["method"] != "HEAD"
        if wire is not None and is_short:
            known = self._heads.get((status, headers)) or self._learn(status, headers)
            sized = b"%bcontent-length: %d\r\n" % (known, len(content))
            if wire.respond(scope, sized, content):
                self.started, self.status = True, status
                return
        await answer(self, status, content, headers)

    def _learn(self, status: int, headers: tuple[Header, ...]) -> bytes:
        self._heads[status, headers] = made = head(status, (*headers, *self._headers))
        return made

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.started, self.status = True, message["status"]
            own = list(message.get("headers", ()))
            names = {name.lower() for name, _ in own}
            message["headers"] = own + [each for each in self._headers if each[0] not in names]
        await self._send(message)


async def answer_json(send: Send, status: int, content: bytes) -> None:
    """One whole JSON answer that nobody keeps."""
    await answer_whole(send, status, content, _JSON)


async def answer_whole(send: Send, status: int, content: bytes, headers: tuple[Header, ...]) -> None:
    """One whole answer; `headers` as `Reply.whole` wants them."""
    if isinstance(send, Reply):
        await send.whole(status, content, headers)
    else:
        await answer(send, status, content, headers)
