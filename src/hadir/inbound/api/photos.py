"""Photos: their bytes in, and copies out to those who see what they stand on."""

import re

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from hadir.actions import photos
from hadir.domain.refusals import Refusal
from hadir.inbound.api.answers import AnyRequest, caller_of, json_answer
from hadir.inbound.kit.asgi import body
from hadir.inbound.kit.doors import Doors
from hadir.inbound.kit.problems import Problem

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif"})
_PHOTO = re.compile(r"[0-9a-f]{64}")
# A photo's name is its digest, so it never changes; private, because the next person at this proxy may not see it.
_KEEP = {"cache-control": "private, max-age=86400"}


def photo_routes(doors: Doors) -> list[HTTPRouteHandler]:
    return [_add(doors), _shown(doors)]


def _add(doors: Doors) -> HTTPRouteHandler:
    @post("/api/v1/photos", status_code=201)
    async def add_photo(request: AnyRequest) -> Response[bytes]:
        """The photo's bytes → {photo_id}."""
        caller = caller_of(request)
        doors.throttle.photo(caller)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in IMAGES:
            raise Problem("unsupported_image", status=415)
        data = await body(request.scope, request.receive, photos.MAX_BYTES)
        added = await photos.add(doors.ctx, caller.actor, data)
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
