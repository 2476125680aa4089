"""Two processes on one port: whichever accepts a connection hands it on when its request is the other's.

Both listen on the same socket. What a client says first shows whose it is; the open connection and the bytes already
read then go over a line between the two (datagrams that can carry open files), and the giver forgets it. It is looked
at again wherever a request begins, so a kept connection may go back and forth. TLS cannot be handed on: its keys are
in the process that accepted.
"""

import asyncio
import logging
import os
import socket
import tempfile
from collections.abc import Callable
from typing import NamedTuple

import uvicorn

from hadir.outbound.live import LiveProtocol

log = logging.getLogger(__name__)

#: A datagram's most; longer beginnings of a request (a photo) go as an open file.
MOST = 32 * 1024
CONNECTION, IN_FILE = b"C", b"F"


class Told(NamedTuple):
    """One datagram: what kind, what it says, the open files that came with it."""

    kind: bytes
    data: bytes
    files: list[int]


class Line:
    """One end of a line between two of our processes. Nothing here blocks."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self.end = end

    def say(self, kind: bytes, data: bytes = b"", files: tuple[int, ...] = ()) -> bool:
        """False: the other end is gone or does not read."""
        try:
            socket.send_fds(self.end, [kind + data], files)
        except OSError:
            return False
        return True

    def hear(self) -> Told | None:
        """None: the other end is gone. Raises BlockingIOError when nothing has been said."""
        try:
            data, files, _, _ = socket.recv_fds(self.end, MOST + 1, 2)
        except ConnectionError:
            return None
        return Told(data[:1], data[1:], files) if data else None

    def give(self, connection: int, data: bytes) -> bool:
        """Hand a connection on, with what has been read of it. False: it stays ours."""
        if len(data) <= MOST:
            return self.say(CONNECTION, data, (connection,))
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            return self.say(IN_FILE, b"", (connection, file.fileno()))


def given(told: Told) -> tuple[socket.socket, bytes]:
    """The connection that was handed on, and the bytes already read of it."""
    connection = socket.socket(fileno=told.files[0])
    connection.setblocking(False)
    if told.kind == CONNECTION:
        return connection, told.data
    with os.fdopen(told.files[1], "rb") as file:
        file.seek(0)
        return connection, file.read()


class Sharing:
    """What a protocol asks at the beginning of each request, and what takes in what the other process gives."""

    def __init__(self, is_ours: Callable[[bytes], bool]) -> None:
        self._is_ours = is_ours
        self._taking: set[asyncio.Task[object]] = set()
        #: for uvicorn's `http=`
        self.protocol = type("SharedProtocol", (_SharedProtocol,), {"sharing": self})
        #: to the other process; None while there is none
        self.line: Line | None = None

    def gives_away(self, transport: asyncio.Transport, data: bytes) -> bool:
        """Has the connection gone to the other process?"""
        if self.line is None or self._is_ours(data):
            return False
        return self.line.give(transport.get_extra_info("socket").fileno(), data)

    def take(self, server: uvicorn.Server, told: Told) -> None:
        """Serve a connection that was given to us, as if we had accepted it."""
        connection, begun = given(told)

        def protocol() -> asyncio.Protocol:
            made = self.protocol(
                config=server.config, server_state=server.server_state, app_state=server.lifespan.state
            )
            made.begun = begun
            return made

        task = asyncio.create_task(self._serve(protocol, connection))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    async def _serve(self, protocol: Callable[[], asyncio.Protocol], connection: socket.socket) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(protocol, connection)
        except OSError as error:
            log.info("A connection was lost on its way: %s", error, extra={"action": "connection_lost"})
            connection.close()


class _SharedProtocol(LiveProtocol):
    """Looks at whose a request is where it begins."""

    sharing: Sharing
    #: bytes that the process which accepted has already read
    begun = b""
    _within_message = False
    _given = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.begun:
            begun, self.begun = self.begun, b""
            self.data_received(begun)

    def on_message_begin(self) -> None:
        self._within_message = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._within_message = False
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        if self._given:
            return
        if self._at_a_beginning() and self.sharing.gives_away(self.transport, data):
            self._given = True
            self._unset_keepalive_if_required()
            self.transport.abort()
            return
        super().data_received(data)

    def _at_a_beginning(self) -> bool:
        return not (self.taken or self._within_message) and (self.cycle is None or self.cycle.response_complete)
