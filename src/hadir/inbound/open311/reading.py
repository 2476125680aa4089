"""Everything that is read: discovery, services, definitions, requests, tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hadir.actions.context import Context
from hadir.inbound.kit.asgi import Scope, Send
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import BoardView
from hadir.inbound.open311.answers import Form, send_kept, send_list, send_one
from hadir.inbound.open311.services import Services
from hadir.inbound.open311.shown import Shown
from hadir.standards.open311 import model as m
from hadir.standards.open311.asking import asked, check_jurisdiction, parameters
from hadir.standards.open311.form import JSON_TYPE, XML_TYPE
from hadir.standards.open311.model import Refused, Wrong
from hadir.views.requests import OpenReport, OpenRequests

#: When this surface last changed its shape; discovery says so.
CHANGESET = datetime(2026, 11, 24, tzinfo=UTC)
# A client that posts and asks at once finds what it posted: the board is behind by milliseconds.
PATIENCE_S = 2.0
_ID = re.compile(r"[0-9A-Za-z]{1,40}")


class Reading:
    """Answers questions; changes nothing."""

    def __init__(
        self,
        ctx: Context,
        board: BoardView,
        requests: OpenRequests,
        services: Services,
        shown: Shown,
        jurisdictions: frozenset[str],
        *,
        demo: bool,
    ) -> None:
        self._ctx = ctx
        self._board = board
        self._requests = requests
        self._services = services
        self._ours = jurisdictions
        self._demo = demo
        self._zone = ZoneInfo(ctx.city.zone)
        self._shown = shown

    async def discovery(self, form: Form, scope: Scope, send: Send) -> None:
        """Service discovery: «the URL must end in discovery.xml or discovery.json», both are there."""
        caller: Caller = scope["state"]["caller"]
        number, label = self._ctx.city.phones[0]
        formats = tuple(kind.partition(";")[0] for kind in (XML_TYPE, JSON_TYPE))
        endpoint = m.Endpoint(
            url=f"{caller.origin}/open311/v2",
            changeset=CHANGESET,
            type="test" if self._demo else "production",
            formats=formats,
        )
        contact = f"{self._ctx.city.title.say(caller.lang)}, {label.say(caller.lang)} {number}"
        document = m.Discovery(
            changeset=CHANGESET, contact=contact, key_service=f"{caller.origin}/", endpoints=(endpoint,)
        )
        await send_one(send, form, document)

    async def services(self, form: Form, scope: Scope, send: Send) -> None:
        """GET Service List."""
        check_jurisdiction(parameters(scope["query_string"]), self._ours)
        await send_kept(send, form, self._services.listed(scope["state"]["caller"].lang), m.Service)

    async def definition(self, code: str, form: Form, scope: Scope, send: Send) -> None:
        """GET Service Definition: «404: service_code was not found»."""
        check_jurisdiction(parameters(scope["query_string"]), self._ours)
        if code not in self._ctx.city.category_by_code:
            raise Refused(404, Wrong("service_code", {"service_code": code[:60]}))
        await send_one(send, form, self._services.definition(code, scope["state"]["caller"].lang))

    async def requests(self, form: Form, scope: Scope, send: Send) -> None:
        """GET Service Requests: the newest first; ids that are not there are passed over."""
        params = parameters(scope["query_string"])
        check_jurisdiction(params, self._ours)
        wanted = asked(params, self._ctx.clock.now(), self._zone)
        for code in wanted.codes:
            if code not in self._ctx.city.category_by_code:
                raise Refused(404, Wrong("service_code", {"service_code": code[:60]}))
        if wanted.ids:
            found = await self._requests.named([id for id in wanted.ids if _ID.fullmatch(id)])
        else:
            found = await self._requests.find(
                wanted.start,
                wanted.end,
                categories=wanted.codes,
                statuses=wanted.statuses,
                changed_after=wanted.updated_after,
                changed_before=wanted.updated_before,
                bbox=wanted.bbox,
                limit=wanted.limit,
                offset=wanted.offset,
            )
        await self._send(form, scope, send, found, extensions=wanted.extensions)

    async def request(self, id: str, form: Form, scope: Scope, send: Send) -> None:
        """GET Service Request: a list of one; «404: service_request_id was not found»."""
        params = parameters(scope["query_string"])
        check_jurisdiction(params, self._ours)
        report = await self.known(id)
        if report is None:
            raise Refused(404, Wrong("service_request_id"))
        wanted = asked({"extensions": params.get("extensions", [])}, self._ctx.clock.now(), self._zone)
        await self._send(form, scope, send, [report], extensions=wanted.extensions)

    async def _send(
        self, form: Form, scope: Scope, send: Send, found: Sequence[OpenReport], *, extensions: bool
    ) -> None:
        caller: Caller = scope["state"]["caller"]
        histories = await self._requests.histories(found) if extensions else {}
        shown = [
            self._shown.request(report, caller.lang, caller.origin, told=histories.get(report.id)) for report in found
        ]
        await send_list(send, form, shown, m.Request)

    async def token(self, token: str, form: Form, scope: Scope, send: Send) -> None:
        """GET service_request_id from a token.

        Ids are given at once here, never tokens; so that clients which always ask find an answer, an id is its own.
        """
        check_jurisdiction(parameters(scope["query_string"]), self._ours)
        if await self.known(token) is None:
            raise Refused(404, Wrong("token"))
        await send_list(send, form, [m.Token(service_request_id=token, token=token)], m.Token)

    async def known(self, id: str) -> OpenReport | None:
        """One report that may be known; also one that was received this moment."""
        if not _ID.fullmatch(id):
            return None
        if not (found := await self._requests.named([id])):
            await self._board.wait(await self._ctx.journal.position(), PATIENCE_S)
            found = await self._requests.named([id])
        return found[0] if found else None
