"""`hadir run` as a process, on the real PostgreSQL: it starts, is killed under, stops, and comes back whole."""

import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.process import program, report, reported, token


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hadir-program-") as folder:
        yield Path(folder) / "home"


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
        assert took < 30, "streams end in three seconds; the rest is PostgreSQL's own stop"

    with program(home) as second:
        second.until(lambda: told["report_id"] in reported(second, operator))
        acknowledged = [second.ask("/api/v1/reports", report(n))[1]["report_id"] for n in range(10, 30)]
        second.stop(signal.SIGKILL)

    with program(home) as third:
        third.until(lambda: set(acknowledged) <= reported(third, operator))
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
