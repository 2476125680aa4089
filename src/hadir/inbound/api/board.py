"""What is read of the picture: the caller's own view of the board, of the map, of one incident's timeline."""

import re
from collections.abc import Mapping

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.domain.people import audience_of
from hadir.inbound.api.answers import AnyRequest, PackedAnswers, caller_of
from hadir.inbound.kit.doors import Doors, not_over, signed_in
from hadir.inbound.kit.problems import Problem
from hadir.ports.views import Viewport
from hadir.views.timeline import Speaker

THINGS = ("reports", "incidents", "tasks", "orders", "units", "areas")
# A page that has just sent a command waits so long for its own view to have it.
WAIT_S = 2.0
# A phone's screen is full at 500; more are for those who count.
MARKS, MARKS_MOST = 500, 5000
_POSITION = re.compile(r"(?:[A-Za-z0-9]+-)?(\d{1,18})")


def board_routes(doors: Doors, answers: PackedAnswers) -> list[HTTPRouteHandler]:
    return [_board(doors, answers), _map(doors, answers), _timeline(doors, answers)]


def _board(doors: Doors, answers: PackedAnswers) -> HTTPRouteHandler:
    @get("/api/v1/board")
    async def board(request: AnyRequest) -> Response[bytes]:
        """{epoch, position, board}: everything the caller may see now."""
        audience = audience_of(not_over(caller_of(request)).actor)
        things = _things(request.query_params.get("things"))
        await _wait(doors, request)
        data = await doors.board.board(audience, things)
        return await answers.json(request, f"{audience} {things}", data)

    return board


def _map(doors: Doors, answers: PackedAnswers) -> HTTPRouteHandler:
    @get("/api/v1/map")
    async def marks(request: AnyRequest) -> Response[bytes]:
        """{marks}: reports in a rectangle, the newest first; for the city also what is over."""
        caller = not_over(caller_of(request))
        port = viewport_of(request.query_params)
        await _wait(doors, request)
        found = await doors.board.viewport(audience_of(caller.actor), port)
        return await answers.json(request, f"map {caller.actor.id}", msgspec.json.encode({"marks": found}))

    return marks


def _timeline(doors: Doors, answers: PackedAnswers) -> HTTPRouteHandler:
    @get("/api/v1/incidents/{id:str}/timeline")
    async def timeline(request: AnyRequest) -> Response[bytes]:
        """{items, incident}: what happened, oldest first, as far as the caller may see it.

        `incident`: the one that it tells of, where the asked one was merged into another.
        """
        caller, id = signed_in(caller_of(request)), request.path_params["id"]
        await _wait(doors, request)
        names = {account.id: account.name for account in await doors.accounts.accounts()}
        speaker = Speaker(city=doors.ctx.city, words=doors.words, lang=caller.lang, names=names)
        items = await doors.board.timeline(caller.actor, id, speaker)
        if items is None:
            raise Problem("no_such_thing", status=404)
        body = msgspec.json.encode({"items": items, "incident": await doors.board.goes_on_as(id)})
        return await answers.json(request, f"timeline {caller.actor.id}", body)

    return timeline


async def _wait(doors: Doors, request: AnyRequest) -> None:
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
