"""board.million: the board and a map viewport with 1,000,000 reports and 300 open incidents behind them.

Over HTTP against a running server, one request at a time: what a screen waits for. Before each board a
fact is recorded, so that no answer comes whole out of a cache.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection

from benchmarks.rows import Row, percentile, row
from benchmarks.running import Running, bodies, server
from benchmarks.seed import CITY_FOLDER, seeded
from hadir.storage.citypack import load_city

REPORTS = 1_000_000
ROUNDS, REQUESTS = 7, 100
MOST_MS = 50.0


async def run(reports: int = REPORTS, rounds: int = ROUNDS, requests: int = REQUESTS) -> list[Row]:
    """p99 of each round; the value is the rounds' median."""
    with server(seeded(reports), "--demo") as running:
        client = Client(running)
        boards = [_round(requests, client.board) for _ in range(rounds)]
        ports = [_round(requests, client.viewport) for _ in range(rounds)]
        client.close()
    return [
        row("board.million", boards, "ms (p99)", most=MOST_MS),
        row("board.million.viewport", ports, "ms (p99)", most=MOST_MS),
    ]


def _round(requests: int, ask: Callable[[], float]) -> float:
    return percentile([ask() for _ in range(requests)], 0.99)


class Client:
    """A signed-in operator."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._connection = HTTPConnection("127.0.0.1", running.port, timeout=30)
        self._signed_in = {"authorization": f"Bearer {_token(running)}"}
        self._city = load_city(CITY_FOLDER)
        self._chance = random.Random(8311)
        self._number = 0

    def close(self) -> None:
        self._connection.close()

    def board(self) -> float:
        """Milliseconds for a whole board that has just changed."""
        self._report()
        return self._timed("/api/v1/board")

    def viewport(self) -> float:
        """Milliseconds for a rectangle of 200 m to 5 km somewhere in the city."""
        half = self._chance.choice((0.001, 0.003, 0.01, 0.025))
        lat = self._city.lat + self._chance.uniform(-0.03, 0.03)
        lon = self._city.lon + self._chance.uniform(-0.03, 0.03)
        box = f"{lon - half:.5f},{lat - half:.5f},{lon + half:.5f},{lat + half:.5f}"
        return self._timed(f"/api/v1/map?bbox={box}")

    def _timed(self, path: str) -> float:
        began = time.perf_counter()
        self._ask("GET", path, self._signed_in)
        return (time.perf_counter() - began) * 1000

    def _report(self) -> None:
        self._number += 1
        body = json.loads(bodies()[self._number % len(bodies())])
        body["command_id"] = f"board-million-{time.time_ns()}"
        # As a citizen: one operator may press ten times a second, and boards are asked for faster than that.
        self._ask("POST", "/api/v1/reports", {"content-type": "application/json"}, json.dumps(body).encode())

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> bytes:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {data[:300]!r}")
        return data


def _token(running: Running) -> str:
    """As `hadir token operator` prints it."""
    command = [sys.executable, "-m", "hadir", "token", "operator", "--home", str(running.home)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
