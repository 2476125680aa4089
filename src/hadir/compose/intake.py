"""The intake: a second process that takes in reports, so that a storm of them has a core of its own.

It is a node like any other (docs/adr/0017): the same door, limits and rules, a writer of its own on the same journal;
it follows nothing. Both processes listen on the port; each hands the other's connections on (`sharing`). The serving
process starts it when it is ready, starts it again when it dies or falls silent, and serves everything itself while
there is none. It ends when the line to its parent does, so no kill leaves it behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

import uvicorn
import uvloop

from hadir.compose.context import context_of
from hadir.compose.program import city_of, face_of, gate_of, may_be_fetched
from hadir.compose.server import Server, config, settle
from hadir.compose.sharing import CONNECTION, IN_FILE, Line, Sharing, Told
from hadir.compose.storage import Storage, on_postgres
from hadir.inbound.api.commands import CommandDoor
from hadir.inbound.kit.asgi import App, Receive, Scope, Send
from hadir.inbound.kit.doors import Meter, Throttle
from hadir.inbound.kit.front import Front
from hadir.inbound.kit.problems import Problem
from hadir.inbound.kit.sessions import SessionDesk
from hadir.inbound.kit.watch import Watch
from hadir.inbound.open311.door import BASE as OPEN311
from hadir.inbound.open311.door import FILE_PATH, FilingDoor, refuse
from hadir.settings import Settings, start_logging, variable
from hadir.words import load as load_words

log = logging.getLogger(__name__)

METHOD, PATH = "POST", "/api/v1/reports"
#: reports as commands, and as Open311 requests in any form
_BEGINS = (f"{METHOD} {PATH} ".encode(), f"{METHOD} {FILE_PATH}".encode())

SETTINGS, READY, BEAT = b"S", b"R", b"B"
#: The intake tells what it has counted so often; silent for longer than the second, it is stopped and begun anew.
BEAT_S, SILENT_S = 1.0, 10.0
#: Its start on a machine that is busy: mostly reading the program.
STARTS_WITHIN_S = 60.0
#: Between its end and its new beginning: a crash at every start must not take the machine.
AGAIN_S = 2.0
STOPS_WITHIN_S = 4.0


def is_intake(data: bytes) -> bool:
    """Do these first bytes of a request bring a report?"""
    return data.startswith(_BEGINS)


# ── in the serving process ───────────────────────────────────────────────────────────────────────────────────────


class Keeper:
    """Keeps an intake process for as long as the program serves."""

    def __init__(
        self, settings: Settings, url: str, sock: socket.socket, server: uvicorn.Server, sharing: Sharing, meter: Meter
    ) -> None:
        self._settings = settings
        self._url = url
        self._sock = sock
        self._server = server
        self._sharing = sharing
        self._meter = meter
        self._heard = 0.0

    async def keep(self) -> None:
        """For ever: one after the other."""
        while True:
            line, child = self._begin()
            try:
                await self._follow(line)
            finally:
                self._sharing.line = None
                line.end.close()
                await _ended(child)
            log.warning("The intake ended (%s); it begins again", child.returncode, extra={"action": "intake_ended"})
            await asyncio.sleep(AGAIN_S)

    def _begin(self) -> tuple[Line, subprocess.Popen[bytes]]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            files = (self._sock.fileno(), theirs.fileno())
            args = [sys.executable, "-c", "from hadir.compose.intake import main; main()", *map(str, files)]
            child = subprocess.Popen(args, stdin=subprocess.DEVNULL, pass_fds=files, start_new_session=True)
        line = Line(ours)
        line.say(SETTINGS, json.dumps({"settings": _as_text(self._settings), "url": self._url}).encode())
        return line, child

    async def _follow(self, line: Line) -> None:
        """Until it is gone or silent."""
        loop = asyncio.get_running_loop()
        gone = loop.create_future()
        loop.add_reader(line.end.fileno(), self._hear, line, gone)
        self._heard = loop.time() + STARTS_WITHIN_S - SILENT_S
        try:
            while not gone.done() and loop.time() - self._heard < SILENT_S:
                await asyncio.wait([gone], timeout=BEAT_S)
        finally:
            loop.remove_reader(line.end.fileno())

    def _hear(self, line: Line, gone: asyncio.Future[None]) -> None:
        told = line.hear()
        self._heard = asyncio.get_running_loop().time()
        match told:
            case None:
                if not gone.done():
                    gone.set_result(None)
            case Told(kind=b"C" | b"F"):
                self._sharing.take(self._server, told)
            case Told(kind=b"R"):
                self._sharing.line = line
            case Told(kind=b"B"):
                for door, status, count in json.loads(told.data):
                    self._meter.count(door, status, count)


def _as_text(settings: Settings) -> dict[str, str]:
    """As environment variables would give them."""
    values = {name: getattr(settings, name) for name in Settings.__dataclass_fields__}
    return {variable(name): str(value) for name, value in values.items() if value is not None and value != ""}


async def _ended(child: subprocess.Popen[bytes]) -> None:
    """Asked, and after a while made, to end."""
    child.terminate()
    loop = asyncio.get_running_loop()
    try:
        await loop.run_in_executor(None, child.wait, STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        await loop.run_in_executor(None, child.wait)


@asynccontextmanager
async def kept(keeper: Keeper | None) -> AsyncIterator[None]:
    """An intake beside us, unless there is to be none."""
    if keeper is None:
        yield
        return
    task = asyncio.create_task(keeper.keep(), name="intake")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


# ── in the intake's process ──────────────────────────────────────────────────────────────────────────────────────


class _Nothing:
    """There is no board here: what needs one is not served here."""

    def reports_of(self, incident_id: str) -> tuple[str, ...]:
        raise LookupError(incident_id)

    tasks_of = orders_of = reports_of

    async def works_of(self, incident_id: str) -> tuple[str, ...]:
        raise LookupError(incident_id)

    def heard_at(self, person: str) -> datetime | None:
        raise LookupError(person)

    async def wait(self, position: int, timeout: float) -> bool:
        raise LookupError(position, timeout)


def main() -> None:
    """Arguments: two open files by number, the socket to listen on and our end of the line."""
    listening, line = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    line.setblocking(True)
    said = json.loads(line.recv(1 << 16)[1:])
    settings = Settings.read(said["settings"])
    start_logging(settings.log_level)
    uvloop.run(_serve(settings, said["url"], listening, Line(line)))


async def _serve(settings: Settings, url: str, listening: socket.socket, line: Line) -> None:
    sharing = Sharing(is_ours=is_intake)
    sharing.line = line
    meter = Meter()
    async with AsyncExitStack() as stack:
        storage = await on_postgres(stack, settings, url, follows=False)
        server = Server(config(_app(settings, storage, meter), settings, sharing.protocol))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, setattr, server, "should_exit", True)
        asyncio.get_running_loop().add_reader(line.end.fileno(), _listen, line, sharing, server)
        beating = asyncio.create_task(_beat(line, meter))
        settle()
        line.say(READY)
        await server.serve(sockets=[listening])
        beating.cancel()


def _app(settings: Settings, storage: Storage, meter: Meter) -> Front:
    city = city_of(settings)
    face = face_of(settings)
    ctx = context_of(city, storage, _Nothing())
    watch = Watch(city.abuse, storage.clock, storage.secrets)
    throttle, words = Throttle(face.limits, storage.clock, watch), load_words()
    door = CommandDoor(ctx, throttle)
    open311 = FilingDoor(ctx, throttle, words, may_be_fetched)

    def find(method: str, path: str) -> App | None:
        return door(method, path) if (method, path) == (METHOD, PATH) else open311(method, path)

    return Front(
        gate=gate_of(storage, SessionDesk(storage.sessions, storage.clock), face),
        bare=find,
        rest=_elsewhere,
        words=words,
        meter=meter,
        secure=face.secure,
        dialects={OPEN311: refuse},
    )


async def _elsewhere(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Only requests sent in one breath behind a report come here: the client has to send them again."""
    raise Problem.of_status(503)


def _listen(line: Line, sharing: Sharing, server: uvicorn.Server) -> None:
    """Connections that the serving process hands on; its end is ours."""
    told = line.hear()
    if told is None:
        asyncio.get_running_loop().remove_reader(line.end.fileno())
        server.should_exit = True
    elif told.kind in (CONNECTION, IN_FILE):
        sharing.take(server, told)


async def _beat(line: Line, meter: Meter) -> None:
    while True:
        await asyncio.sleep(BEAT_S)
        counted: list[tuple[str, int, int]] = [(door, status, n) for (door, status), n in meter.requests.items()]
        if line.say(BEAT, json.dumps(counted).encode()):
            meter.requests.clear()
