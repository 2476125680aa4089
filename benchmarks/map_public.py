"""map.public_million: the public map with 1,000,000 reports behind it: what a viewport costs, in time and in bytes.

Over HTTP against a running server, one request at a time: the part of `/peta` that a step on the map fetches, drawn by
the server, with circles, borders and list, at every zoom and with filters set and not. No two requests ask for the
same rectangle, and reports come in meanwhile, so that no answer comes out of a cache. Bytes are those on the wire
(gzip, as every browser asks), of the largest answer.
"""

from __future__ import annotations

import gzip
import json
import random
import time
from http.client import HTTPConnection

from benchmarks.rows import Row, percentile, row
from benchmarks.running import bodies, server
from benchmarks.seed import CITY_FOLDER, seeded
from hadir.storage.citypack import load_city
from hadir.views.openfold import public_kinds

REPORTS = 1_000_000
ROUNDS, REQUESTS = 7, 200
MOST_MS, MOST_KB = 50.0, 30.0
#: The rows are read into memory after a start, while the doors are open.
READ_S = 120.0


async def run(reports: int = REPORTS, rounds: int = ROUNDS, requests: int = REQUESTS) -> list[Row]:
    """p99 of each round; the value is the rounds' median."""
    with server(seeded(reports), "--demo") as running:
        visitor = Visitor(running.port)
        visitor.until_all_are_there()
        times = [percentile([visitor.step() for _ in range(requests)], 0.99) for _ in range(rounds)]
        # The whole city, all there ever was: nothing costs more.
        whole = [percentile([visitor.whole() for _ in range(requests // 4)], 0.99) for _ in range(rounds)]
        visitor.close()
    return [
        row("map.public_million", times, "ms (p99)", most=MOST_MS),
        row("map.public_million.whole", whole, "ms (p99)", most=MOST_MS),
        row("map.public_million.bytes", [visitor.largest / 1000], "KB (largest)", most=MOST_KB),
        row("map.public_million.unpacked", [visitor.largest_plain / 1000], "KB (largest)"),
    ]


class Visitor:
    """A browser on `/peta`."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._city = load_city(CITY_FOLDER)
        self._kinds = public_kinds(self._city)
        self._chance = random.Random(8311)
        self._number = 0
        self.largest = self.largest_plain = 0

    def close(self) -> None:
        self._connection.close()

    def until_all_are_there(self) -> None:
        """Raises TimeoutError."""
        ends = time.monotonic() + READ_S
        while b'class="cluster' not in self._get("/peta/kabar?days=0")[1]:
            if time.monotonic() > ends:
                raise TimeoutError("the reports were not read in time")
            time.sleep(0.5)

    def step(self) -> float:
        """Milliseconds for a rectangle somewhere in the city; every tenth comes after a new report."""
        self._number += 1
        if self._number % 10 == 0:
            self._report()
        zoom = self._chance.randint(0, 6)
        lat = self._city.lat + self._chance.uniform(-0.03, 0.03)
        lon = self._city.lon + self._chance.uniform(-0.03, 0.03)
        chosen = [f"zoom={zoom}", f"lat={lat:.5f}", f"lon={lon:.5f}", f"days={self._chance.choice((0, 0, 30, 365))}"]
        if self._chance.random() < 0.4:
            chosen.append(f"kind={self._chance.choice(self._kinds)}")
        if self._chance.random() < 0.3:
            chosen.append(f"state={self._chance.choice(('new', 'work', 'none'))}")
        return self._timed("/peta/kabar?" + "&".join(chosen))

    def whole(self) -> float:
        """Milliseconds for the whole city, all time, all kinds."""
        self._number += 1
        return self._timed(f"/peta/kabar?days=0&x={self._number}")

    def _timed(self, path: str) -> float:
        began = time.perf_counter()
        wire, plain = self._get(path)
        took = (time.perf_counter() - began) * 1000
        self.largest, self.largest_plain = max(self.largest, wire), max(self.largest_plain, len(plain))
        return took

    def _report(self) -> None:
        body = json.loads(bodies()[self._number % len(bodies())])
        body["command_id"] = f"map-public-{time.time_ns()}"
        headers = {"content-type": "application/json"}
        self._connection.request("POST", "/api/v1/reports", json.dumps(body).encode(), headers)
        self._connection.getresponse().read()

    def _get(self, path: str) -> tuple[int, bytes]:
        """Bytes on the wire, and the body."""
        self._connection.request("GET", path, headers={"accept-encoding": "gzip"})
        answer = self._connection.getresponse()
        data = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"GET {path}: {answer.status} {data[:300]!r}")
        is_packed = answer.headers.get("content-encoding") == "gzip"
        return len(data), gzip.decompress(data) if is_packed else data
