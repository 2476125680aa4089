"""Photos: the original is the bytes we received, kept closed; only a re-encoded copy without metadata is ever shown."""

from __future__ import annotations

import asyncio
import io
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from hadir.actions.context import Context
from hadir.domain.people import may
from hadir.domain.refusals import Refusal, invalid
from hadir.domain.values import Actor
from hadir.ports.blobs import BlobMissing
from hadir.ports.journal import DiskFull

MAX_BYTES: Final = 16 * 1024 * 1024  # a 50-megapixel phone's JPEG; more is not a photo from the street
MAX_PIXELS: Final = 60_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
#: longest side in pixels: on a list, on a page
SIZES: Final = {"thumb": 320, "page": 1600}


class NotAPhoto(Exception):
    """The bytes are not a photo we can show."""


async def add(ctx: Context, actor: Actor, data: bytes) -> str | Refusal:
    """Store a photo durably; its id is the SHA-256 of what was received. It is decoded first: a lie costs nothing.

    Raises DiskFull.
    """
    if refusal := may("photo.add", actor):
        return refusal
    if len(data) > MAX_BYTES:
        return invalid("photo_too_large", mb=str(MAX_BYTES // 1024 // 1024))
    if not ctx.disk.writable():
        raise DiskFull
    try:
        await asyncio.to_thread(check, data)
    except NotAPhoto:
        return invalid("not_a_photo")
    return await ctx.blobs.put(data)


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


def check(data: bytes) -> None:
    """Raises NotAPhoto for anything that does not decode to the last row as one of FORMATS within MAX_PIXELS."""
    _decode(data, max(SIZES.values()))


def re_encode(data: bytes, longest: int) -> bytes:
    """The picture turned upright and made smaller, as JPEG without metadata. Raises NotAPhoto."""
    picture = _decode(data, longest)
    picture.thumbnail((longest, longest))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _decode(data: bytes, longest: int) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotAPhoto
            picture.draft("RGB", (longest, longest))  # a JPEG is then decoded at the size needed: four times faster
            upright = ImageOps.exif_transpose(picture)
            return upright.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPhoto from error
