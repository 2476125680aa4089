"""Service request updates, FixMyStreet's extension: all that changed, and the reporter's word on what was solved.

Both ask for a key. What is sent in is the reporter's own word through the key that filed the request: «solved» or
«not solved». Nobody else's word, and no state of an agency, is taken here.
"""

from __future__ import annotations

import hashlib
from zoneinfo import ZoneInfo

from hadir.actions import commands as c
from hadir.actions.context import Context
from hadir.actions.decision import Done
from hadir.actions.registry import execute
from hadir.domain.people import Role
from hadir.domain.refusals import Refusal, unknown
from hadir.domain.values import Actor
from hadir.inbound.kit.asgi import Receive, Scope, Send
from hadir.inbound.kit.doors import Throttle
from hadir.inbound.open311 import bodies
from hadir.inbound.open311.answers import Form, send_list
from hadir.inbound.open311.filing import CHANNEL, Keys
from hadir.inbound.open311.shown import Shown
from hadir.standards.open311 import model as m
from hadir.standards.open311.asking import asked, check_jurisdiction, first, parameters
from hadir.standards.open311.filing import FiledUpdate, filed_update
from hadir.standards.open311.model import Refused, Wrong
from hadir.views.requests import Change, OpenRequests
from hadir.words import Words

STATUS = {
    "received": "OPEN",
    "joined": "INVESTIGATING",
    "in_progress": "IN_PROGRESS",
    "asked": "FIXED",
    "confirmed": "CLOSED",
    "disputed": "REOPEN",
    "dismissed": "NO_FURTHER_ACTION",
}
"""state → the status that FixMyStreet and its adapters know."""
SOLVED, NOT_SOLVED = frozenset({"FIXED", "CLOSED"}), frozenset({"OPEN", "REOPEN"})


class Updates:
    """Both directions."""

    def __init__(
        self,
        ctx: Context,
        throttle: Throttle,
        requests: OpenRequests,
        shown: Shown,
        words: Words,
        jurisdictions: frozenset[str],
    ) -> None:
        self._ctx = ctx
        self._throttle = throttle
        self._requests = requests
        self._shown = shown
        self._words = words
        self._ours = jurisdictions
        self._zone = ZoneInfo(ctx.city.zone)
        self._keys = Keys(ctx, throttle)

    async def get(self, form: Form, scope: Scope, _receive: Receive, send: Send) -> None:
        """GET servicerequestupdates: all that happened from start_date to end_date, the oldest first.

        «Both or none»: none is the last 90 days. Every state that a request came into is told, in the city's words,
        and never anybody's own. Extension of the extension: page and page_size; a page that is not full is the last.
        """
        caller = scope["state"]["caller"]
        self._throttle.reading(caller)
        params = parameters(scope["query_string"])
        await self._keys.actor(caller, params)
        check_jurisdiction(params, self._ours)
        if (first(params, "start_date") is None) != (first(params, "end_date") is None):
            raise Refused(400, Wrong("both_or_none"))
        wanted = asked(params, self._ctx.clock.now(), self._zone)
        found = await self._requests.changes(wanted.start, wanted.end, limit=wanted.limit, offset=wanted.offset)
        await send_list(send, form, [self._update(change, caller.lang) for change in found], m.Update)

    def _update(self, change: Change, lang: str) -> m.Update:
        return m.Update(
            update_id=f"{change.report}-{change.position}",
            service_request_id=change.report,
            status=STATUS[change.state],
            updated_datetime=change.at,
            description=self._shown.words(change.state, lang),
            external_status_code=change.state,
        )

    async def post(self, form: Form, scope: Scope, receive: Receive, send: Send) -> None:
        """POST servicerequestupdates: «400: already exists» for an update_id that was sent before."""
        caller = scope["state"]["caller"]
        self._throttle.filing(caller)
        params, _ = await bodies.read(scope, receive)
        actor = await self._keys.actor(caller, params)
        check_jurisdiction(params, self._ours)
        update = filed_update(params, self._zone)
        if not await self._filed_by(actor, update.service_request_id):
            raise Refused(404, Wrong("service_request_id"))
        outcome = await self._said(actor, update)
        if isinstance(outcome, Refusal):
            why = self._words.refusal(outcome.code, caller.lang, **dict(outcome.params))
            raise Refused(400, Wrong("update", {"why": why}))
        if outcome.repeated:
            raise Refused(400, Wrong("already_exists"))
        await send_list(send, form, [m.Updated(update_id=update.update_id)], m.Updated)

    async def _filed_by(self, actor: Actor, id: str) -> bool:
        facts = await self._ctx.journal.read_stream(f"report/{id}")
        return bool(facts) and facts[0].actor == actor.id and facts[0].channel == CHANNEL

    async def _said(self, actor: Actor, update: FiledUpdate) -> Done | Refusal:
        id = update.service_request_id
        command_id = hashlib.sha256(f"{actor.id}/{update.update_id}".encode()).hexdigest()
        reporter = Actor(id=f"reporter/{id}", role=Role.CITIZEN, channel=CHANNEL)
        if update.status in SOLVED:
            return await execute(self._ctx, reporter, "reports", "confirm", id, c.Plain(command_id=command_id))
        if update.status in NOT_SOLVED:
            said = c.Dispute(command_id=command_id, text=update.description)
            return await execute(self._ctx, reporter, "reports", "dispute", id, said)
        return unknown("not_the_reporters_word")
