"""POST Service Request: from parameters to the use case `reports.receive`. Needs no board, so the intake serves it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from hadir.actions import commands as c
from hadir.actions import photos
from hadir.actions.context import Context
from hadir.actions.decision import Done
from hadir.actions.registry import execute
from hadir.domain.people import Account, Role, may
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor
from hadir.inbound.kit.asgi import Receive, Scope, Send, header
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Throttle
from hadir.inbound.kit.problems import Problem
from hadir.inbound.open311 import bodies
from hadir.inbound.open311.answers import Form, send_list
from hadir.inbound.open311.services import Services
from hadir.standards.open311.asking import Params, check_jurisdiction, first
from hadir.standards.open311.filing import MEDIA_URL_MOST, Filed, check_attributes, filed
from hadir.standards.open311.model import Created, Refused, Wrong
from hadir.words import Words

CHANNEL = "open311"
_COMMAND_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

#: May this address be gone to later, for a photo?
Admits = Callable[[str], bool]


class Keys:
    """api_key: a token of an account with the role of an integrator (`hadir token NAME`), each with its own limit."""

    def __init__(self, ctx: Context, throttle: Throttle) -> None:
        self._ctx = ctx
        self._throttle = throttle

    async def actor(self, caller: Caller, params: Params) -> Actor:
        """«403: missing or invalid api_key»; a parameter, or the header Authorization. Raises Refused, Problem(429)."""
        account = await self._account(caller, params)
        if account is None or account.role is not Role.INTEGRATOR:
            raise Refused(403, Wrong("api_key"))
        self._throttle.api_key(account.id)
        return Actor(id=account.id, role=account.role, channel=CHANNEL, agency=account.agency)

    async def _account(self, caller: Caller, params: Params) -> Account | None:
        key = first(params, "api_key")
        if key is None:
            return caller.account if caller.via == "token" else None
        try:
            id = self._ctx.secrets.account_of(key, self._ctx.clock.now())
        except ValueError:
            return None
        return None if id is None else await self._ctx.people.account(id)


class Filing:
    """Takes requests in."""

    def __init__(
        self,
        ctx: Context,
        throttle: Throttle,
        services: Services,
        words: Words,
        jurisdictions: frozenset[str],
        admits: Admits,
    ) -> None:
        self._ctx = ctx
        self._throttle = throttle
        self._services = services
        self._words = words
        self._ours = jurisdictions
        self._admits = admits
        self._zone = ZoneInfo(ctx.city.zone)
        self._keys = Keys(ctx, throttle)

    async def post(self, form: Form, scope: Scope, receive: Receive, send: Send) -> None:
        """POST Service Request. 201 with the id: it is on disk then. Raises Refused, Problem.

        The standard knows no repetition; the header Idempotency-Key of ours makes a second try get the first answer.
        """
        caller: Caller = scope["state"]["caller"]
        self._throttle.filing(caller)
        params, files = await bodies.read(scope, receive)
        actor = await self._keys.actor(caller, params)
        if refusal := may("open311.file", actor):
            raise Problem.of(refusal)
        check_jurisdiction(params, self._ours)
        request = filed(params)
        self._check(request)
        addresses = _addresses(request, self._admits, files)
        pictures = [await self._kept(actor, each, caller.lang) for each in files]
        command = self._command(request, _command_id(scope, self._ctx), actor, pictures, addresses)
        outcome = await execute(self._ctx, actor, "reports", "", "", command)
        if isinstance(outcome, Refusal):
            raise Problem.of(outcome)
        await self._answer(send, form, outcome, request)

    def _check(self, request: Filed) -> None:
        """What only the city knows: «404: service_code was not found», the attributes, the area."""
        if request.service_code not in self._ctx.city.category_by_code:
            raise Refused(404, Wrong("service_code", {"service_code": request.service_code}))
        if request.address_id is not None and request.address_id not in self._ctx.city.area_by_code:
            raise Refused(400, Wrong("address_id"))
        if request.attributes:
            check_attributes(
                request.attributes, self._services.definition(request.service_code, "id").attributes, self._zone
            )

    async def _kept(self, actor: Actor, data: bytes, lang: str) -> str:
        """A photo that came with the request. Raises Refused(400)."""
        kept = await photos.add(self._ctx, actor, data)
        if isinstance(kept, Refusal):
            why = self._words.refusal(kept.code, lang, **dict(kept.params))
            raise Refused(400, Wrong("media", {"why": why}))
        return kept

    def _command(
        self, request: Filed, command_id: str, actor: Actor, pictures: Sequence[str], addresses: Sequence[str]
    ) -> c.ReceiveReport:
        person = request.account_id or request.device_id or request.email or request.phone
        return c.ReceiveReport(
            command_id=command_id,
            text=self._text(request),
            place=_where(request),
            photos=tuple(dict.fromkeys(pictures)),
            contact=_contact(request),
            category=request.service_code,
            media=tuple(addresses),
            reporter=f"{actor.id}/{person}" if person else None,
        )

    def _text(self, request: Filed) -> str:
        """The description and the answers, in words; where there are none, what the service is called."""
        said = [request.description or ""]
        if request.attributes:
            said.append(self._services.said(request.service_code, request.attributes))
        text = "\n".join(part for part in said if part)
        return text or self._ctx.city.category_by_code[request.service_code].name.say("id")

    async def _answer(self, send: Send, form: Form, done: Done, request: Filed) -> None:
        created = Created(service_request_id=done.id, account_id=request.account_id)
        await send_list(send, form, [created], Created, status=201)


def _addresses(request: Filed, admits: Admits, files: list[bytes]) -> list[str]:
    """media_url: what is to be fetched later; pictures in `data:` URIs go to the files. Raises Refused(400)."""
    addresses = []
    for url in request.media_url:
        try:
            data = bodies.data_uri(url)
        except ValueError:
            raise Refused(400, Wrong("media_url")) from None
        if data is not None:
            files.append(data)
        elif len(url) <= MEDIA_URL_MOST and admits(url):
            addresses.append(url)
        else:
            raise Refused(400, Wrong("media_url"))
    return addresses


def _where(request: Filed) -> c.Where:
    has_point = request.lat is not None
    how = "tap" if has_point else "list" if request.address_id else "words"
    return c.Where(lat=request.lat, lon=request.long, how=how, area=request.address_id, text=request.address_string)


def _contact(request: Filed) -> c.Contact | None:
    name = " ".join(part for part in (request.first_name, request.last_name) if part)[:100] or None
    if name is None and request.phone is None and request.email is None:
        return None
    return c.Contact(name=name, phone=request.phone, email=request.email)


def _command_id(scope: Scope, ctx: Context) -> str:
    given = header(scope, b"idempotency-key")
    if not given:
        return ctx.ids.new()
    text = given.decode("latin-1")
    return text if _COMMAND_ID.fullmatch(text) else hashlib.sha256(given).hexdigest()
