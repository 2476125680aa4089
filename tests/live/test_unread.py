"""A request whose line breaks before anybody has read its body: what came of it is still there."""

import asyncio
from contextlib import suppress
from typing import Any

import uvicorn

from hadir.outbound.live import LiveProtocol
from hadir.ports.wire import EXTENSION, UNREAD

HEAD = b"PATCH /x HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n"


async def test_what_came_before_the_line_broke_is_kept_for_whoever_can_go_on_from_there() -> None:
    told: asyncio.Future[tuple[str, bytes]] = asyncio.get_running_loop().create_future()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        # Who is asked who somebody is takes a moment: the line is gone before the first byte is read.
        while not scope["extensions"][EXTENSION].lost:
            await asyncio.sleep(0)
        message = await receive()
        told.set_result((message["type"], scope["state"].get(UNREAD)))

    config = uvicorn.Config(
        app, port=0, http=LiveProtocol, lifespan="off", log_level="critical", ws="none", loop="none"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.005)
    _, writer = await asyncio.open_connection("127.0.0.1", server.servers[0].sockets[0].getsockname()[1])
    writer.write(HEAD + b"y" * 700)
    await writer.drain()
    writer.transport.abort()
    try:
        assert await asyncio.wait_for(told, 30) == ("http.disconnect", b"y" * 700)
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await serving
