"""Voices: recordings of orders and of read-backs. The bytes that came are the bytes that are played.

Nothing is re-encoded: there is no codec here, and a spoken order must not be changed on its way. So what is told is
the truth about the bytes: the container is read from them, never believed from a header. A recording is stored whole
and durably before a command may name it; half a recording has no name.
"""

from __future__ import annotations

from typing import Final

from hadir.actions.context import Context
from hadir.domain.people import may
from hadir.domain.refusals import Refusal, invalid
from hadir.domain.values import Actor
from hadir.ports.blobs import BlobMissing
from hadir.ports.journal import DiskFull

#: two minutes at the 32 kbit/s that the pages record with are 0.5 MB; phones that ignore the wish send four times that
MAX_BYTES: Final = 2 * 1024 * 1024
#: shorter than any header with a sound in it
MIN_BYTES: Final = 100

_EBML: Final = b"\x1a\x45\xdf\xa3"
#: brands of ISO 14496-12 files that hold sound: what Safari, Chrome and Firefox write
_BRANDS: Final = frozenset({b"M4A ", b"M4B ", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"dash"})


def container(data: bytes) -> str | None:
    """audio/mp4, audio/webm or audio/ogg, by the first bytes; None for anything else."""
    if len(data) < MIN_BYTES:
        return None
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        return "audio/mp4"
    if data[:4] == _EBML and b"webm" in data[:64]:
        return "audio/webm"
    if data[:4] == b"OggS" and b"Opus" in data[:64]:
        return "audio/ogg"
    return None


async def add(ctx: Context, actor: Actor, data: bytes) -> str | Refusal:
    """Store a recording durably; its id is the SHA-256 of what was received. Raises DiskFull."""
    if refusal := may("voice.add", actor):
        return refusal
    if refusal := _unfit(data):
        return refusal
    if not ctx.disk.writable():
        raise DiskFull
    return await ctx.blobs.put(data)


def _unfit(data: bytes) -> Refusal | None:
    if len(data) > MAX_BYTES:
        return invalid("voice_too_large", mb=str(MAX_BYTES // 1024 // 1024))
    return None if container(data) else invalid("not_a_voice")


async def named(ctx: Context, id: str) -> dict[str, str] | Refusal:
    """What a command's `voice` becomes in its content: {id, type}. Refused unless all of it is here."""
    try:
        data = await ctx.blobs.get(id)
    except (BlobMissing, ValueError):
        return invalid("no_such_voice")
    return _unfit(data) or {"id": id, "type": str(container(data))}
