"""uvicorn around the program: one process, one loop; what starts first and what stops last.

Start: the port is taken, PostgreSQL, then the doors; until they are open a request gets 503 and /healthz its answer.
Stop, on SIGTERM or Ctrl-C: streams ended, requests finished (all in 3 s), followers stopped, pool closed, PostgreSQL.
"""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
import uvloop

from hadir.compose.intake import Keeper, is_intake, kept
from hadir.compose.program import Program, opened
from hadir.compose.server import Server, config, settle
from hadir.compose.sharing import Sharing
from hadir.inbound.kit.asgi import App, Receive, Scope, Send, answer
from hadir.settings import Settings, SettingsError
from hadir.storage.postgres.supervisor import Supervisor

log = logging.getLogger(__name__)

Say = Callable[[str], None]


class Entrance:
    """What uvicorn calls, from the first moment: the doors are put behind it when they are open."""

    def __init__(self) -> None:
        self.app: App = _starting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


async def _starting(scope: Scope, _receive: Receive, send: Send) -> None:
    """Alive, not ready."""
    if scope["path"] == "/healthz":
        await answer(send, 200, b'{"status":"ok"}')
        return
    problem = (
        b'{"type":"/api/docs#starting","title":"Starting","status":503,"code":"starting",'
        b'"detail":"Hadir sedang dinyalakan. Coba beberapa detik lagi."}'
    )
    await answer(send, 503, problem, [(b"content-type", b"application/problem+json"), (b"retry-after", b"2")])


def serve(settings: Settings, say: Say = log.info) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises SettingsError when the port is taken, SupervisorError."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(listener(settings)) as sock, _database(settings, say) as url:
        uvloop.run(_serve(settings, url, sock, say))


@contextlib.contextmanager
def _database(settings: Settings, say: Say) -> Iterator[str]:
    """Our own PostgreSQL for as long as we serve, or the one that is named."""
    if settings.database_url:
        yield settings.database_url
        return
    supervisor = Supervisor(**settings.server, say=say)
    supervisor.start()
    try:
        yield supervisor.url
    finally:
        supervisor.stop()


def listener(settings: Settings) -> socket.socket:
    """The port, taken before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.host, settings.port))
    except OSError as error:
        sock.close()
        where = f"{settings.host}:{settings.port}"
        raise SettingsError(f"{where} cannot be listened on ({error.strerror}): choose another --port.") from error
    return sock


async def _serve(settings: Settings, url: str, sock: socket.socket, say: Say) -> None:
    entrance = Entrance()
    sharing = Sharing(is_ours=lambda data: not is_intake(data))
    server = Server(config(entrance, settings, sharing.protocol))
    stopping = asyncio.Event()
    _on_signals(server, stopping)
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        while not (stopping.is_set() or serving.done()):
            async with opened(settings, url, say=say) as program:
                settle()
                entrance.app = program.app
                say(f"ready: {settings.url}")
                keeper = Keeper(settings, url, sock, server, sharing, program.doors.meter)
                async with kept(keeper if settings.intake == "on" else None):
                    await _until(stopping, program.outlived, serving)
                entrance.app = _starting
                if not program.outlived.is_set():
                    await stop(server, program, serving)
    finally:
        server.should_exit = True
        await serving


def _on_signals(server: Server, stopping: asyncio.Event) -> None:
    """The first asks, the second insists."""

    def stop_now() -> None:
        if stopping.is_set():
            server.force_exit = True
        stopping.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop_now)


async def _until(stopping: asyncio.Event, outlived: asyncio.Event, serving: asyncio.Task[None]) -> None:
    """Until we are asked to stop, the program has to begin anew, or uvicorn ended by itself."""
    asked = [asyncio.create_task(event.wait()) for event in (stopping, outlived)]
    await asyncio.wait({*asked, serving}, return_when=asyncio.FIRST_COMPLETED)
    for each in asked:
        each.cancel()


async def stop(server: uvicorn.Server, program: Program, serving: asyncio.Task[None]) -> None:
    """Streams first: uvicorn waits for connections, and theirs would never end."""
    await program.hub.close()
    server.should_exit = True
    await serving
