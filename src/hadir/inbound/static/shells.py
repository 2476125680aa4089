"""The staff pages' shells: an empty page with the built files and the first data, for those who may see the face."""

import gzip
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.domain.people import PERMISSIONS, Account, Role
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.citydoc import AREAS_URL, city_document, mandates_of
from hadir.inbound.kit.doors import Doors
from hadir.inbound.kit.problems import Problem
from hadir.inbound.static.files import PREFIX, Entry, Files

BOARD_URL = "/api/v1/board"
#: What the leader's first picture is made of; people's reports, most of a board in a rainy hour, come after it.
FIRST: Mapping[str, str] = {"pimpin": "?things=incidents,tasks,orders,units,areas"}
#: Parts of the city (`citydoc`) that the leader's page never shows, or asks for after its first picture (what orders
#: are made of): his line is the slow one.
LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "pimpin": (
        "groups",
        "dispositions",
        "phones",
        "agencies.name",
        "agencies.partner",
        "categories.group",
        "categories.actions",
        "areas.district",
        "actions.near",
        "templates",
    )
}
#: Faces that draw the city at once.
MAPS = frozenset({"pusat", "dinding", "pimpin"})
#: Faces that people put on their home screen: each has a manifest in web/public.
INSTALLED = frozenset({"petugas", "pimpin", "opd"})
_CENTRE = frozenset({Role.OPERATOR, Role.LEADER, Role.AUDITOR})
_AGENCY = frozenset({Role.DESK, Role.AGENCY_HEAD})

FACES: Mapping[str, tuple[str, frozenset[Role]]] = {
    "/pusat": ("pusat", _CENTRE),
    "/pusat/dinding": ("dinding", _CENTRE),
    "/opd": ("opd", _AGENCY),
    "/petugas": ("petugas", frozenset({Role.OFFICER})),
    "/pimpin": ("pimpin", frozenset({Role.LEADER})),
    "/kelola": ("kelola", frozenset({Role.ADMIN, Role.AUDITOR})),
}
"""path → the face's folder in web/src/pages, and whose it is."""


def shell_routes(doors: Doors, files: Files) -> list[HTTPRouteHandler]:
    return [_route(doors, files, path, face, roles) for path, (face, roles) in FACES.items()]


def _route(doors: Doors, files: Files, path: str, face: str, roles: frozenset[Role]) -> HTTPRouteHandler:
    @get(path, name=f"face:{face}")
    async def show(request: Request[Any, Any, Any]) -> Response[bytes]:
        caller: Caller = request.state.caller
        if caller.account is None:
            ended = "&salah=ended" if caller.session else ""
            to = f"/masuk?next={quote(path)}{ended}"
            return Response(b"", status_code=303, headers={"location": to, "cache-control": "no-store"})
        if caller.account.role not in roles:
            raise Problem("forbidden", status=403)
        entry = files.entry(face)
        if entry is None:
            raise Problem("not_built", status=503)
        boot = await boot_data(doors, caller, caller.account, LEFT_OUT.get(face, ()))
        title = f"{doors.words.say(f'face.{face}', caller.lang)} · {doors.ctx.city.title.say(caller.lang)}"
        first = (*((AREAS_URL,) if face in MAPS else ()), BOARD_URL + FIRST.get(face, ""))
        page = shell(face, entry, title, caller.lang, boot, first)
        headers = {"cache-control": "no-store", "vary": "accept-encoding, cookie"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            # Mostly the city's names: four fifths less on the leader's slow line, half a millisecond here.
            page, headers["content-encoding"] = gzip.compress(page, 9, mtime=0), "gzip"
        return Response(page, media_type="text/html", headers=headers)

    return show


async def boot_data(doors: Doors, caller: Caller, account: Account, left_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """`Boot` of web/src/core/boot.ts; `left_out`: parts of the city that a face has no use for."""
    now = doors.ctx.clock.now()
    city = city_document(doors.ctx.city, caller.lang, now)
    for name in left_out:
        _leave_out(city, *name.split("."))
    me = {"id": account.id, "name": account.name, "role": account.role, "agency": account.agency, "lang": caller.lang}
    me |= {"mandates": mandates_of(doors.ctx.city, account.id, now)}
    return {
        "me": me,
        "city": city | {"people": await colleagues(doors, account)},
        "demo": doors.demo,
        "csrf": None,
    }


def _leave_out(city: dict[str, Any], part: str, field: str = "") -> None:
    """A whole list, or one field of each thing in it."""
    city[part] = [{name: value for name, value in thing.items() if name != field} for thing in city[part] if field]


async def colleagues(doors: Doors, account: Account) -> list[dict[str, Any]]:
    """Names this account may read: its own, and everybody's or its agency's as the permission table says."""
    everybody = await doors.accounts.accounts()
    scope = PERMISSIONS["people.read"].get(account.role)
    persons = account.role in PERMISSIONS["persons.read"]
    return [
        {"id": a.id, "name": a.name, "role": a.role, "agency": a.agency}
        | ({"person": a.person} if persons and a.person else {})
        for a in everybody
        if scope == "city" or a.id == account.id or a.agency is None or (scope and a.agency == account.agency)
    ]


def shell(face: str, entry: Entry, title: str, lang: str, boot: dict[str, Any], first: tuple[str, ...]) -> bytes:
    """The page. `first`: what its script will ask for at once.

    `<` in the data is escaped, so that no name in it can end the script element.
    """
    data = msgspec.json.encode(boot).decode().replace("<", "\\u003c")
    links = [f'<link rel="stylesheet" href="{PREFIX}{css}">' for css in entry.css]
    links += [f'<link rel="modulepreload" href="{PREFIX}{file}">' for file in entry.imports]
    # The first picture needs both, and on a slow line each turn is dear: they come while the script still does.
    links += [f'<link rel="preload" as="fetch" crossorigin href="{url}">' for url in first]
    links.append(f'<link rel="icon" href="{PREFIX}icon.svg">')
    if face in INSTALLED:
        links.append(f'<link rel="manifest" href="{PREFIX}{face}.webmanifest">')
        links.append(f'<link rel="apple-touch-icon" href="{PREFIX}icons/apple-touch-icon.png">')
        links.append('<meta name="theme-color" content="#0b5a66">')
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f"<title>{escape(title)}</title>{''.join(links)}"
        f'<script type="application/json" id="boot">{data}</script>'
        f'<script type="module" src="{PREFIX}{entry.file}"></script></head><body><div id="app"></div></body></html>\n'
    ).encode()
