"""A real uvicorn with the live door alone: who a stream is for stands in its query."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import parse_qs

import pytest
import uvicorn

from hadir.outbound.live import Hub, LiveDoor, LiveProtocol, Viewer
from hadir.ports.views import Delta
from hadir.storage.memory import SettableClock
from tests.live.client import OPEN, Client

EPOCH = "EPOCH1"


class Store:
    """Kept deltas in a list; `forget` is retention."""

    def __init__(self) -> None:
        self.deltas: list[Delta] = []
        self.kept = 0
        self.asked = 0

    async def kept_after(self) -> int:
        return self.kept

    async def after(self, position: int, audience: str, limit: int) -> list[tuple[int, bytes]]:
        self.asked += 1
        await asyncio.sleep(0)
        mine = [(d.position, d.renderings.get(audience, d.renderings.get("*", b""))) for d in self.deltas]
        return [(p, data) for p, data in mine if p > max(position, self.kept) and data][:limit]

    async def recent(self, limit: int) -> tuple[int, int, list[Delta]]:
        newest = self.deltas[-limit:]
        base = newest[0].position - 1 if newest else 0
        return base, self.deltas[-1].position if self.deltas else 0, newest

    def forget(self, up_to: int) -> None:
        self.kept = up_to
        self.deltas = [d for d in self.deltas if d.position > up_to]


class Server:
    """The hub behind a port of this computer."""

    def __init__(self, hub: Hub, store: Store, port: int) -> None:
        self.hub, self.store, self.port = hub, store, port

    def say(self, position: int, **renderings: bytes) -> None:
        """A fact happens: `rest` is everybody without a rendering of his own."""
        named = {"*" if name == "rest" else name.replace("_", ":"): data for name, data in renderings.items()}
        delta = Delta(position, named)
        self.store.deltas.append(delta)
        self.hub.publish([delta], position)

    async def listen(self, audience: str = "city", after: str | None = None, **more: str) -> Client:
        client = await Client.open(self.port, audience=audience, after=after, **more)
        return client


def application(door: LiveDoor):
    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await door(scope, receive, send)

    return app


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async for each in serving():
        yield each


async def serving(**options) -> AsyncIterator[Server]:
    hub, store = Hub(epoch=EPOCH, clock=SettableClock(), **options), Store()

    async def admit(scope, receive, send) -> Viewer:
        query = parse_qs(scope["query_string"].decode())
        return Viewer(query.get("audience", ["city"])[0], query.get("who", [""])[0])

    door = LiveDoor(hub=hub, store=store, admit=admit)
    config = uvicorn.Config(
        application(door), port=0, http=LiveProtocol, lifespan="off", log_level="critical", ws="none", loop="none"
    )
    running = uvicorn.Server(config)
    task = asyncio.create_task(running._serve())
    while not running.started:
        await asyncio.sleep(0.005)
    yield Server(hub, store, running.servers[0].sockets[0].getsockname()[1])
    while OPEN:
        await OPEN.pop().close()
    await hub.close()
    running.should_exit = True
    with suppress(asyncio.CancelledError):
        await task
