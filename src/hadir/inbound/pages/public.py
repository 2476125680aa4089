"""`/peta`: the city as everybody may see it. «Belum ada kabar» is not «kering», and the page says so."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.inbound.pages.citizen import placer
from hadir.inbound.pages.desk import Picture
from hadir.inbound.pages.site import Site

Req = Request[Any, Any, Any]

# Worst first.
ORDER = ("declared", "confirmed", "suspected", "receding", "over")


def routes(site: Site) -> list[HTTPRouteHandler]:
    @get("/peta", include_in_schema=False)
    async def public_map(request: Req) -> Response[bytes]:
        picture = await site.desk.picture()
        values = _values(site, request, picture)
        return site.page(request, "public.html", now=site.now(), after=picture.cursor, **values)

    @get("/peta/kabar", include_in_schema=False)
    async def news(request: Req) -> Response[bytes]:
        return site.fragment(request, "public_news.html", **_values(site, request, await site.desk.picture()))

    return [public_map, news]


def _values(site: Site, request: Req, picture: Picture) -> dict[str, Any]:
    known = [w for w in picture.waters if w.state in ORDER and w.area in site.city.area_by_code]
    wet = sorted(known, key=lambda w: (ORDER.index(w.state), w.area))
    at = {shape.code: shape for shape in site.drawing.shapes}
    return {
        "wet": wet,
        "quiet": len(site.city.areas) - len(wet),
        "waters": {w.area: w.state for w in wet},
        "marks": [{"state": w.state, "x": at[w.area].x, "y": at[w.area].y} for w in wet],
        "dots": [
            site.drawing.point(h.lat, h.lon)
            for h in picture.happenings
            if h.lat is not None and h.lon is not None and not h.outside
        ],
        "happenings": sorted(picture.happenings, key=lambda h: h.since, reverse=True),
        "approximate": any(area.approximate for area in site.city.areas),
        "place": placer(site, site.lang(request)),
    }
