"""Shown copies of photos as files: home/shown/ab/abcd….page.jpg. A cache: no syncing, and the folder may be emptied."""

import asyncio
import os
from pathlib import Path

from hadir.storage.blobs import checked_name


class FileShown:
    """Fulfils `hadir.ports.shown.Shown` below one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def get(self, photo_id: str, size: str) -> bytes | None:
        return await asyncio.to_thread(self._get, self._place(photo_id, size))

    async def put(self, photo_id: str, size: str, data: bytes) -> None:
        await asyncio.to_thread(self._put, self._place(photo_id, size), data)

    async def delete(self, photo_id: str) -> None:
        for path in self._place(photo_id, "*").parent.glob(f"{photo_id}.*.jpg"):
            path.unlink(missing_ok=True)

    def _place(self, photo_id: str, size: str) -> Path:
        return self._folder / checked_name(photo_id)[:2] / f"{photo_id}.{size}.jpg"

    @staticmethod
    def _get(path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    @staticmethod
    def _put(path: Path, data: bytes) -> None:
        """A whole file or none: two requests may make the same copy at once."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.{id(data)}.part")
        temporary.write_bytes(data)
        temporary.replace(path)
