"""What a reporter says behind his link: more words and photos, an answer, «sudah» or «belum», what the result is worth.

Plain forms that a script only makes quicker. What cannot be stored comes back with everything that was typed, and a
photo that came in is not asked for again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from hadir.inbound.kit import forms
from hadir.inbound.kit.forms import Form
from hadir.inbound.pages import form, tracking
from hadir.inbound.pages.citizen import BODY_MOST, wants_json
from hadir.inbound.pages.desk import Line, Refused
from hadir.inbound.pages.site import Site

Req = Request[Any, Any, Any]


def routes(site: Site) -> list[HTTPRouteHandler]:
    @post("/l/{secret:str}/jawab", include_in_schema=False, request_max_body_size=BODY_MOST, status_code=200)
    async def answer(request: Req, secret: FromPath[str]) -> Response[bytes]:
        return await _press(site, request, secret, _answer, "")

    @post("/l/{secret:str}/susulan", include_in_schema=False, request_max_body_size=BODY_MOST, status_code=200)
    async def follow_up(request: Req, secret: FromPath[str]) -> Response[bytes]:
        return await _press(site, request, secret, _follow_up, "kabar")

    @post("/l/{secret:str}/nilai", include_in_schema=False, status_code=200)
    async def rate(request: Req, secret: FromPath[str]) -> Response[bytes]:
        return await _press(site, request, secret, _rate, "nilai")

    return [answer, follow_up, rate]


#: (site, secret, the form, what it says, command id) → refused, or done
Press = Callable[[Site, str, Form, Line, str], Awaitable[Refused | None]]


async def _press(site: Site, request: Req, secret: str, press: Press, thanks: str) -> Response[bytes]:
    """Take the form in; the page again with what was typed when it cannot be stored."""
    if await site.desk.tracked(secret) is None:
        return tracking.unknown(site, request)
    async with forms.opened(request) as sent:
        return await _taken(site, request, secret, press, thanks, sent)


async def _taken(site: Site, request: Req, secret: str, press: Press, thanks: str, sent: Form) -> Response[bytes]:
    said, lang = _said(site, sent), site.lang(request)
    if wait := site.must_wait(request, len(sent.files)):
        why = site.words.say("track.too_fast", lang, seconds=str(wait))
        return await _not_stored(site, request, secret, said, why, 429)
    said, refused = await _with_photos(site, request, sent, said)
    refused = refused or await press(site, secret, sent, said, form.command_id(sent.fields, site.new_id()))
    if refused is not None:
        why = site.refusal(refused.code, lang, refused.params)
        return await _not_stored(site, request, secret, said, why, _status(refused))
    thanks = "jawaban" if thanks == "kabar" and said.id else thanks
    to = f"/l/{secret}?terima={thanks}" if thanks else f"/l/{secret}"
    if wants_json(request):
        return _json(200, url=to)
    return Response(b"", status_code=303, headers={"location": to, "cache-control": "no-store"})


async def _not_stored(site: Site, request: Req, secret: str, said: Line, why: str, status: int) -> Response[bytes]:
    """To our script the sentence; to a browser without it the page, with everything that was typed."""
    if wants_json(request):
        return _json(status, says=why)
    return await tracking.page(site, request, secret, problem=why, status=status, kept=said)


def _json(status: int, **told: str) -> Response[bytes]:
    body = msgspec.json.encode(told)
    headers = {"cache-control": "no-store"}
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def _status(refused: Refused) -> int:
    return 503 if refused.code in ("disk_full", "unavailable", "too_busy") else 409


def _said(site: Site, sent: Form) -> Line:
    fields = sent.fields
    text = fields.get("text", "").strip()[: tracking.TEXT_MOST]
    return Line(kind="", at=site.now(), text=text, photos=form.photos(fields), id=fields.get("question", "")[:64])


async def _with_photos(site: Site, request: Req, sent: Form, said: Line) -> tuple[Line, Refused | None]:
    """The pictures first: a mistake elsewhere must not cost a second upload."""
    device, kept = site.device(request), list(said.photos)
    for file in sent.files:
        data = await file.read()
        if not data or len(kept) >= form.PHOTOS_MOST:
            continue
        got = await site.desk.add_photo(data, device)
        if isinstance(got, Refused):
            return replace(said, photos=tuple(kept)), got
        if got not in kept:
            kept.append(got)
    return replace(said, photos=tuple(kept)), None


async def _follow_up(site: Site, secret: str, _sent: Form, said: Line, command: str) -> Refused | None:
    return await site.desk.follow_up(secret, said, command)


async def _answer(site: Site, secret: str, sent: Form, said: Line, command: str) -> Refused | None:
    # The two answers to one question differ in body, so they must differ in id.
    solved = sent.fields.get("solved") == "yes"
    photos = () if solved else said.photos
    return await site.desk.answer(secret, solved, said.text, f"{command[:62]}-{'y' if solved else 'n'}", photos)


async def _rate(site: Site, secret: str, sent: Form, said: Line, command: str) -> Refused | None:
    return await site.desk.rate(secret, sent.fields.get("result", ""), said.text[:500], command)
