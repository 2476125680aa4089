"""`/foto/<incident>/<photo>`: a covered copy of a photo of a public incident, for everybody; nothing else."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from hadir.actions.covering import public_copy
from hadir.domain.people import Role
from hadir.domain.values import Actor
from hadir.inbound.kit.doors import Doors

_PHOTO = re.compile(r"[0-9a-f]{64}")
ANYBODY = Actor(id="anybody", role=Role.CITIZEN)
# A photo that is taken back is gone from caches in ten minutes.
KEPT = {"cache-control": "public, max-age=600"}


def routes(doors: Doors) -> list[HTTPRouteHandler]:
    @get("/foto/{incident:str}/{photo:str}", include_in_schema=False)
    async def photo(request: Request[Any, Any, Any], incident: FromPath[str], photo: FromPath[str]) -> Response[bytes]:
        doors.throttle.reading(request.state.caller)
        size = "page" if request.query_params.get("besar") is not None else "thumb"
        data = await _shown(doors, incident, photo, size) if _PHOTO.fullmatch(photo) else None
        if data is None:
            return Response(b"", status_code=404, media_type="text/plain", headers={"cache-control": "no-store"})
        return Response(data, media_type="image/jpeg", headers=KEPT)

    return [photo]


async def _shown(doors: Doors, incident: str, photo: str, size: str) -> bytes | None:
    row = doors.board.row("incidents", incident)
    if row is None or photo not in {each.id for each in row.photos}:
        return None
    kind = doors.ctx.city.category_by_code.get(row.category)
    if kind is None or kind.photos != "review" or not doors.board.visible(ANYBODY, "incidents", incident):
        return None
    for id in doors.ctx.relations.reports_of(incident):
        report = doors.board.row("reports", id)
        if report is not None and photo in {each.id for each in report.open_photos}:
            return await public_copy(doors.ctx, id, photo, size)
    return None
