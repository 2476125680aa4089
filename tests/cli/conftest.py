"""A city on disk for the commands: its own PostgreSQL, a fact, a photo."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from hadir.domain.events import KINDS, IncidentNoted
from hadir.ports.journal import Append, NewFact
from hadir.storage.codec import Codec
from hadir.storage.memory import SettableClock, SwitchedGuard
from hadir.storage.postgres.journal import PostgresJournal
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import reading_pool
from hadir.storage.postgres.supervisor import database

Opened = Callable[[Path], AbstractContextManager[str]]


@pytest.fixture(scope="module")
def opened() -> Iterator[Opened]:
    """Gives the database of a home, as the commands open it: `with opened(home) as url`."""
    state = Path(tempfile.mkdtemp(prefix="hadir-tests-"))
    state.chmod(0o755)
    programs = os.environ.get("HADIR_PG_BIN")

    def open_home(home: Path) -> AbstractContextManager[str]:
        return database(home=home, state_folder=state, memory_mb=16, bin_dir=Path(programs) if programs else None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HADIR_STATE", str(state))
        patch.setenv("HADIR_PG_MEMORY_MB", "16")
        patch.delenv("HADIR_DATABASE_URL", raising=False)
        yield open_home
    shutil.rmtree(state)


@pytest.fixture(scope="module")
def city(opened: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a fact, a photo and a log."""
    home = tmp_path_factory.mktemp("city") / "home"
    with opened(home) as url:
        asyncio.run(_one_fact(url))
    photo = home / "blobs/ab/cd/photo"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"\xff\xd8photo" * 1000)
    return home


async def _one_fact(url: str) -> None:
    await migrate(url)
    fact = NewFact(stream="incident/1", expected=None, event=IncidentNoted())
    append = Append(
        actor="a",
        role="operator",
        channel="test",
        command_id="1",
        body_digest=b"1",
        facts=(fact,),
        answer={},
        refusal=None,
    )
    async with (
        reading_pool(url) as pool,
        PostgresJournal.open(url, pool, codec=Codec(KINDS), clock=SettableClock(), guard=SwitchedGuard()) as journal,
    ):
        await journal.append(append)
