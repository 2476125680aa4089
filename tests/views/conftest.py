"""The board's tables, in memory and on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from hadir.ports.views import ViewStore
from hadir.storage.memory.views import MemoryViewStore
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import reading_pool
from hadir.storage.postgres.views import PostgresViewStore


@pytest.fixture(params=["memory", "postgres"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[ViewStore]:
    if request.param == "memory":
        yield MemoryViewStore()
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url, size=4) as pool:
        yield PostgresViewStore(pool)
