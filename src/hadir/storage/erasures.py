"""The list of erasures: home/erasures.jsonl, a line each, synced. Copy it beside your back-ups."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hadir.ports.erasures import Erasure

NAME = "erasures.jsonl"


class BadList(ValueError):
    """The list of erasures cannot be read; the message names the line."""


class FileErasures:
    """Fulfils `hadir.ports.erasures.Erasures`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def note(self, erasure: Erasure) -> None:
        await asyncio.to_thread(self._note, msgspec.json.encode(erasure) + b"\n")

    async def all(self) -> Sequence[Erasure]:
        return await asyncio.to_thread(read, self._path)

    def _note(self, line: bytes) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)


def read(path: Path) -> tuple[Erasure, ...]:
    """All of a list; none where there is no file. A line that a crash cut off at the end does not count: what it names
    was not erased yet. Raises BadList."""
    if not path.exists():
        return ()
    *lines, last = path.read_bytes().split(b"\n")
    found = [_line(number, line) for number, line in enumerate(lines, start=1) if line]
    with contextlib.suppress(msgspec.DecodeError):
        found += [msgspec.json.decode(last, type=Erasure)] if last else []
    return tuple(found)


def _line(number: int, line: bytes) -> Erasure:
    try:
        return msgspec.json.decode(line, type=Erasure)
    except msgspec.DecodeError as error:
        raise BadList(f"line {number} of the list of erasures cannot be read: {error}") from error
