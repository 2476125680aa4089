"""Every command: `POST /api/v1/<things>` and `POST /api/v1/<things>/<id>/<verb>`, one bare door for all.

Bare, because the intake of reports is the city's front door in a storm: no framework stands between the bytes and the
use case.
"""

import re

import msgspec

from hadir.actions.commands import ReceiveReport
from hadir.actions.context import Context
from hadir.actions.decision import Done
from hadir.actions.registry import COMMANDS, Use, execute
from hadir.domain.refusals import Kind, Refusal
from hadir.domain.values import Actor
from hadir.inbound.kit.asgi import App, Receive, Scope, Send, body, header
from hadir.inbound.kit.bodies import decode, require_json
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Throttle, signed_in
from hadir.inbound.kit.problems import Problem
from hadir.inbound.kit.reply import answer_json
from hadir.inbound.kit.watch import EFFORT_HEADER

PREFIX = "/api/v1/"
# 4,000 characters of text are 16 kB at most; the rest is room for names of photos.
BODY_MOST = 64 * 1024
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")

#: things that have commands
THINGS = frozenset(things for things, _ in COMMANDS)


class _Link(msgspec.Struct):
    """The tracking link's secret, in the body of a reporter's command."""

    secret: str | None = None


class CommandDoor:
    """Finds the command by its path and carries it out."""

    def __init__(self, ctx: Context, throttle: Throttle) -> None:
        self._ctx = ctx
        self._throttle = throttle

    def __call__(self, method: str, path: str) -> App | None:
        """The door for a path of commands; None when it is none. A known path by another method is a 405."""
        if not path.startswith(PREFIX):
            return None
        match path[len(PREFIX) :].split("/"):
            case [things] if method == "POST" and (things, "") in COMMANDS:
                return self._door(things, "", "")
            case [things, id, verb] if (things, verb) in COMMANDS and verb:
                return self._door(things, verb, id) if method == "POST" else _only_post
        return None

    def _door(self, things: str, verb: str, id: str) -> App:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            await self._serve(things, verb, id, scope, receive, send)

        return serve

    async def _serve(self, things: str, verb: str, id: str, scope: Scope, receive: Receive, send: Send) -> None:
        caller: Caller = scope["state"]["caller"]
        use = COMMANDS[things, verb]
        (self._throttle.report if use.body is ReceiveReport else self._throttle.command)(caller)
        require_json(scope)
        data = await body(scope, receive, BODY_MOST)
        command = decode(data, use.body)
        actor = self._actor(caller, use, data)
        if isinstance(command, ReceiveReport) and caller.account is None:
            actor = self._throttle.watch.doubted(caller, command, _effort(scope))
        if id and not _ID.fullmatch(id):
            raise Problem("no_such_thing", status=404)
        outcome = await execute(self._ctx, actor, things, verb, id, command)
        if isinstance(outcome, Refusal):
            raise self._refused(caller, actor, outcome)
        await answer_json(send, 200 if verb else 201, _answered(outcome, caller))

    def _actor(self, caller: Caller, use: Use, data: bytes) -> Actor:
        """An anonymous caller with a tracking link's secret is that report's reporter."""
        if caller.account is not None or use.verb not in _REPORTERS:
            return caller.actor
        secret = decode(data, _Link).secret
        report_id = self._ctx.secrets.report_of(secret) if secret and secret.isascii() else None
        if report_id is None:
            return caller.actor
        return Actor(id=f"reporter/{report_id}", role=caller.actor.role, channel=caller.actor.channel)

    def _refused(self, caller: Caller, actor: Actor, refusal: Refusal) -> Problem:
        """Who is not signed in and may not do it is asked to sign in first."""
        if refusal.kind is Kind.FORBIDDEN and caller.account is None and actor is caller.actor:
            signed_in(caller)
        return Problem.of(refusal)


def _effort(scope: Scope) -> str:
    return (header(scope, EFFORT_HEADER) or b"").decode("latin-1")


#: verbs that a reporter may use on the own report
_REPORTERS = frozenset(
    {"report.correct", "report.erase", "report.keep"}
    | {"report.confirm", "report.add_photos", "report.dispute", "report.relocate"}
    | {"report.follow_up", "report.rate"}
)


def _answered(done: Done, caller: Caller) -> bytes:
    """{position, version, id, …}; a report's tracking link is made whole, its secret is inside."""
    told = {"id": done.id, **done.answer, "position": done.position, "version": done.version}
    if secret := told.pop("secret", None):
        told["tracking_url"] = f"{caller.origin}/l/{secret}"
    return msgspec.json.encode(told)


async def _only_post(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise Problem("method_not_allowed", status=405, headers=[(b"allow", b"POST")])
