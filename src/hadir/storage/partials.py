"""Uploads as files: home/uploads/<owner>/<id>.part holds the bytes that came, <id>.json what they will be.

The length of the .part is the offset, and it is synced before it is told. A kill in the middle of a piece leaves
whatever was written of it: those bytes are the right ones (the digest of the whole is checked at the end), so the next
question is answered with the true length and the phone goes on from there. Two connections that write the same piece
write the same bytes to the same place; neither can leave a hole, because a piece begins at or before the end.
"""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from hadir.ports.partials import OffsetDiffers, Partial, TooManyUploads, UploadDiffers, UploadUnknown

#: unfinished uploads of one owner, and their bytes: an evening's photos of a phone that never got one through
OPEN_MOST = 64
OPEN_BYTES_MOST = 256 * 1024 * 1024
#: written between two looks at the clock of the disk: little is lost, the disk is not asked for every packet
SYNC_BYTES = 256 * 1024

_ID = re.compile(r"[0-9A-Za-z_-]{16,64}")


class FilePartials:
    """Uploads below one folder of this machine; the waiting for the disk is done in threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def begin(self, owner: str, asked: Partial) -> Partial:
        return await asyncio.to_thread(self._begin, owner, asked)

    async def find(self, owner: str, id: str) -> Partial:
        return await asyncio.to_thread(self._find, owner, id)

    async def extend(self, owner: str, id: str, offset: int, data: AsyncIterator[bytes]) -> Partial:
        known = await self.find(owner, id)
        if known.answer is not None:
            return known
        if offset != known.offset:
            raise OffsetDiffers(known.offset)
        handle = await asyncio.to_thread(os.open, self._part(owner, id), os.O_WRONLY)
        try:
            await _pour(handle, known, data)
        finally:
            await asyncio.to_thread(_close_synced, handle)
        return await self.find(owner, id)

    async def read(self, owner: str, id: str) -> bytes:
        try:
            return await asyncio.to_thread(self._part(owner, id).read_bytes)
        except FileNotFoundError:
            raise UploadUnknown(id) from None

    async def taken(self, owner: str, id: str, answer: str) -> Partial:
        known = await self.find(owner, id)
        now = replace(known, answer=answer, offset=known.length)
        await asyncio.to_thread(self._write, owner, now)
        await asyncio.to_thread(self._part(owner, id).unlink, missing_ok=True)
        return now

    async def drop(self, owner: str, id: str) -> None:
        await asyncio.to_thread(self._drop, owner, id)

    async def forget(self, *, owner: str | None = None, became: Collection[str] = ()) -> int:
        return await asyncio.to_thread(self._forget, owner, frozenset(became))

    async def expire(self, before: datetime) -> int:
        return await asyncio.to_thread(self._expire, before.timestamp())

    # ── in threads ───────────────────────────────────────────────────────────────────────────────────────────────

    def _begin(self, owner: str, asked: Partial) -> Partial:
        try:
            known = self._find(owner, asked.id)
        except UploadUnknown:
            self._room(owner, asked.length)
            self._folder_of(owner).mkdir(parents=True, exist_ok=True)
            self._part(owner, asked.id).touch()
            self._write(owner, asked)
            return asked
        if (known.length, known.sha256, known.type) != (asked.length, asked.sha256, asked.type):
            raise UploadDiffers(asked.id)
        return known

    def _room(self, owner: str, length: int) -> None:
        folder = self._folder_of(owner)
        waiting = [self._find(owner, path.stem).length for path in folder.glob("*.part")] if folder.is_dir() else []
        if len(waiting) >= OPEN_MOST or sum(waiting) + length > OPEN_BYTES_MOST:
            raise TooManyUploads(owner)

    def _find(self, owner: str, id: str) -> Partial:
        try:
            known = msgspec.json.decode(self._facts(owner, id).read_bytes(), type=Partial)
        except (FileNotFoundError, msgspec.DecodeError):
            raise UploadUnknown(id) from None
        return known if known.answer is not None else replace(known, offset=_synced_size(self._part(owner, id)))

    def _write(self, owner: str, partial: Partial) -> None:
        """By rename: facts are whole or not there."""
        path = self._facts(owner, partial.id)
        temporary = path.with_suffix(".new")
        with temporary.open("wb") as file:
            file.write(msgspec.json.encode(partial))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)

    def _drop(self, owner: str, id: str) -> None:
        for path in (self._part(owner, id), self._facts(owner, id)):
            path.unlink(missing_ok=True)

    def _forget(self, owner: str | None, became: frozenset[str]) -> int:
        mine = self._folder_of(owner) if owner is not None else None
        gone = 0
        for facts in self._folder.glob("*/*.json"):
            if facts.parent == mine or _became(facts) & became:
                facts.with_suffix(".part").unlink(missing_ok=True)
                facts.unlink(missing_ok=True)
                gone += 1
        return gone

    def _expire(self, oldest: float) -> int:
        gone = 0
        for facts in self._folder.glob("*/*.json"):
            part = facts.with_suffix(".part")
            touched = max(path.stat().st_mtime for path in (facts, part) if path.exists())
            if touched < oldest:
                part.unlink(missing_ok=True)
                facts.unlink(missing_ok=True)
                gone += 1
        return gone

    def _folder_of(self, owner: str) -> Path:
        """An owner's name may hold anything; a folder's may not."""
        return self._folder / hashlib.sha256(owner.encode()).hexdigest()[:32]

    def _part(self, owner: str, id: str) -> Path:
        return self._folder_of(owner) / f"{checked_id(id)}.part"

    def _facts(self, owner: str, id: str) -> Path:
        return self._folder_of(owner) / f"{checked_id(id)}.json"


def _became(facts: Path) -> set[str | None]:
    """What the upload is, by its digest: a photo's name is the same."""
    try:
        known = msgspec.json.decode(facts.read_bytes(), type=Partial)
    except FileNotFoundError:
        return set()
    return {known.answer, known.sha256}


def checked_id(id: str) -> str:
    """The id, or UploadUnknown: what comes from an address must not become a path."""
    if not _ID.fullmatch(id):
        raise UploadUnknown(id)
    return id


async def _pour(handle: int, known: Partial, data: AsyncIterator[bytes]) -> None:
    at, unsynced = known.offset, 0
    async for chunk in data:
        if at + len(chunk) > known.length:
            await asyncio.to_thread(os.ftruncate, handle, known.offset)
            raise ValueError("more than was announced")
        await asyncio.to_thread(os.pwrite, handle, chunk, at)
        at, unsynced = at + len(chunk), unsynced + len(chunk)
        if unsynced >= SYNC_BYTES:
            await asyncio.to_thread(os.fdatasync, handle)
            unsynced = 0


def _close_synced(handle: int) -> None:
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _synced_size(path: Path) -> int:
    """What is there, after making sure that it stays."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        os.fsync(handle)
        return os.fstat(handle).st_size
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
