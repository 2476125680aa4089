"""`GET /api/v1/incidents/<id>/dispatch`: who can go there, in order, with reasons; from memory."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.domain.people import Subject, audience_of, may
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import Problem

NO_STORE = {"cache-control": "no-store", "vary": "accept-encoding, cookie, authorization"}


def dispatch_routes(doors: Doors) -> list[HTTPRouteHandler]:
    @get("/api/v1/incidents/{id:str}/dispatch")
    async def dispatch(request: Request[Any, Any, Any]) -> Response[bytes]:
        """{incident, at, suggestions, missing}: the officers the caller may see, ranked among all."""
        caller: Caller = signed_in(request.state.caller)
        id = request.path_params["id"]
        row = doors.board.row("incidents", id)
        if refusal := may("dispatch.read", caller.actor, Subject(agencies=frozenset(row.agencies if row else ()))):
            raise Problem.of(refusal)
        found = doors.board.dispatch(id, audience_of(caller.actor), caller.lang, doors.ctx.clock.now())
        if found is None:
            raise Problem("no_such_thing", status=404)
        return Response(msgspec.json.encode(found), media_type="application/json", headers=NO_STORE)

    return [dispatch]
