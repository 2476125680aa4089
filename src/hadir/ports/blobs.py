"""Photos and other bytes, named by what is in them."""

from pathlib import Path
from typing import Protocol


class BlobMissing(Exception):
    """There is no blob of this name (any more)."""


class Blobs(Protocol):
    """A store of bytes by their SHA-256, so the same photo sent twice is stored once."""

    async def put(self, data: bytes) -> str:
        """Store durably (file and folder are synced before this returns); the name is 64 hexadecimal digits."""
        ...

    async def get(self, name: str) -> bytes:
        """Raises BlobMissing; ValueError for what is not a name."""
        ...

    def path(self, name: str) -> Path | None:
        """Where the bytes lie on this machine; None: they lie elsewhere, or there are none."""
        ...

    async def delete(self, name: str) -> None:
        """Deleting what is not there is fine."""
        ...
