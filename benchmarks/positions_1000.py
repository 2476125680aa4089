"""positions.1000: 1,000 officers who each tell their place every 5 s, and 50 screens that watch all of them.

CPU is the server's and PostgreSQL's together, as a share of one core, over some seconds of steady running; each reading
is judged, kept in the database and told to every screen. One more watcher does not read meanwhile: afterwards it must
get the newest place of each officer, and not all that it has missed.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from benchmarks.live_fanout import Listener, readers, token
from benchmarks.officers import enlist, tokens
from benchmarks.rows import Row, kept_up, row
from benchmarks.running import Running, home_folder, server
from benchmarks.seed import CITY_FOLDER
from hadir.storage.citypack import load_city

UNITS, STREAMS = 1_000, 50
EVERY_S = 5.0
# Each officer tells his place once in a round.
ROUNDS, SECONDS = 7, EVERY_S
MOST_CORE = 0.25
#: A slow watcher that begins to read has everything after so long.
AWAKE_S = 30.0
_READING = re.compile(rb'"id":"([^"]+)","place":\{[^}]*\},"seen_at":"[^"]+","placed_at":"([^"]+)"')


async def run(
    units: int = UNITS, streams: int = STREAMS, rounds: int = ROUNDS, seconds: float = SECONDS, every_s: float = EVERY_S
) -> list[Row]:
    city = load_city(CITY_FOLDER)
    with home_folder() as home:
        enlist(home, units)
        with (
            server(home, "--demo", HADIR_STATE=str(home.parent / "state")) as hadir,
            movers(hadir, tokens(home, city, units), every_s) as crowd,
            readers(hadir.port, streams, token(hadir)),
        ):
            _moved(crowd, seconds)
            measured = [_round(hadir, crowd, seconds) for _ in range(rounds)]
            slow = _slow(hadir, crowd, seconds, units)
    return [
        row("positions.1000", [share for share, _ in measured], "of one core", most=MOST_CORE),
        row("positions.1000.postgres", [share for _, share in measured], "of one core"),
        row("positions.1000.slow", [slow["newest"]], "of units newest", least=1.0),
        row("positions.1000.slow_got", [slow["got"]], "of what was told"),
    ]


@contextmanager
def movers(hadir: Running, lines: str, every_s: float) -> Iterator[Listener]:
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.write(lines)
        file.flush()
        command = [sys.executable, "-m", "benchmarks.movers", f"127.0.0.1:{hadir.port}", file.name, str(every_s)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            crowd = Listener(process)
            if crowd.hear() != "open":
                raise RuntimeError("the phones could not connect")
            try:
                yield crowd
            finally:
                process.terminate()


def _moved(crowd: Listener, seconds: float) -> int:
    crowd.say(f"go {seconds}")
    told = json.loads(crowd.hear())
    if told["kept"] != told["sent"]:
        raise RuntimeError(f"of {told['sent']} readings {told['kept']} were answered")
    if not kept_up(told["cpu"]):
        raise RuntimeError("the phones measured themselves")
    return int(told["sent"])


def _round(hadir: Running, crowd: Listener, seconds: float) -> tuple[float, float]:
    """(all, PostgreSQL alone) as shares of a core."""
    before, began = _cpu(hadir), time.monotonic()
    _moved(crowd, seconds)
    took, after = time.monotonic() - began, _cpu(hadir)
    return (sum(after) - sum(before)) / took, (after[1] - before[1]) / took


def _cpu(hadir: Running) -> tuple[float, float]:
    """CPU seconds of the server, and of its children: PostgreSQL."""
    own = psutil.Process(hadir.pid)
    times = own.cpu_times()
    theirs = sum(_spent(child) for child in own.children(recursive=True))
    return times.user + times.system, theirs


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def _slow(hadir: Running, crowd: Listener, seconds: float, units: int) -> dict[str, float]:
    """A watcher that does not read while everybody moves, beside one that does; both are read to the end afterwards."""
    bearer = token(hadir)
    quick, idle = _watch(hadir.port, bearer), _watch(hadir.port, bearer, window=4096)
    crowd.say(f"go {seconds}")
    ours = _read(quick, seconds + 1.5)
    sent = json.loads(crowd.hear())["sent"]
    late = _read(idle, AWAKE_S, ours.last)
    quick.close()
    idle.close()
    newest = sum(late.last.get(unit) == at for unit, at in ours.last.items()) / max(1, len(ours.last))
    if len(ours.last) < min(units, sent):
        raise RuntimeError(f"the quick watcher saw {len(ours.last)} of {units} officers")
    return {"newest": newest, "got": late.count / max(1, ours.count)}


class _Seen:
    def __init__(self) -> None:
        self.count = 0
        self.last: dict[bytes, bytes] = {}


def _watch(port: int, bearer: str | None, window: int | None = None) -> socket.socket:
    made = socket.socket()
    if window is not None:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        # Segments as on a real line: those of loopback are larger than the window, and trickle through it for minutes.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
    made.connect(("127.0.0.1", port))
    head = f"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {bearer}\r\n\r\n"
    made.sendall(head.encode())
    while b"event: beat" not in made.recv(4096):
        continue
    return made


def _read(watcher: socket.socket, seconds: float, enough: dict[bytes, bytes] | None = None) -> _Seen:
    """Everything that comes within so many seconds, or until the newest of each is `enough`."""
    data, until = bytearray(), time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        watcher.settimeout(left)
        try:
            more = watcher.recv(65536)
        except TimeoutError:
            break
        data += more
        if not more or (enough is not None and _seen(data).last == enough):
            break
    return _seen(data)


def _seen(data: bytearray) -> _Seen:
    seen = _Seen()
    for unit, at in _READING.findall(bytes(data)):
        seen.count += 1
        seen.last[unit] = at
    return seen
