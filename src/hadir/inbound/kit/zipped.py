"""A ZIP that is sent while it is made: one file in memory at a time, nothing on the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator


class _Pipe(io.RawIOBase):
    """Takes what the ZIP writes, and gives it away."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data


async def zipped(files: AsyncIterator[tuple[str, bytes]]) -> AsyncIterator[bytes]:
    """(name, bytes) → pieces of a ZIP file. What is compressed already (photos) is only stored."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        async for name, data in files:
            how = zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=how)
            yield pipe.taken()
    yield pipe.taken()
