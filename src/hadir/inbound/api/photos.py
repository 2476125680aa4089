"""Photos: their bytes in, and copies out to those who see what they stand on."""

import re

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from hadir.actions import photos
from hadir.actions.originals import OpenOriginal, open_original
from hadir.domain.refusals import Refusal
from hadir.inbound.api.answers import AnyRequest, caller_of, json_answer
from hadir.inbound.kit.asgi import body
from hadir.inbound.kit.bodies import decode
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import Problem
from hadir.inbound.kit.taken import taken_of

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif"})
_PHOTO = re.compile(r"[0-9a-f]{64}")
# A photo's name is its digest, so it never changes; private, because the next person at this proxy may not see it.
_KEEP = {"cache-control": "private, max-age=86400"}
# An original stays nowhere on the way, and is saved, never opened inside our pages.
_CLOSED = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def photo_routes(doors: Doors) -> list[HTTPRouteHandler]:
    return [_add(doors), _shown(doors), _original(doors)]


def _add(doors: Doors) -> HTTPRouteHandler:
    @post("/api/v1/photos", status_code=201)
    async def add_photo(request: AnyRequest) -> Response[bytes]:
        """The photo's bytes → {photo_id}. The header X-Hadir-Taken says when, where and how it was taken."""
        caller = caller_of(request)
        doors.throttle.photo(caller)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in IMAGES:
            raise Problem("unsupported_image", status=415)
        data = await body(request.scope, request.receive, photos.MAX_BYTES)
        added = await photos.add(doors.ctx, caller.actor, data, taken=taken_of(request.headers))
        if isinstance(added, Refusal):
            raise Problem.of(added)
        return json_answer(msgspec.json.encode({"photo_id": added}), status=201)

    return add_photo


def _shown(doors: Doors) -> HTTPRouteHandler:
    @get("/api/v1/photos/{id:str}")
    async def photo(request: AnyRequest) -> Response[bytes]:
        """A copy of a photo that stands on something the caller sees: `?size=thumb` or `page`."""
        id = request.path_params["id"]
        size = request.query_params.get("size", "page")
        if size not in photos.SIZES:
            raise Problem("bad_query", status=400, name="size")
        known = _PHOTO.fullmatch(id) and doors.board.visible(caller_of(request).actor, "photos", id)
        data = await photos.shown(doors.ctx, id, size) if known else None
        if data is None:
            raise Problem("no_such_thing", status=404)
        return Response(data, media_type="image/jpeg", headers=_KEEP)

    return photo


def _original(doors: Doors) -> HTTPRouteHandler:
    @get("/api/v1/photos/{id:str}/original")
    async def original(request: AnyRequest) -> Response[bytes]:
        """The bytes as they were received. `?reason=` is put on record, with who asked, before they leave."""
        caller, id = signed_in(caller_of(request)), request.path_params["id"]
        doors.throttle.command(caller)
        given = {"command_id": doors.ctx.ids.new(), "photo": id, "reason": request.query_params.get("reason", "")}
        command = decode(msgspec.json.encode(given), OpenOriginal)
        opened = await open_original(doors.ctx, caller.actor, command)
        if isinstance(opened, Refusal):
            raise Problem.of(opened)
        await doors.looked(caller.actor, "original", opened.thing, given["reason"])
        return Response(opened.data, media_type="application/octet-stream", headers=_CLOSED | _named(id))

    return original


def _named(id: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{id[:12]}"'}
