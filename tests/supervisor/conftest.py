"""Servers for these tests: each has a home of its own below a folder of mode 0700, as `mktemp -d` makes it.

initdb takes two seconds, so it runs once; the other homes get a copy of its data before they start.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from hadir.storage.postgres.supervisor import Supervisor, SupervisorError, cluster


class MakeServer(Protocol):
    def __call__(self, home: Path, *, seeded: bool = True) -> Supervisor: ...


def programs() -> Path | None:
    named = os.environ.get("HADIR_PG_BIN")
    return Path(named) if named else None


@pytest.fixture(scope="session")
def state_folder() -> Iterator[Path]:
    """Stands in for /var/lib/hadir: a folder that the server's user can enter, wherever pytest's own folders are."""
    path = Path(tempfile.mkdtemp(prefix="hadir-tests-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def seed(state_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as initdb leaves it."""
    home = tmp_path_factory.mktemp("seed")
    server = Supervisor(home=home, state_folder=state_folder, bin_dir=programs(), memory_mb=16)
    cluster.create(server.places)
    return server.places.data


def plant(seed: Path, server: Supervisor) -> None:
    data, account = server.places.data, server.places.account
    shutil.copytree(seed, data, dirs_exist_ok=True)
    for path in (data, *data.rglob("*")) if account else ():
        os.chown(path, account.uid, account.gid)


@pytest.fixture
def make_server(state_folder: Path, seed: Path) -> Iterator[MakeServer]:
    made: list[Supervisor] = []

    def make(home: Path, *, seeded: bool = True) -> Supervisor:
        made.append(Supervisor(home=home, state_folder=state_folder, bin_dir=programs(), memory_mb=16))
        if seeded and not cluster.made(made[-1].places.data):
            plant(seed, made[-1])
        return made[-1]

    yield make
    for each in made:
        each.stop()
        with contextlib.suppress(SupervisorError):  # some are made to be refused
            shutil.rmtree(each.places.sockets, ignore_errors=True)


@pytest.fixture
def server(make_server, tmp_path: Path) -> Supervisor:
    return make_server(tmp_path / "home")
