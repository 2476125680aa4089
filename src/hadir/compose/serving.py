"""uvicorn around the program: one process, one loop; what starts first and what stops last.

Start: the port is taken, PostgreSQL, then the doors; until they are open a request gets 503 and /healthz its answer.
Stop, on SIGTERM or Ctrl-C: streams ended, requests finished (all in 3 s), followers stopped, pool closed, PostgreSQL.
"""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
import uvloop

from hadir.compose.program import Program, opened
from hadir.inbound.kit.asgi import App, Receive, Scope, Send, answer
from hadir.outbound.live import LiveProtocol
from hadir.settings import Settings, SettingsError
from hadir.storage.postgres.supervisor import Supervisor

log = logging.getLogger(__name__)

Say = Callable[[str], None]

# With the second that the streams get, within the 3 s that a service manager's patience may be.
REQUESTS_END_S = 2
# A phone on a slow line opens its next request on the same connection; longer keeps sockets for nobody.
KEEP_ALIVE_S = 30
BACKLOG = 2048


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


class Server(uvicorn.Server):
    """uvicorn without its signals: ours end the streams first, and the program goes on to stop what it started."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


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


def config(app: App, settings: Settings | None = None) -> uvicorn.Config:
    """uvicorn as we need it; the live stream needs its protocol class."""
    return uvicorn.Config(
        app,
        http=LiveProtocol,
        loop="none",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=REQUESTS_END_S,
        ssl_certfile=settings.tls_cert if settings else None,
        ssl_keyfile=settings.tls_key if settings else None,
    )


async def _serve(settings: Settings, url: str, sock: socket.socket, say: Say) -> None:
    entrance = Entrance()
    server = Server(config(entrance, settings))
    stopping = asyncio.Event()
    _on_signals(server, stopping)
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        while not (stopping.is_set() or serving.done()):
            async with opened(settings, url, say=say) as program:
                _settle()
                entrance.app = program.app
                say(f"ready: {settings.url}")
                await _until(stopping, program.outlived, serving)
                entrance.app = _starting
                if not program.outlived.is_set():
                    await stop(server, program, serving)
    finally:
        server.should_exit = True
        await serving


def _settle() -> None:
    """What the start has made stays: the collector need not walk through it again and again (4 % of a busy core)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


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
