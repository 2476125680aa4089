"""Blobs as files, named by what is in them: home/blobs/ab/cd/abcd…

A name is only ever given out after the bytes, the file's entry in its folder and the folder's own entry are on the
disk: write to a temporary name, fsync, rename, fsync the folder. So a file under its true name is whole, always.
"""

import asyncio
import hashlib
import os
import re
import tempfile
from pathlib import Path

from hadir.ports.blobs import BlobMissing

_NAME = re.compile(r"[0-9a-f]{64}")


def checked_name(name: str) -> str:
    """The name, or ValueError: what comes from an address must not become a path."""
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a blob")
    return name


class FileBlobs:
    """Blobs below one folder of this machine; the waiting for the disk is done in threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, data: bytes) -> str:
        return await asyncio.to_thread(self._put, data)

    async def get(self, name: str) -> bytes:
        return await asyncio.to_thread(self._get, name)

    def path(self, name: str) -> Path | None:
        path = self._place(name)
        return path if path.exists() else None

    async def delete(self, name: str) -> None:
        await asyncio.to_thread(self._place(name).unlink, missing_ok=True)

    def _place(self, name: str) -> Path:
        checked_name(name)
        return self._folder / name[:2] / name[2:4] / name

    def _put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        path = self._place(name)
        if not path.exists():
            _make_folders(path.parent)
            _write_synced(path, data)
        # Also when it was there: whoever wrote it may not have got as far as syncing the folder.
        _sync_folder(path.parent)
        return name

    def _get(self, name: str) -> bytes:
        try:
            return self._place(name).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(name) from None


def _write_synced(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _make_folders(folder: Path) -> None:
    if folder.exists():
        return
    _make_folders(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
