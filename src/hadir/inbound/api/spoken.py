"""Recordings of reports: what a citizen said instead of typing. Only the command centre hears a voice."""

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.domain.people import may
from hadir.inbound.api.orders import part
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import Problem
from hadir.ports.blobs import BlobMissing
from hadir.views.rows import restored


def spoken_routes(doors: Doors) -> list[HTTPRouteHandler]:
    @get("/api/v1/reports/{id:str}/voice")
    async def voice(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The recording of a report, as it was received; also a part of it (Range)."""
        caller: Caller = signed_in(request.state.caller)
        if refusal := may("voice.read", caller.actor):
            raise Problem.of(refusal)
        stored = await doors.rows.row("reports", request.path_params["id"])
        found = None if stored is None else restored("reports", stored).voice
        if found is None:
            raise Problem("no_such_thing", status=404)
        # Each part that a player fetches, too: whoever asked for all but the first byte would else hear it unseen.
        await doors.looked(caller.actor, "voice", f"report/{request.path_params['id']}", "")
        try:
            data = await doors.ctx.blobs.get(found.id)
        except (BlobMissing, ValueError):
            raise Problem("no_such_thing", status=404) from None
        return part(data, found.type, request.headers.get("range"))

    return [voice]
