"""Many readers of a live stream, run as a process of its own: epoll and recv, nothing else, so that it measures others.

    python -m benchmarks.listener HOST:PORT PATH COUNT [HEADER …]

Opens COUNT streams, prints `open`. Then for each line of standard input prints one line of JSON:
    wait N        until N more facts have reached every stream: {last, cpu}: when the last stream had the last (epoch
                  seconds), and the share of a core this process used meanwhile
    gather S      for S seconds: {ms: latencies by percentile, deliveries, cpu}, from each fact's own time to its bytes
"""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time
from datetime import UTC, datetime

from benchmarks.rows import percentile

_FACT = re.compile(rb'event: fact\r?\ndata: \{"position":\d+,"at":"([^"]+)"')
CONNECT_AT_ONCE = 200


class Readers:
    """All streams, by file descriptor."""

    def __init__(self, host: str, port: int, path: str, headers: list[str]) -> None:
        self._address = (host, port)
        self._head = "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}:{port}", *headers, "", ""]).encode()
        self._epoll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        #: the same bytes come ten thousand times and are looked at once
        self._known: dict[bytes, tuple[float, ...]] = {}

    def open(self, count: int) -> None:
        for begun in range(0, count, CONNECT_AT_ONCE):
            made = [self._connect() for _ in range(min(CONNECT_AT_ONCE, count - begun))]
            for each in made:
                self._greet(each)

    def _connect(self) -> socket.socket:
        made = socket.create_connection(self._address, timeout=20)
        made.sendall(self._head)
        return made

    def _greet(self, made: socket.socket) -> None:
        """The head, and the first beat: from then on the stream is in."""
        seen = b""
        while b"event: beat" not in seen:
            data = made.recv(65536)
            if not data:
                raise RuntimeError(f"the stream was refused: {seen[:300]!r}")
            seen += data
        made.setblocking(False)
        self._sockets[made.fileno()] = made
        self._epoll.register(made.fileno(), select.EPOLLIN)

    def _times(self, data: bytes) -> tuple[float, ...]:
        """When each fact in these bytes happened."""
        known = self._known.get(data)
        if known is None:
            found = [datetime.fromisoformat(at.decode().replace("Z", "+00:00")) for at in _FACT.findall(data)]
            if len(self._known) > 1000:
                self._known.clear()
            known = self._known[data] = tuple(at.timestamp() for at in found)
        return known

    def ready(self, timeout: float) -> list[tuple[int, bytes]]:
        sockets = self._sockets
        found = []
        for fd, _ in self._epoll.poll(timeout, 2048):
            data = sockets[fd].recv(262144)
            if not data:
                raise RuntimeError("a stream was cut")
            found.append((fd, data))
        return found

    def wait(self, facts: int) -> dict[str, float]:
        left = dict.fromkeys(self._sockets, facts)
        cpu, began, first = time.process_time(), time.perf_counter(), 0.0
        while left:
            for fd, data in self.ready(30.0):
                times = self._times(data)
                if not times:
                    continue
                first = first or times[0]
                left[fd] -= len(times)
                if left[fd] <= 0:
                    del left[fd]
        last = _now()
        used = (time.process_time() - cpu) / max(last - first, 1e-3)
        return {"first": first, "last": last, "cpu": used, "seconds": time.perf_counter() - began}

    def gather(self, seconds: float) -> dict[str, float]:
        took: list[float] = []
        cpu, began = time.process_time(), time.perf_counter()
        while time.perf_counter() - began < seconds:
            ready = self.ready(0.05)
            now = _now()
            for _, data in ready:
                took += [now - at for at in self._times(data)]
        share = (time.process_time() - cpu) / (time.perf_counter() - began)
        shown = {f"p{round(100 * p)}": percentile(took, p) * 1000 for p in (0.5, 0.99)} if took else {}
        return {**shown, "deliveries": len(took), "cpu": share}


def _now() -> float:
    """The wall's time, as facts carry it."""
    return datetime.now(UTC).timestamp()


def main() -> None:
    address, path, count, *headers = sys.argv[1:]
    host, _, port = address.partition(":")
    readers = Readers(host, int(port), path, headers)
    readers.open(int(count))
    print("open", flush=True)
    for line in sys.stdin:
        verb, value = line.split()
        answer = readers.wait(int(value)) if verb == "wait" else readers.gather(float(value))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
