"""`/l/<secret>/data`: everything kept about one person's report. See it, put it right, take it along, have it erased.

Whoever has the secret link is the reporter; nobody else gets here. Each opening by this door is on the access log too,
so that a person sees whether the link has gone astray.
"""

from __future__ import annotations

import secrets as random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from hadir.actions.commands import Command, Contact, Plain
from hadir.actions.mydata import CorrectReport, Told, told_of
from hadir.actions.privacy import Privacy
from hadir.actions.registry import execute
from hadir.domain.people import Role
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor
from hadir.inbound.kit import forms
from hadir.inbound.kit.zipped import zipped
from hadir.inbound.pages import form
from hadir.inbound.pages.desk import Refused
from hadir.inbound.pages.site import Site
from hadir.inbound.pages.tracking import where_line
from hadir.ports.access import Look, Wanted
from hadir.ports.blobs import BlobMissing
from hadir.ports.journal import DiskFull, Fact, Unavailable
from hadir.views.timeline import Speaker

Req = Request[Any, Any, Any]

CHANNEL = "citizen-web"
# What is one's own stays nowhere on the way.
_CLOSED = {"cache-control": "no-store"}
# One page shows so many looks; an auditor has all of them.
LOOKS_MOST = 50


@dataclass(frozen=True, slots=True)
class _Owner:
    """Who has the link, and what it leads to."""

    secret: str
    told: Told

    @property
    def actor(self) -> Actor:
        return Actor(id=f"reporter/{self.told.report_id}", role=Role.CITIZEN, channel=CHANNEL)


def routes(site: Site, privacy: Privacy) -> list[HTTPRouteHandler]:
    @get("/l/{secret:str}/data", include_in_schema=False)
    async def page(request: Req, secret: FromPath[str]) -> Response[bytes]:
        owner = await _owner(privacy, secret)
        return _unknown(site, request) if owner is None else await _page(site, privacy, request, owner)

    @post("/l/{secret:str}/data", include_in_schema=False, status_code=200)
    async def change(request: Req, secret: FromPath[str]) -> Response[bytes]:
        owner = await _owner(privacy, secret)
        return _unknown(site, request) if owner is None else await _change(site, privacy, request, owner)

    @get("/l/{secret:str}/data.json", include_in_schema=False)
    async def as_json(request: Req, secret: FromPath[str]) -> Response[bytes]:
        owner = await _owner(privacy, secret)
        if owner is None:
            return _unknown(site, request)
        await privacy.looked(owner.actor, "export", f"report/{owner.told.report_id}", "json")
        return Response(await _document(privacy, owner), media_type="application/json", headers=_saved(owner, "json"))

    @get("/l/{secret:str}/data.zip", include_in_schema=False)
    async def as_zip(request: Req, secret: FromPath[str]) -> Response[Any]:
        owner = await _owner(privacy, secret)
        if owner is None:
            return _unknown(site, request)
        await privacy.looked(owner.actor, "export", f"report/{owner.told.report_id}", "zip")
        document = await _document(privacy, owner)
        return Stream(
            zipped(_files(privacy, owner, document)), media_type="application/zip", headers=_saved(owner, "zip")
        )

    return [page, change, as_json, as_zip]


async def _owner(privacy: Privacy, secret: str) -> _Owner | None:
    report_id = privacy.ctx.secrets.report_of(secret) if secret.isascii() else None
    told = await told_of(privacy.ctx, report_id) if report_id else None
    return None if told is None or isinstance(told, Refusal) else _Owner(secret, told)


def _unknown(site: Site, request: Req) -> Response[bytes]:
    say, lang = site.words.say, site.lang(request)
    return site.page(
        request, "said.html", status=404, heading=say("track.unknown", lang), line=say("track.unknown_why", lang)
    )


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def _page(
    site: Site, privacy: Privacy, request: Req, owner: _Owner, problem: str = "", status: int = 200
) -> Response[bytes]:
    told, lang = owner.told, site.lang(request)
    looks = await privacy.access.find(Wanted(thing=f"report/{told.report_id}", limit=LOOKS_MOST))
    await privacy.looked(owner.actor, "data", f"report/{told.report_id}")
    done = request.query_params.get("sudah", "")
    answer = site.page(
        request,
        "mydata.html",
        status=status,
        told=told,
        ref=told.report_id[-5:],
        secret=owner.secret,
        place=_place(site, told, lang),
        later=[(at, _words(body)) for at, _, body in told.more if _words(body)],
        looks=[(look, _who(site, look, lang)) for look in looks],
        facts=[(fact.at, _fact(site, fact, lang)) for fact in told.facts],
        others=len(await _others(site, privacy, request, owner)),
        hours=privacy.ctx.city.privacy.undo_hours,
        command_id=random.token_urlsafe(15),
        done=f"mydata.{done}" if done in ("corrected", "kept_after_all") else "",
        problem=problem,
        why=site.words.say(f"erased.{told.erased}", lang) if told.erased else "",
    )
    answer.headers.update(_CLOSED)
    return answer


def _place(site: Site, told: Told, lang: str) -> dict[str, str]:
    """{line, point}: where it was said to be."""
    exact = told.place
    point = f"{exact['lat']:.5f}, {exact['lon']:.5f}" if exact.get("lat") is not None else ""
    return {"line": where_line(site, told.where, str(exact.get("words") or ""), lang), "point": point}


def _fact(site: Site, fact: Fact, lang: str) -> str:
    """A fact in the words of the timeline, without what was said with it and without anybody's name."""
    speaker = Speaker(city=site.city, words=site.words, lang=lang, names={})
    return site.words.say(f"timeline.{fact.event.kind}", lang, **(speaker.params(fact, {}) | {"words": ""}))


def _words(body: Mapping[str, Any]) -> str:
    return str(body.get("text") or "")


def _who(site: Site, look: Look, lang: str) -> str:
    """The role, never the name: a person may know that somebody of the city looked, and when."""
    return site.words.say(f"role.{look.role}", lang)


async def _others(site: Site, privacy: Privacy, request: Req, owner: _Owner) -> list[str]:
    """Other reports of this very phone, where it is the one that reported: a link alone says nothing about them."""
    device = f"device/{privacy.ctx.secrets.pseudonym(site.device(request))}"
    if device != owner.told.reporter:
        return []
    mine = await privacy.subjects.reports_of(device)
    return [id for id in mine if id != owner.told.report_id]


# ── changes ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def _change(site: Site, privacy: Privacy, request: Req, owner: _Owner) -> Response[bytes]:
    fields = await forms.fields(request)
    command_id = form.command_id(fields, site.new_id())
    match fields.get("do"):
        case "correct":
            refused = await _do(privacy, owner, "correct", _correction(fields, command_id))
            done = "?sudah=corrected"
        case "erase":
            refused = await _do(privacy, owner, "erase", Plain(command_id=command_id))
            if refused is None and fields.get("others"):
                await _erase_others(site, privacy, request, owner, command_id)
            done = ""
        case "keep":
            refused = await _do(privacy, owner, "keep", Plain(command_id=command_id))
            done = "?sudah=kept_after_all"
        case _:
            refused, done = None, ""
    if refused is not None:
        why = site.refusal(refused.code, site.lang(request), refused.params)
        return await _page(site, privacy, request, owner, problem=why, status=409)
    return Response(b"", status_code=303, headers={"location": f"/l/{owner.secret}/data{done}", **_CLOSED})


def _correction(fields: Mapping[str, str], command_id: str) -> CorrectReport:
    def given(name: str, most: int) -> str | None:
        return fields.get(name, "").strip()[:most] or None

    contact = Contact(name=given("name", 100), phone=given("phone", 30), email=given("email", 200))
    return CorrectReport(command_id=command_id, text=fields.get("text", "").strip()[:4000], contact=contact)


async def _do(privacy: Privacy, owner: _Owner, verb: str, command: Command) -> Refusal | Refused | None:
    try:
        outcome = await execute(privacy.ctx, owner.actor, "reports", verb, owner.told.report_id, command)
    except DiskFull:
        return Refused(code="disk_full")
    except Unavailable:
        return Refused(code="unavailable")
    return outcome if isinstance(outcome, Refusal) else None


async def _erase_others(site: Site, privacy: Privacy, request: Req, owner: _Owner, command_id: str) -> None:
    for id in await _others(site, privacy, request, owner):
        actor = Actor(id=f"reporter/{id}", role=Role.CITIZEN, channel=CHANNEL)
        await execute(privacy.ctx, actor, "reports", "erase", id, Plain(command_id=f"{command_id}-{id[-6:]}"))


# ── taking it along ──────────────────────────────────────────────────────────────────────────────────────────────


async def _document(privacy: Privacy, owner: _Owner) -> bytes:
    told = owner.told
    looks = await privacy.access.find(Wanted(thing=f"report/{told.report_id}", limit=1000))
    document = {
        "report": told.report_id,
        "exported_at": privacy.ctx.clock.now(),
        "text": told.text,
        "place": {"area": told.where.area, "rt": told.where.rt, "rw": told.where.rw, **told.place},
        "contact": told.contact,
        "photos": [f"photos/{name}.jpg" for name in told.photos],
        "recordings": [f"recordings/{name}" for name in told.voices],
        "media": list(told.media),
        "said_later": [{"at": at, "kind": kind, **body} for at, kind, body in told.more],
        "reporter_pseudonym": told.reporter,
        "erased": told.erased,
        "will_be_erased_at": told.due,
        "facts": [{"at": f.at, "kind": f.event.kind, "role": f.role} for f in told.facts],
        "looks": [{"at": k.at, "role": k.role, "what": k.what, "reason": k.reason} for k in looks],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


async def _files(privacy: Privacy, owner: _Owner, document: bytes) -> AsyncIterator[tuple[str, bytes]]:
    """(name, bytes) of all files, one in memory at a time. Photos are the very bytes that were sent."""
    yield "data.json", document
    for folder, names, ending in (("photos", owner.told.photos, ".jpg"), ("recordings", owner.told.voices, "")):
        for name in names:
            try:
                yield f"{folder}/{name}{ending}", await privacy.ctx.blobs.get(name)
            except BlobMissing:
                continue


def _saved(owner: _Owner, ending: str) -> dict[str, str]:
    name = f"hadir-{owner.told.report_id[-5:].lower()}.{ending}"
    return {"content-disposition": f'attachment; filename="{name}"', **_CLOSED}
