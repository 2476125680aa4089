"""`/l/<secret>`: one's own report, followed to its end, and the question whether it is really solved."""

from __future__ import annotations

from typing import Any, Protocol

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from hadir.domain.talk import RESULTS
from hadir.inbound.pages.desk import Line, Step, Tracked
from hadir.inbound.pages.site import Site

Req = Request[Any, Any, Any]

# What comes next, for each stage that has a next.
_NEXT = frozenset({"received", "held", "joined", "working", "checking", "asked", "disputed"})
#: What a press is thanked with, by the word in the address.
THANKS = {
    "kabar": "track.thanks_more",
    "jawaban": "track.thanks_answer",
    "nilai": "track.thanks_rating",
    "email": "follow.email_sent",
}
TEXT_MOST = 1000
# The open reports' photos stay in the browser for an hour: prepaid data is dear.
PHOTO_KEPT = "private, max-age=3600"


def routes(site: Site) -> list[HTTPRouteHandler]:
    @get("/l/{secret:str}", include_in_schema=False)
    async def track(request: Req, secret: FromPath[str]) -> Response[bytes]:
        return await page(site, request, secret)

    @get("/l/{secret:str}/kabar", include_in_schema=False)
    async def news(request: Req, secret: FromPath[str]) -> Response[bytes]:
        tracked = await site.desk.tracked(secret)
        if tracked is None:
            return Response(b"", status_code=404, media_type="text/plain")
        return site.fragment(request, "news.html", **_news(site, request, tracked, secret))

    @get("/l/{secret:str}/foto/{photo:str}", include_in_schema=False)
    async def photo(request: Req, secret: FromPath[str], photo: FromPath[str]) -> Response[bytes]:
        small = request.query_params.get("besar") is None
        data = await site.desk.photo(secret, photo, small)
        if data is None:
            return Response(b"", status_code=404, media_type="text/plain")
        return site.answer(request, data, "image/jpeg", headers={"cache-control": PHOTO_KEPT})

    return [track, news, photo]


async def page(
    site: Site, request: Req, secret: str, *, problem: str = "", status: int = 200, kept: Line | None = None
) -> Response[bytes]:
    """`kept`: what was typed and could not be stored, so that nobody types it twice."""
    tracked = await site.desk.tracked(secret)
    if tracked is None:
        return unknown(site, request)
    return site.page(
        request,
        "tracking.html",
        status=status,
        now=site.now(),
        fresh=bool(request.query_params.get("baru")),
        thanks=THANKS.get(request.query_params.get("terima", ""), ""),
        problem=problem,
        kept=kept or Line(kind="", at=site.now()),
        text_most=TEXT_MOST,
        place_line=place_line(site, tracked, site.lang(request)),
        new_id=site.new_id(),
        email="",
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
        "results": RESULTS,
        "asker": _asker(site, tracked, lang),
        "steps": [(step_words(site, step, lang), step.at) for step in tracked.steps],
        "next": site.words.say(f"track.next.{tracked.stage}", lang) if tracked.stage in _NEXT else "",
    }


def _asker(site: Site, tracked: Tracked, lang: str) -> str:
    """Who asks: the agency, or the command centre."""
    agency = site.city.agency_by_code.get(tracked.question.agency if tracked.question else "")
    return agency.short if agency else site.words.say("talk.centre", lang)


def step_words(site: Site, step: Step, lang: str) -> str:
    """«Diteruskan ke BPBD»: codes of the city pack in words."""
    params = dict(step.params)
    agency = site.city.agency_by_code.get(params.get("agency", ""))
    disposition = site.city.disposition_by_code.get(params.get("why", ""))
    if agency is not None:
        params["agency"] = agency.short
    if "result" in params:
        params["result"] = site.words.say(f"track.result.{params['result']}", lang)
    if disposition is not None:
        params["why"] = disposition.answer.say(lang)
    return site.words.say(f"track.step.{step.code}", lang, **params)


def place_line(site: Site, tracked: Tracked, lang: str) -> str:
    """«Plosokerep RT 2 RW 1 · Jl. Sumba»."""
    return where_line(site, tracked, tracked.place_words or "", lang)


class Where(Protocol):
    """A place as a fact has it: without a point, without words."""

    @property
    def area(self) -> str | None: ...
    @property
    def rt(self) -> int | None: ...
    @property
    def rw(self) -> int | None: ...
    @property
    def outside(self) -> bool: ...


def where_line(site: Site, where: Where, words: str, lang: str) -> str:
    """The same of any place; a sentence when nothing is known."""
    name = site.area_name(where.area) or ""
    small = " ".join(f"{w} {n}" for w, n in (("RT", where.rt), ("RW", where.rw)) if n is not None)
    outside = site.words.say("track.where_outside", lang) if where.outside else ""
    parts = [f"{name} {small}".strip(), words, outside]
    return " · ".join(p for p in parts if p) or site.words.say("track.where_unknown", lang)


def unknown(site: Site, request: Req) -> Response[bytes]:
    say, lang = site.words.say, site.lang(request)
    return site.page(
        request, "said.html", status=404, heading=say("track.unknown", lang), line=say("track.unknown_why", lang)
    )
