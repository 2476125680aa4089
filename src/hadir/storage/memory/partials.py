"""Uploads in memory: the twin of `storage.partials`."""

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import datetime

from hadir.ports.clock import Clock
from hadir.ports.partials import OffsetDiffers, Partial, TooManyUploads, UploadDiffers, UploadUnknown
from hadir.storage.partials import OPEN_BYTES_MOST, OPEN_MOST, checked_id


class MemoryPartials:
    """One process, nothing survives it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._touched: dict[tuple[str, str], datetime] = {}
        self._known: dict[tuple[str, str], Partial] = {}
        self._bytes: dict[tuple[str, str], bytearray] = {}

    async def begin(self, owner: str, asked: Partial) -> Partial:
        key = (owner, checked_id(asked.id))
        known = self._known.get(key)
        if known is None:
            self._room(owner, asked.length)
            self._bytes[key] = bytearray()
            known = self._known[key] = asked
            self._touched[key] = self._clock.now()
        if (known.length, known.sha256, known.type) != (asked.length, asked.sha256, asked.type):
            raise UploadDiffers(asked.id)
        return await self.find(owner, asked.id)

    def _room(self, owner: str, length: int) -> None:
        waiting = [self._known[key].length for key in self._bytes if key[0] == owner]
        if len(waiting) >= OPEN_MOST or sum(waiting) + length > OPEN_BYTES_MOST:
            raise TooManyUploads(owner)

    async def find(self, owner: str, id: str) -> Partial:
        key = (owner, checked_id(id))
        if key not in self._known:
            raise UploadUnknown(id)
        known = self._known[key]
        return known if known.answer is not None else replace(known, offset=len(self._bytes[key]))

    async def extend(self, owner: str, id: str, offset: int, data: AsyncIterator[bytes]) -> Partial:
        known = await self.find(owner, id)
        if known.answer is not None:
            return known
        if offset != known.offset:
            raise OffsetDiffers(known.offset)
        held = self._bytes[owner, id]
        async for chunk in data:
            if len(held) + len(chunk) > known.length:
                del held[offset:]
                raise ValueError("more than was announced")
            held += chunk
            self._touched[owner, id] = self._clock.now()
        return await self.find(owner, id)

    async def read(self, owner: str, id: str) -> bytes:
        try:
            return bytes(self._bytes[owner, id])
        except KeyError:
            raise UploadUnknown(id) from None

    async def taken(self, owner: str, id: str, answer: str) -> Partial:
        known = await self.find(owner, id)
        now = self._known[owner, id] = replace(known, answer=answer, offset=known.length)
        self._bytes.pop((owner, id), None)
        return now

    async def drop(self, owner: str, id: str) -> None:
        self._known.pop((owner, id), None)
        self._touched.pop((owner, id), None)
        self._bytes.pop((owner, id), None)

    async def forget(self, *, owner: str | None = None, became: Collection[str] = ()) -> int:
        names = set(became)
        gone = [key for key, known in self._known.items() if key[0] == owner or {known.answer, known.sha256} & names]
        for key in gone:
            await self.drop(*key)
        return len(gone)

    async def expire(self, before: datetime) -> int:
        gone = [key for key, at in self._touched.items() if at < before]
        for owner, id in gone:
            await self.drop(owner, id)
        return len(gone)
