"""What all pages share: language, templates, times in the city's zone, one way to answer."""

from __future__ import annotations

import gzip
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie

from hadir.domain.city import City
from hadir.domain.values import Reason
from hadir.inbound.pages.assets import Assets
from hadir.inbound.pages.desk import Desk, Draft
from hadir.inbound.pages.drawing import Drawing, draw
from hadir.ports.areas import Areas
from hadir.words import LANGUAGES, Words

LANG_COOKIE, DEVICE_COOKIE = "hadir_lang", "hadir_device"
YEAR_S = 365 * 24 * 3600
# Smaller answers cost more time to compress than to send.
PACK_FROM = 800


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoAccount:
    """A button «masuk sebagai …» of the demonstration."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Site:
    """Everything a page is made from. One per process."""

    city: City
    areas: Areas
    words: Words
    desk: Desk
    assets: Assets
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    #: (request, photos in it) → seconds until the caller's limit allows it; 0: now
    must_wait: Callable[[Request[Any, Any, Any], int], int]
    #: (request) → may this browser ask for help with its form now?
    may_ask: Callable[[Request[Any, Any, Any]], bool] = lambda _request: True
    #: (request, draft, answer to the task of work) → what speaks against this report
    doubts: Callable[[Request[Any, Any, Any], Draft, str], tuple[Reason, ...]] = lambda *_: ()
    #: our public key, to which browsers subscribe; "": no pushes
    push_key: str = ""
    #: is there a mail server?
    mails: bool = False
    demo: bool = False
    demo_accounts: Sequence[DemoAccount] = ()
    #: cookies travel only over TLS
    secure: bool = False
    env: Environment = field(init=False)

    def __post_init__(self) -> None:
        env = Environment(
            loader=PackageLoader("hadir.inbound.pages", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        env.filters["clock"] = self.clock
        object.__setattr__(self, "env", env)

    @cached_property
    def drawing(self) -> Drawing:
        return draw(self.city)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.city.zone)

    def clock(self, at: datetime, lang: str, seconds: bool = False) -> str:
        """«13.41» today, «24/11 13.41» on another day; 13:41 in English."""
        local, today = at.astimezone(self.zone), self.now().astimezone(self.zone).date()
        colon = ":" if lang == "en" else "."
        text = local.strftime(f"%H{colon}%M{colon}%S" if seconds else f"%H{colon}%M")
        return text if local.date() == today else f"{local.day}/{local.month} {text}"

    def lang(self, request: Request[Any, Any, Any]) -> str:
        """?lang=, then the cookie, then Indonesian."""
        wanted = request.query_params.get("lang") or request.cookies.get(LANG_COOKIE) or ""
        return wanted if wanted in LANGUAGES else LANGUAGES[0]

    def device(self, request: Request[Any, Any, Any]) -> str:
        """What names this browser: its cookie, else its address, until the next page has given it one."""
        known = request.cookies.get(DEVICE_COOKIE, "")
        if 16 <= len(known) <= 64 and known.isascii() and known.isprintable():
            return known
        return f"address/{request.client.host if request.client else ''}"

    def render(self, template: str, lang: str, **values: object) -> str:
        """A template with what every page has at hand: t(key), city, links, drawing."""

        def t(key: str, **params: object) -> str:
            return self.words.say(key, lang, **params)

        return self.env.get_template(template).render(
            t=t,
            lang=lang,
            city=self.city,
            city_title=self.city.title.say(lang),
            drawing=self.drawing,
            asset=self.assets.url,
            demo=self.demo,
            push_key=self.push_key,
            mails=self.mails,
            **values,
        )

    def page(
        self, request: Request[Any, Any, Any], template: str, *, status: int = 200, **values: object
    ) -> Response[bytes]:
        """A whole page; keeps the language where it was chosen, and gives the browser its device secret."""
        lang = self.lang(request)
        body = self.render(template, lang, path=request.url.path, **values).encode()
        return self.answer(request, body, "text/html", status=status, cookies=self.cookies(request))

    def fragment(self, request: Request[Any, Any, Any], template: str, **values: object) -> Response[bytes]:
        """A part of a page for the script: with an ETag, so that no news costs a hundred bytes."""
        body = self.render(template, self.lang(request), **values).encode()
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        headers = {"etag": tag, "x-hadir-at": self.now().astimezone(UTC).isoformat()}
        if tag in request.headers.get("if-none-match", ""):
            return Response(b"", status_code=304, headers=headers | {"cache-control": "no-cache"})
        return self.answer(request, body, "text/html", headers=headers)

    def answer(
        self,
        request: Request[Any, Any, Any],
        body: bytes,
        media_type: str,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        cookies: list[Cookie] | None = None,
    ) -> Response[bytes]:
        """Bytes, packed where the browser takes it. The headers of the whole house come from `kit.front`."""
        sent = {"cache-control": "no-cache", "vary": "Accept-Encoding, Cookie"} | (headers or {})
        if len(body) >= PACK_FROM and "gzip" in request.headers.get("accept-encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            sent["content-encoding"] = "gzip"
        return Response(body, status_code=status, media_type=media_type, headers=sent, cookies=cookies or [])

    def cookies(self, request: Request[Any, Any, Any]) -> list[Cookie]:
        """What this browser has yet to be told."""
        found: list[Cookie] = []
        if request.query_params.get("lang") in LANGUAGES:
            found.append(self._cookie(LANG_COOKIE, self.lang(request)))
        if not request.cookies.get(DEVICE_COOKIE):
            found.append(self._cookie(DEVICE_COOKIE, secrets.token_urlsafe(24)))
        return found

    def _cookie(self, key: str, value: str) -> Cookie:
        return Cookie(key=key, value=value, path="/", max_age=YEAR_S, httponly=True, samesite="lax", secure=self.secure)

    def nearest(self, lat: float, lon: float) -> list[str]:
        """The areas to choose among, the likeliest first; empty far outside the city."""
        if self.areas.locate(lat, lon).outside:
            return []
        return [near.area for near in self.areas.nearest(lat, lon)]

    def area_name(self, code: str | None) -> str | None:
        area = self.city.area_by_code.get(code or "")
        return None if area is None else area.name

    def refusal(self, code: str, lang: str, params: tuple[tuple[str, str], ...] = ()) -> str:
        """The sentence of a refusal."""
        return self.words.refusal(code, lang, **dict(params))
