"""dispatch.200: who can go to an incident, among 200 units, with 1,000,000 reports loaded.

Over HTTP against a running server, one request at a time, for another open incident each time. Every officer has a
crew in the pack and a position, and reports go on coming in.
"""

from __future__ import annotations

import json
import random
import time

from benchmarks.board_million import Client
from benchmarks.officers import enlist, pack_with
from benchmarks.rows import Row, percentile, row
from benchmarks.running import server
from benchmarks.seed import CITY_FOLDER, seeded
from hadir.storage.citypack import load_city

REPORTS = 1_000_000
UNITS = 200
ROUNDS, REQUESTS = 7, 100
# One person may not press more often than a person can, and this operator asks much faster than that.
REPORT_EVERY = 10
MOST_MS = 50.0


async def run(reports: int = REPORTS, units: int = UNITS, rounds: int = ROUNDS, requests: int = REQUESTS) -> list[Row]:
    """p99 of each round; the value is the rounds' median."""
    home, city = seeded(reports), load_city(CITY_FOLDER)
    demo = sum(person.role == "officer" for person in city.people)
    enlist(home, units - demo)
    with pack_with(units - demo, home.parent) as pack, server(home, "--demo", "--city", str(pack)) as running:
        client = Asker(running)
        measured = [client.round(requests, units) for _ in range(rounds)]
        client.close()
    return [
        row("dispatch.200", [percentile(times, 0.99) for times in measured], "ms (p99)", most=MOST_MS),
        row("dispatch.200.median", [percentile(times, 0.5) for times in measured], "ms (p50)"),
    ]


class Asker(Client):
    """A signed-in operator who asks who can go."""

    def round(self, requests: int, units: int) -> list[float]:
        chance = random.Random(requests)
        board = json.loads(self._ask("GET", "/api/v1/board?things=incidents", self._signed_in))["board"]
        incidents = [incident["id"] for incident in board["incidents"]]
        return [self._one(chance.choice(incidents), units, number) for number in range(requests)]

    def _one(self, incident: str, units: int, number: int) -> float:
        if number % REPORT_EVERY == 0:
            self._report()
        began = time.perf_counter()
        answer = self._ask("GET", f"/api/v1/incidents/{incident}/dispatch", self._signed_in)
        took = (time.perf_counter() - began) * 1000
        if json.loads(answer)["of"] != units:
            raise RuntimeError(f"not all of {units} units were looked at")
        return took
