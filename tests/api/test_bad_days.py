"""Days on which something under the program fails: the database is away, a back-up is restored, the disk is full."""

import contextlib
import errno
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hadir.storage.disk import FLOOR_BYTES
from hadir.storage.postgres.supervisor import Supervisor
from tests.api.process import Running, own_server, program, report, reported, token

SENTENCE = 20  # a problem's detail is for people: longer than a word


@pytest.fixture
def server(own_state: Path, tmp_path: Path) -> Iterator[Supervisor]:
    """A PostgreSQL that the program does not look after: nobody but the test starts it again."""
    programs = os.environ.get("HADIR_PG_BIN")
    made = Supervisor(
        home=tmp_path / "server", state_folder=own_state, bin_dir=Path(programs) if programs else None, memory_mb=16
    )
    made.start()
    yield made
    made.stop()


@pytest.mark.slow
def test_without_its_database_it_is_alive_not_ready_and_comes_back(server: Supervisor, tmp_path: Path) -> None:
    with program(tmp_path / "home", server.url) as city:
        told = city.ask("/api/v1/reports", report(1))
        server.stop()
        city.until(lambda: city.ask("/readyz")[0] == 503)
        problem = city.ask("/readyz")[1]
        assert problem["code"] == "unavailable" and len(problem["detail"]) > SENTENCE
        assert city.ask("/healthz")[0] == 200
        refused, problem = city.ask("/api/v1/reports", report(2))
        assert refused == 503 and len(problem["detail"]) > SENTENCE

        server.start()
        city.until(city.ready)
        assert city.ask("/api/v1/reports", report(2))[0] == 201
        assert city.ask("/api/v1/reports", report(1)) == told, "the first answer, once more"


def first_event(city: Running, after: str, key: str) -> tuple[str, str]:
    """(name, data) of what a stream that comes back with this event id is told first."""
    ask = ["GET /api/v1/live HTTP/1.1", "Host: localhost", f"Authorization: Bearer {key}", f"Last-Event-ID: {after}"]
    with socket.create_connection(("127.0.0.1", city.port), timeout=60) as line:
        line.sendall("\r\n".join([*ask, "", ""]).encode())
        seen = b""
        while b"\n\n" not in seen.partition(b"event: ")[2]:
            more = line.recv(4096)
            assert more, seen
            seen += more
    name, _, data = seen.partition(b"event: ")[2].partition(b"\n\n")[0].decode().partition("\ndata: ")
    return name, data


def hadir(*arguments: object) -> None:
    command = [sys.executable, "-m", "hadir", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=own_server())


@pytest.mark.slow
def test_after_a_restore_who_saw_later_facts_begins_anew(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "city.tar"
    with program(old) as city:
        key = token(old, "operator")
        kept = city.ask("/api/v1/reports", report(1))[1]
        hadir("backup", file, "--home", old)
        lost = city.ask("/api/v1/reports", report(2))[1]
        before = city.ask(f"/api/v1/board?after={lost['position']}", token=key)[1]
        seen = f"{before['epoch']}-{before['position']}"
        assert first_event(city, seen, key)[0] != "resync", "in its own epoch nobody begins anew"

    hadir("restore", file, "--home", new)
    with program(new) as city:
        name, data = first_event(city, seen, key)
        board = city.ask("/api/v1/board", token=key)[1]
        assert (name, board["epoch"] in data) == ("resync", True)
        assert board["epoch"] != before["epoch"]
        assert [row["id"] for row in board["board"]["reports"]] == [kept["report_id"]]
        again = f"{board['epoch']}-{board['position']}"
        assert first_event(city, again, key)[0] != "resync"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of its own, in memory, with some 150 MB more than must stay free."""
    folder = Path(tempfile.mkdtemp(prefix="hadir-disk-"))
    folder.chmod(0o755)
    options = f"size={FLOOR_BYTES + 300_000_000},mode=755"
    try:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "hadir-test", folder], capture_output=True)
        if made.returncode:
            pytest.skip(f"only root on Linux may mount a small disk: {made.stderr.decode().strip()}")
        yield folder
        # Lazily: a PostgreSQL whose program was killed may still be on its way out.
        subprocess.run(["umount", "-l", folder], check=True)
    except FileNotFoundError:
        pytest.skip("there is no mount on this machine")
    finally:
        folder.rmdir()


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not one byte is free."""
    filler, piece = disk / "filler", bytes(1 << 20)
    with filler.open("wb", buffering=0) as file:
        while len(piece):
            try:
                file.write(piece)
            except OSError as error:
                assert error.errno == errno.ENOSPC
                piece = piece[: len(piece) // 2]
    assert os.statvfs(disk).f_bavail == 0
    yield
    filler.unlink()


@pytest.mark.slow
def test_a_full_disk_refuses_new_writes_and_loses_none(small_disk: Path) -> None:
    home = small_disk / "home"
    with program(home) as city:
        key = token(home, "operator")
        told = [city.ask("/api/v1/reports", report(n))[1]["report_id"] for n in range(20)]
        with full(small_disk):
            city.until(lambda: city.ask("/api/v1/reports", report(100))[0] != 201)
            for _ in range(50):
                status, problem = city.ask("/api/v1/reports", report(101))
                assert (status, problem["code"]) == (503, "disk_full")
                assert len(problem["detail"]) > SENTENCE
            city.until(lambda: set(told) <= reported(city, key))
            assert city.ready()
        city.until(lambda: city.ask("/api/v1/reports", report(101))[0] == 201)
        told += [city.ask("/api/v1/reports", report(n))[1]["report_id"] for n in range(101, 110)]
        city.until(lambda: set(told) <= reported(city, key))
        city.process.kill()
        city.process.wait()
    with program(home) as city:
        city.until(lambda: set(told) <= reported(city, key))
