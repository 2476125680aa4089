"""The journal and its friends, real and twin, for one suite of contracts."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from hadir.domain.events import KINDS, IncidentNoted
from hadir.ports.journal import Append, Journal, NewContent, NewFact
from hadir.storage.blobs import FileBlobs
from hadir.storage.codec import Codec
from hadir.storage.memory import MemoryBlobs, MemoryJournal, SettableClock, SwitchedGuard
from hadir.storage.postgres.journal import PostgresJournal
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import reading_pool


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def guard() -> SwitchedGuard:
    return SwitchedGuard()


@pytest.fixture(params=["memory", "postgres"])
async def journal(request: pytest.FixtureRequest, clock: SettableClock, guard: SwitchedGuard) -> AsyncIterator[Journal]:
    if request.param == "memory":
        yield MemoryJournal(codec=Codec(KINDS), clock=clock, guard=guard)
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with (
        reading_pool(url) as pool,
        PostgresJournal.open(url, pool, codec=Codec(KINDS), clock=clock, guard=guard) as opened,
    ):
        yield opened


@pytest.fixture(params=["memory", "files"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> MemoryBlobs | FileBlobs:
    return MemoryBlobs() if request.param == "memory" else FileBlobs(tmp_path / "blobs")


@pytest.fixture
def new_append() -> Callable[..., Append]:
    """Makes an append: `new_append("incident/1", …)` notes something on each stream named."""

    def make(
        *streams: str,
        expected: int | None = None,
        content: NewContent | None = None,
        event: Any = None,
        **fields: Any,
    ) -> Append:
        facts = tuple(
            NewFact(
                stream=stream,
                expected=expected,
                event=event or IncidentNoted(),
                content=content if number == 0 else None,
            )
            for number, stream in enumerate(streams)
        )
        defaults = {
            "actor": "operator",
            "role": "operator",
            "channel": "api",
            "command_id": None,
            "body_digest": b"the same body",
            "answer": {},
        }
        return Append(facts=facts, **(defaults | fields))

    return make
