"""Is there room to write? PostgreSQL panics when its log cannot grow, so Hadir stops accepting before that.

Reading goes on: a full disk refuses new writes with a sentence and keeps serving what it has.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

#: bytes that must stay free: two WAL segments being recycled, a checkpoint and a burst of photos fit in it
FLOOR_BYTES = 500_000_000
#: and this share of the disk, whichever is more
FLOOR_SHARE = 0.05
#: seconds an answer is believed; an append asks far more often than a disk fills
BELIEVED_S = 1.0


class VfsStats(Protocol):
    """The part of os.statvfs_result that is read here."""

    @property
    def f_frsize(self) -> int: ...
    @property
    def f_blocks(self) -> int: ...
    @property
    def f_bavail(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Room:
    """What is free on the disk under the data, in bytes, and what must stay free."""

    free: int
    total: int
    needed: int

    @property
    def enough(self) -> bool:
        return self.free >= self.needed


def measure(stats: VfsStats) -> Room:
    """Free space as an ordinary user has it (`f_bavail`: the root reserve does not count)."""
    total = stats.f_blocks * stats.f_frsize
    needed = max(FLOOR_BYTES, int(total * FLOOR_SHARE))
    return Room(free=stats.f_bavail * stats.f_frsize, total=total, needed=needed)


class DiskGuard:
    """Answers, from a cache of one second, whether writes are still accepted. A disk that is lost raises OSError."""

    def __init__(
        self,
        path: Path,
        *,
        statvfs: Callable[[Path], VfsStats] = os.statvfs,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path, self._statvfs, self._monotonic = path, statvfs, monotonic
        self._asked_at = float("-inf")
        self._room = Room(free=0, total=0, needed=0)

    def room(self) -> Room:
        now = self._monotonic()
        if now - self._asked_at >= BELIEVED_S:
            self._room, self._asked_at = measure(self._statvfs(self._path)), now
        return self._room

    def accepts_writes(self) -> bool:
        return self.room().enough
