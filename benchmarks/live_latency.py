"""live.latency: a report accepted → its bytes on a subscribed socket, at 50 reports/s with 1,000 streams that see all.

From the fact's own time (taken by the journal before it commits) to each stream's bytes; every delivery counts.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile

from benchmarks.live_fanout import readers, token
from benchmarks.rows import Row, kept_up, row
from benchmarks.running import bodies, home_folder, server

ROUNDS = 7
STREAMS = 1000
PER_SECOND = 50
SECONDS = 5
MOST_MS = 150.0


async def run(rounds: int = ROUNDS, streams: int = STREAMS, seconds: float = SECONDS) -> list[Row]:
    with home_folder() as home, server(home, "--demo") as hadir, readers(hadir.port, streams, token(hadir)) as crowd:
        measured = []
        for _ in range(rounds + 1):
            crowd.say(f"gather {seconds + 1}")
            _drip(hadir.port, int(PER_SECOND * seconds))
            measured.append(json.loads(crowd.hear()))
    kept = [each for each in measured[1:] if kept_up(each["cpu"])]
    if len(kept) < min(7, rounds):
        raise RuntimeError(f"only {len(kept)} rounds of {rounds} in which the readers kept up")
    return [
        row("live.latency", [each["p99"] for each in kept], "ms, p99", most=MOST_MS),
        row("live.latency.median", [each["p50"] for each in kept], "ms, p50"),
    ]


def _drip(port: int, count: int) -> None:
    """So many reports at an even pace, by a process of its own."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        # Reports that are not about water: each is one fact.
        file.write(b"\n".join(bodies()[1:5]))
        file.flush()
        command = [sys.executable, "-m", "benchmarks.live_latency", "drip", str(port), file.name, str(count)]
        subprocess.run(command, check=True)


async def drip(port: int, file: str, count: int) -> None:
    """Each report at its time, whether the last was answered or not."""
    from pathlib import Path

    from benchmarks.poster import Post

    made = Post(f"127.0.0.1:{port}", "/api/v1/reports", Path(file).read_bytes().splitlines())
    links = [await asyncio.open_connection("127.0.0.1", port) for _ in range(8)]
    loop = asyncio.get_running_loop()
    began = loop.time()
    for n in range(count):
        await asyncio.sleep(max(0.0, began + n / PER_SECOND - loop.time()))
        links[n % len(links)][1].write(made.next())
    for reader, writer in links:
        writer.write_eof()
        answers = await reader.read()
        if answers.count(b"HTTP/1.1 ") != answers.count(b"HTTP/1.1 201"):
            raise RuntimeError(answers[:500].decode("latin-1"))
        writer.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["drip"]:
        asyncio.run(drip(int(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
    else:
        for each in asyncio.run(run(int(os.environ.get("ROUNDS", ROUNDS)))):
            print(each)
