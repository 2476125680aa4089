"""From a path to its resource. Whatever goes wrong leaves as the standard's errors: what a resource refuses from
`fenced`, everything else (limits, failures, what the front refuses before) from `refuse`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias
from urllib.parse import unquote

from hadir.actions.context import Context
from hadir.domain.city import City
from hadir.inbound.kit.asgi import App, Receive, Scope, Send
from hadir.inbound.kit.doors import Doors, Throttle
from hadir.inbound.kit.problems import Problem
from hadir.inbound.open311.answers import Form, accepted, send_problem, send_refused, split_form
from hadir.inbound.open311.filing import Admits, Filing
from hadir.inbound.open311.media import Media
from hadir.inbound.open311.reading import Reading
from hadir.inbound.open311.services import Services
from hadir.inbound.open311.shown import Shown
from hadir.inbound.open311.updates import Updates
from hadir.standards.open311.model import Refused, Wrong
from hadir.views.requests import OpenRequests
from hadir.words import Words

BASE = "/open311/"
#: what the intake takes: «POST /open311/v2/requests.json», any form, any query
FILE_PATH = "/open311/v2/requests"

Serve: TypeAlias = Callable[[Form, Scope, Receive, Send], Awaitable[None]]


def jurisdictions(city: City) -> frozenset[str]:
    """One city is served, so that jurisdiction_id may be left out; its code and its pack's name are ours."""
    return frozenset({city.code, city.name})


class FilingDoor:
    """POST Service Request alone."""

    def __init__(self, ctx: Context, throttle: Throttle, words: Words, admits: Admits) -> None:
        self._words = words
        self.services = Services(ctx.city, words)
        self.filing = Filing(ctx, throttle, self.services, words, jurisdictions(ctx.city), admits)

    def __call__(self, method: str, path: str) -> App | None:
        if method == "POST" and path.startswith(FILE_PATH) and path[len(FILE_PATH) :] in ("", ".json", ".xml"):
            return self._serve
        return None

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, form = split_form(scope["path"].rpartition("/")[2], scope)
        await fenced(self._words, self.filing.post, form, scope, receive, send)


class Open311Door:
    """Everything below /open311/."""

    def __init__(self, doors: Doors, requests: OpenRequests, filing: FilingDoor) -> None:
        self._doors = doors
        self._filing = filing
        ours = jurisdictions(doors.ctx.city)
        shown = Shown(doors.ctx.city, doors.words, doors.board)
        self._reading = Reading(doors.ctx, doors.board, requests, filing.services, shown, ours, demo=doors.demo)
        self._updates = Updates(doors.ctx, doors.throttle, requests, shown, doors.words, ours)
        self._media = Media(doors.ctx, requests)

    def __call__(self, path: str) -> App | None:
        """The door for a path; None for paths of others."""
        return self._serve if path.startswith(BASE) else None

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts = scope["path"][len(BASE) :].split("/")
        parts[-1], form = split_form(parts[-1], scope)
        scope["path_template"] = _template(parts)
        await fenced(self._doors.words, self._find(scope["method"], parts), form, scope, receive, send)

    def _find(self, method: str, parts: list[str]) -> Serve:
        is_read = method in ("GET", "HEAD")
        match parts:
            case ["v2", "requests"] if method == "POST":
                return self._filing.filing.post
            case ["v2", "servicerequestupdates"] if is_read or method == "POST":
                return self._updates.get if is_read else self._updates.post
            case ["discovery"] if is_read:
                return self._read(self._reading.discovery)
            case ["v2", "services"] if is_read:
                return self._read(self._reading.services)
            case ["v2", "requests"] if is_read:
                return self._read(self._reading.requests)
            case ["v2", "services" | "requests" | "tokens" as things, id] if is_read and id:
                return self._read_one(things, unquote(id))
            case ["v2", "media", report_id, name] if is_read:
                return self._read(partial(self._media.get, report_id, name))
            case (
                ["discovery"]
                | ["v2", "services" | "requests" | "servicerequestupdates"]
                | ["v2", "services" | "requests" | "tokens", _]
                | ["v2", "media", _, _]
            ):
                return _wrong_method
        return _nothing_here

    def _read(self, serve: Callable[[Form, Scope, Send], Awaitable[None]]) -> Serve:
        async def read(form: Form, scope: Scope, _receive: Receive, send: Send) -> None:
            self._doors.throttle.reading(scope["state"]["caller"])
            await serve(form, scope, send)

        return read

    def _read_one(self, things: str, id: str) -> Serve:
        reading = self._reading
        one = {"services": reading.definition, "requests": reading.request, "tokens": reading.token}[things]

        async def serve(form: Form, scope: Scope, send: Send) -> None:
            await one(id, form, scope, send)

        return self._read(serve)


async def fenced(words: Words, serve: Serve, form: Form, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve; what the standard refuses leaves as its errors."""
    try:
        await serve(form, scope, receive, send)
    except Refused as refused:
        await send_refused(send, form, words, scope["state"]["caller"].lang, refused)


async def refuse(words: Words, lang: str, scope: Scope, send: Send, problem: Problem) -> None:
    """For the front: what goes wrong before and behind this door."""
    name = scope["path"].rpartition("/")[2]
    form = split_form(name, scope)[1] if "." in name else accepted(scope)
    await send_problem(send, form, words, lang, problem)


async def _wrong_method(_form: Form, scope: Scope, _receive: Receive, _send: Send) -> None:
    allow = (
        b"GET, HEAD, POST"
        if scope["path"].rpartition("/")[2].startswith(("requests", "servicerequest"))
        else b"GET, HEAD"
    )
    raise Problem("method_not_allowed", status=405, headers=[(b"allow", allow)])


async def _nothing_here(_form: Form, _scope: Scope, _receive: Receive, _send: Send) -> None:
    raise Refused(404, Wrong("not_found"))


def _template(parts: list[str]) -> str:
    """The route, for the counts: never what the caller made of it."""
    match parts:
        case ["discovery"]:
            return "/open311/discovery"
        case ["v2", "services" | "requests" | "tokens" | "servicerequestupdates" as things]:
            return f"/open311/v2/{things}"
        case ["v2", "services" | "requests" | "tokens" as things, _]:
            return f"/open311/v2/{things}/{{id}}"
        case ["v2", "media", _, _]:
            return "/open311/v2/media/{id}/{photo}"
    return "other"
