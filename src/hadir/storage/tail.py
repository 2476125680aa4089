"""Those who follow the journal inside this process: they are told after the commit, in order, without a gap."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from hadir.ports.journal import Fact, Listener

log = logging.getLogger(__name__)


class Tail:
    """The newest position known here, who waits for the next one, and who wants each fact."""

    def __init__(self, position: int = 0) -> None:
        self.position = position
        self._listeners: list[Listener] = []
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def has_listeners(self) -> bool:
        return bool(self._listeners)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def tell(self, facts: Sequence[Fact]) -> None:
        """Hand on facts that follow directly on `position`."""
        for listener in tuple(self._listeners):
            try:
                listener(facts)
            except Exception:  # the one fence: a failing listener must not stop the others
                log.exception("A listener of the journal failed", extra={"action": "journal_listener_failed"})
        self.advance(facts[-1].position)

    def advance(self, position: int) -> None:
        """The journal has reached `position`: wake those who wait."""
        if position <= self.position:
            return
        self.position = position
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    def restart(self, position: int) -> None:
        """The journal is another one than it was (see `epoch`): go on from here, forwards or backwards."""
        self.position = position

    async def wait(self, after: int, timeout: float) -> int:
        """As `JournalReader.wait`."""
        try:
            async with asyncio.timeout(timeout):
                while self.position <= after:
                    await self._next()
        except TimeoutError:
            pass
        return self.position

    async def _next(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)
