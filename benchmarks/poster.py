"""A load client, run as a process of its own: posts JSON over persistent connections and says what it saw.

    python -m benchmarks.poster HOST:PORT PATH BODIES CONNECTIONS REQUESTS [CONTENT-TYPE]

BODIES: a file of JSON lines (or forms; or, with PATH «GET», of paths); the word COMMAND_ID in each is replaced by a new
id of the same length. Prints one JSON object: seconds, statuses, latencies in ms (p50, p99), and the share of a core
this process used itself.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
import time
from pathlib import Path

from benchmarks.rows import percentile

PLACEHOLDER = b"COMMAND_ID"
#: in place of a path: the lines of the file are paths to GET
GET = "GET"


class Post:
    """The bytes of request after request; only the id differs, so making one costs two joins."""

    def __init__(self, host: str, path: str, bodies: list[bytes], kind: str = "application/json") -> None:
        self._bodies = itertools.cycle([self._request(host, path, body, kind) for body in bodies])
        self._numbers = itertools.count()
        self._run = f"{os.getpid():08x}".encode()

    @staticmethod
    def _request(host: str, path: str, body: bytes, kind: str) -> tuple[bytes, bytes]:
        before, _, after = body.partition(PLACEHOLDER)
        length = len(before) + 20 + len(after)
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {host}",
            f"Content-Type: {kind}",
            f"Content-Length: {length}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + before, after

    def next(self) -> bytes:
        before, after = next(self._bodies)
        return b"%b%b-%011d%b" % (before, self._run, next(self._numbers), after)


class Ask:
    """The bytes of GET after GET, each of another address until they have all been asked."""

    def __init__(self, host: str, paths: list[bytes]) -> None:
        head = f" HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\n\r\n".encode()
        self._requests = itertools.cycle([b"GET " + path + head for path in paths])

    def next(self) -> bytes:
        return next(self._requests)


class Client(asyncio.Protocol):
    """One persistent connection: a request, its whole answer, the next request."""

    def __init__(
        self, post: Post | Ask, left: list[int], seen: dict[str, int], took: list[float], done: asyncio.Future
    ) -> None:
        self._post, self._left, self._seen, self._took, self._done = post, left, seen, took, done
        self._answer = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def _send(self) -> None:
        if self._left[0] == 0:
            self._transport.close()
            return
        self._left[0] -= 1
        self._began = time.perf_counter()
        self._transport.write(self._post.next())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, mark, body = self._answer.partition(b"\r\n\r\n")
        if not mark or not _whole(head.lower(), body):
            return
        self._took.append((time.perf_counter() - self._began) * 1000)
        status = head[9:12].decode()
        self._seen[status] = self._seen.get(status, 0) + 1
        self._answer = b""
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(error)


def _whole(head: bytes, body: bytes) -> bool:
    """Has the answer come in to its end: by its length, or by its last chunk?"""
    at = head.find(b"content-length:")
    if at < 0:
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= int(head[at + 15 :].split(b"\r\n", 1)[0])


async def load(host: str, port: int, post: Post | Ask, connections: int, requests: int) -> dict:
    """Send `requests` in all over `connections` at once; each connection comes from a loopback address of its own."""
    loop = asyncio.get_running_loop()
    left, seen, took = [requests], dict[str, int](), list[float]()
    ends = [loop.create_future() for _ in range(connections)]
    wall, cpu = time.perf_counter(), time.process_time()
    for n, end in enumerate(ends):
        source = (f"127.0.{n // 250}.{n % 250 + 2}", 0) if host == "127.0.0.1" and sys.platform == "linux" else None
        await loop.create_connection(lambda end=end: Client(post, left, seen, took, end), host, port, local_addr=source)
    await asyncio.gather(*ends)
    seconds = time.perf_counter() - wall
    return {
        "seconds": seconds,
        "statuses": seen,
        "p50_ms": percentile(took, 0.5),
        "p99_ms": percentile(took, 0.99),
        "cpu": (time.process_time() - cpu) / seconds,
    }


def main() -> None:
    address, path, file, connections, requests, *kind = sys.argv[1:]
    host, _, port = address.partition(":")
    lines = Path(file).read_bytes().splitlines()
    post = Ask(address, lines) if path == GET else Post(address, path, lines, *kind)
    print(json.dumps(asyncio.run(load(host, int(port), post, int(connections), int(requests)))))


if __name__ == "__main__":
    main()
