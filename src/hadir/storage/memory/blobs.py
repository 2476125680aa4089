"""Blobs in a dict."""

import hashlib
from pathlib import Path

from hadir.ports.blobs import BlobMissing
from hadir.storage.blobs import checked_name


class MemoryBlobs:
    """Keeps bytes until the process ends; has no files, so no paths."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}

    async def put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self._blobs[name] = bytes(data)
        return name

    async def get(self, name: str) -> bytes:
        try:
            return self._blobs[checked_name(name)]
        except KeyError:
            raise BlobMissing(name) from None

    def path(self, name: str) -> Path | None:
        checked_name(name)
        return None

    async def delete(self, name: str) -> None:
        self._blobs.pop(checked_name(name), None)
