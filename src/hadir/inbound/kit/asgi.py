"""The few pieces of ASGI that bare doors need."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeAlias

from hadir.inbound.kit.problems import Problem

# Litestar and uvicorn each have their own typed dicts for these; plain ones fit both.
Scope: TypeAlias = Any
Receive: TypeAlias = Callable[[], Awaitable[Any]]
Send: TypeAlias = Callable[[Any], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Header: TypeAlias = tuple[bytes, bytes]

JSON = (b"content-type", b"application/json")
NOT_KEPT = (b"cache-control", b"no-store")


class ClientGone(Exception):
    """The client went away before its request was whole."""


async def body(scope: Scope, receive: Receive, most: int) -> bytes:
    """The whole body. Raises Problem(413) as soon as it is known to be too large, ClientGone."""
    declared = header(scope, b"content-length")
    if declared is not None and declared.isdigit() and int(declared) > most:
        raise Problem("body_too_large", status=413, most=most)
    message = await receive()
    if not message.get("more_body") and message["type"] == "http.request":
        return _checked(message.get("body", b""), most)
    return await _rest(message, receive, most)


async def _rest(message: Any, receive: Receive, most: int) -> bytes:
    parts = bytearray()
    while True:
        if message["type"] != "http.request":
            raise ClientGone
        parts += message.get("body", b"")
        _checked(parts, most)
        if not message.get("more_body"):
            return bytes(parts)
        message = await receive()


def _checked(data: bytes | bytearray, most: int) -> bytes:
    if len(data) > most:
        raise Problem("body_too_large", status=413, most=most)
    return data  # type: ignore[return-value]


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of this lower-case name."""
    for key, value in scope["headers"]:
        if key == name:
            return value  # type: ignore[no-any-return]
    return None


async def answer(send: Send, status: int, content: bytes, headers: Iterable[Header] = (JSON, NOT_KEPT)) -> None:
    """One whole response."""
    length = (b"content-length", str(len(content)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": content})
