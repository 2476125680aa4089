"""`GET /api/v1/effort`: the work that a phone's next report asks for; nearly always none (docs/abuse.md)."""

import re
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors
from hadir.inbound.kit.problems import Problem

NO_STORE = {"cache-control": "no-store"}
_COMMAND_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def effort_routes(doors: Doors) -> list[HTTPRouteHandler]:
    @get("/api/v1/effort")
    async def effort(request: Request[Any, Any, Any]) -> Response[bytes]:
        """{effort: {task, bits} | null}"""
        caller: Caller = request.state.caller
        doors.throttle.reading(caller)
        command_id = request.query_params.get("command_id", "")
        if not _COMMAND_ID.fullmatch(command_id):
            raise Problem("bad_request", status=400)
        task = doors.throttle.watch.task(caller, command_id, request.query_params.get("area", "")[:32])
        return Response(msgspec.json.encode({"effort": task}), media_type="application/json", headers=NO_STORE)

    return [effort]
