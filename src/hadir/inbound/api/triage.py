"""What triage makes of a report, what else came with it, and how the last training did: `/api/v1/reports/<id>/triage`,
`/api/v1/reports/<id>/media`, `/api/v1/training`.
"""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.actions.mydata import told_of
from hadir.domain.people import may
from hadir.domain.refusals import Refusal
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import Problem

NO_STORE = {"cache-control": "no-store", "vary": "accept-encoding, cookie, authorization"}


def triage_routes(doors: Doors) -> list[HTTPRouteHandler]:
    @get("/api/v1/reports/{id:str}/triage")
    async def triage(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The likeliest categories, the marked words, language, place, and what may be the same: worked out now."""
        caller = _allowed(request, "triage.read")
        now = doors.ctx.clock.now()
        found = await doors.board.triage(request.path_params["id"], doors.ctx.learned(), caller.lang, now)
        if found is None:
            raise Problem("no_such_thing", status=404)
        return _json(found)

    @get("/api/v1/training")
    async def training(request: Request[Any, Any, Any]) -> Response[bytes]:
        """{training}: the examination of the model in use, or null; and the pack's numbers."""
        _allowed(request, "training.read")
        learned, rules = doors.ctx.learned(), doors.ctx.city.assign
        told = None if learned is None else {"version": learned.version, "rows": learned.rows, **learned.evaluation}
        return _json({"training": told, "margin": rules.margin, "least_rows": rules.least_rows})

    @get("/api/v1/reports/{id:str}/media")
    async def media(request: Request[Any, Any, Any]) -> Response[bytes]:
        """{media}: addresses of pictures elsewhere that came with it by Open311. Nobody has gone there."""
        _allowed(request, "triage.read")
        told = await told_of(doors.ctx, request.path_params["id"])
        if isinstance(told, Refusal):
            raise Problem.of(told)
        return _json({"media": told.media})

    return [triage, training, media]


def _allowed(request: Request[Any, Any, Any], verb: str) -> Caller:
    caller: Caller = signed_in(request.state.caller)
    if refusal := may(verb, caller.actor):
        raise Problem.of(refusal)
    return caller


def _json(told: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(told), media_type="application/json", headers=NO_STORE)
