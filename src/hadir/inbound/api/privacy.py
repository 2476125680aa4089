"""A report's own words and contact for the few who need them, and the log of who looked at what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.actions.privacy import Privacy, personal
from hadir.domain.people import may
from hadir.domain.refusals import Refusal
from hadir.inbound.api.answers import AnyRequest, caller_of, json_answer
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import Problem
from hadir.ports.access import KINDS, Wanted

LOOKS, LOOKS_MOST = 100, 1000


def privacy_routes(doors: Doors, privacy: Privacy) -> list[HTTPRouteHandler]:
    return [_personal(doors, privacy), _looks(doors, privacy)]


def _personal(doors: Doors, privacy: Privacy) -> HTTPRouteHandler:
    @get("/api/v1/reports/{id:str}/personal")
    async def own_words(request: AnyRequest) -> Response[bytes]:
        """{id, text, place, contact}, unmasked. `?reason=` goes on the log, with who asked, before anything is told."""
        caller = signed_in(caller_of(request))
        doors.throttle.command(caller)
        reason = request.query_params.get("reason", "")
        told = await personal(privacy, caller.actor, request.path_params["id"], reason)
        if isinstance(told, Refusal):
            raise Problem.of(told)
        return json_answer(msgspec.json.encode(told))

    return own_words


def _looks(doors: Doors, privacy: Privacy) -> HTTPRouteHandler:
    @get("/api/v1/access")
    async def looks(request: AnyRequest) -> Response[bytes]:
        """{looks, months}: who looked at what, the newest first. Reading it is a look too."""
        caller = signed_in(caller_of(request))
        if refusal := may("access.read", caller.actor):
            raise Problem.of(refusal)
        doors.throttle.command(caller)
        wanted = wanted_of(request.query_params)
        await privacy.looked(caller.actor, "log", "access", _asked(request.query_params))
        found = await privacy.access.find(wanted)
        names = {account.id: account.name for account in await doors.accounts.accounts()}
        told = [{**msgspec.structs.asdict(look), "name": names.get(look.actor, "")} for look in found]
        months = privacy.ctx.city.privacy.access_months
        return json_answer(msgspec.json.encode({"looks": told, "months": months}))

    return looks


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """actor, what, thing, since, until (RFC 3339), before, limit. Raises Problem(400)."""
    what = query.get("what") or None
    if what is not None and what not in KINDS:
        raise Problem("bad_query", status=400, name="what")
    before = query.get("before") or None
    limit = query.get("limit", str(LOOKS))
    if not limit.isdecimal() or not 1 <= int(limit) <= LOOKS_MOST:
        raise Problem("bad_query", status=400, name="limit")
    if before is not None and not (before.isdecimal() and len(before) < 19):
        raise Problem("bad_query", status=400, name="before")
    return Wanted(
        actor=query.get("actor") or None,
        what=what,
        thing=query.get("thing") or None,
        since=_time(query, "since"),
        until=_time(query, "until"),
        before=None if before is None else int(before),
        limit=int(limit),
    )


def _time(query: Mapping[str, str], name: str) -> datetime | None:
    given = query.get(name)
    if not given:
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise Problem("bad_query", status=400, name=name) from None
    if at.tzinfo is None:
        raise Problem("bad_query", status=400, name=name)
    return at


def _asked(query: Mapping[str, str]) -> str:
    """What was looked for."""
    return " ".join(f"{name}={query[name][:60]}" for name in ("actor", "what", "thing") if query.get(name))
