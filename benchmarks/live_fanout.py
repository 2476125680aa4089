"""live.fanout_10k: one report, stored and judged → the last of 10,000 streams, beside a server that only writes.

Both servers and both crowds of readers stand the whole time and take turns. The time begins with the fact's own time
(taken by the journal before it commits; by the bare server before it writes), so Hadir's side holds the commit, the
fold, the framing and the writes. CPU is the server process's own, from before the report is sent until the last stream
has it: the intake is in it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.rows import Row, kept_up, row
from benchmarks.running import Running, bodies, free_port, home_folder, server

ROUNDS = 7
STREAMS = 10_000
RATIO_MOST = 1.3
KB_MOST = 16.0
# After a round, until what it woke (reactions, checkpoints) is still again.
REST_S = 0.4


async def run(rounds: int = ROUNDS, streams: int = STREAMS) -> list[Row]:
    with home_folder() as home, server(home, "--demo") as hadir, bare() as peer:
        operator = psutil.Process(hadir.pid)
        before = operator.memory_info().rss
        with readers(hadir.port, streams, token(hadir)) as ours, readers(peer.port, streams, None) as theirs:
            weight = (operator.memory_info().rss - before) / streams / 1024
            kept = _rounds(lambda: (_ours(hadir, ours, streams), _theirs(peer, theirs, streams)), rounds)
    against = "a bare uvloop server that only writes the same bytes"
    times = [mine[0] / bare for (mine, (bare, _)) in kept]
    return [
        row("live.fanout_10k", times, "× bare, time", most=RATIO_MOST, against=against),
        row("live.fanout_10k.cpu", [a[1] / b[1] for a, b in kept], "× bare, CPU", most=RATIO_MOST, against=against),
        row("live.fanout_10k.memory", [weight], "KB a stream", most=KB_MOST),
        row("live.fanout_10k.hadir", [a[0] * 1000 for a, _ in kept], "ms"),
        row("live.fanout_10k.bare", [b[0] * 1000 for _, b in kept], "ms"),
    ]


Side = tuple[float, float]


def _rounds(both: Callable[[], tuple[Side | None, Side | None]], wanted: int) -> list[tuple[Side, Side]]:
    """So many rounds that are not void, after one that warms up. RuntimeError: twice as many gave fewer than seven."""
    both()
    kept: list[tuple[Side, Side]] = []
    for _ in range(2 * wanted):
        ours, theirs = both()
        if ours is not None and theirs is not None:
            kept.append((ours, theirs))
        if len(kept) == wanted:
            break
    if len(kept) < min(7, wanted):
        raise RuntimeError(f"only {len(kept)} rounds of {2 * wanted} in which the readers kept up")
    return kept


class Listener:
    """The reading process, spoken to by lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the readers have ended")
        return line.strip()


@contextmanager
def readers(port: int, count: int, bearer: str | None) -> Iterator[Listener]:
    """`count` open streams in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.listener", f"127.0.0.1:{port}", "/api/v1/live", str(count)]
    command += [f"Authorization: Bearer {bearer}"] if bearer else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            listener = Listener(process)
            if listener.hear() != "open":
                raise RuntimeError("the streams did not open")
            yield listener
        finally:
            process.terminate()


@contextmanager
def bare() -> Iterator[Running]:
    port = free_port()
    with home_folder() as home, subprocess.Popen([sys.executable, "-m", "benchmarks.peers.bare_live", str(port)]) as it:
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.05)
            yield Running(home=home, port=port, pid=it.pid)
        finally:
            it.terminate()


def token(hadir: Running, name: str = "operator") -> str:
    command = [sys.executable, "-m", "hadir", "token", name, "--home", str(hadir.home)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _ours(hadir: Running, listener: Listener, streams: int) -> tuple[float, float] | None:
    # A report that is not about water causes exactly one fact.
    body = bodies()[2].replace(b"COMMAND_ID", f"bench-{time.time_ns()}".encode())
    request = urllib.request.Request(
        f"{hadir.url}/api/v1/reports", data=body, headers={"content-type": "application/json"}
    )
    return _round(hadir.pid, listener, streams, lambda: urllib.request.urlopen(request, timeout=10).close())


def _theirs(peer: Running, listener: Listener, streams: int) -> tuple[float, float] | None:
    def write() -> None:
        with socket.create_connection(("127.0.0.1", peer.port)) as to:
            to.sendall(b"WRITE 1400\n")
            to.shutdown(socket.SHUT_WR)
            to.recv(1)

    return _round(peer.pid, listener, streams, write)


def _round(pid: int, listener: Listener, streams: int, cause) -> tuple[float, float] | None:
    """(seconds, CPU seconds a delivery); None when the readers were too busy to judge."""
    listener.say("wait 1")
    time.sleep(REST_S)
    used = _cpu(pid)
    cause()
    seen = json.loads(listener.hear())
    cost = _cpu(pid) - used
    return (seen["last"] - seen["first"], cost / streams) if kept_up(seen["cpu"]) else None


def _cpu(pid: int) -> float:
    """Seconds of CPU a process has used, to the nanosecond where Linux says so."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        times = psutil.Process(pid).cpu_times()
        return times.user + times.system


if __name__ == "__main__":
    import asyncio

    for each in asyncio.run(run(int(os.environ.get("ROUNDS", ROUNDS)), int(os.environ.get("STREAMS", STREAMS)))):
        print(each)
