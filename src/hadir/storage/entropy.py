"""Random bytes from the operating system, fetched a page at a time.

An intake needs 52 of them in three places, and asking the kernel each time cost 40 us of a report's 1,200 under load.
Bytes are handed out once. A copy of the process would hand them out again: Hadir never forks without exec.
"""

from __future__ import annotations

import os

_PAGE = 4096


class Entropy:
    """`take` bytes that nobody had before. For one thread."""

    def __init__(self) -> None:
        self._page = b""
        self._at = 0

    def take(self, size: int) -> bytes:
        """`size` (up to 4096) random bytes."""
        end = self._at + size
        if end > len(self._page):
            self._page, self._at, end = os.urandom(_PAGE), 0, size
        taken = self._page[self._at : end]
        self._at = end
        return taken
