"""`GET /api/v1/incidents/<id>`, and what may be the same. A merged id is a link: 307 to the one that goes on."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.domain.people import audience_of, may
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, not_over, signed_in
from hadir.inbound.kit.problems import Problem

NO_STORE = {"cache-control": "no-store", "vary": "accept-encoding, cookie, authorization"}


def incident_routes(doors: Doors) -> list[HTTPRouteHandler]:
    return [_one(doors), _alike(doors)]


def _one(doors: Doors) -> HTTPRouteHandler:
    @get("/api/v1/incidents/{id:str}")
    async def incident(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The incident as the caller's board shows it. Not for ever moved: a merge can be undone."""
        audience, id = audience_of(not_over(request.state.caller).actor), request.path_params["id"]
        goes_on = await doors.board.goes_on_as(id)
        body = await doors.board.shown(audience, "incidents", goes_on)
        if body is None:
            raise Problem("no_such_thing", status=404)
        if goes_on == id:
            return Response(body, media_type="application/json", headers=NO_STORE)
        link = msgspec.json.encode({"merged_into": goes_on})
        there = {"location": f"/api/v1/incidents/{goes_on}"}
        return Response(link, status_code=307, media_type="application/json", headers=NO_STORE | there)

    return incident


def _alike(doors: Doors) -> HTTPRouteHandler:
    @get("/api/v1/incidents/{id:str}/similar")
    async def similar(request: Request[Any, Any, Any]) -> Response[bytes]:
        """{similar}: open incidents that may be the same, the likeliest first, with reasons; for who may merge."""
        caller: Caller = signed_in(request.state.caller)
        if refusal := may("incident.merge", caller.actor):
            raise Problem.of(refusal)
        found = doors.board.alike(request.path_params["id"], caller.lang)
        if found is None:
            raise Problem("no_such_thing", status=404)
        return Response(msgspec.json.encode({"similar": found}), media_type="application/json", headers=NO_STORE)

    return similar
