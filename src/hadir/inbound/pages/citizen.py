"""`/`: «Ada apa?» One form, sent as multipart; the same handler answers a browser without script and our script."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from hadir.domain.city import Category, Group
from hadir.inbound.kit import forms
from hadir.inbound.kit.forms import Form
from hadir.inbound.pages import form
from hadir.inbound.pages.desk import Draft, Happening, Picture, Refused
from hadir.inbound.pages.form import Problem
from hadir.inbound.pages.near import Near, nearby, spot
from hadir.inbound.pages.site import Site

Req = Request[Any, Any, Any]

# The list is for «is this mine too?», not a second map.
NEARBY_MOST = 3
# Refusals of the rules that the form itself can explain better.
_PROBLEMS = {
    "command_id_reused": ("text", "sent_before"),
    "not_a_photo": ("photo", "photo"),
    "photo_too_large": ("photo", "photo_big"),
}
# What is over in a while: the same command is sent again, by our script or by the person.
_LATER = {code: (Problem(field="text", code="busy"),) for code in ("unavailable", "too_busy")}
_LATER["disk_full"] = (Problem(field="text", code="full"),)
#: Room beside the photos for the words of the form.
BODY_MOST = form.PHOTO_MOST * 2


def routes(site: Site) -> list[HTTPRouteHandler]:
    @get("/", include_in_schema=False)
    async def front(request: Req) -> Response[bytes]:
        return await _form(site, request, Draft(command_id=site.new_id()), (), {})

    @post("/lapor", include_in_schema=False, request_max_body_size=BODY_MOST, status_code=200)
    async def report(request: Req) -> Response[Any]:
        return await _report(site, request)

    @post("/juga", include_in_schema=False, status_code=200)
    async def second(request: Req) -> Response[Any]:
        return await _second(site, request)

    return [front, report, second]


async def _report(site: Site, request: Req) -> Response[Any]:
    async with forms.opened(request) as sent:
        return await _sent(site, request, sent)


async def _sent(site: Site, request: Req, sent: Form) -> Response[Any]:
    device = site.device(request)
    draft, problems = form.read(sent.fields, site.city, site.new_id())
    if wait := site.must_wait(request, len(sent.files)):
        slow = Problem(field="text", code="too_many", params=(("seconds", str(wait)),))
        return await _form(site, request, draft, (slow,), sent.fields, status=429)
    draft, lost = await _with_photos(site, draft, sent, device)
    if tap := _tapped(site, sent.fields):
        return await _form(site, request, _at(site, draft, *tap), (), sent.fields)
    problems = _settled((*problems, *lost), draft)
    if not problems and form.place_missing(draft, sent.fields, site.city):
        problems = (Problem(field="place", code="place_empty"),)
    if draft.same and all(h.id != draft.same for h in (await site.desk.picture()).happenings):
        draft = replace(draft, same=None)
    if not problems and (like := await _very_like(site, request, draft, sent.fields)):
        return _asked(site, request, draft, sent.fields, like)
    if not problems:
        draft = replace(draft, doubts=site.doubts(request, draft, sent.fields.get("effort", "")))
        got = await site.desk.receive(draft, device)
        if isinstance(got, str):
            return _received(site, request, got)
        if got.code in _LATER:
            return await _form(site, request, draft, _LATER[got.code], sent.fields, status=503)
        problems = (_problem(site, got, site.lang(request)),)
        draft = replace(draft, command_id=site.new_id())
    return await _form(site, request, draft, problems, sent.fields, status=422)


async def _very_like(site: Site, request: Req, draft: Draft, fields: dict[str, str]) -> list[Near]:
    """What is asked about once, of a browser without script: our script has shown it beside the form already."""
    if fields.get("same") or wants_json(request):
        return []
    kind = draft.kind or next(iter(site.desk.suggest(draft.text)), "")
    return [n for n in nearby(await site.desk.picture(), draft, kind, site.city) if n.very_like]


def _asked(site: Site, request: Req, draft: Draft, fields: dict[str, str], like: list[Near]) -> Response[bytes]:
    """«Apakah ini yang sama?» with all that was typed in it: whichever button is pressed, it is sent whole."""
    kept = {name: value for name, value in fields.items() if name not in ("same", "photos", "command_id")}
    kept |= {"photos": " ".join(draft.photos), "command_id": draft.command_id}
    place, at = placer(site, site.lang(request)), partial(spot, drawing=site.drawing)
    return site.page(request, "same.html", kept=kept, found=like, place=place, spot=at, other=form.OTHER)


def _settled(problems: tuple[Problem, ...], draft: Draft) -> tuple[Problem, ...]:
    """A photo that came in stands for the words."""
    return tuple(p for p in problems if p.code != "text_empty" or not draft.photos)


async def _with_photos(site: Site, draft: Draft, sent: Form, device: str) -> tuple[Draft, tuple[Problem, ...]]:
    """Take the pictures in first, so that a mistake elsewhere does not cost a second upload."""
    kept, problems = list(draft.photos), []
    for file in sent.files:
        data = await file.read()
        if not data or len(kept) >= form.PHOTOS_MOST:
            continue
        got = await site.desk.add_photo(data, device)
        if isinstance(got, Refused):
            problems.append(_photo_problem(got))
        elif got not in kept:
            kept.append(got)
    return replace(draft, photos=tuple(kept)), tuple(problems)


def _photo_problem(refused: Refused) -> Problem:
    code = _PROBLEMS.get(refused.code, ("photo", "photo"))[1]
    return Problem(field="photo", code=code, params=(("mb", str(form.PHOTO_MOST // 2**20)),))


def _problem(site: Site, refused: Refused, lang: str) -> Problem:
    if refused.code in _PROBLEMS:
        field, code = _PROBLEMS[refused.code]
        return Problem(field=field, code=code)
    why = site.refusal(refused.code, lang, refused.params)
    return Problem(field="text", code="refused", params=(("why", why),))


def _received(site: Site, request: Req, secret: str, says: str = "") -> Response[Any]:
    where, cookies = f"/l/{secret}?baru=1", site.cookies(request)
    headers = {"cache-control": "no-store"}
    if wants_json(request):
        return Response({"url": where, "says": says}, status_code=201, headers=headers, cookies=cookies)
    return Response(b"", status_code=303, headers=headers | {"location": where}, cookies=cookies)


def wants_json(request: Req) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _tapped(site: Site, fields: dict[str, str]) -> tuple[float, float] | None:
    """(lat, lon) of a tap on the picture of the map: the browser sends its pixels with the whole form."""
    x, y = fields.get("tap.x", ""), fields.get("tap.y", "")
    if not (x.isdigit() and y.isdigit() and len(x + y) < 9):
        return None
    return site.drawing.place(int(x), int(y))


def _at(site: Site, draft: Draft, lat: float, lon: float) -> Draft:
    near = site.nearest(lat, lon)
    return replace(draft, lat=lat, lon=lon, accuracy_m=None, how="tap", area=near[0] if near else None)


async def _form(
    site: Site,
    request: Req,
    draft: Draft,
    problems: tuple[Problem, ...],
    fields: dict[str, str],
    *,
    status: int = 200,
) -> Response[Any]:
    if problems and wants_json(request):
        return _told(site, request, draft, problems, status)
    picture = await site.desk.picture()
    shown = nearest(picture, draft)
    return site.page(
        request,
        "form.html",
        status=status,
        draft=draft,
        problems=problems,
        typed=fields,
        chosen=fields.get("area", ""),
        **_point(site, draft),
        approximate=any(area.approximate for area in site.city.areas),
        happenings=shown,
        more=len(picture.happenings) > len(shown),
        place=placer(site, site.lang(request)),
        groups=_kinds(site),
        text_most=form.TEXT_MOST,
        words_most=form.WORDS_MOST,
        name_most=form.NAME_MOST,
    )


def _kinds(site: Site) -> list[tuple[Group, list[Category]]]:
    """The groups with their categories, as the list offers them."""
    city = site.city
    return [(group, [c for c in city.categories if c.group == group.code]) for group in city.groups]


def _point(site: Site, draft: Draft) -> dict[str, Any]:
    """The marked point, and the areas to choose among for it."""
    if draft.lat is None or draft.lon is None:
        return {"near": [], "pin": None}
    return {"near": site.nearest(draft.lat, draft.lon), "pin": site.drawing.point(draft.lat, draft.lon)}


def _told(
    site: Site, request: Req, draft: Draft, problems: tuple[Problem, ...], status: int
) -> Response[dict[str, object]]:
    """The same problems for the script, with what it needs to try again."""
    say, lang = site.words.say, site.lang(request)
    told = [{"field": p.field, "says": say(f"citizen.wrong.{p.code}", lang, **dict(p.params))} for p in problems]
    body: dict[str, object] = {
        "says": say("citizen.wrong", lang),
        "problems": told,
        "command_id": draft.command_id,
        "photos": " ".join(draft.photos),
    }
    return Response(body, status_code=status, cookies=site.cookies(request))


def nearest(picture: Picture, draft: Draft) -> list[Happening]:
    """Open incidents, the draft's own area and the newest first."""
    going_on = [h for h in picture.happenings if h.state in ("open", "in_progress")]
    going_on.sort(key=lambda h: (h.area is not None and h.area == draft.area, h.since), reverse=True)
    return going_on[:NEARBY_MOST]


def placer(site: Site, lang: str) -> Callable[[Happening], str]:
    """Words for where an incident is."""

    def place(happening: Happening) -> str:
        if happening.outside:
            return site.words.say("public.outside", lang)
        return site.area_name(happening.area) or site.words.say("public.place_unknown", lang)

    return place


async def _second(site: Site, request: Req) -> Response[Any]:
    """«Saya juga mengalami», without a word: a report that says so, joined to the incident, followed by its own link.

    The id is made of who and what, so a second press, on another day too, is the same report and the same link.
    """
    fields, device = await forms.fields(request), site.device(request)
    incident, lang = fields.get("incident", ""), site.lang(request)
    if wait := site.must_wait(request, 0):
        says = site.words.say("citizen.wrong.too_many", lang, seconds=str(wait))
        return _gone(site, request, says, 429)
    if all(h.id != incident for h in (await site.desk.picture()).happenings):
        return _gone(site, request, site.words.say("citizen.me_too_gone", lang), 200)
    id = f"juga-{hashlib.blake2s(f'{device}/{incident}'.encode(), digest_size=16).hexdigest()}"
    got = await site.desk.receive(Draft(command_id=id, same=incident), device)
    if isinstance(got, str):
        return _received(site, request, got, says=site.words.say("citizen.me_too_thanks", lang))
    return _gone(site, request, site.refusal(got.code, lang, got.params), 503 if got.code in _LATER else 200)


def _gone(site: Site, request: Req, says: str, status: int) -> Response[Any]:
    if wants_json(request):
        return Response({"says": says}, status_code=status, cookies=site.cookies(request))
    return site.page(request, "said.html", status=status, heading=says, line="")
