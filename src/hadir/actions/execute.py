"""The only code that appends: decide, append, and decide again when another command came first."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from hadir.actions.commands import Command
from hadir.actions.context import Context
from hadir.actions.decision import Decision, Done
from hadir.domain.refusals import Kind, Refusal, conflict
from hadir.domain.values import Actor
from hadir.ports.journal import Append, Appended, CommandIdReused, Conflict

Handler = Callable[[Context, Actor, str, Any], Awaitable["Decision | Refusal"]]

# Two people pressing on one thing in the same instant is common, five in a row is a bug: then the caller is told.
TRIES = 5


async def run(ctx: Context, actor: Actor, verb: str, id: str, command: Command, handler: Handler) -> Done | Refusal:
    """Carry out one command. Raises DiskFull and Unavailable, which a door turns into its own words."""
    digest = _digest(verb, id, command)
    for _ in range(TRIES):
        decision = await handler(ctx, actor, id, command)
        try:
            appended = await ctx.journal.append(_append(actor, command.command_id, digest, decision))
        except Conflict:
            continue
        except CommandIdReused:
            return conflict("command_id_reused")
        return _outcome(ctx, appended)
    return conflict("too_busy")


async def record(ctx: Context, actor: Actor, command_id: str, decision: Decision, cause: str) -> Appended:
    """For our own reactions: a decision made by a rule, not by a person. Raises Conflict."""
    return await ctx.journal.append(_append(actor, command_id, b"", decision, cause))


def _digest(verb: str, id: str, command: Command) -> bytes:
    return hashlib.sha256(f"{verb}\0{id}\0".encode() + msgspec.json.encode(command)).digest()


def _append(
    actor: Actor, command_id: str, digest: bytes, decision: Decision | Refusal, cause: str | None = None
) -> Append:
    refused = isinstance(decision, Refusal)
    return Append(
        actor=actor.id,
        role=actor.role,
        channel=actor.channel,
        command_id=command_id,
        body_digest=digest,
        facts=() if refused else decision.facts,
        answer={} if refused else {"id": decision.id, **decision.answer},
        refusal=_stored(decision) if refused else None,
        cause=cause,
    )


def _stored(refusal: Refusal) -> dict[str, Any]:
    return {"kind": refusal.kind.value, "code": refusal.code, "params": [list(p) for p in refusal.params]}


def _outcome(ctx: Context, appended: Appended) -> Done | Refusal:
    if (refused := appended.refusal) is not None:
        params = tuple((name, value) for name, value in refused["params"])
        return Refusal(kind=Kind(refused["kind"]), code=refused["code"], params=params)
    answer = appended.answer
    if (report_id := answer.get("report_id")) is not None:
        # Made for every answer and never stored: a stolen database or back-up holds no link that works.
        answer = {**answer, "secret": ctx.secrets.tracking_secret(report_id)}
    return Done(
        id=answer["id"],
        position=answer["position"],
        version=answer.get("version"),
        answer=answer,
        repeated=appended.repeated,
    )
