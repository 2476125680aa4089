"""What helps while the form is filled, and what lets it work without a line. Nothing here is needed to report.

`POST /saran` judges the words as the report itself would be judged; `GET /dekat` shows what goes on near by;
`POST /lapor/susulan` brings the photos that the words went before; the manifest and the service worker keep the page.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from hadir.domain import places
from hadir.inbound.kit import forms
from hadir.inbound.pages import form
from hadir.inbound.pages.citizen import BODY_MOST, placer
from hadir.inbound.pages.near import nearby, spot
from hadir.inbound.pages.site import Site

Req = Request[Any, Any, Any]

#: Letters that are judged while somebody types; the report itself is judged whole.
ASKED_MOST = 600
#: What the page loads at once and the service worker keeps with it.
SCRIPTS = ("box.js", "form.js", "helps.js", "shrink.js", "voice.js", "effort.js", "effort-worker.js")
KEPT_FILES = ("citizen.css", "icon.svg", *SCRIPTS, "peta.svg", "tempat.json")


def routes(site: Site) -> list[HTTPRouteHandler]:
    site.assets.add("tempat.json", places_file(site))
    worker = _worker(site)

    @post("/saran", include_in_schema=False, request_max_body_size=16 * 1024, status_code=200)
    async def suggestion(request: Req) -> Response[Any]:
        if not site.may_ask(request):
            return Response(b"", status_code=204)
        text = (await forms.fields(request)).get("text", "")[:ASKED_MOST]
        return _json(suggested(site, text, site.lang(request)))

    @get("/dekat", include_in_schema=False)
    async def near(request: Req) -> Response[bytes]:
        if not site.may_ask(request):
            return Response(b"", status_code=204)
        draft, _ = form.read(dict(request.query_params), site.city, "near-by-0")
        found = nearby(await site.desk.picture(), draft, request.query_params.get("kind", ""), site.city)
        if not found:
            return Response(b"", status_code=204, headers={"cache-control": "no-store"})
        return site.fragment(request, "near.html", **cards(site, site.lang(request), found))

    @post("/lapor/susulan", include_in_schema=False, request_max_body_size=BODY_MOST, status_code=200)
    async def later(request: Req) -> Response[Any]:
        return await _later(site, request)

    @get("/warga.webmanifest", include_in_schema=False)
    async def manifest(request: Req) -> Response[bytes]:
        return site.answer(request, _manifest(site, site.lang(request)), "application/manifest+json")

    @get("/warga-sw.js", include_in_schema=False)
    async def service_worker(request: Req) -> Response[bytes]:
        return site.answer(request, worker, "text/javascript")

    return [suggestion, near, later, manifest, service_worker]


def _json(body: dict[str, object], status: int = 200) -> Response[dict[str, object]]:
    return Response(body, status_code=status, headers={"cache-control": "no-store"})


def suggested(site: Site, text: str, lang: str) -> dict[str, object]:
    """{kind, kinds: [{kind, name}], area}; kind "" when the words say nothing yet."""
    kinds = [site.city.category_by_code[code] for code in site.desk.suggest(text)]
    named = [{"kind": kind.code, "name": kind.name.say(lang)} for kind in kinds]
    said = places.find(text, site.city)
    return {"kind": named[0]["kind"] if named else "", "kinds": named, "area": said.area or ""}


def cards(site: Site, lang: str, found: list[Any]) -> dict[str, Any]:
    """What near.html and same.html are drawn from."""
    return {"found": found, "place": placer(site, lang), "spot": partial(spot, drawing=site.drawing)}


async def _later(site: Site, request: Req) -> Response[Any]:
    sent = await forms.fields(request)
    secret, photos = sent.get("secret", "")[:200], form.photos(sent)
    command_id = form.command_id(sent, site.new_id())
    refused = await site.desk.add_photos(secret, photos, command_id) if photos else None
    if refused is None:
        return _json({"url": f"/l/{secret}"})
    says = site.refusal(refused.code, site.lang(request), refused.params)
    return _json({"says": says, "code": refused.code}, 503 if refused.code in ("disk_full", "unavailable") else 409)


def places_file(site: Site) -> str:
    """The pack's names for the search, small: areas with their points, streets and landmarks with their areas."""
    city = site.city
    areas = [[a.name, a.code, a.district] for a in city.areas]
    marks = [[m.name, list(m.also), list(m.areas), *_point(m.lat, m.lon)] for m in city.landmarks]
    return json.dumps({"areas": areas, "marks": marks}, ensure_ascii=False, separators=(",", ":"))


def _point(lat: float | None, lon: float | None) -> list[float]:
    return [] if lat is None or lon is None else [lat, lon]


def _manifest(site: Site, lang: str) -> bytes:
    title = site.city.title.say(lang)
    sizes = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
    sizes += (("icon-maskable-512.png", "512x512", "maskable"),)
    icons = [{"src": f"/assets/icons/{n}", "sizes": s, "type": "image/png", "purpose": p} for n, s, p in sizes]
    body: dict[str, object] = {
        "id": "/",
        "name": site.words.say("citizen.page_title", lang, city=title),
        "short_name": site.words.say("citizen.app_name", lang),
        "lang": lang,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5a66",
        "icons": icons,
    }
    return json.dumps(body, ensure_ascii=False).encode()


def _worker(site: Site) -> bytes:
    """The service worker with the names of today's files: other files, other worker, and the browser takes it anew."""
    files = [site.assets.url(name) for name in KEPT_FILES if site.assets.has(name)]
    version = hashlib.sha256(" ".join(files).encode()).hexdigest()[:8]
    head = f"const VERSION={json.dumps(version)};const FILES={json.dumps(files)};"
    return (f"{head}importScripts({json.dumps(site.assets.url('box.js'))});\n" + site.assets.text("sw.js")).encode()
