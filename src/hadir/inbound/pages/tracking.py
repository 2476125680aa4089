"""`/l/<secret>`: one's own report, followed to its end, and the question whether it is really solved."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from hadir.inbound.pages import form
from hadir.inbound.pages.citizen import typed
from hadir.inbound.pages.desk import Step, Tracked
from hadir.inbound.pages.site import Site

Req = Request[Any, Any, Any]

# What comes next, for each stage that has a next.
_NEXT = frozenset({"received", "joined", "working", "checking", "asked", "disputed"})
# The open reports' photos stay in the browser for an hour: prepaid data is dear.
PHOTO_KEPT = "private, max-age=3600"


def routes(site: Site) -> list[HTTPRouteHandler]:
    @get("/l/{secret:str}", include_in_schema=False)
    async def track(request: Req, secret: FromPath[str]) -> Response[bytes]:
        return await _track(site, request, secret)

    @get("/l/{secret:str}/kabar", include_in_schema=False)
    async def news(request: Req, secret: FromPath[str]) -> Response[bytes]:
        tracked = await site.desk.tracked(secret)
        if tracked is None:
            return Response(b"", status_code=404, media_type="text/plain")
        return site.fragment(request, "news.html", **_news(site, request, tracked, secret))

    @post("/l/{secret:str}/jawab", include_in_schema=False, status_code=200)
    async def answer(request: Req, secret: FromPath[str]) -> Response[bytes]:
        return await _answer(site, request, secret)

    @get("/l/{secret:str}/foto/{photo:str}", include_in_schema=False)
    async def photo(request: Req, secret: FromPath[str], photo: FromPath[str]) -> Response[bytes]:
        small = request.query_params.get("besar") is None
        data = await site.desk.photo(secret, photo, small)
        if data is None:
            return Response(b"", status_code=404, media_type="text/plain")
        return site.answer(request, data, "image/jpeg", headers={"cache-control": PHOTO_KEPT})

    return [track, news, answer, photo]


async def _track(site: Site, request: Req, secret: str, problem: str = "", status: int = 200) -> Response[bytes]:
    tracked = await site.desk.tracked(secret)
    if tracked is None:
        return _unknown(site, request)
    return site.page(
        request,
        "tracking.html",
        status=status,
        now=site.now(),
        fresh=bool(request.query_params.get("baru")),
        problem=problem,
        place_line=place_line(site, tracked, site.lang(request)),
        **_news(site, request, tracked, secret),
    )


def _news(site: Site, request: Req, tracked: Tracked, secret: str) -> dict[str, Any]:
    lang = site.lang(request)
    # The id of the answer is made of what is asked, so that a double press, or two tabs, are one answer.
    answer_id = f"jawab-{len(tracked.steps)}-{tracked.ref}"
    return {
        "tracked": tracked,
        "secret": secret,
        "answer_id": answer_id,
        "steps": [(step_words(site, step, lang), step.at) for step in tracked.steps],
        "next": site.words.say(f"track.next.{tracked.stage}", lang) if tracked.stage in _NEXT else "",
    }


def step_words(site: Site, step: Step, lang: str) -> str:
    """«Diteruskan ke BPBD»: codes of the city pack in words."""
    params = dict(step.params)
    agency = site.city.agency_by_code.get(params.get("agency", ""))
    disposition = site.city.disposition_by_code.get(params.get("why", ""))
    if agency is not None:
        params["agency"] = agency.short
    if disposition is not None:
        params["why"] = disposition.answer.say(lang)
    return site.words.say(f"track.step.{step.code}", lang, **params)


def place_line(site: Site, tracked: Tracked, lang: str) -> str:
    """«Plosokerep RT 2 RW 1 · Jl. Sumba»."""
    name = site.area_name(tracked.area) or ""
    small = " ".join(f"{w} {n}" for w, n in (("RT", tracked.rt), ("RW", tracked.rw)) if n is not None)
    outside = site.words.say("track.where_outside", lang) if tracked.outside else ""
    parts = [f"{name} {small}".strip(), tracked.place_words or "", outside]
    return " · ".join(p for p in parts if p) or site.words.say("track.where_unknown", lang)


async def _answer(site: Site, request: Req, secret: str) -> Response[bytes]:
    fields = (await typed(request)).fields
    solved, text = fields.get("solved") == "yes", fields.get("text", "").strip()[:1000]
    # The two answers to one question differ in body, so they must differ in id.
    command = f"{form.command_id(fields, site.new_id())}-{'y' if solved else 'n'}"
    refused = await site.desk.answer(secret, solved, text, command)
    if refused is None:
        return Response(b"", status_code=303, headers={"location": f"/l/{secret}", "cache-control": "no-store"})
    why = site.refusal(refused.code, site.lang(request), refused.params)
    return await _track(site, request, secret, problem=why, status=409)


def _unknown(site: Site, request: Req) -> Response[bytes]:
    say, lang = site.words.say, site.lang(request)
    return site.page(
        request, "said.html", status=404, heading=say("track.unknown", lang), line=say("track.unknown_why", lang)
    )
