"""triage.one and duplicates.million: what triage makes of one report, with 1,000,000 reports loaded.

Over HTTP against a running server, one request at a time, for another waiting report each time: the likeliest
categories, the marked words, language, place, masked data, and what may be the same among all that waits and what was
over in the last hours. A model has been trained, so that it is asked, too. For duplicates.million the newest 10,000
reports came from one spot within 200 m, in three hours, and all of them wait.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.board_million import Client
from benchmarks.rows import Row, percentile, row
from benchmarks.running import TEXTS, server
from benchmarks.seed import CITY_FOLDER, heated, seeded
from hadir.actions.learning import Lesson, learn
from hadir.domain.city import City
from hadir.domain.triage import triage
from hadir.storage import models
from hadir.storage.citypack import load_city
from hadir.storage.clock import SystemClock

REPORTS, HOT = 1_000_000, 10_000
ROUNDS, REQUESTS = 7, 100
ONE_MS, HOT_MS = 15.0, 20.0


async def run(reports: int = REPORTS, hot: int = HOT, rounds: int = ROUNDS, requests: int = REQUESTS) -> list[Row]:
    """p50 of each round; the value is the rounds' median."""
    one = _measured(seeded(reports), rounds, requests)
    spot = _measured(heated(reports, hot), rounds, requests)
    return [
        row("triage.one", [percentile(times, 0.5) for times in one], "ms (p50)", most=ONE_MS),
        row("triage.one.p99", [percentile(times, 0.99) for times in one], "ms (p99)"),
        row("duplicates.million", [percentile(times, 0.5) for times in spot], "ms (p50)", most=HOT_MS),
        row("duplicates.million.p99", [percentile(times, 0.99) for times in spot], "ms (p99)"),
    ]


def _measured(home: Path, rounds: int, requests: int) -> list[list[float]]:
    models.install(home, learn(_lessons(load_city(CITY_FOLDER)), load_city(CITY_FOLDER), version="bench", say=str))
    with server(home, "--demo") as running:
        client = Asker(running)
        client.load()
        measured = [client.round(requests) for _ in range(rounds)]
        client.close()
    return measured


def _lessons(city: City) -> list[Lesson]:
    """Enough to be asked; what it says is not measured here."""
    now = SystemClock().now()
    words = [(text, triage(text, city).category) for text in TEXTS]
    return [
        Lesson(
            at=now - timedelta(minutes=n),
            text=f"{words[n % len(words)][0]} {n % 50}",
            category=words[n % len(words)][1],
        )
        for n in range(2 * city.assign.least_rows)
    ]


class Asker(Client):
    """A signed-in operator who looks at one report after the other."""

    def load(self) -> None:
        """The newest waiting reports; nobody has looked at them."""
        board = json.loads(self._ask("GET", "/api/v1/board?things=reports", self._signed_in))["board"]
        self._waiting = sorted(each["id"] for each in board["reports"])

    def round(self, requests: int) -> list[float]:
        return [self._one() for _ in range(requests)]

    def _one(self) -> float:
        self._number += 1
        id = self._waiting[-1 - self._number % len(self._waiting)]
        began = time.perf_counter()
        answer = self._ask("GET", f"/api/v1/reports/{id}/triage", self._signed_in)
        took = (time.perf_counter() - began) * 1000
        if json.loads(answer)["measured"] is None:
            raise RuntimeError("no model was asked")
        return took
