"""All routes of the pages, for the one application that `compose` builds."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from hadir.inbound.pages import after, citizen, helping, login, tracking
from hadir.inbound.pages.site import YEAR_S, Site


def pages_routes(site: Site) -> list[HTTPRouteHandler]:
    """/, /lapor, /juga, /l/…, GET /masuk, /aset/…"""
    site.assets.add("peta.svg", site.render("still.svg", "id"))
    return [
        *citizen.routes(site),
        *helping.routes(site),
        *tracking.routes(site),
        *after.routes(site),
        *login.routes(site),
        _assets(site),
    ]


def _assets(site: Site) -> HTTPRouteHandler:
    @get("/aset/{name:str}", include_in_schema=False)
    async def asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        found = site.assets.get(name)
        if found is None:
            return Response(b"", status_code=404, media_type="text/plain")
        headers = {"cache-control": f"public, max-age={YEAR_S}, immutable", "vary": "Accept-Encoding"}
        packed = "gzip" in request.headers.get("accept-encoding", "") and len(found.packed) < len(found.plain)
        if packed:
            headers["content-encoding"] = "gzip"
        body = found.packed if packed else found.plain
        return Response(body, media_type=found.type, headers=headers | {"x-content-type-options": "nosniff"})

    return asset
