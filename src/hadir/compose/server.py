"""uvicorn as both of our processes use it."""

import contextlib
import gc
from collections.abc import Iterator

import uvicorn

from hadir.inbound.kit.asgi import App
from hadir.outbound.live import LiveProtocol
from hadir.settings import Settings

# With the second that the streams get, within the 3 s that a service manager's patience may be.
REQUESTS_END_S = 2
# A phone on a slow line opens its next request on the same connection; longer keeps sockets for nobody.
KEEP_ALIVE_S = 30
BACKLOG = 2048


class Server(uvicorn.Server):
    """uvicorn without its signals: ours end the streams first, and the program goes on to stop what it started."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def config(app: App, settings: Settings | None = None, protocol: type[LiveProtocol] = LiveProtocol) -> uvicorn.Config:
    """uvicorn as we need it; the live stream needs its protocol class."""
    return uvicorn.Config(
        app,
        http=protocol,
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


def settle() -> None:
    """What the start has made stays: the collector need not walk through it again and again (4 % of a busy core)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
