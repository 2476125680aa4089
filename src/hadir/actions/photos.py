"""Photos: the original is the bytes we received, kept closed; only a re-encoded copy without metadata is ever shown."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from PIL import Image, ImageOps, UnidentifiedImageError

from hadir.actions import fingerprint, marks
from hadir.actions.context import Context
from hadir.domain.evidence import Marks, Taken
from hadir.domain.people import may
from hadir.domain.refusals import Refusal, invalid
from hadir.domain.values import Actor
from hadir.ports.blobs import BlobMissing
from hadir.ports.evidence import Kept, Print
from hadir.ports.journal import DiskFull

MAX_BYTES: Final = 16 * 1024 * 1024  # a 50-megapixel phone's JPEG; more is not a photo from the street
MAX_PIXELS: Final = 60_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
#: longest side in pixels: on a list, on a page
SIZES: Final = {"thumb": 320, "page": 1600}


class NotAPhoto(Exception):
    """The bytes are not a photo we can show."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A photo, decoded once: grey and small, and what stands beside the picture in its file."""

    grey: fingerprint.Grey
    marks: Marks | None

    @property
    def plain(self) -> bool:
        return fingerprint.plain(self.grey)

    @property
    def printed(self) -> Print | None:
        """None for a photo too plain to be told from another."""
        return None if self.plain else Print(fingerprint.fingerprint(self.grey), fingerprint.small(self.grey))


async def add(ctx: Context, actor: Actor, data: bytes, *, taken: Taken | None = None) -> str | Refusal:
    """Store a photo durably; its id is the SHA-256 of what was received. It is decoded first: a lie costs nothing.

    `taken` is what the phone says of it. Raises DiskFull.
    """
    if refusal := may("photo.add", actor):
        return refusal
    if len(data) > MAX_BYTES:
        return invalid("photo_too_large", mb=str(MAX_BYTES // 1024 // 1024))
    if not ctx.disk.writable():
        raise DiskFull
    now = ctx.clock.now()
    try:
        seen = await asyncio.to_thread(look, data, ZoneInfo(ctx.city.zone))
    except NotAPhoto:
        return invalid("not_a_photo")
    photo = await ctx.blobs.put(data)
    kept = Kept(photo=photo, actor=actor.id, received_at=now, taken=taken, marks=seen.marks)
    await ctx.evidence.keep(kept, seen.printed)
    return photo


async def shown(ctx: Context, photo_id: str, size: str) -> bytes | None:
    """The copy that people may see, JPEG. None: there is no such photo any more."""
    if (ready := await ctx.shown.get(photo_id, size)) is not None:
        return ready
    try:
        original = await ctx.blobs.get(photo_id)
    except (BlobMissing, ValueError):
        return None
    copy = await asyncio.to_thread(re_encode, original, SIZES[size])
    await ctx.shown.put(photo_id, size, copy)
    return copy


def look(data: bytes, zone: tzinfo) -> Look:
    """Raises NotAPhoto for anything that does not decode to the last row as one of FORMATS within MAX_PIXELS."""
    picture, said = _decode(data, max(SIZES.values()), zone)
    return Look(grey=fingerprint.shrunk(picture), marks=said)


def re_encode(data: bytes, longest: int, paint: Callable[[Image.Image], None] | None = None) -> bytes:
    """The picture turned upright, made smaller and painted on, as JPEG without metadata. Raises NotAPhoto."""
    picture, _ = _decode(data, longest)
    picture.thumbnail((longest, longest))
    if paint is not None:
        paint(picture)
    picture.info.clear()  # Pillow writes a JPEG's comment again, unasked
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _decode(data: bytes, longest: int, zone: tzinfo | None = None) -> tuple[Image.Image, Marks | None]:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotAPhoto
            picture.draft("RGB", (longest, longest))  # a JPEG is then decoded at the size needed: four times faster
            said = marks.read(picture, zone) if zone else None
            upright = ImageOps.exif_transpose(picture)
            return upright.convert("RGB"), said
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPhoto from error
