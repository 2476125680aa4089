"""start.warm: `hadir run` on a home with 1,000,000 reports until /readyz says yes; after a stop and after kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from benchmarks.rows import Row, row
from benchmarks.running import free_port, wait_ready
from benchmarks.seed import million

ROUNDS = 7
MOST_S = 5.0


async def run(rounds: int = ROUNDS) -> list[Row]:
    with million() as home:
        stopped = [start(home, signal.SIGTERM) for _ in range(rounds)]
        killed = [start(home, signal.SIGKILL) for _ in range(rounds)]
    # The first start of each kind follows the other kind's end (or the seeding): it is not counted.
    return [
        row("start.warm", stopped[1:], "s", most=MOST_S),
        row("start.after_kill", killed[1:], "s", most=MOST_S, against="kill -9 of the program"),
    ]


def start(home: Path, end: signal.Signals) -> float:
    """Seconds from the command to ready; then the process is ended with `end`."""
    port = free_port()
    log = home.parent / "server.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "hadir", "run", "--home", str(home), "--port", str(port), "--demo"]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ)
    seconds = wait_ready(f"http://127.0.0.1:{port}/readyz", process, log)
    process.send_signal(end)
    process.wait(timeout=60)
    return seconds
