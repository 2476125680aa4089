"""What is read: the caller's own view of the board, of one incident, of the map; photos; the city pack."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from hadir.actions import photos
from hadir.domain.people import audience_of
from hadir.domain.refusals import Refusal
from hadir.inbound.kit.asgi import body
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.citydoc import areas_geojson, city_document
from hadir.inbound.kit.doors import Doors, not_over, signed_in
from hadir.inbound.kit.packing import Packed
from hadir.inbound.kit.problems import Problem
from hadir.ports.views import Viewport
from hadir.views.timeline import Speaker

THINGS = ("reports", "incidents", "tasks", "orders", "units", "areas")
# A page that has just sent a command waits so long for its own view to have it.
WAIT_S = 2.0
# A phone's screen is full at 500; more are for those who count.
MARKS, MARKS_MOST = 500, 5000
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif"})
_POSITION = re.compile(r"(?:[A-Za-z0-9]+-)?(\d{1,18})")
_PHOTO = re.compile(r"[0-9a-f]{64}")

NO_STORE = {"cache-control": "no-store", "vary": "accept-encoding, cookie, authorization"}


def read_routes(doors: Doors) -> list[HTTPRouteHandler]:
    """All GETs of the API, and the photos' POST."""
    packed = Packed()

    async def packed_json(request: Request[Any, Any, Any], name: str, data: bytes) -> Response[bytes]:
        headers = dict(NO_STORE)
        if "gzip" in request.headers.get("accept-encoding", "") and len(data) > 1200:
            data = await packed.gzip(name, data)
            headers["content-encoding"] = "gzip"
        return Response(data, media_type="application/json", headers=headers)

    @get("/api/v1/board")
    async def board(request: Request[Any, Any, Any]) -> Response[bytes]:
        """{epoch, position, board}: everything the caller may see now."""
        audience = audience_of(not_over(_caller(request)).actor)
        things = _things(request.query_params.get("things"))
        await _wait(doors, request)
        data = await doors.board.board(audience, things)
        return await packed_json(request, f"{audience} {things}", data)

    @get("/api/v1/map")
    async def marks(request: Request[Any, Any, Any]) -> Response[bytes]:
        """{marks}: reports in a rectangle, the newest first; for the city also what is over."""
        caller = not_over(_caller(request))
        port = viewport_of(request.query_params)
        await _wait(doors, request)
        found = await doors.board.viewport(audience_of(caller.actor), port)
        return await packed_json(request, f"map {caller.actor.id}", msgspec.json.encode({"marks": found}))

    @get("/api/v1/incidents/{id:str}/timeline")
    async def timeline(request: Request[Any, Any, Any]) -> Response[bytes]:
        """{items}: what happened about an incident, oldest first, as far as the caller may see it."""
        caller, id = signed_in(_caller(request)), request.path_params["id"]
        await _wait(doors, request)
        names = {account.id: account.name for account in await doors.accounts.accounts()}
        speaker = Speaker(city=doors.ctx.city, words=doors.words, lang=caller.lang, names=names)
        items = await doors.board.timeline(caller.actor, id, speaker)
        if items is None:
            raise Problem("no_such_thing", status=404)
        return await packed_json(request, f"timeline {caller.actor.id}", msgspec.json.encode({"items": items}))

    @post("/api/v1/photos", status_code=201)
    async def add_photo(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The photo's bytes → {photo_id}."""
        caller = _caller(request)
        doors.throttle.photo(caller)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in IMAGES:
            raise Problem("unsupported_image", status=415)
        data = await body(request.scope, request.receive, photos.MAX_BYTES)
        added = await photos.add(doors.ctx, caller.actor, data)
        if isinstance(added, Refusal):
            raise Problem.of(added)
        return Response(
            msgspec.json.encode({"photo_id": added}), status_code=201, media_type="application/json", headers=NO_STORE
        )

    @get("/api/v1/photos/{id:str}")
    async def photo(request: Request[Any, Any, Any]) -> Response[bytes]:
        """A copy of a photo that stands on something the caller sees: `?size=thumb` or `page`."""
        id = request.path_params["id"]
        size = request.query_params.get("size", "page")
        if size not in photos.SIZES:
            raise Problem("bad_query", status=400, name="size")
        known = _PHOTO.fullmatch(id) and doors.board.visible(_caller(request).actor, "photos", id)
        data = await photos.shown(doors.ctx, id, size) if known else None
        if data is None:
            raise Problem("no_such_thing", status=404)
        # Its name is its digest, so it never changes; private, because the next person at this proxy may not see it.
        return Response(data, media_type="image/jpeg", headers={"cache-control": "private, max-age=86400"})

    @get("/api/v1/me")
    async def me(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Who the caller is, and what audience that makes."""
        caller = signed_in(_caller(request))
        assert caller.account is not None
        told = {
            "id": caller.account.id,
            "name": caller.account.name,
            "role": caller.account.role,
            "agency": caller.account.agency,
            "areas": caller.account.areas,
            "lang": caller.lang,
            "audience": audience_of(caller.actor),
        }
        return Response(msgspec.json.encode(told), media_type="application/json", headers=NO_STORE)

    @get("/api/v1/city")
    async def city(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The city pack in the caller's language: areas, agencies, categories, words of orders."""
        document = city_document(doors.ctx.city, _caller(request).lang, doors.ctx.clock.now())
        headers = {"cache-control": "public, max-age=300", "vary": "accept-language, cookie"}
        return Response(msgspec.json.encode(document), media_type="application/json", headers=headers)

    areas_bytes = msgspec.json.encode(areas_geojson(doors.ctx.city))

    @get("/api/v1/areas.geojson")
    async def areas(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The areas' borders, WGS84."""
        response = await packed_json(request, "areas", areas_bytes)
        response.media_type = "application/geo+json"
        response.headers["cache-control"] = "public, max-age=300"
        return response

    return [board, marks, timeline, add_photo, photo, me, city, areas]


def _caller(request: Request[Any, Any, Any]) -> Caller:
    return request.state.caller  # type: ignore[no-any-return]


async def _wait(doors: Doors, request: Request[Any, Any, Any]) -> None:
    """`?after=` a position, or an event id: the view should have come so far; after 2 s it answers as it is."""
    given = request.query_params.get("after") or request.headers.get("x-hadir-after")
    if not given:
        return
    position = _POSITION.fullmatch(given)
    if position is None:
        raise Problem("bad_query", status=400, name="after")
    await doors.board.wait(int(position[1]), WAIT_S)


def _things(given: str | None) -> tuple[str, ...] | None:
    if not given:
        return None
    wanted = set(given.split(","))
    if not wanted <= set(THINGS):
        raise Problem("bad_query", status=400, name="things")
    return tuple(things for things in THINGS if things in wanted)


def viewport_of(query: Mapping[str, str]) -> Viewport:
    """bbox=west,south,east,north in degrees; states, categories (with commas); limit. Raises Problem(400)."""
    west, south, east, north = _bbox(query.get("bbox", ""))
    return Viewport(
        south=south,
        west=west,
        north=north,
        east=east,
        states=tuple(filter(None, query.get("states", "").split(","))),
        categories=tuple(filter(None, query.get("categories", "").split(","))),
        limit=int(_number(query.get("limit", str(MARKS)), "limit", 1, MARKS_MOST)),
    )


def _bbox(given: str) -> tuple[float, float, float, float]:
    parts = given.split(",")
    if len(parts) != 4:
        raise Problem("bad_query", status=400, name="bbox")
    west, east = (_number(parts[i], "bbox", -180, 180) for i in (0, 2))
    south, north = (_number(parts[i], "bbox", -90, 90) for i in (1, 3))
    if west > east or south > north:
        raise Problem("bad_query", status=400, name="bbox")
    return west, south, east, north


def _number(text: str, name: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise Problem("bad_query", status=400, name=name) from None
    if not least <= value <= most:  # NaN is not within anything
        raise Problem("bad_query", status=400, name=name)
    return value
