"""`/peta`: the city as everybody may see it, now and in the past. «Belum ada kabar» is not «kering», and it says so.

Drawn by the server: zooming, filtering and paging are addresses, so that it works without script and can be passed on;
the script fetches the same part anew and follows the public stream.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from markupsafe import escape

from hadir.inbound.opendata import filters as f
from hadir.inbound.opendata.filters import EVERY_ORIGIN, Filters
from hadir.inbound.opendata.told import Teller
from hadir.inbound.opendata.view import ZOOM_MOST, Atlas, Circle, View, aside
from hadir.inbound.opendata.visit import Admit
from hadir.inbound.pages.citizen import placer
from hadir.inbound.pages.desk import Picture
from hadir.inbound.pages.site import Site
from hadir.ports.opendata import OpenRow
from hadir.views.columns import STATUSES
from hadir.views.openbook import OpenBook

Req = Request[Any, Any, Any]

# Worst first.
ORDER = ("declared", "confirmed", "suspected", "receding", "over")
#: 0: all there ever was
DAYS, DAYS_USUAL = (1, 7, 30, 90, 365, 0), 30
LISTED = 20


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the address says."""

    filters: Filters
    days: int
    zoom: int
    lat: float | None
    lon: float | None
    before: int | None

    def address(self, /, **changes: object) -> str:
        """«?zoom=1&lat=…»: this view with something else; the list begins anew."""
        own: dict[str, object] = {
            "days": self.days if self.days != DAYS_USUAL else None,
            "zoom": self.zoom or None,
            "lat": self.lat if self.zoom else None,
            "lon": self.lon if self.zoom else None,
        }
        told = Filters(kind=self.filters.kind, state=self.filters.state).query(**{**own, **changes})
        return f"?{told}" if told else "/peta"


def map_routes(site: Site, book: OpenBook, admit: Admit) -> list[HTTPRouteHandler]:
    page = MapPage(site, book)

    @get("/peta", include_in_schema=False)
    async def public_map(request: Req) -> Response[bytes]:
        admit(request)
        picture = await site.desk.picture()
        values = await page.values(request, picture)
        return site.page(request, "peta.html", now=site.now(), after=picture.cursor, **values)

    @get("/peta/kabar", include_in_schema=False)
    async def news(request: Req) -> Response[bytes]:
        admit(request)
        return site.fragment(request, "peta_view.html", **await page.values(request, await site.desk.picture()))

    return [public_map, news]


class MapPage:
    """What the templates are filled with."""

    def __init__(self, site: Site, book: OpenBook) -> None:
        self._site = site
        self._say = site.words.say
        self._book = book
        self._atlas = Atlas(site.city, site.drawing)

    async def values(self, request: Req, picture: Picture) -> dict[str, Any]:
        wanted, lang = self._wanted(request), self._site.lang(request)
        view = self._atlas.at(wanted.zoom, wanted.lat, wanted.lon)
        asked = f.asked(wanted.filters.where(bbox=view.box), self._site.city)
        in_all, apart, clusters, positions = await self._book.look(
            asked, view.squares, before=wanted.before, limit=LISTED + 1
        )
        circles = [view.circle(cluster) for cluster in clusters]
        listed = set(positions[:LISTED])
        alone = {cluster.position for cluster in clusters if cluster.reports == 1}
        found = await self._book.rows([*listed, *(alone - listed)])
        rows = [row for row in found if row.position in listed]
        tell = Teller(self._site.city, self._site.words.say, lang)
        now = self._going_on(view, circles, picture, lang)
        wet = {self._site.city.area_by_code[w.area].name for w in now["wet"]}
        return {
            "wanted": wanted,
            "view": view,
            "circles": self._circles(wanted, view, circles, {row.position: row for row in found}, lang),
            "rows": [(row, tell.fields(row)) for row in rows],
            "in_all": in_all,
            "apart": apart,
            "older": positions[LISTED - 1] if len(positions) > LISTED else None,
            "days": DAYS,
            "days_usual": DAYS_USUAL,
            "states": tuple(STATUSES),
            "chosen": f.chosen,
            "zoom_most": ZOOM_MOST,
            "names": view.names(circles, [mark["at"] for mark in now["marks"]], wet),
            **now,
        }

    def _circles(
        self, wanted: Wanted, view: View, circles: Sequence[Circle], rows: Mapping[int, OpenRow], lang: str
    ) -> str:
        """The clusters as SVG: sixty of them, each with a link and a name; a template takes ten times as long."""
        base = escape(wanted.address(zoom="", lat="", lon=""))
        start = f"?{base[1:]}&amp;" if base.startswith("?") else "?"
        drawn: list[str] = []
        named: Counter[str] = Counter()
        for circle in circles:
            near = view.nearest(circle.x, circle.y)
            alone = rows.get(circle.cluster.position) if circle.cluster.reports == 1 else None
            name = self._name(circle, near, lang) if alone is None else self._one(alone, near, lang)
            named[name] += 1
            drawn.append(self._circle(start, circle, name if named[name] == 1 else f"{name} ({named[name]})"))
        return "".join(drawn)

    def _one(self, row: OpenRow, near: str, lang: str) -> str:
        """What a circle of one report is called, so that somebody who hears them knows which is which."""
        area = self._site.city.area_by_code.get(row.area or "")
        kind = self._site.city.category_by_code[row.kind].name.say(lang)
        time = self._site.clock(row.at, lang)
        return self._say("open.one", lang, kind=kind, area=near if area is None else area.name, time=time)

    def _name(self, circle: Circle, near: str, lang: str) -> str:
        return self._say("open.cluster", lang, n=circle.cluster.reports, area=near, on=circle.cluster.going_on)

    def _circle(self, start: str, circle: Circle, name: str) -> str:
        x, y, cluster = circle.x, circle.y, circle.cluster
        over = "" if cluster.going_on else " over"
        if cluster.reports == 1:
            return (
                f'<a class="cluster one{over}" href="/data/laporan/{cluster.position}" aria-label="{escape(name)}">'
                f'<circle class="hit" cx="{x:.1f}" cy="{y:.1f}" r="12"/><circle cx="{x:.1f}" cy="{y:.1f}" r="6"/></a>'
            )
        href = f"{start}zoom={circle.zoom}&amp;lat={cluster.lat:.5f}&amp;lon={cluster.lon:.5f}"
        return (
            f'<a class="cluster{over}" data-map href="{href}" aria-label="{escape(name)}">'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{circle.r}"/><text x="{x:.1f}" y="{y:.1f}">{circle.text}</text></a>'
        )

    def _wanted(self, request: Req) -> Wanted:
        """A strange value is as none: a link that was cut off still shows a map."""
        params: Mapping[str, str] = request.query_params
        days = _whole(params.get("days"), DAYS_USUAL)
        days = days if days in DAYS else DAYS_USUAL
        read = f.read(request.query_params, self._site.city, strict=False)
        today = self._site.now().astimezone(self._site.zone).date()
        first = today - timedelta(days=days - 1) if days else None
        return Wanted(
            filters=Filters(kind=read.kind, state=read.state, origin=(EVERY_ORIGIN,), first=first),
            days=days,
            zoom=max(0, min(_whole(params.get("zoom"), 0), ZOOM_MOST)),
            lat=_degrees(params.get("lat")),
            lon=_degrees(params.get("lon")),
            before=_whole(params.get("before"), 0) or None,
        )

    def _going_on(self, view: View, circles: Sequence[Circle], picture: Picture, lang: str) -> dict[str, Any]:
        """What is open now: floods, and incidents."""
        site = self._site
        known = [w for w in picture.waters if w.state in ORDER and w.area in site.city.area_by_code]
        wet = sorted(known, key=lambda w: (ORDER.index(w.state), w.area))
        marks = [{"state": w.state, "at": aside(at, circles)} for w in wet if (at := view.mark_of(w.area))]
        return {
            "wet": wet,
            "quiet": len(site.city.areas) - len(wet),
            "waters": {w.area: w.state for w in wet},
            "marks": marks,
            "dots": [
                view.point(h.lat, h.lon)
                for h in picture.happenings
                if h.lat is not None and h.lon is not None and not h.outside and view.shows(h.lat, h.lon)
            ],
            "happenings": sorted(picture.happenings, key=lambda h: h.since, reverse=True),
            "approximate": any(area.approximate for area in site.city.areas),
            "place": placer(site, lang),
        }


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else otherwise


def _degrees(text: str | None) -> float | None:
    try:
        degrees = float(text or "")
    except ValueError:
        return None
    return degrees if -180 <= degrees <= 180 else None
