"""A journal on PostgreSQL, and what its tests share."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from hadir.domain.events import KINDS, IncidentNoted
from hadir.ports.journal import Append, NewContent, NewFact
from hadir.storage.codec import Codec
from hadir.storage.memory import SettableClock, SwitchedGuard
from hadir.storage.postgres.journal import PostgresJournal
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import reading_pool


@pytest.fixture
async def migrated_url(database_url: str) -> str:
    await migrate(database_url)
    return database_url


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def open_journal(
    migrated_url: str, clock: SettableClock
) -> Callable[..., AbstractAsyncContextManager[PostgresJournal]]:
    """Opens one more node on the same database."""

    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[PostgresJournal]:
        settings = {"codec": Codec(KINDS), "clock": clock, "guard": SwitchedGuard()} | settings
        async with (
            reading_pool(migrated_url, size=2) as pool,
            PostgresJournal.open(migrated_url, pool, **settings) as journal,
        ):
            yield journal

    return opened


@pytest.fixture
def note() -> Callable[..., Append]:
    """`note("incident/1", …)`: an append that notes something on each stream, with a content each."""

    def make(*streams: str, command_id: str | None = None, expected: int | None = None, **fields: Any) -> Append:
        ids = (f"{command_id}-{number}" for number in range(len(streams)))
        facts = tuple(
            NewFact(
                stream=stream, expected=expected, event=IncidentNoted(), content=_content(id) if command_id else None
            )
            for stream, id in zip(streams, ids, strict=True)
        )
        defaults = {"actor": "operator", "role": "operator", "channel": "api", "body_digest": b"", "answer": {}}
        return Append(facts=facts, command_id=command_id, **(defaults | fields))

    return make


def _content(id: str) -> NewContent:
    return NewContent(id=id, kind="note", subject="operator", body={"text": f"catatan {id}"})
