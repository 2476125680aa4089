"""What carries an answer to its caller: the headers of every answer, and the short way for the answers of commands."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from hadir.inbound.kit.asgi import Header, Scope, Send, answer
from hadir.ports.wire import EXTENSION, Wire

_NONE: Mapping[str, Any] = {}


def head(status: int, headers: Iterable[Header]) -> bytes:
    """Status line and headers as they go over the wire."""
    line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    return line + b"".join(b"%b: %b\r\n" % header for header in headers)


class Reply:
    """`send`, with the headers every answer carries; knows whether the answer has begun."""

    __slots__ = ("_headers", "_heads", "_scope", "_send", "started", "status")

    def __init__(self, scope: Scope, send: Send, headers: tuple[Header, ...], heads: Mapping[int, bytes]) -> None:
        self._scope = scope
        self._send = send
        self._headers = headers
        self._heads = heads
        self.started = False
        self.status = 0

    async def whole(self, status: int, content: bytes) -> None:
        """A JSON answer of a command, by the short way to the connection where there is one (`ports.wire`)."""
        wire: Wire | None = self._scope.get("extensions", _NONE).get(EXTENSION)
        known = self._heads.get(status)
        if wire is not None and known is not None and self._scope["http_version"] == "1.1":
            sized = b"%bcontent-length: %d\r\n" % (known, len(content))
            if wire.respond(self._scope, sized, content):
                self.started, self.status = True, status
                return
        await answer(self, status, content)

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.started, self.status = True, message["status"]
            own = list(message.get("headers", ()))
            names = {name.lower() for name, _ in own}
            message["headers"] = own + [each for each in self._headers if each[0] not in names]
        await self._send(message)


async def answer_json(send: Send, status: int, content: bytes) -> None:
    """One whole JSON answer that nobody keeps."""
    if isinstance(send, Reply):
        await send.whole(status, content)
    else:
        await answer(send, status, content)
