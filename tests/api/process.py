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

START_S, STOP_S = 60.0, 15.0


def own_server() -> dict[str, str]:
    """The environment of a program that looks after its own PostgreSQL, whatever server the tests run on."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HADIR_DATABASE")}


class Running:
    """The program, on a free port or on this one.

    `database_url`: a server elsewhere instead of its own; `more`: its environment.
    """

    def __init__(self, home: Path, database_url: str = "", port: int = 0, **more: str) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            self.port: int = probe.getsockname()[1]
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
        running.log.close()


def token(home: Path, name: str) -> str:
    command = [sys.executable, "-m", "hadir", "token", name, "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def report(number: int) -> dict[str, Any]:
    return {"command_id": f"program-test-{number:06d}", "text": "Air selutut", "place": {"lat": -8.1, "lon": 112.165}}
