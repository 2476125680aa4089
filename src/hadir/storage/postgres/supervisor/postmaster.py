"""Which server, if any, is running on a data folder: what postmaster.pid says, checked against the processes.

The number in postmaster.pid may have been given to another program since (after a power cut, in a container), so a
process counts as ours only if its working folder is the data folder, which PostgreSQL makes its own.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: seconds for a fast shutdown: it waits for nobody but must write a checkpoint
FAST_S = 30.0
#: then for an immediate one, before kill -9
IMMEDIATE_S = 5.0
POLL_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Postmaster:
    """The lines of postmaster.pid that matter here."""

    pid: int
    sockets: Path | None
    #: "starting", "ready", "stopping", …; absent while the server recovers
    status: str


def read(data: Path) -> Postmaster | None:
    """What postmaster.pid says; None if there is none or it is cut short."""
    try:
        lines = (data / "postmaster.pid").read_text(errors="replace").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    folder = lines[4].strip() if len(lines) > 4 else ""
    return Postmaster(
        pid=pid, sockets=Path(folder) if folder else None, status=lines[7].strip() if len(lines) > 7 else ""
    )


def serves(pid: int, data: Path) -> bool:
    """Is this process a PostgreSQL working in this data folder?"""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            # a server whose program file was replaced by an update reads as "postgres (deleted)"
            program = Path(f"/proc/{pid}/exe").readlink().name.removesuffix(" (deleted)")
            return program == "postgres" and Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
        return False
    asked = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return "postgres" in asked.stdout and str(data.resolve()) in asked.stdout


def processes(data: Path) -> list[int]:
    """Every process still working in the data folder: after kill -9 of a server its children end a moment later."""
    if sys.platform != "linux":
        return []
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and serves(int(p.name), data)]


def until(done: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition of another process. True if it came."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(POLL_S)
    return True


def stop(pid: int, data: Path) -> None:
    """Stop a server that is not our child: fast, then immediate, then by force."""
    for how, seconds in ((signal.SIGINT, FAST_S), (signal.SIGQUIT, IMMEDIATE_S), (signal.SIGKILL, IMMEDIATE_S)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        if until(lambda: not serves(pid, data), seconds):
            return


def clear_leftovers(data: Path, sockets: Path) -> None:
    """Before a start by the one who holds the home's lock: end what still works in the folder, remove its lock files.

    PostgreSQL refuses to start while the number in such a file belongs to any process, and it may belong to a zombie
    that nobody reads, or to another program by now. The files also guard against two servers on one folder, so they
    are removed only when no process works in it.
    """
    found = read(data)
    if found is not None and serves(found.pid, data):
        stop(found.pid, data)
    if not until(lambda: not processes(data), IMMEDIATE_S):
        for orphan in processes(data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
        until(lambda: not processes(data), IMMEDIATE_S)
    if processes(data) or (found is not None and serves(found.pid, data)):
        return
    for leftover in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        leftover.unlink(missing_ok=True)
