"""Servers for these tests: each has a home of its own below a folder of mode 0700, as `mktemp -d` makes it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hadir.storage.postgres.supervisor import Supervisor


@pytest.fixture
def state_folder() -> Iterator[Path]:
    """Stands in for /var/lib/hadir: a folder that the server's user can enter, wherever pytest's own folders are."""
    path = Path(tempfile.mkdtemp(prefix="hadir-tests-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def make_server(state_folder: Path) -> Iterator[Callable[..., Supervisor]]:
    made: list[Supervisor] = []

    def make(home: Path, **options: object) -> Supervisor:
        made.append(Supervisor(home=home, state_folder=state_folder, memory_mb=16, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture
def server(make_server: Callable[..., Supervisor], tmp_path: Path) -> Supervisor:
    return make_server(tmp_path / "home")
