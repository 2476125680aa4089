"""open311.vs_drf: POST of a request, and GET of 50 requests with every query another one, beside Django REST framework.

Both servers stand the whole time, on one PostgreSQL with as many requests in each, and take turns. The peer runs with
one, two and three gunicorn workers first, and for each of the two the fastest is the one compared with. It has no
keys, no triage, no permissions and no history. Neither side keeps answers.
"""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from benchmarks.intake_vs_drf import peer_database, peer_server
from benchmarks.rows import Row, kept_up, row
from benchmarks.running import TEXTS, sent, server
from benchmarks.seed import CITY_FOLDER, seeded
from hadir.storage.citypack import load_city

ROUNDS = 7
OURS_A_ROUND = 2000
PEER_A_ROUND = 500
REPORTS = 100_000
LEAST = 5.0
QUERIES = 5_000
PATH = "/open311/v2/requests.json"
FORM = "application/x-www-form-urlencoded"


async def run(
    rounds: int = ROUNDS, ours: int = OURS_A_ROUND, theirs: int = PEER_A_ROUND, reports: int = REPORTS
) -> list[Row]:
    home, codes = seeded(reports), _codes()
    environment = {"HADIR_OPEN311_PER_SECOND": "1000000"}
    with (
        server(home, "--demo", **environment) as hadir,
        peer_database(home, str(reports), ",".join(codes)) as peer,
    ):
        forms, queries = _forms(_key(hadir.home)), _queries(codes)
        rows: list[Row] = []
        for what, lines, is_post in (("list", queries, False), ("post", forms, True)):
            rows += _compared(what, lines, is_post, hadir.port, peer, rounds, ours, theirs)
    return rows


def _compared(
    what: str, lines: list[bytes], is_post: bool, ours_port: int, peer: str, rounds: int, ours: int, theirs: int
) -> list[Row]:
    best = max((1, 2, 3), key=lambda workers: _peer_once(peer, workers, lines, is_post, theirs))
    with peer_server(peer, best) as port:
        speeds = [
            (_speed(ours_port, lines, is_post, ours), _speed(port, lines, is_post, theirs)) for _ in range(rounds + 1)
        ]
    kept = [(mine, other) for mine, other in speeds[1:] if mine is not None and other is not None]
    against = f"Django REST framework, gunicorn with {best} workers"
    return [
        row(f"open311.vs_drf.{what}", [mine / other for mine, other in kept], "× DRF", least=LEAST, against=against),
        row(f"open311.{what}.hadir", [mine for mine, _ in kept], "requests/s"),
        row(f"open311.{what}.drf", [other for _, other in kept], "requests/s"),
    ]


def _speed(port: int, lines: list[bytes], is_post: bool, requests: int) -> float | None:
    """Requests a second; None for a void round. Any other answer than the one wanted is an error of the benchmark."""
    seen = sent(port, PATH, lines, requests, 32, FORM) if is_post else sent(port, "GET", lines, requests)
    if set(seen["statuses"]) != {"201" if is_post else "200"}:
        raise RuntimeError(f"answers other than wanted: {seen['statuses']}")
    return requests / seen["seconds"] if kept_up(seen["cpu"]) else None


def _peer_once(conninfo: str, workers: int, lines: list[bytes], is_post: bool, requests: int) -> float:
    with peer_server(conninfo, workers) as port:
        _speed(port, lines, is_post, requests // 3)
        return _speed(port, lines, is_post, requests) or 0.0


def _codes() -> list[str]:
    """Kinds that both sides show."""
    return [kind.code for kind in load_city(CITY_FOLDER).categories if kind.public and not kind.sensitive]


def _key(home: object) -> str:
    command = [sys.executable, "-m", "hadir", "token", "open311-test", "--home", str(home)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _forms(key: str) -> list[bytes]:
    """As a city's app sends them; a device for each, which comes last because it is another one each time."""
    fields = {"api_key": key, "service_code": "flood", "lat": "-8.1149", "long": "112.1629"}
    return [f"{urlencode(fields | {'description': text})}&device_id=COMMAND_ID".encode() for text in TEXTS]


def _queries(codes: list[str]) -> list[bytes]:
    """Some 90 days and half of the kinds, another half and other days each time."""
    chance, now = random.Random(8311), datetime.now(UTC).replace(microsecond=0)
    asked = []
    for _ in range(QUERIES):
        end = now - timedelta(minutes=chance.randrange(600 * 24 * 60))
        params = {
            "service_code": ",".join(chance.sample(codes, len(codes) // 2)),
            "start_date": (end - timedelta(days=90)).isoformat(),
            "end_date": end.isoformat(),
            "page_size": "50",
        }
        asked.append(f"{PATH}?{urlencode(params)}".encode())
    return asked
