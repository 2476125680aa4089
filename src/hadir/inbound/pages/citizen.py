"""`/`: «Ada apa?» One form, sent as multipart; the same handler answers a browser without script and our script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.handlers import HTTPRouteHandler

from hadir.inbound.pages import form
from hadir.inbound.pages.desk import Draft, Happening, Picture, Refused
from hadir.inbound.pages.form import Problem
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
_LATER = {code: (Problem(field="text", code="busy"),) for code in ("disk_full", "unavailable", "too_busy")}
#: Room beside the photos for the words of the form.
BODY_MOST = form.PHOTO_MOST * 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A form as it came in: the plain fields and the pictures."""

    fields: dict[str, str]
    files: tuple[UploadFile, ...]


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


async def typed(request: Req) -> Typed:
    """The parts of a multipart or plain form; a name that comes twice keeps its first value."""
    data: FormMultiDict = await request.form()
    fields: dict[str, str] = {}
    files: list[UploadFile] = []
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            files.append(value)
        else:
            fields.setdefault(name, str(value))
    return Typed(fields=fields, files=tuple(files))


async def _report(site: Site, request: Req) -> Response[Any]:
    sent, device = await typed(request), site.device(request)
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
    if not problems:
        got = await site.desk.receive(draft, device)
        if isinstance(got, str):
            return _received(site, request, got)
        if got.code in _LATER:
            return await _form(site, request, draft, _LATER[got.code], sent.fields, status=503)
        problems = (_problem(site, got, site.lang(request)),)
        draft = replace(draft, command_id=site.new_id())
    return await _form(site, request, draft, problems, sent.fields, status=422)


def _settled(problems: tuple[Problem, ...], draft: Draft) -> tuple[Problem, ...]:
    """A photo that came in stands for the words."""
    return tuple(p for p in problems if p.code != "text_empty" or not draft.photos)


async def _with_photos(site: Site, draft: Draft, sent: Typed, device: str) -> tuple[Draft, tuple[Problem, ...]]:
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


def _received(site: Site, request: Req, secret: str) -> Response[Any]:
    where, cookies = f"/l/{secret}?baru=1", site.cookies(request)
    headers = {"cache-control": "no-store"}
    if _wants_json(request):
        return Response({"url": where}, status_code=201, headers=headers, cookies=cookies)
    return Response(b"", status_code=303, headers=headers | {"location": where}, cookies=cookies)


def _wants_json(request: Req) -> bool:
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
    if problems and _wants_json(request):
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
        me_too_id=site.new_id(),
        text_most=form.TEXT_MOST,
        words_most=form.WORDS_MOST,
        name_most=form.NAME_MOST,
    )


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
    fields, device = (await typed(request)).fields, site.device(request)
    incident = fields.get("incident", "")
    # One form serves all buttons: the id is made different for each incident, so that each press counts once.
    command = f"{form.command_id(fields, site.new_id())[:30]}-{incident}"[:64]
    refused = await site.desk.second(incident, device, command)
    key = {None: "me_too_thanks", "already_seconded": "me_too_already"}.get(
        refused.code if refused else None, "me_too_gone"
    )
    says = site.words.say(f"citizen.{key}", site.lang(request))
    if _wants_json(request):
        body = {"says": says, "counted": key != "me_too_gone"}
        return Response(body, status_code=200, cookies=site.cookies(request))
    return site.page(request, "said.html", heading=says, line="")
