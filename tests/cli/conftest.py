"""A city on disk for the commands: its own PostgreSQL, a fact, a photo."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from hadir.storage.chain import GENESIS, Row, chained
from hadir.storage.postgres import migrate
from hadir.storage.postgres.supervisor import database


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="hadir-tests-"))
    path.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HADIR_STATE", str(path))
        patch.setenv("HADIR_PG_MEMORY_MB", "16")
        yield path
    shutil.rmtree(path)


AT = datetime(2026, 1, 7, 2, 3, 4, tzinfo=UTC)
FACT = Row(
    position=1,
    at=AT,
    day=AT.date(),
    stream="report/1",
    version=1,
    kind="test",
    v=1,
    actor="a",
    role="citizen",
    channel="test",
    cause=None,
    command_id=None,
    content=None,
    audience=(),
    body=b'{"n": 1e22}',
)
INSERT = """
    insert into journal (position, at, day, stream, version, kind, v, actor, role, channel, audience, body, hash)
    values (1, %s, %s, 'report/1', 1, 'test', 1, 'a', 'citizen', 'test', '{}', %s, %s)
"""


@pytest.fixture(scope="module")
def city(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a fact, a photo and a log."""
    home = tmp_path_factory.mktemp("city") / "home"
    with database(home=home, state_folder=state, memory_mb=16) as url:
        asyncio.run(migrate.migrate(url))
        with psycopg.connect(url) as connection:
            connection.execute(INSERT, [AT, AT.date(), FACT.body.decode(), chained(GENESIS, FACT)])
    photo = home / "blobs/ab/cd/photo"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"\xff\xd8photo" * 1000)
    return home
