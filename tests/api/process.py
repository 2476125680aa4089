"""`hadir run` as a process of its own, and what is asked of it over HTTP."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

START_S, STOP_S = 120.0, 60.0


def own_server() -> dict[str, str]:
    """The environment of a program that looks after its own PostgreSQL, whatever server the tests run on."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HADIR_DATABASE")}


@contextlib.contextmanager
def held_port(port: int = 0) -> Iterator[int]:
    """A free port (or this one) that nobody else is given meanwhile: bound, as who is to listen on it may do too.

    Only Linux lets two bind one port. Elsewhere it is as free as it was a moment ago.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", port))
        number: int = held.getsockname()[1]
        if sys.platform != "linux":
            held.close()
        yield number


class Running:
    """The program, on a free port or on this one.

    `database_url`: a server elsewhere instead of its own; `more`: its environment.
    """

    def __init__(self, home: Path, database_url: str = "", port: int = 0, **more: str) -> None:
        self.holding = contextlib.ExitStack()
        self.port = self.holding.enter_context(held_port(port))
        self.home = home
        command = [sys.executable, "-m", "hadir", "run", "--home", str(home), "--port", str(self.port), "--demo"]
        environment = own_server() | more
        if database_url:
            environment["HADIR_DATABASE_URL"] = database_url
        self.log = (home.parent / f"log-{self.port}").open("wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=environment)

    def ask(self, path: str, body: dict[str, Any] | None = None, token: str = "") -> tuple[int, Any]:
        """(status, JSON); status 0: no connection."""
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
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
        self.close()
        return time.monotonic() - began

    def close(self) -> None:
        """After its end."""
        self.log.close()
        self.holding.close()


@contextlib.contextmanager
def program(home: Path, database_url: str = "", **more: str) -> Iterator[Running]:
    """Running and ready; killed at the end unless it has been stopped."""
    running = Running(home, database_url, **more)
    try:
        running.until(running.ready)
        yield running
    finally:
        if running.process.poll() is None:
            # Its server ends a moment after it, and removes files of its own meanwhile.
            others = psutil.Process(running.process.pid).children(recursive=True)
            running.stop(signal.SIGKILL)
            psutil.wait_procs(others, STOP_S)
        running.close()


def token(home: Path, name: str) -> str:
    command = [sys.executable, "-m", "hadir", "token", name, "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def reported(city: Running, token: str) -> set[str]:
    """The reports on somebody's board, which may not have taken in the newest yet."""
    return {row["id"] for row in city.ask("/api/v1/board", token=token)[1]["board"]["reports"]}


def report(number: int) -> dict[str, Any]:
    return {"command_id": f"program-test-{number:06d}", "text": "Air selutut", "place": {"lat": -8.1, "lon": 112.165}}
