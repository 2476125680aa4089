"""Kill -9 of the server, of the program, of both, under load: every acknowledged fact is there, once, and in order."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import connect
from hadir.storage.postgres.supervisor import Supervisor
from hadir.storage.postgres.verify import verify_chain

CLIENT = Path(__file__).parent / "client_process.py"
ROUNDS = 3
#: Seconds a slow machine may take to start a server and recover it.
PATIENCE = 60

pytestmark = pytest.mark.skipif(
    "HADIR_DATABASE_URL" in os.environ, reason="a server that is not ours is not ours to kill"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Supervisor]:
    """A server of its own: the others' would not like what is done to it here."""
    state = Path(tempfile.mkdtemp(prefix="hadir-kill-"))
    state.chmod(0o755)
    programs = os.environ.get("HADIR_PG_BIN")
    supervisor = Supervisor(
        home=tmp_path / "home", state_folder=state, bin_dir=Path(programs) if programs else None, memory_mb=64
    )
    supervisor.start()
    yield supervisor
    supervisor.stop()
    shutil.rmtree(state)


@contextlib.contextmanager
def client(url: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, CLIENT, url, log])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def acknowledged(log: Path) -> dict[int, str]:
    """By position; a last line that the kill cut off does not count."""
    lines = log.read_text().split("\n")[:-1] if log.exists() else []
    return {int(position): id for position, id in (line.split(" ") for line in lines)}


def wait_until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.002)


def wait_for_more(log: Path, more: int) -> None:
    wanted = len(acknowledged(log)) + more
    wait_until(lambda: len(acknowledged(log)) >= wanted)


def kill_server(server: Supervisor) -> None:
    health = server.health()
    assert health.pid is not None
    os.kill(health.pid, signal.SIGKILL)
    wait_until(lambda: server.health().restarts > health.restarts and server.health().state == "ready")


async def assert_nothing_is_lost(url: str, log: Path) -> None:
    async with await connect(url, "test") as conn:
        rows = await (await conn.execute("select position, command_id from journal order by position")).fetchall()
        verified = await verify_chain(conn)
    stored = dict(rows)
    told = acknowledged(log)
    assert len(told) > 0
    assert {position: stored.get(position) for position in told} == told
    assert list(stored) == list(range(1, len(stored) + 1))
    assert len(set(stored.values())) == len(stored)
    assert verified.whole, verified


@pytest.fixture
async def url(server: Supervisor) -> str:
    await migrate(server.url)
    return server.url


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")  # shown when the test fails
    return random.Random(seed)


@pytest.mark.slow
async def test_kill_9_of_the_server(server: Supervisor, url: str, tmp_path: Path, chance: random.Random) -> None:
    log = tmp_path / "acknowledged"
    with client(url, log) as process:
        for _ in range(ROUNDS):
            wait_for_more(log, chance.randint(20, 200))
            kill_server(server)
            assert process.poll() is None
        wait_for_more(log, 20)
    await assert_nothing_is_lost(url, log)


@pytest.mark.slow
async def test_kill_9_of_the_program(url: str, tmp_path: Path, chance: random.Random) -> None:
    log = tmp_path / "acknowledged"
    for _ in range(ROUNDS):
        with client(url, log) as process:
            wait_for_more(log, chance.randint(20, 200))
            process.kill()
    await assert_nothing_is_lost(url, log)


@pytest.mark.slow
async def test_kill_9_of_both(server: Supervisor, url: str, tmp_path: Path, chance: random.Random) -> None:
    log = tmp_path / "acknowledged"
    for _ in range(ROUNDS):
        with client(url, log) as process:
            wait_for_more(log, chance.randint(20, 200))
            process.kill()
            kill_server(server)
    await assert_nothing_is_lost(url, log)


def test_the_log_leaves_out_a_cut_line(tmp_path: Path) -> None:
    log = tmp_path / "acknowledged"
    log.write_text("1 A\n2 B\n3")
    assert acknowledged(log) == {1: "A", 2: "B"}
