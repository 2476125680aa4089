"""How a stream leaves uvicorn's request cycle and keeps only its transport.

uvicorn holds a task, a coroutine and the request's headers for each open response: 10,000 idle streams would be 10,000
sleeping tasks. So this subclass, given to uvicorn by its public option `http=`, puts itself into the scope's
extensions; after the response's head is out, the live door takes the connection over, the request's task ends, and
what stays is the transport in the hub's table. What it relies on in uvicorn (pinned by the lock, held by tests/live):
a cycle whose `response_complete` is set may return; `connection_lost` and `shutdown` accept a missing cycle.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from hadir.outbound.live.patience import PatientProtocol
from hadir.ports.wire import EXTENSION, UNREAD

# Over 256 KiB unsent the client is cut (docs/doors/live.md).
UNSENT_MOST = 256 * 1024
# Without a bound Linux takes up to 4 MB per stuck client into the kernel before we see a single unsent byte.
KERNEL_BUFFER = 64 * 1024
# The write deadline: data that is not acknowledged for so long ends the connection, in the kernel (ms).
ACKNOWLEDGED_WITHIN_MS = 60_000


class LiveProtocol(PatientProtocol):
    """uvicorn's protocol, and after `take_over` a bare transport that reports when it is full or lost."""

    lost = False
    _on_full: Callable[[], None] | None = None
    _on_lost: Callable[[], None] | None = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: self}  # type: ignore[typeddict-unknown-key]

    def respond(self, scope: Any, head: bytes, content: bytes) -> bool:
        """`ports.wire.Wire.respond`.

        uvicorn looks at every header twice with a regular expression and writes head and body apart: 30 us.
        """
        cycle = self.cycle
        if cycle.scope is not scope or cycle.response_started or self.flow.write_paused:
            return False
        if cycle.disconnected:
            return True
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        cycle.message_event.set()
        self.transport.write(b"".join((head, *self._own_headers(cycle.keep_alive), b"\r\n", content)))
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True

    def _own_headers(self, keep_alive: bool) -> list[bytes]:
        """The date, and whether the connection stays."""
        own = [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        return own if keep_alive else [*own, b"connection: close\r\n"]

    def plain_body(self) -> None:
        """For clients of HTTP/1.0, which know no chunks: the body ends with the connection."""
        self.cycle.chunked_encoding = False
        self.cycle.keep_alive = False

    def take_over(self, *, on_full: Callable[[], None], on_lost: Callable[[], None]) -> None:
        """End the request, keep the connection. Call after the head is written, then only write to the transport."""
        self._on_full, self._on_lost = on_full, on_lost
        self.cycle.response_complete = True
        self.pipeline.clear()
        self._unset_keepalive_if_required()
        self.transport.set_write_buffer_limits(high=UNSENT_MOST)
        bound_kernel(self.transport)
        # The request's objects are half of what an idle connection weighs.
        self.cycle = self.scope = self.headers = self.parser = None  # type: ignore[assignment]

    @property
    def taken(self) -> bool:
        return self._on_lost is not None

    def data_received(self, data: bytes) -> None:
        """A stream's client has nothing more to say; what it says anyway is not read."""
        if not self.taken:
            super().data_received(data)

    def pause_writing(self) -> None:
        if self._on_full is None:
            super().pause_writing()
        else:
            self._on_full()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self._keep_unread()
        super().connection_lost(exc)
        if self._on_lost is not None:
            self._on_lost()
            self._on_full = self._on_lost = None

    def _keep_unread(self) -> None:
        """What came of a body before the line broke, for whoever can go on from there (`ports.wire.UNREAD`).

        uvicorn forgets what nobody has asked for yet; when the last bytes and the end of the line come together, that
        is all of them.
        """
        cycle = self.cycle
        if cycle is not None and cycle.body and not cycle.response_complete:
            cycle.scope.setdefault("state", {})[UNREAD] = bytes(cycle.body)


def bound_kernel(transport: asyncio.Transport) -> None:
    """Bound what the kernel holds for a client that does not read, and for how long."""
    connection: Any = transport.get_extra_info("socket")
    if connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6):
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, ACKNOWLEDGED_WITHIN_MS)
