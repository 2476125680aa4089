"""Kill -9 of the server, of the supervisor, of both: what was acknowledged is there, and the next start just works."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hadir.storage.postgres.supervisor import Supervisor, cluster, places, postmaster

PATIENCE_S = 60.0

#: a program of its own that supervises, says when it is ready, and does nothing more
CHILD = """
import sys
from pathlib import Path
from hadir.storage.postgres.supervisor import Supervisor
home, state, programs = map(Path, sys.argv[1:])
server = Supervisor(home=home, state_folder=state, bin_dir=programs, memory_mb=16)
server.start()
print(server.health().pid, flush=True)
sys.stdin.read()
server.stop()
"""


@contextlib.contextmanager
def supervising(server: Supervisor, state: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A separate process that supervises this home. Gives it, and the number of its server."""
    args = [sys.executable, "-c", CHILD, str(server.places.home), str(state), str(server.places.bin)]
    with subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield child, int(child.stdout.readline())
        finally:
            child.kill()


def write(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists kept (n int)")
        connection.execute("insert into kept values (%s)", [number])


def kept(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [n for (n,) in connection.execute("select n from kept order by n").fetchall()]


def test_a_killed_server_is_started_again_with_all_it_acknowledged(server: Supervisor) -> None:
    server.start()
    for number in range(3):
        write(server.url, number)
        before = server.health().pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert postmaster.until(lambda was=before: server.health().pid not in (None, was), PATIENCE_S)
        assert postmaster.until(lambda: server.health().state == "ready", PATIENCE_S)
        assert kept(server.url) == list(range(number + 1))
    assert server.health().restarts == 3


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell a child that its parent died")
def test_the_server_stops_when_its_supervisor_is_killed(server: Supervisor, state_folder: Path) -> None:
    with supervising(server, state_folder) as (child, pid):
        assert postmaster.serves(pid, server.places.data)
        child.kill()
        assert postmaster.until(lambda: not postmaster.processes(server.places.data), PATIENCE_S)


def test_the_next_start_takes_over_from_a_killed_supervisor(server: Supervisor, state_folder: Path) -> None:
    with supervising(server, state_folder) as (child, _):
        server.attach()
        write(server.url, 1)
        server.stop()
        child.kill()
        server.start()
    assert kept(server.url) == [1]


def test_everything_is_killed_and_nothing_acknowledged_is_lost(server: Supervisor, state_folder: Path) -> None:
    with supervising(server, state_folder) as (child, pid):
        server.attach()
        write(server.url, 1)
        server.stop()
        child.send_signal(signal.SIGSTOP)  # or it would start the server again before it is killed itself
        os.kill(pid, signal.SIGKILL)
        child.kill()
    server.start()
    assert kept(server.url) == [1]


def test_an_orphan_is_stopped_by_the_next_start(server: Supervisor, state_folder: Path) -> None:
    """As on macOS, where the server outlives its supervisor: here one that was started by hand."""
    server.start()
    write(server.url, 1)
    server.stop()

    places.ensure_sockets(server.places)
    orphan = cluster.spawn(server.places)
    assert postmaster.until(lambda: postmaster.read(server.places.data) is not None, PATIENCE_S)
    server.start()
    assert orphan.wait(PATIENCE_S) == 0
    assert kept(server.url) == [1]


def test_a_postmaster_number_given_to_another_program_is_no_obstacle(server: Supervisor) -> None:
    server.start()
    server.stop()
    other = f"{os.getppid()}\n{server.places.data}\n1700000000\n5432\n{server.places.sockets}\n\n  123 456\nready\n"
    (server.places.data / "postmaster.pid").write_text(other)
    server.start()
    assert server.health().state == "ready"


def test_a_lost_socket_folder_comes_back(server: Supervisor) -> None:
    """Cleaners of /tmp do that. The folder returns with the next life of the server."""
    server.start()
    for entry in server.places.sockets.iterdir():
        entry.unlink()
    server.places.sockets.rmdir()
    pid = server.health().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert postmaster.until(lambda: server.health().pid not in (None, pid), PATIENCE_S)
    assert postmaster.until(lambda: server.health().state == "ready", PATIENCE_S)
