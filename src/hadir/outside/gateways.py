"""A simulator of the two gateways, for tests and for a trial without a contract: it takes messages and keeps them.

    python -m hadir.outside.gateways --port 8399

It speaks the shapes of docs/push.md, so that the program does not know the difference: POST /sms and POST /whatsapp,
a bearer key, an idempotency key. Nothing is sent to anybody. GET /messages shows what would have been.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

NUMBER = re.compile(r"\+?[0-9]{8,15}")
HEAD_MOST, BODY_MOST = 16 * 1024, 64 * 1024
_PHRASES = {200: "OK", 202: "Accepted", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """One message that a person would have got."""

    gateway: str
    to: str
    text: str
    id: str


@dataclass
class Gateways:
    """Both gateways on one port. `refuse` may answer in their place (a status), as a real one does at times."""

    key: str = "simulator"
    refuse: Callable[[str], int | None] = lambda _path: None
    taken: list[Taken] = field(default_factory=list)
    requests: int = 0
    _server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> int:
        """The port it listens on, on loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, limit=HEAD_MOST)
        return self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            status, answer = await self._answer(reader)
            body = json.dumps(answer).encode()
            head = f"HTTP/1.1 {status} {_PHRASES.get(status, '')}\r\ncontent-type: application/json\r\n"
            writer.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass  # whoever asked has gone, or asks nothing we know
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, Any]:
        method, path, headers = _head(await reader.readuntil(b"\r\n\r\n"))
        if method == "GET" and path == "/messages":
            return 200, [{"gateway": t.gateway, "to": t.to, "text": t.text} for t in self.taken]
        body = await reader.readexactly(min(int(headers.get("content-length", "0")), BODY_MOST))
        self.requests += 1
        if (status := self.refuse(path)) is not None:
            return status, {"error": "the simulator was told to refuse"}
        if headers.get("authorization") != f"Bearer {self.key}":
            return 401, {"error": "unknown key"}
        return self._take(path, headers.get("idempotency-key", ""), body)

    def _take(self, path: str, id: str, body: bytes) -> tuple[int, Any]:
        try:
            message = json.loads(body)
            taken = Taken(gateway=path[1:], id=id, **_SHAPES[path](message))
        except KeyError as error:
            return (404 if path not in _SHAPES else 400), {"error": f"missing: {error}"}
        except (ValueError, TypeError) as error:
            return 400, {"error": str(error)}
        if not any(id and t.id == id and t.gateway == taken.gateway for t in self.taken):
            self.taken.append(taken)
        return (202, {"id": id, "status": "queued"}) if path == "/sms" else (200, {"messages": [{"id": f"wamid.{id}"}]})


def _head(data: bytes) -> tuple[str, str, dict[str, str]]:
    first, *rest = data.decode("latin-1").strip().split("\r\n")
    method, path, *_ = first.split(" ")
    return method, path, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}


def _sms(message: dict[str, Any]) -> dict[str, str]:
    return {"to": _number(message["to"]), "text": str(message["text"])}


def _whatsapp(message: dict[str, Any]) -> dict[str, str]:
    if message["messaging_product"] != "whatsapp" or message["type"] != "template":
        raise ValueError("a conversation begins by a template")
    parameters = message["template"]["components"][0]["parameters"]
    return {"to": _number(message["to"]), "text": "\n".join(each["text"] for each in parameters)}


def _number(text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise ValueError("not a telephone number")
    return text


_SHAPES: dict[str, Callable[[dict[str, Any]], dict[str, str]]] = {"/sms": _sms, "/whatsapp": _whatsapp}


async def _run(port: int, key: str) -> None:
    gateways = Gateways(key=key)
    chosen = await gateways.start(port)
    print(f"simulated gateways on http://127.0.0.1:{chosen}/sms and /whatsapp, key «{key}»", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Simulated SMS and WhatsApp gateways; nothing is sent.")
    parser.add_argument("--port", type=int, default=8399)
    parser.add_argument("--key", default="simulator")
    asyncio.run(_run(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
