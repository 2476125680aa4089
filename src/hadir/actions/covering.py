"""Faces and plates are covered by a person before a photo may stand on a public page.

The original stays closed as it is. What is kept is where the covers lie; the covered copy is painted from the
original, solid, so nothing can be made out through it. A photo is public only with a cover fact that says so (one with
nothing to cover gets one without covers), and only where its kind is: never of sensitive reports.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta
from PIL import Image, ImageDraw

from hadir.actions import photos
from hadir.actions.commands import Command, PhotoId
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import load_report
from hadir.actions.mydata import told_of
from hadir.actions.reports import words
from hadir.domain import events as e
from hadir.domain.city import Category
from hadir.domain.people import may
from hadir.domain.refusals import Refusal, conflict, forbidden
from hadir.domain.values import Actor
from hadir.ports.blobs import BlobMissing

Part = Annotated[float, Meta(ge=0, le=1)]
#: one even grey: a blur or coarse squares can be guessed back
PAINT: Final = (72, 78, 84)


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A rectangle, in parts of the upright picture's width and height."""

    x: Part
    y: Part
    w: Part
    h: Part


class Stroke(msgspec.Struct, frozen=True, kw_only=True):
    """A brush's way; its radius is in parts of the picture's width."""

    points: Annotated[tuple[tuple[Part, Part], ...], Meta(min_length=1, max_length=500)]
    r: Annotated[float, Meta(ge=0.002, le=0.25)]


class CoverPhoto(Command, frozen=True, kw_only=True):
    """All covers of one photo of a report; what was there before is replaced."""

    photo: PhotoId
    boxes: Annotated[tuple[Box, ...], Meta(max_length=100)] = ()
    strokes: Annotated[tuple[Stroke, ...], Meta(max_length=100)] = ()
    public: bool = True


async def cover(ctx: Context, actor: Actor, id: str, command: CoverPhoto) -> Decision | Refusal:
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    if refusal := may("photo.cover", actor, loaded.thing.subject()):
        return refusal
    told = await told_of(ctx, id)
    if isinstance(told, Refusal) or command.photo not in told.photos:
        return conflict("nothing_to_cover")
    received: e.ReportReceived = told.facts[0].event
    if command.public and (received.sensitive or not _may_be_public(ctx.city.category_by_code[loaded.thing.category])):
        return forbidden("photo_kept_closed")
    body = {"boxes": msgspec.to_builtins(command.boxes), "strokes": msgspec.to_builtins(command.strokes)}
    content = words(ctx, "cover", loaded.stream, photo=command.photo, **body)
    return Decision(id=id, facts=(loaded.fact(e.PhotoCovered(public=command.public), content),))


def _may_be_public(kind: Category) -> bool:
    return kind.public and not kind.sensitive and kind.photos == "review"


async def public_copy(ctx: Context, report_id: str, photo: str, size: str) -> bytes | None:
    """The covered copy, JPEG without metadata; None: it is not (any more) to be shown to the public."""
    facts = await ctx.journal.read_stream(f"report/{report_id}")
    covers = [fact for fact in facts if isinstance(fact.event, e.PhotoCovered) and fact.content]
    bodies = await ctx.journal.contents([str(fact.content) for fact in covers])
    for fact in reversed(covers):
        body = bodies.get(str(fact.content))
        if body is not None and body.get("photo") == photo:
            return await _copy(ctx, photo, size, str(fact.content), body) if fact.event.public else None
    return None


async def _copy(ctx: Context, photo: str, size: str, cover: str, body: Mapping[str, Any]) -> bytes | None:
    """Made once for each cover: its content's id is in the copy's name."""
    name = f"open-{cover}-{size}"
    if (ready := await ctx.shown.get(photo, name)) is not None:
        return ready
    try:
        original = await ctx.blobs.get(photo)
    except BlobMissing:
        return None
    copy = await asyncio.to_thread(painted, original, photos.SIZES[size], body)
    await ctx.shown.put(photo, name, copy)
    return copy


def painted(original: bytes, longest: int, covers: Mapping[str, Any]) -> bytes:
    """The shown copy with the covers on it."""
    boxes = msgspec.convert(covers.get("boxes") or (), tuple[Box, ...])
    strokes = msgspec.convert(covers.get("strokes") or (), tuple[Stroke, ...])
    return photos.re_encode(original, longest, lambda picture: _paint(picture, boxes, strokes))


def _paint(picture: Image.Image, boxes: Sequence[Box], strokes: Sequence[Stroke]) -> None:
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    for box in boxes:
        corner = (box.x * width, box.y * height)
        draw.rectangle((*corner, corner[0] + box.w * width, corner[1] + box.h * height), fill=PAINT)
    for stroke in strokes:
        points = [(x * width, y * height) for x, y in stroke.points]
        r = max(stroke.r * width, 1.0)
        draw.line(points, fill=PAINT, width=round(2 * r), joint="curve")
        for x, y in points:
            draw.ellipse((x - r, y - r, x + r, y + r), fill=PAINT)
