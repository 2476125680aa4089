"""`hadir run` as a process, on the real PostgreSQL: it starts, is killed under, stops, and comes back whole."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

START_S, STOP_S = 60.0, 15.0


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hadir-program-") as folder:
        yield Path(folder) / "home"


class Running:
    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.home = home
        command = [sys.executable, "-m", "hadir", "run", "--home", str(home), "--port", str(self.port), "--demo"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HADIR_DATABASE")}
        self.log = (home.parent / f"log-{self.port}").open("wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=environment)

    def ask(self, path: str, body: dict[str, Any] | None = None, token: str = "") -> tuple[int, Any]:
        """(status, JSON); status 0: no connection."""
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())
        except OSError:
            return 0, None

    def until(self, holds: Callable[[], bool], within: float = START_S) -> None:
        deadline = time.monotonic() + within
        while not holds():
            assert self.process.poll() is None, "the program has ended"
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)

    def ready(self) -> bool:
        return self.ask("/readyz")[0] == 200

    def postmaster(self) -> psutil.Process:
        return next(p for p in psutil.Process(self.process.pid).children() if p.name().startswith("postgres"))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(STOP_S)
        self.log.close()
        return time.monotonic() - began


@contextlib.contextmanager
def program(home: Path) -> Iterator[Running]:
    running = Running(home)
    try:
        running.until(running.ready)
        yield running
    finally:
        if running.process.poll() is None:
            running.stop(signal.SIGKILL)
        running.log.close()


def token(home: Path, name: str) -> str:
    command = [sys.executable, "-m", "hadir", "token", name, "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def report(number: int) -> dict[str, Any]:
    return {"command_id": f"program-test-{number:06d}", "text": "Air selutut", "place": {"lat": -8.1, "lon": 112.165}}


@pytest.mark.slow
def test_start_stop_kill_and_come_back(home: Path):
    with program(home) as first:
        assert first.ask("/healthz")[0] == 200
        status, told = first.ask("/api/v1/reports", report(1))
        assert status == 201
        operator = token(home, "operator")
        assert first.ask("/api/v1/me", token=operator)[1]["id"] == "operator"
        stream = socket.create_connection(("127.0.0.1", first.port))
        stream.sendall(b"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        seen = b""
        while b"event: beat" not in seen:
            seen += stream.recv(4096)

        # PostgreSQL is killed: not ready, still alive, and it comes back by itself.
        first.postmaster().kill()
        assert first.ask("/healthz")[0] == 200
        first.until(lambda: first.ask("/api/v1/reports", report(2))[0] == 201)
        first.until(first.ready)
        assert first.ask("/api/v1/reports", report(1)) == (201, told), "the first answer, once more"

        # Asked to stop with a stream open: whole end of the stream, and soon.
        took = first.stop()
        rest = b""
        while data := stream.recv(4096):
            rest += data
        stream.close()
        assert rest.endswith(b"0\r\n\r\n")
        assert first.process.returncode == 0
        assert took < 10, "streams end in three seconds; the rest is PostgreSQL's own stop"

    with program(home) as second:
        board = second.ask("/api/v1/board?after=1", token=operator)[1]["board"]
        assert told["report_id"] in [row["id"] for row in board["reports"]]
        acknowledged = [second.ask("/api/v1/reports", report(n))[1]["report_id"] for n in range(10, 30)]
        second.stop(signal.SIGKILL)

    with program(home) as third:
        board = third.ask("/api/v1/board", token=operator)[1]["board"]
        assert set(acknowledged) <= {row["id"] for row in board["reports"]}
        third.stop(signal.SIGINT)


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        command = [sys.executable, "-m", "hadir", "run", "--home", str(tmp_path / "home"), "--port", port, "--demo"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1 and port in said.stderr
