"""One PostgreSQL for the whole run, and a fresh database in it for each test that asks.

HADIR_DATABASE_URL (superuser of a server of yours) or HADIR_PG_BIN (a bin folder) run the same tests on another one.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from hadir.storage.postgres.supervisor import Supervisor

# How long an example takes says nothing on a machine that others share.
settings.register_profile("hadir", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hadir")

_numbers = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def own_state() -> Iterator[Path]:
    """Stands in for /var/lib/hadir, also for the programs that tests start; gone after the run, with all in it."""
    folder = Path(tempfile.mkdtemp(prefix="hadir-tests-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HADIR_STATE", str(folder))
        yield folder
    # A server whose program was killed may still be removing files of its own.
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, own_state: Path) -> Iterator[str]:
    """Conninfo of a running server on which databases may be made. Made once, durable as in earnest."""
    if outside := os.environ.get("HADIR_DATABASE_URL"):
        yield outside
        return
    programs = os.environ.get("HADIR_PG_BIN")
    home = tmp_path_factory.mktemp("postgres")
    server = Supervisor(home=home, state_folder=own_state, bin_dir=Path(programs) if programs else None, memory_mb=64)
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def database_url(postgres: str) -> Iterator[str]:
    """Conninfo of an empty database, dropped after the test whoever is still connected."""
    name = f"hadir_test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield make_conninfo(postgres, dbname=name)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
