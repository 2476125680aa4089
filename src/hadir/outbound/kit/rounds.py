"""Rounds of whoever brings messages: at once when there is something new, else now and then; and how they went."""

import asyncio
import contextlib
from abc import ABC, abstractmethod


class Rounds(ABC):
    """One messenger: one per process, any number of processes."""

    #: What another process has noted wakes nobody here, so it is looked for this often.
    look_s: float

    def __init__(self) -> None:
        self._news = asyncio.Event()
        #: (channel, what became of it) → how many, for /metrics
        self.counts: dict[tuple[str, str], int] = {}

    async def follow(self) -> None:
        """For ever."""
        while True:
            self._news.clear()
            if not await self.step():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self.look_s):
                        await self._news.wait()

    def wake(self) -> None:
        """There is something to bring: an order must not wait for the next look."""
        self._news.set()

    @abstractmethod
    async def step(self) -> int:
        """Everything that is due now, once; how much it was."""

    def _count(self, channel: str, what: str) -> None:
        self.counts[channel, what] = self.counts.get((channel, what), 0) + 1
