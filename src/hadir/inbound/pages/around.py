"""`/sekitar`: what goes on in a kelurahan or round a point, and being told of it: by push, by e-mail, by Atom.

Only what is public already is shown or told. Nothing here needs an account: a browser ends its own subscriptions, a
mailbox by the link in each letter. The feed is the same for everybody, so it is made once and kept for a moment.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import Meta

from hadir.actions.following import Browser
from hadir.domain.following import RADII, Subscriber, Subscription
from hadir.inbound.kit import forms
from hadir.inbound.pages import tracking
from hadir.inbound.pages.feeds import feed_of
from hadir.inbound.pages.site import Site
from hadir.inbound.pages.spots import Spot, near, place_of, radius_words, spot_of, told, wish_words
from hadir.ports.following import Changes
from hadir.standards import atom

Req = Request[Any, Any, Any]

SHOWN_MOST, FEED_MOST = 20, 50
#: A feed is asked for by programs: so long it is the same bytes.
FEED_KEPT = timedelta(seconds=60)
FEEDS_KEPT_MOST = 500


class Told(Protocol):
    """A refusal of the rules."""

    @property
    def code(self) -> str: ...

    @property
    def params(self) -> tuple[tuple[str, str], ...]: ...


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser that takes pushes says of itself, and what it wants to hear of; all of it as text."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=2000)]
    p256dh: Annotated[str, Meta(max_length=200)]
    auth: Annotated[str, Meta(max_length=200)]
    area: str = ""
    lat: str = ""
    lon: str = ""
    radius: str = ""
    #: the secret of the own report's link
    report: str = ""


class FollowDesk(Protocol):
    """What a citizen can do with subscriptions (`actions.following.Follow`, in the pages' terms)."""

    async def by_mail(self, spot: Spot, secret: str, address: str, device: str, lang: str) -> Told | None:
        """`secret`: of the own report's link; "": the spot is meant."""
        ...

    async def by_push(self, spot: Spot, secret: str, browser: Browser, device: str, lang: str) -> str | Told:
        """The secret of the subscription."""
        ...

    async def found(self, secret: str) -> tuple[Subscription, Subscriber] | None: ...

    async def confirm(self, secret: str) -> Told | None: ...

    async def end(self, secret: str, *, again: bool = False) -> Told | None: ...

    async def mine(self, device: str) -> list[tuple[Subscription, Subscriber]]: ...

    def secret(self, id: str) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Around:
    """What these pages need beside the site."""

    desk: FollowDesk
    changes: Changes
    #: our public address, for the feed's links
    base: str
    feeds: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)


def routes(site: Site, around: Around) -> list[HTTPRouteHandler]:
    @get("/sekitar", include_in_schema=False)
    async def page(request: Req) -> Response[bytes]:
        return await _page(site, around, request, spot_of(site, request.query_params))

    @post("/sekitar/email", include_in_schema=False, status_code=200)
    async def by_mail(request: Req) -> Response[bytes]:
        return await _by_mail(site, around, request)

    @post("/l/{secret:str}/kabari", include_in_schema=False, status_code=200)
    async def own_by_mail(request: Req, secret: FromPath[str]) -> Response[bytes]:
        return await _own_by_mail(site, around, request, secret)

    @post("/sekitar/push", include_in_schema=False, status_code=200)
    async def by_push(request: Req) -> Response[bytes]:
        return await _by_push(site, around, request)

    @get("/sekitar/sw.js", include_in_schema=False)
    async def worker(request: Req) -> Response[bytes]:
        """Its address is its scope, so it cannot have a digest in its name."""
        found = site.assets.get(site.assets.url("bell.js").removeprefix("/aset/"))
        return site.answer(request, found.plain if found else b"", "text/javascript")

    @get("/sekitar/atom", include_in_schema=False)
    async def feed(request: Req) -> Response[bytes]:
        return await _feed(site, around, request)

    @get("/sekitar/l/{secret:str}", include_in_schema=False)
    async def one(request: Req, secret: FromPath[str]) -> Response[bytes]:
        return await _one(site, around, request, secret)

    @post("/sekitar/l/{secret:str}/ya", include_in_schema=False, status_code=200)
    async def confirm(request: Req, secret: FromPath[str]) -> Response[bytes]:
        await around.desk.confirm(secret)
        return await _one(site, around, request, secret, said="follow.done")

    @post("/sekitar/l/{secret:str}/henti", include_in_schema=False, status_code=200)
    async def end(request: Req, secret: FromPath[str]) -> Response[bytes]:
        """RFC 8058: a mail program posts here without anybody looking; a person presses the same."""
        await around.desk.end(secret)
        return await _one(site, around, request, secret)

    @post("/sekitar/l/{secret:str}/lagi", include_in_schema=False, status_code=200)
    async def again(request: Req, secret: FromPath[str]) -> Response[bytes]:
        await around.desk.end(secret, again=True)
        return await _one(site, around, request, secret, said="follow.done")

    return [page, by_mail, own_by_mail, by_push, worker, feed, one, confirm, end, again]


async def _page(site: Site, around: Around, request: Req, spot: Spot, **said: Any) -> Response[bytes]:
    """`said`: problem, email, status."""
    lang = site.lang(request)
    mine = await around.desk.mine(site.device(request))
    return site.page(
        request,
        "around.html",
        status=said.pop("status", 200),
        spot=spot,
        place=place_of(site, spot, lang) if spot.chosen else "",
        changes=[(c, *told(site, c, lang)) for c in await near(around.changes, spot, SHOWN_MOST)],
        mine=[(wish_words(site, w, lang), w, s.channel.value, around.desk.secret(w.id)) for w, s in mine],
        radii=[(m, radius_words(site, m, lang)) for m in RADII],
        query=spot.query(),
        sent=request.query_params.get("terima") == "email",
        **({"problem": "", "email": ""} | said),
    )


async def _by_mail(site: Site, around: Around, request: Req) -> Response[bytes]:
    fields = await forms.fields(request)
    spot, lang, address = spot_of(site, fields), site.lang(request), fields.get("email", "")
    if wait := site.must_wait(request, 0):
        why = site.words.say("track.too_fast", lang, seconds=str(wait))
        return await _page(site, around, request, spot, problem=why, status=429, email=address[:200])
    refused = await around.desk.by_mail(spot, "", address, site.device(request), lang)
    if refused is not None:
        why = site.refusal(refused.code, lang, refused.params)
        return await _page(site, around, request, spot, problem=why, status=422, email=address[:200])
    return _to(f"/sekitar?{spot.query()}&terima=email")


async def _own_by_mail(site: Site, around: Around, request: Req, secret: str) -> Response[bytes]:
    """Of the own report; the tracking page says what came of it."""
    address, lang = (await forms.fields(request)).get("email", ""), site.lang(request)
    if wait := site.must_wait(request, 0):
        why = site.words.say("track.too_fast", lang, seconds=str(wait))
        return await tracking.page(site, request, secret, problem=why, status=429)
    refused = await around.desk.by_mail(Spot(), secret, address, site.device(request), lang)
    if refused is not None:
        why = site.refusal(refused.code, lang, refused.params)
        return await tracking.page(site, request, secret, problem=why, status=422)
    return _to(f"/l/{secret}?terima=email")


def _to(path: str) -> Response[bytes]:
    return Response(b"", status_code=303, headers={"location": path, "cache-control": "no-store"})


async def _by_push(site: Site, around: Around, request: Req) -> Response[bytes]:
    """JSON from our script: the browser's subscription, and a place or the secret of the own report."""
    lang = site.lang(request)
    if wait := site.must_wait(request, 0):
        return _json(429, says=site.words.say("track.too_fast", lang, seconds=str(wait)))
    try:
        asked = msgspec.json.decode(await request.body(), type=Pushed)
        browser = Browser(endpoint=asked.endpoint, p256dh=_bytes(asked.p256dh), auth=_bytes(asked.auth))
    except (msgspec.MsgspecError, ValueError):
        return _json(422, says=site.refusal("bad_subscription", lang))
    spot = spot_of(site, {"area": asked.area, "lat": asked.lat, "lon": asked.lon, "radius": asked.radius})
    got = await around.desk.by_push(spot, asked.report, browser, site.device(request), lang)
    if isinstance(got, str):
        return _json(201, secret=got)
    return _json(422, says=site.refusal(got.code, lang, got.params))


def _bytes(text: str) -> bytes:
    """base64url, with or without padding. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _json(status: int, **said: str) -> Response[bytes]:
    headers = {"cache-control": "no-store"}
    return Response(msgspec.json.encode(said), status_code=status, media_type="application/json", headers=headers)


async def _one(site: Site, around: Around, request: Req, secret: str, *, said: str = "") -> Response[bytes]:
    lang, found = site.lang(request), await around.desk.found(secret)
    if found is None:
        heading = site.words.say("follow.gone", lang)
        return site.page(request, "said.html", status=404, heading=heading, line="")
    wish, subscriber = found
    spot = Spot(area=wish.area, lat=wish.lat, lon=wish.lon, radius_m=wish.radius_m or RADII[1])
    return site.page(
        request,
        "followed.html",
        what=wish_words(site, wish, lang),
        wish=wish,
        by=subscriber.channel.value,
        secret=secret,
        said=said,
        query=spot.query(),
    )


async def _feed(site: Site, around: Around, request: Req) -> Response[bytes]:
    """Atom (RFC 4287), the same for all: kept for a minute, with an ETag."""
    spot, lang, now = spot_of(site, request.query_params), site.lang(request), site.now()
    if not spot.chosen:
        return Response(b"", status_code=404, media_type="text/plain")
    key = f"{lang} {spot.query()}"
    made, data = around.feeds.get(key, (None, b""))
    if made is None or now - made > FEED_KEPT:
        data = atom.write(feed_of(site, spot, await near(around.changes, spot, FEED_MOST), lang, around.base))
        if len(around.feeds) >= FEEDS_KEPT_MOST:
            around.feeds.clear()
        around.feeds[key] = now, data
    tag = f'W/"{hashlib.sha256(data).hexdigest()[:20]}"'
    headers = {
        "etag": tag,
        "cache-control": f"public, max-age={int(FEED_KEPT.total_seconds())}",
        "vary": "accept-encoding",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    return site.answer(request, data, f"{atom.MEDIA_TYPE}; charset=utf-8", headers=headers)
