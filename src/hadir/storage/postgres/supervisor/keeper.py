"""The supervisor itself: one thread that forks the server, waits for it, and starts it again.

Why a thread of its own: the kernel's «stop when the parent dies» fires when the *thread* that forked ends, not the
process. The keeper's thread lives exactly as long as the server should.

Who may run the server is settled by a lock file in the home, which the kernel releases with the process however it
dies. Whoever holds it may stop what is left of an earlier server; whoever does not, only connects.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import psycopg
from psycopg import sql

from hadir.storage.postgres.supervisor import cluster, postmaster
from hadir.storage.postgres.supervisor.errors import HomeInUse, ServerFailed
from hadir.storage.postgres.supervisor.places import Places, ensure_sockets, find_places

log = logging.getLogger(__name__)

State = Literal["stopped", "starting", "ready", "restarting", "failed"]

#: where root keeps what an ordinary user must be able to enter
STATE_FOLDER = Path("/var/lib/hadir")
#: pauses before a restart, in seconds: at once after an accident, slower when it keeps failing
PAUSES_S = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
#: a server that lived this long (s) starts again from the first pause
SETTLED_S = 60.0
#: a first start that fails this often is given up with the log's last words
FIRST_TRIES = 3
#: seconds another command may hold the home for a moment (`hadir token`) before «in use» is said
LOCK_PATIENCE_S = 10.0
#: bytes after which postgres.log becomes postgres.log.1
LOG_MAX = 20_000_000
#: seconds between looks at the log's size
LOOK_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Health:
    """What the keeper knows about the server at this moment."""

    state: State
    pid: int | None
    #: times it was started again after it ended by itself
    restarts: int
    detail: str


class Supervisor:
    """Runs the PostgreSQL of one home. `url` is valid from `start` to `stop`, through restarts too."""

    def __init__(
        self,
        *,
        home: Path,
        bin_dir: Path | None = None,
        run_as: str | None = None,
        state_folder: Path = STATE_FOLDER,
        memory_mb: int = 256,
        say: Callable[[str], None] = log.info,
    ) -> None:
        self._find = lambda: find_places(home=home, state=state_folder, bin_dir=bin_dir, run_as=run_as)
        self._memory_mb, self._say = memory_mb, say
        self._places: Places | None = None
        self._lock: IO[str] | None = None
        self._keeper: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._settled = threading.Event()  # the first start has succeeded or failed
        self._state: State = "stopped"
        self._restarts, self._detail, self._url = 0, "", ""

    # --- for others -------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """psycopg conninfo over the private socket. Raises ServerFailed before `start`."""
        if not self._url:
            raise ServerFailed("The database has not been started.")
        return self._url

    @property
    def places(self) -> Places:
        """Where everything is; found (and made) when first asked for."""
        if self._places is None:
            self._places = self._find()
        return self._places

    def start(self, *, timeout: float = 120.0) -> None:
        """Make the cluster if there is none, start the server, wait until it answers. Recovery counts in `timeout` (s).

        Raises HomeInUse, ServerFailed.
        """
        self._lock = self._take_lock(LOCK_PATIENCE_S)
        if self._lock is None:
            raise HomeInUse(
                f"Another Hadir{_holder(self.places.lock)} already uses {self.places.home}: "
                "stop it first, or choose another --home."
            )
        try:
            self._start_locked(timeout)
        except BaseException:
            self.stop()
            raise

    def attach(self, *, timeout: float = 120.0) -> None:
        """Use the server of a Hadir that runs on this home; if none does, start it until `stop`."""
        self._lock = self._take_lock(0)
        if self._lock is not None:
            try:
                return self._start_locked(timeout)
            except BaseException:
                self.stop()
                raise
        ensure_sockets(self.places)
        found = cluster.url(self.places.sockets)
        if not postmaster.until(lambda: _answers(found), timeout):
            raise ServerFailed(f"The server of {self.places.home} does not answer: see {self.places.log}.")
        self._url, self._state = found, "ready"
        return None

    def health(self) -> Health:
        """Costs nothing: asks no connection."""
        process = self._process
        pid = process.pid if process is not None and process.poll() is None else None
        return Health(state=self._state, pid=pid, restarts=self._restarts, detail=self._detail)

    def stop(self) -> None:
        """End the server (if it is ours) with all its work on disk, and let the home go. May be called twice."""
        self._stopping.set()
        if self._keeper is not None:
            self._end_process()
            self._keeper.join()
            self._keeper = None
            with contextlib.suppress(OSError):
                self.places.sockets.rmdir()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        self._state, self._url = "stopped", ""

    # --- start ------------------------------------------------------------------------------------------------------

    def _take_lock(self, patience: float) -> IO[str] | None:
        handle = self.places.lock.open("a+")

        def taken() -> bool:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        if not postmaster.until(taken, patience):
            handle.close()
            return None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        return handle

    def _start_locked(self, timeout: float) -> None:
        places = self.places
        postmaster.clear_leftovers(places.data, places.sockets)
        if not cluster.made(places.data):
            self._say(f"creating the database in {places.data} (once) …")
            cluster.create(places)
        self._stopping.clear()
        self._settled.clear()
        self._state, self._restarts = "starting", 0
        self._keeper = threading.Thread(target=self._keep, name="postgres-keeper", daemon=True)
        self._keeper.start()
        self._settled.wait(timeout)
        if self._state != "ready":
            raise ServerFailed(f"PostgreSQL did not start: {self._detail or 'no answer in time'} (see {places.log})")
        _ensure_database(places.sockets)
        self._url = cluster.url(places.sockets)

    # --- the keeper's thread ----------------------------------------------------------------------------------------

    def _keep(self) -> None:
        failures = 0
        while not self._stopping.wait(PAUSES_S[min(failures, len(PAUSES_S) - 1)]):
            began = time.monotonic()
            self._run_once()
            if self._stopping.is_set():
                break
            failures = 1 if time.monotonic() - began > SETTLED_S else failures + 1
            self._note_end(failures)
            if self._state == "failed":
                break

    def _run_once(self) -> None:
        """One life of the server: from fork to exit."""
        places = self.places
        postmaster.clear_leftovers(places.data, places.sockets)
        ensure_sockets(places)
        cluster.configure(places, self._memory_mb)
        _rotate(places.log)
        self._process = process = cluster.spawn(places)
        if self._stopping.is_set():  # stop() came before it could see the new process
            process.send_signal(signal.SIGINT)
        target = cluster.url(places.sockets, "postgres")
        while process.poll() is None and not _answers(target):
            time.sleep(postmaster.POLL_S)
        if process.poll() is None:
            self._state, self._detail = "ready", ""
            self._settled.set()
        while process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_S)
            _rotate(places.log)

    def _note_end(self, failures: int) -> None:
        self._detail = _last_words(self.places.log)
        if not self._settled.is_set() and failures >= FIRST_TRIES:
            self._state = "failed"
            self._settled.set()
            return
        self._state = "restarting" if self._settled.is_set() else "starting"
        self._restarts += 1
        code = self._process.returncode if self._process else None
        log.error("PostgreSQL ended by itself (%s); starting it again", code, extra={"action": "postgres_restart"})

    def _end_process(self) -> None:
        process = self._process
        if process is None:
            return
        for how, seconds in ((signal.SIGINT, postmaster.FAST_S), (signal.SIGQUIT, postmaster.IMMEDIATE_S)):
            process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                return
        process.kill()
        process.wait()


@contextlib.contextmanager
def database(
    *,
    home: Path,
    url: str | None = None,
    bin_dir: Path | None = None,
    run_as: str | None = None,
    state_folder: Path = STATE_FOLDER,
    memory_mb: int = 256,
    say: Callable[[str], None] = log.info,
) -> Iterator[str]:
    """The conninfo of a home's database for one command, whether Hadir runs or not; `url` names an outside server."""
    if url:
        yield url
        return
    server = Supervisor(
        home=home, bin_dir=bin_dir, run_as=run_as, state_folder=state_folder, memory_mb=memory_mb, say=say
    )
    server.attach()
    try:
        yield server.url
    finally:
        server.stop()


def _answers(conninfo: str) -> bool:
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def _ensure_database(sockets: Path) -> None:
    with psycopg.connect(cluster.url(sockets, "postgres"), autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", [cluster.NAME]).fetchone()
        if known is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(cluster.NAME)))


def _holder(lock: Path) -> str:
    pid = lock.read_text().strip()
    return f" (process {pid})" if pid else ""


def _last_words(path: Path, lines: int = 3) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4000))
        return " / ".join(file.read().decode(errors="replace").splitlines()[-lines:])


def _rotate(path: Path) -> None:
    """The server appends to the open file, so the old lines are copied away and the file is cut, never renamed."""
    if path.is_file() and path.stat().st_size > LOG_MAX:
        shutil.copyfile(path, path.with_name(f"{path.name}.1"))
        os.truncate(path, 0)
