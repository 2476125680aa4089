"""The copies of photos that people may see: re-encoded, without metadata. Losing one costs a moment, nothing else."""

from typing import Protocol


class Shown(Protocol):
    """A cache by photo and size."""

    async def get(self, photo_id: str, size: str) -> bytes | None: ...

    async def put(self, photo_id: str, size: str, data: bytes) -> None: ...

    async def delete(self, photo_id: str) -> None:
        """All sizes of one photo, when its original is erased."""
        ...
