"""Open data as files: GeoJSON, CSV and Atom of the same rows, by the same filters, in pieces.

The newest first, `limit` at a time; `before` goes on from where a page ended, and the address of the next page stands
in the Link header (RFC 8288), in GeoJSON and in Atom in the document too. Rows are fetched while earlier ones are sent.
A page may be kept a minute; ETag and Last-Modified spare whoever comes again the rest.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from hadir.inbound.opendata import filters as f
from hadir.inbound.opendata.filters import Filters
from hadir.inbound.opendata.told import FIELDS, Teller, urn, without_point
from hadir.inbound.opendata.visit import Admit, said_licence
from hadir.inbound.pages.site import Site
from hadir.ports.opendata import OpenRow
from hadir.standards import atom, csvfile, geojson
from hadir.views.openbook import OpenBook

Req = Request[Any, Any, Any]

LIMIT, LIMIT_MOST = 1_000, 10_000
ENTRIES, ENTRIES_MOST = 50, 100
#: Rows fetched at a time.
PIECE = 500
KEPT_S = 60


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a file: which rows, and the addresses that belong to it."""

    path: str
    filters: Filters
    positions: list[int]
    limit: int
    #: absolute addresses
    this: str
    next: str | None


def file_routes(site: Site, book: OpenBook, admit: Admit) -> list[HTTPRouteHandler]:
    files = Files(site, book)

    @get("/data/laporan.geojson", include_in_schema=False)
    async def as_geojson(request: Req) -> Response[Any]:
        page = await files.page(request, admit(request), LIMIT, LIMIT_MOST)
        return files.answer(request, page, geojson.MEDIA_TYPE, files.geojson(page, site.lang(request)))

    @get("/data/laporan.csv", include_in_schema=False)
    async def as_csv(request: Req) -> Response[Any]:
        page = await files.page(request, admit(request), LIMIT, LIMIT_MOST)
        return files.answer(request, page, csvfile.MEDIA_TYPE, files.csv(page, site.lang(request)))

    @get("/data/laporan.atom", include_in_schema=False)
    async def as_atom(request: Req) -> Response[Any]:
        page = await files.page(request, admit(request), ENTRIES, ENTRIES_MOST)
        return files.answer(request, page, atom.MEDIA_TYPE, files.atom(page, site.lang(request)))

    return [as_geojson, as_csv, as_atom]


class Files:
    """Makes the pages of all forms."""

    def __init__(self, site: Site, book: OpenBook) -> None:
        self._site = site
        self._book = book

    async def page(self, request: Req, origin: str, usual: int, most: int) -> Page:
        """Raises Problem(400) for a parameter that cannot be read."""
        params, city = request.query_params, self._site.city
        filters = f.read(params, city, strict=True)
        limit = f.number(params, "limit", 1, most, usual)
        before = f.number(params, "before", 1, 2**62, 0) or None
        found = await self._book.positions(f.asked(filters, city), before=before, limit=limit + 1)
        lang = request.query_params.get("lang")
        # What everybody leaves out stays out, so that one page has one address.
        own = {"limit": None if limit == usual else limit, "lang": lang}
        address = f"{origin}{request.url.path}"
        more = f"{address}?{filters.query(before=found[limit - 1], **own)}" if len(found) > limit else None
        query = filters.query(before=before, **own)
        this = f"{address}?{query}" if query else address
        return Page(path=request.url.path, filters=filters, positions=found[:limit], limit=limit, this=this, next=more)

    # ── the forms ────────────────────────────────────────────────────────────────────────────────────────────────

    async def geojson(self, page: Page, lang: str) -> AsyncIterator[bytes]:
        tell, first = Teller(self._site.city, self._site.words.say, lang), True
        yield geojson.OPENING
        async for rows in self._rows(page):
            pieces = []
            for row in rows:
                fields = tell.fields(row)
                point = None if row.lat is None or row.lon is None else (row.lat, row.lon)
                feature = geojson.Feature(id=row.id, point=point, properties=without_point(fields))
                pieces.append(geojson.piece(feature, first=first))
                first = False
            yield b"".join(pieces)
        words = said_licence(self._site, lang)
        links = {"self": page.this, **({"next": page.next} if page.next else {})}
        yield geojson.ending({"licence": words.text, "licence_url": words.url, "about": words.about, "links": links})

    async def csv(self, page: Page, lang: str) -> AsyncIterator[bytes]:
        tell = Teller(self._site.city, self._site.words.say, lang)
        yield csvfile.line(FIELDS)
        async for rows in self._rows(page):
            yield b"".join([csvfile.line(list(tell.fields(row).values())) for row in rows])

    async def atom(self, page: Page, lang: str) -> AsyncIterator[bytes]:
        """RFC 4287 with the paging of RFC 5005 (section 3): self, first, next."""
        tell, say = Teller(self._site.city, self._site.words.say, lang), self._site.words.say
        rows = [row async for piece in self._rows(page) for row in piece]
        city = self._site.city.title.say(lang)
        base = page.this.partition("/data/")[0]
        first = f"{base}{page.path}"
        links = [
            atom.Link(rel="self", href=page.this, type=atom.MEDIA_TYPE),
            atom.Link(rel="first", href=_with(first, page.filters.query()), type=atom.MEDIA_TYPE),
            atom.Link(rel="alternate", href=_with(f"{base}/angka/laporan", page.filters.query()), type="text/html"),
        ]
        if page.next:
            links.append(atom.Link(rel="next", href=page.next, type=atom.MEDIA_TYPE))
        licence = said_licence(self._site, lang)
        yield atom.write(
            atom.Feed(
                id=_with(first, page.filters.query()),
                title=say("open.feed_title", lang, city=city),
                subtitle=licence.about,
                updated=max((_minute(row.changed_at) for row in rows), default=datetime.fromtimestamp(0, UTC)),
                authors=(atom.Person(name=city),),
                rights=licence.text,
                generator="Hadir",
                lang=lang,
                links=tuple(links),
                entries=tuple(_entry(row, tell, self._site, base) for row in rows),
            )
        )

    async def _rows(self, page: Page) -> AsyncIterator[list[OpenRow]]:
        for begin in range(0, len(page.positions), PIECE):
            yield await self._book.rows(page.positions[begin : begin + PIECE])

    # ── headers ──────────────────────────────────────────────────────────────────────────────────────────────────

    def answer(self, request: Req, page: Page, media: str, pieces: AsyncIterator[bytes]) -> Response[Any]:
        """In pieces, packed where it is taken; 304 for whoever has this very page."""
        told = f"{self._book.version} {page.this} {self._site.lang(request)}"
        tag = f'W/"{hashlib.sha256(told.encode()).hexdigest()[:20]}"'
        headers = {
            "etag": tag,
            "cache-control": f"public, max-age={KEPT_S}",
            "vary": "Accept-Encoding",
            "access-control-allow-origin": "*",
            "last-modified": format_datetime(datetime.fromtimestamp(self._book.changed, UTC), usegmt=True),
            "link": ", ".join(_links(page)),
            "content-language": self._site.lang(request),
        }
        if _has(request, tag, headers["last-modified"]):
            return Response(b"", status_code=304, media_type=media, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"], pieces = "gzip", _packed(pieces)
        return Stream(pieces, media_type=media, headers=headers)


def _has(request: Req, tag: str, modified: str) -> bool:
    """RFC 9110, 13.2.2: If-None-Match goes before If-Modified-Since."""
    known = request.headers.get("if-none-match")
    if known is not None:
        return tag in known or known.strip() == "*"
    return request.headers.get("if-modified-since") == modified


def _links(page: Page) -> Iterator[str]:
    yield '</data>; rel="describedby"'
    if page.next:
        yield f'<{page.next}>; rel="next"'


async def _packed(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(6, wbits=31)
    async for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _entry(row: OpenRow, tell: Teller, site: Site, base: str) -> atom.Entry:
    kind, fields = site.city.category_by_code[row.kind], tell.fields(row)
    area = fields["area_name"] or site.words.say("public.place_unknown", tell.lang)
    summary = site.words.say("open.entry", tell.lang, state=fields["state_name"], area=area, at=fields["received"])
    return atom.Entry(
        id=urn(site.city, row.id),
        title=tell.title(row),
        updated=_minute(row.changed_at),
        published=_minute(row.at),
        summary=summary,
        links=(atom.Link(href=f"{base}/data/laporan/{row.position}", type="text/html"),),
        categories=_categories(row, kind.name.say(tell.lang), fields["state"], fields["state_name"]),
        point=None if row.lat is None or row.lon is None else (row.lat, row.lon),
    )


def _categories(row: OpenRow, kind: str, status: str, state: str) -> tuple[atom.Category, ...]:
    told: Sequence[tuple[str, str, str]] = (("kind", row.kind, kind), ("state", status, state))
    return tuple(atom.Category(scheme=f"urn:hadir:{name}", term=term, label=label) for name, term, label in told)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _with(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address
