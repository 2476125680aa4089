"""intake.vs_drf: durable POST /api/v1/reports through the whole path, beside a Django REST framework application.

Both servers stand the whole time, on the same PostgreSQL, and take turns: a round is one load on each. The peer runs
with one, two and three gunicorn workers first, and the fastest of these is the one compared with.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.rows import Row, kept_up, row
from benchmarks.running import free_port, home_folder, post, server, wait_ready
from hadir.storage.postgres.supervisor import database

ROUNDS = 7
OURS_A_ROUND = 3000
PEER_A_ROUND = 1000
LEAST = 5.0


async def run(rounds: int = ROUNDS, ours: int = OURS_A_ROUND, theirs: int = PEER_A_ROUND) -> list[Row]:
    with home_folder() as home, server(home, "--demo") as hadir, peer_database(home) as peer:
        best = max((1, 2, 3), key=lambda workers: _peer_once(peer, workers, theirs))
        speeds = []
        with peer_server(peer, best) as peer_port:
            for _ in range(rounds + 1):
                speeds.append((_speed(hadir.port, ours), _speed(peer_port, theirs)))
    kept = [pair for pair in speeds[1:] if None not in pair]
    ratios = [mine / peer for mine, peer in kept]
    against = f"Django REST framework, gunicorn with {best} workers"
    return [
        row("intake.vs_drf", ratios, "× DRF", least=LEAST, against=against),
        row("intake.hadir", [mine for mine, _ in kept], "reports/s"),
        row("intake.drf", [peer for _, peer in kept], "reports/s"),
    ]


def _speed(port: int, requests: int) -> float | None:
    """Requests a second; None for a void round. Any answer but 201 is an error of the benchmark."""
    seen = post(port, requests)
    if set(seen["statuses"]) != {"201"}:
        raise RuntimeError(f"answers other than 201: {seen['statuses']}")
    return requests / seen["seconds"] if kept_up(seen["cpu"]) else None


def _peer_once(conninfo: str, workers: int, requests: int) -> float:
    with peer_server(conninfo, workers) as port:
        _speed(port, requests // 3)
        return _speed(port, requests) or 0.0


@contextmanager
def peer_database(home: Path, *filling: str) -> Iterator[str]:
    """A database for the peer in Hadir's own running server. `filling`: rows and codes of requests."""
    name = f"peer_{os.getpid()}"
    with database(home=home, url=os.environ.get("HADIR_DATABASE_URL")) as url:
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute(f"create database {name}")
        peer = make_conninfo(url, dbname=name)
        environment = os.environ | {"PEER_DATABASE": peer}
        subprocess.run([sys.executable, "-m", "benchmarks.peers.drf", *filling], check=True, env=environment)
        yield peer
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute(f"drop database {name} with (force)")


@contextmanager
def peer_server(conninfo: str, workers: int) -> Iterator[int]:
    """The peer on a free port, with so many gunicorn workers."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "benchmarks.peers.drf:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--worker-class", "gthread", "--threads", "8", "--keep-alive", "60"]
    with home_folder() as folder:
        log = folder.parent / "peer.log"
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | {"PEER_DATABASE": conninfo})
        try:
            # It has no health page; 405 from its only page says that it serves.
            wait_ready(f"http://127.0.0.1:{port}/api/v1/reports", process, log, serves=405)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)
