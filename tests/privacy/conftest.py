"""A whole city behind a real uvicorn: on the twins with a clock that can be set, or on PostgreSQL and files."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hadir.compose import Program, memory, opened
from hadir.compose.serving import Server, config
from hadir.ports.clock import Clock
from hadir.settings import Settings
from hadir.storage.memory import SettableClock
from tests.api.conftest import City
from tests.world import CITY


@asynccontextmanager
async def served(program: Program, clock: Clock) -> AsyncIterator[City]:
    server = Server(config(program.app))
    server.config.host, server.config.port, server.config.lifespan = "127.0.0.1", 0, "off"
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    city = City(program, clock, server.servers[0].sockets[0].getsockname()[1])  # type: ignore[arg-type]
    try:
        yield city
    finally:
        for each in city.clients:
            await each.aclose()
        await program.hub.close()
        server.should_exit = True
        await task


@pytest.fixture
async def city() -> AsyncIterator[City]:
    clock = SettableClock()
    async with memory(CITY, clock=clock) as program, served(program, clock) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    return Settings.read(home=home, demo=True, database_url=database_url)


@pytest.fixture
async def kept(settings: Settings) -> AsyncIterator[City]:
    """On PostgreSQL and files."""
    async with opened(settings, settings.database_url) as program, served(program, program.storage.clock) as running:
        yield running
