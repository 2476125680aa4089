"""`/api/openapi.json`, and `/api/docs`: a page of our own that shows it; nothing loads from elsewhere."""

from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.inbound.api.openapi import document

_TYPES = {"docs.js": "text/javascript", "docs.css": "text/css"}


def docs_routes(city: str, more: Mapping[str, Any]) -> list[HTTPRouteHandler]:
    """`city`: its title, so that somebody with two of them sees which one answers; `more`: as `document`."""
    spec = msgspec.json.encode(document(f"Hadir · {city}", version("hadir"), more))
    folder = files("hadir.inbound.api").joinpath("page")
    page = folder.joinpath("docs.html").read_bytes()
    parts = {name: folder.joinpath(name).read_bytes() for name in _TYPES}
    asked = {"cache-control": "no-cache"}

    @get("/api/openapi.json")
    async def openapi() -> Response[bytes]:
        return Response(spec, media_type="application/json", headers=asked)

    @get("/api/docs")
    async def docs() -> Response[bytes]:
        return Response(page, media_type="text/html", headers=asked)

    @get("/api/docs.js")
    async def script() -> Response[bytes]:
        return Response(parts["docs.js"], media_type=_TYPES["docs.js"], headers=asked)

    @get("/api/docs.css")
    async def style() -> Response[bytes]:
        return Response(parts["docs.css"], media_type=_TYPES["docs.css"], headers=asked)

    return [openapi, docs, script, style]
