"""Making a database cluster, and the settings it runs with.

`hadir.conf` in the data folder is written anew at each start; what a person puts into `local.conf` beside it wins and
stays. Durable always: an acknowledged command survives a power cut.
"""

import ctypes
import locale
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from psycopg.conninfo import make_conninfo

from hadir.storage.postgres.supervisor.errors import ServerFailed
from hadir.storage.postgres.supervisor.places import Places

#: the role that owns everything, and the database
NAME = "hadir"
PORT = 5432
PR_SET_PDEATHSIG = 1

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] %a ",
    "log_min_duration_statement": "2s",
    "log_checkpoints": "off",
    "jit": "off",  # our statements are short; planning with it costs more than it gives
    "max_wal_size": "1GB",
}

TAIL = """
# Hadir: hadir.conf is written anew at each start; put your own settings into local.conf.
include_if_exists 'hadir.conf'
include_if_exists 'local.conf'
"""


def url(sockets: Path, dbname: str = NAME) -> str:
    """The psycopg conninfo of the database behind a socket folder."""
    return make_conninfo(host=str(sockets), port=PORT, dbname=dbname, user=NAME, connect_timeout=5)


def configuration(sockets: Path, memory_mb: int) -> str:
    values = SETTINGS | {"unix_socket_directories": str(sockets), "shared_buffers": f"{memory_mb}MB"}
    return "".join(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items())


def configure(places: Places, memory_mb: int) -> None:
    """Write hadir.conf whole or not at all."""
    part = places.data / "hadir.conf.part"
    part.write_text(configuration(places.sockets, memory_mb))
    part.chmod(0o644)
    part.rename(places.data / "hadir.conf")


def made(data: Path) -> bool:
    """initdb writes PG_VERSION early, so our own line at the end of postgresql.conf says that it finished."""
    conf = data / "postgresql.conf"
    return conf.is_file() and "include_if_exists 'hadir.conf'" in conf.read_text()


def create(places: Places) -> None:
    """Run initdb. What an interrupted one left is removed first (it never held a fact). Raises ServerFailed."""
    for leftover in sorted(places.data.rglob("*"), reverse=True):
        leftover.rmdir() if leftover.is_dir() and not leftover.is_symlink() else leftover.unlink()
    choice = [f"--username={NAME}", "--auth=trust", "--encoding=UTF8", f"--locale={collation()}", "--data-checksums"]
    args = [str(places.bin / "initdb"), "-D", str(places.data), *choice]
    done = subprocess.run(args, capture_output=True, text=True, check=False, **as_server(places))
    if done.returncode != 0:
        raise ServerFailed(f"PostgreSQL's initdb failed: {done.stderr.strip()[-800:]}")
    with (places.data / "postgresql.conf").open("a") as conf:
        conf.write(TAIL)


def collation() -> str:
    """C.UTF-8 knows letters beyond ASCII and never changes with the system; where it is missing, plain C."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    else:
        return "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def as_server(places: Places) -> dict[str, Any]:
    """How a program of PostgreSQL is started: as its own user, in a plain environment, from a folder it can enter."""
    plain = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
    common: dict[str, Any] = {"env": plain, "cwd": "/", "umask": 0o077, "stdin": subprocess.DEVNULL}
    if places.account is None:
        return common
    return common | {"user": places.account.uid, "group": places.account.gid, "extra_groups": []}


def _dies_with_parent() -> Callable[[], None] | None:
    """A function for the child before exec: the kernel shall stop the server fast when the thread that forked it ends.

    Linux only. The C library is loaded here, before any fork: between fork and exec almost nothing is safe.
    """
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return ask


def spawn(places: Places) -> subprocess.Popen[bytes]:
    """Start the server as a child of the calling thread, logging to the home's log, out of reach of Ctrl-C."""
    log = os.open(places.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        process = subprocess.Popen(
            [str(places.bin / "postgres"), "-D", str(places.data)],
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_dies_with_parent(),
            **as_server(places),
        )
        return cast("subprocess.Popen[bytes]", process)
    finally:
        os.close(log)
