"""A thousand phones on the move, as a process of its own: each keeps one connection and tells its place at its turn.

    python -m benchmarks.movers HOST:PORT FILE EVERY_S

FILE has a line `account<TAB>token<TAB>lat<TAB>lon` for each phone. Prints `open`; then for each line `go S` of standard
input it moves for S seconds and prints one line of JSON: {sent, kept, cpu}: readings sent, readings answered with 200,
and the share of a core this process used meanwhile.
"""

from __future__ import annotations

import json
import random
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

# About a metre a second of walking, as degrees for each reading of five seconds.
STEP = 5 / 111_320


@dataclass
class Phone:
    """One officer's phone."""

    account: str
    token: str
    lat: float
    lon: float
    host: str
    link: socket.socket
    chance: random.Random
    told: bytearray = field(default_factory=bytearray)

    def tell(self) -> None:
        self.lat += self.chance.uniform(-STEP, STEP)
        self.lon += self.chance.uniform(-STEP, STEP)
        body = json.dumps({"lat": round(self.lat, 6), "lon": round(self.lon, 6), "accuracy_m": 8.0, "battery": 71})
        self.link.sendall(
            f"POST /api/v1/units/{self.account}/position HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )


class Crowd:
    """All phones, by file descriptor."""

    def __init__(self, address: str, lines: list[str], every_s: float) -> None:
        host, port = address.split(":")
        self._every = every_s
        self._epoll = select.epoll()
        self._phones: dict[int, Phone] = {}
        for number, line in enumerate(lines):
            account, token, lat, lon = line.split("\t")
            link = socket.create_connection((host, int(port)), timeout=20)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            phone = Phone(account, token, float(lat), float(lon), address, link, random.Random(number))
            self._phones[link.fileno()] = phone
            self._epoll.register(link.fileno(), select.EPOLLIN)

    def go(self, seconds: float) -> dict[str, float]:
        """Everybody at an even pace, one after the other."""
        phones = list(self._phones.values())
        gap, began, cpu = self._every / len(phones), time.monotonic(), time.process_time()
        sent = kept = 0
        while (now := time.monotonic() - began) < seconds:
            while sent * gap <= now and sent * gap < seconds:
                phones[sent % len(phones)].tell()
                sent += 1
            kept += self._answers(max(0.0, sent * gap - now))
        deadline = time.monotonic() + 5
        while kept < sent and time.monotonic() < deadline:
            kept += self._answers(0.1)
        return {"sent": sent, "kept": kept, "cpu": (time.process_time() - cpu) / (time.monotonic() - began)}

    def _answers(self, timeout: float) -> int:
        kept = 0
        for number, _ in self._epoll.poll(timeout):
            phone = self._phones[number]
            data = phone.link.recv(65536)
            if not data:
                raise RuntimeError(f"{phone.account} was hung up on")
            kept += data.count(b"HTTP/1.1 200")
            if b"HTTP/1.1 " in data and b"HTTP/1.1 200" not in data:
                raise RuntimeError(data[:400].decode("latin-1"))
        return kept


def main() -> None:
    address, file, every_s = sys.argv[1:4]
    crowd = Crowd(address, Path(file).read_text().splitlines(), float(every_s))
    print("open", flush=True)
    for line in sys.stdin:
        print(json.dumps(crowd.go(float(line.split()[1]))), flush=True)


if __name__ == "__main__":
    main()
