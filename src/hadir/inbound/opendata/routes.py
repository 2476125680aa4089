"""All addresses of open data, for the one application that `compose` builds."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from hadir.inbound.kit.problems import Problem
from hadir.inbound.opendata.figures import Numbers, figure_routes
from hadir.inbound.opendata.files import ENTRIES_MOST, LIMIT_MOST, file_routes
from hadir.inbound.opendata.map import map_routes
from hadir.inbound.opendata.told import FIELDS, Teller
from hadir.inbound.opendata.visit import Admit, admission, said_licence
from hadir.inbound.pages.site import Site
from hadir.views.openbook import OpenBook

__all__ = ["admission", "open_routes"]

Req = Request[Any, Any, Any]


def open_routes(site: Site, book: OpenBook, admit: Admit) -> list[HTTPRouteHandler]:
    """/peta, /angka, /data."""
    own = files("hadir.inbound.pages").joinpath("static", "open.css")
    site.assets.add("open.css", own.read_text(encoding="utf-8"))
    return [
        *map_routes(site, book, admit),
        *figure_routes(site, book, admit),
        *file_routes(site, book, admit),
        _about(site, admit),
        _one(site, book, admit),
    ]


def _about(site: Site, admit: Admit) -> HTTPRouteHandler:
    @get("/data", include_in_schema=False)
    async def about(request: Req) -> Response[bytes]:
        """What there is, in which forms, and what each field means."""
        origin = admit(request)
        licence = said_licence(site, site.lang(request))
        most = {"limit_most": LIMIT_MOST, "entries_most": ENTRIES_MOST}
        return site.page(request, "data.html", fields=FIELDS, licence=licence, origin=origin, **most)

    return about


def _one(site: Site, book: OpenBook, admit: Admit) -> HTTPRouteHandler:
    @get("/data/laporan/{position:int}", include_in_schema=False)
    async def one(request: Req, position: FromPath[int]) -> Response[bytes]:
        """One report as everybody may know it."""
        admit(request)
        rows = await book.rows([position]) if 0 < position < 2**62 else []
        if not rows:
            raise Problem("not_found", status=404)
        row, lang = rows[0], site.lang(request)
        told = Teller(site.city, site.words.say, lang).fields(row)
        return site.page(request, "data_satu.html", row=row, told=told, say=Numbers(site, lang))

    return one
