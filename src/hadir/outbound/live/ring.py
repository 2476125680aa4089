"""The newest frames in memory, so that a client that was away for a moment costs no query."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple, Protocol

from hadir.ports.views import Delta

#: the audience of everybody who has no rendering of his own; an empty one of his own means «nothing for him»
REST = "*"

# 16 MB hold about an hour of a city's busiest day; older than that comes from the table.
RING_BYTES = 16 * 1024 * 1024


class DeltaStore(Protocol):
    """What the stream needs of `ports.views.ViewStore`: the deltas of a time the ring no longer reaches."""

    async def kept_after(self) -> int:
        """Everything after this position is still there."""
        ...

    async def after(self, position: int, audience: str, limit: int) -> list[tuple[int, bytes]]:
        """Up to `limit` renderings for this audience after `position`, in order."""
        ...

    async def recent(self, limit: int) -> tuple[int, int, list[Delta]]:
        """(base, head, deltas): all deltas after `base` up to `head`, about `limit` of them."""
        ...


class Frame(NamedTuple):
    """A delta ready to be written: audience → event."""

    position: int
    events: Mapping[str, bytes]

    def of(self, audience: str) -> bytes:
        """What one audience gets: its own rendering, or that of the rest; empty: nothing."""
        own = self.events.get(audience)
        return self.events.get(REST, b"") if own is None else own

    @property
    def weight(self) -> int:
        return sum(len(event) for event in self.events.values())


class Slice(NamedTuple):
    """A piece of the ring for one audience. `upto`: position it reaches; `end`: nothing is behind it."""

    data: bytes
    upto: int
    end: bool


class Ring:
    """Everything after `base` up to `head`, oldest dropped first when it weighs more than `limit` bytes."""

    def __init__(self, *, position: int = 0, limit: int = RING_BYTES) -> None:
        self.base = position
        self.head = position
        self._limit = limit
        self._frames: list[Frame] = []
        self._bytes = 0

    def extend(self, frames: Sequence[Frame], head: int) -> None:
        """Put in what came after `self.head`, up to `head` (positions without a frame concerned nobody)."""
        self._frames.extend(frames)
        self._bytes += sum(frame.weight for frame in frames)
        self.head = max(self.head, head)
        if self._bytes > self._limit:
            self._trim()

    def _trim(self) -> None:
        """Down to nine tenths, so that dropping the front of a list is rare."""
        drop = 0
        while self._bytes > self._limit * 9 // 10 and drop < len(self._frames):
            self._bytes -= self._frames[drop].weight
            self.base = self._frames[drop].position
            drop += 1
        del self._frames[:drop]

    def covers(self, after: int) -> bool:
        """Is everything after this position here?"""
        return self.base <= after <= self.head

    def since(self, after: int, audience: str, limit: int) -> Slice:
        """What this audience may see after a covered position, cut before the frame that would follow `limit` bytes."""
        parts: list[bytes] = []
        size = 0
        for index in range(bisect_right(self._frames, after, key=itemgetter(0)), len(self._frames)):
            if size >= limit:
                return Slice(b"".join(parts), upto=self._frames[index].position - 1, end=False)
            event = self._frames[index].of(audience)
            parts.append(event)
            size += len(event)
        return Slice(b"".join(parts), upto=self.head, end=True)
