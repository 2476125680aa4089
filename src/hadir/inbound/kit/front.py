"""The first thing a request meets: who calls, which door, and what every answer carries.

Bare doors (commands, the live stream) are looked up by method and path; everything else is Litestar's. Whatever goes
wrong before an answer has begun leaves here as one problem document.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from http.cookies import SimpleCookie

from hadir.inbound.kit.asgi import NOT_KEPT, App, ClientGone, Receive, Scope, Send, answer, header
from hadir.inbound.kit.caller import Gate, language, parse_cookies
from hadir.inbound.kit.doors import Meter
from hadir.inbound.kit.problems import MEDIA_TYPE, Problem
from hadir.inbound.kit.reply import Heads, Reply
from hadir.ports.journal import DiskFull, Unavailable
from hadir.words import Words

log = logging.getLogger(__name__)

# The pages load nothing from elsewhere; MapLibre makes its worker from a blob and draws with data: images;
# a recording is listened to before it is sent.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# same-origin, not no-referrer: with the latter browsers send «Origin: null» with our own forms.
SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=(self)"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
# Only over TLS: a city that drops its certificate must not be locked out for longer than a day.
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=86400")

#: (method, path) → a bare door, None for everything else
Bare = Callable[[str, str], App | None]
#: how a standard's door says a refusal: words, language, scope, send, problem
Dialect = Callable[[Words, str, Scope, Send, Problem], Awaitable[None]]


class Front:
    """The ASGI application that uvicorn calls."""

    def __init__(
        self,
        *,
        gate: Gate,
        bare: Bare,
        rest: App,
        words: Words,
        meter: Meter,
        secure: bool = False,
        dialects: Mapping[str, Dialect] | None = None,
    ) -> None:
        """`dialects`: beginning of a path → how refusals below it are said, where a standard has its own way."""
        self._gate = gate
        self._bare = bare
        self._rest = rest
        self._words = words
        self._meter = meter
        self._dialects = dict(dialects or {})
        self._headers = (*SECURITY, STRICT_TRANSPORT) if secure else SECURITY
        self._heads: Heads = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._rest(scope, receive, send)
            return
        reply = Reply(scope, send, self._headers, self._heads)
        try:
            await self._serve(scope, receive, reply)
        except ClientGone:
            return
        except Exception as error:
            if reply.started:
                raise
            await self._refuse(scope, reply, as_problem(error))
        self._meter.count(_door(scope, reply.status), reply.status)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["caller"] = await self._gate.caller(scope)
        app = self._bare(scope["method"], scope["path"])
        if app is not None:
            scope["path_template"] = _bare_template(scope["path"])
            await app(scope, receive, send)
        elif scope["method"] == "HEAD":
            # uvicorn drops the body by its own scope's method; the doors need to know GET only.
            scope["path_template"] = "HEAD"
            await self._rest({**scope, "method": "GET"}, receive, send)
        else:
            await self._rest(scope, receive, send)

    async def _refuse(self, scope: Scope, send: Send, problem: Problem) -> None:
        caller = scope["state"].get("caller") if "state" in scope else None
        lang = caller.lang if caller else _language(scope)
        for beginning, say in self._dialects.items():
            if scope["path"].startswith(beginning):
                await say(self._words, lang, scope, send, problem)
                return
        if wants_page(scope):
            content, kind = problem_page(self._words, lang, problem), b"text/html; charset=utf-8"
        else:
            content, kind = problem.encode(self._words, lang), MEDIA_TYPE
        headers = [(b"content-type", kind), (b"content-language", lang.encode()), NOT_KEPT, *problem.headers]
        await answer(send, problem.status, content, headers)


def as_problem(error: Exception) -> Problem:
    """What an exception is to the caller; ours are logged."""
    match error:
        case Problem():
            return error
        case DiskFull():
            return Problem("disk_full", status=503, headers=[(b"retry-after", b"60")])
        case Unavailable():
            return Problem.of_status(503)
    if error.__class__.__module__.startswith("psycopg"):
        log.warning("The database did not answer: %s", error, extra={"action": "database_away"})
        return Problem.of_status(503)
    log.error("A request failed", exc_info=error, extra={"action": "request_failed"})
    return Problem.of_status(500)


def wants_page(scope: Scope) -> bool:
    """A person's browser that went to a page: it gets a not JSON."""
    return not scope["path"].startswith("/api/") and b"text/html" in (header(scope, b"accept") or b"")


def problem_page(words: Words, lang: str, problem: Problem) -> bytes:
    """The plainest page there is: it must work when nothing else does, and be read without its sheets."""
    text = words.refusal(problem.code, lang, **problem.params)
    # who may not see a page has most often come in as somebody else
    ways = {"/": "citizen.report_link"} | ({"/masuk": "login.title"} if problem.status == 403 else {})
    links = " ".join(f'<a class="button" href="{way}">{words.say(key, lang)}</a>' for way, key in ways.items())
    sheets = "".join(f'<link rel="stylesheet" href="/assets/css/{name}.css">' for name in ("tokens", "page"))
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{problem.status} · Hadir</title>{sheets}<main class="page"><h1 class="title">{_escaped(text)}</h1>'
        f"<p>{links}</p></main>"
    ).encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _language(scope: Scope) -> str:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return language(headers, parse_cookies(headers.get("cookie", "")), scope["query_string"])


def _door(scope: Scope, status: int) -> str:
    """The route, never what the caller made of it: ids and invented paths would fill the memory with labels."""
    return "other" if status in (404, 405) else str(scope.get("path_template", "other"))


def _bare_template(path: str) -> str:
    """«/api/v1/reports/{id}/claim»; bare doors exist for known things and verbs only."""
    match path.split("/"):
        case ["", "api", version, things, _, verb]:
            return f"/api/{version}/{things}/{{id}}/{verb}"
        case ["", "api", version, "uploads", _]:
            return f"/api/{version}/uploads/{{id}}"
        case ["", "assets", *_]:
            return "/assets/{file}"
    return path


def cookie(name: str, value: str, *, secure: bool, lasts_s: int, http_only: bool = True) -> tuple[bytes, bytes]:
    """A Set-Cookie header; `lasts_s` 0 forgets it."""
    jar: SimpleCookie = SimpleCookie()
    jar[name] = value
    jar[name].update({"path": "/", "max-age": str(lasts_s), "samesite": "Lax"})
    if http_only:
        jar[name]["httponly"] = True
    if secure:
        jar[name]["secure"] = True
    return b"set-cookie", jar[name].OutputString().encode()
