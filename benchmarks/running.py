"""A Hadir of the benchmark's own, as `hadir run` starts it, and the bodies that are sent to it."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# Synthetic sentences of the everyday kind, so that triage has its usual work.
TEXTS = (
    "Air selutut di gang, RT 2 RW 1 Plosokerep",
    "Pohon tumbang menimpa kabel di depan sekolah",
    "Lampu jalan mati sejak kemarin malam",
    "Sampah menumpuk di dekat pasar, bau sekali",
    "Jalan berlubang besar, tadi ada motor jatuh",
    "Saluran mampet, air mulai masuk rumah warga",
    "Parkir liar menutup trotoar",
    "Kabel listrik menjuntai rendah, bahaya untuk anak-anak",
)


@dataclass(frozen=True, kw_only=True)
class Running:
    """A server that answers /readyz."""

    home: Path
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    """Below those that the system gives to whoever asks for any: nobody else takes it before our server does."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


@contextmanager
def home_folder() -> Iterator[Path]:
    """A folder that an ordinary user can enter, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hadir-bench-"))
    folder.chmod(0o755)
    try:
        yield folder / "home"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(home: Path, *options: str, **environment: str) -> Iterator[Running]:
    """`hadir run` on a free port with the limits per address out of the way; stopped at the end."""
    port = free_port()
    log = home.parent / "server.log"
    command = [sys.executable, "-m", "hadir", "run", "--home", str(home), "--port", str(port), *options]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | environment)
    try:
        wait_ready(f"http://127.0.0.1:{port}/readyz", process, log)
        yield Running(home=home, port=port, pid=process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_ready(
    url: str, process: subprocess.Popen[bytes], log: Path, patience: float = 120.0, serves: int = 200
) -> float:
    """Seconds until the address answers `serves`. RuntimeError with the log's end when the process died before."""
    began = time.perf_counter()
    while time.perf_counter() - began < patience:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended:\n{log.read_text(errors='replace')[-3000:]}")
        if _status(url) == serves:
            return time.perf_counter() - began
        time.sleep(0.02)
    raise RuntimeError(f"{url} did not become ready in {patience:.0f} s")


def _status(url: str) -> int | None:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def bodies() -> list[bytes]:
    """Reports as a phone sends them, with the place for a command_id."""
    return [
        json.dumps(
            {
                "command_id": "COMMAND_ID",
                "text": text,
                "place": {"lat": -8.1149 + n / 1000, "lon": 112.1629, "accuracy_m": 12.0, "how": "gps"},
            }
        ).encode()
        for n, text in enumerate(TEXTS)
    ]


def post(port: int, requests: int, connections: int = 32) -> dict:
    """Reports as JSON; as `sent`."""
    return sent(port, "/api/v1/reports", bodies(), requests, connections)


def sent(port: int, path: str, lines: list[bytes], requests: int, connections: int = 32, *kind: str) -> dict:
    """Run the load client in a process of its own; what it saw (see `benchmarks.poster`)."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(b"\n".join(lines))
        file.flush()
        command = [sys.executable, "-m", "benchmarks.poster", f"127.0.0.1:{port}", path, file.name]
        said = subprocess.run([*command, str(connections), str(requests), *kind], check=True, capture_output=True)
    return json.loads(said.stdout)
