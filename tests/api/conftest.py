"""The whole program on the twins behind a real uvicorn, and clients for its people."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest

from hadir.compose import Program, memory
from hadir.compose.program import Face
from hadir.compose.serving import Server, config
from hadir.storage.memory import SettableClock
from tests.live.client import OPEN
from tests.world import CITY

_numbers = count(1)


def new_id() -> str:
    """A command id nobody has used."""
    return f"test-command-{next(_numbers)}"


@dataclass
class City:
    """A running city: `who(name)` is a client that is signed in by token, `browser(name)` one by session."""

    program: Program
    clock: SettableClock
    port: int
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **headers: str) -> httpx.AsyncClient:
        made = httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60, trust_env=False)
        self.clients.append(made)
        return made

    def who(self, name: str, **headers: str) -> httpx.AsyncClient:
        token = self.program.storage.secrets.token(name, self.clock.now(), 1)
        return self.client(authorization=f"Bearer {token}", **headers)

    async def browser(self, name: str, password: str = "demo") -> httpx.AsyncClient:
        made = self.client(origin=self.url)
        answer = await made.post("/masuk", data={"name": name, "password": password})
        assert answer.status_code == 303, answer.text
        return made

    async def report(self, text: str = "Air selutut di gang", **more: Any) -> dict[str, Any]:
        body = {"command_id": new_id(), "text": text, "place": {"lat": -8.1, "lon": 112.165, "how": "gps"}} | more
        answer = await self.client().post("/api/v1/reports", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()


async def running(face: Face | None = None) -> AsyncIterator[City]:
    clock = SettableClock()
    async with memory(CITY, face=face, clock=clock) as program:
        server = Server(config(program.app))
        server.config.host, server.config.port, server.config.lifespan = "127.0.0.1", 0, "off"
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.005)
        city = City(program, clock, server.servers[0].sockets[0].getsockname()[1])
        try:
            yield city
        finally:
            for each in city.clients:
                await each.aclose()
            while OPEN:
                await OPEN.pop().close()
            await program.hub.close()
            server.should_exit = True
            await task


@pytest.fixture
async def city() -> AsyncIterator[City]:
    async for each in running():
        yield each


@pytest.fixture
def command() -> Callable[..., dict[str, Any]]:
    """A body with a fresh command id."""
    return lambda **fields: {"command_id": new_id(), **fields}
