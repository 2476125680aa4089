"""The closed original of a photo, for those who must look closer; each opening is a fact with who and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from hadir.actions.commands import Command, PhotoId
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.execute import run
from hadir.actions.loading import load_report, load_task
from hadir.actions.reports import words
from hadir.domain.events import PhotoOriginalViewed
from hadir.domain.people import may
from hadir.domain.refusals import Refusal, unknown
from hadir.domain.values import Actor
from hadir.ports.blobs import BlobMissing
from hadir.ports.journal import NewFact

VERB = "original.read"
#: every position that may be
NEWEST = 2**62


class OpenOriginal(Command, frozen=True, kw_only=True):
    """Why the original has to be seen: a sentence, not a full stop."""

    photo: PhotoId
    reason: Annotated[str, Meta(min_length=10, max_length=500)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Original:
    """The bytes as they were received, and where it was put on record that they were opened."""

    data: bytes
    position: int
    #: «report/…» or «task/…», on whose record it stands
    thing: str


async def open_original(ctx: Context, actor: Actor, command: OpenOriginal) -> Original | Refusal:
    """The record is on disk before a byte leaves. Raises DiskFull, Unavailable."""
    try:
        data = await ctx.blobs.get(command.photo)
    except (BlobMissing, ValueError):
        return unknown("no_original")
    done = await run(ctx, actor, VERB, command.photo, command, _opened)
    if isinstance(done, Refusal):
        return done
    return Original(data=data, position=done.position, thing=str(done.answer["thing"]))


async def _opened(ctx: Context, actor: Actor, photo: str, command: OpenOriginal) -> Decision | Refusal:
    """On the newest thing with this photo that the actor may look at so closely."""
    refused: Refusal = unknown("no_original")
    for use in await ctx.evidence.uses([photo], NEWEST):
        no = await _refused(ctx, actor, use.thing)
        if no is None:
            content = words(ctx, "reason", use.thing, text=command.reason)
            fact = NewFact(stream=use.thing, expected=None, event=PhotoOriginalViewed(), content=content)
            return Decision(id=photo, facts=(fact,), answer={"thing": use.thing})
        refused = no
    return refused


async def _refused(ctx: Context, actor: Actor, thing: str) -> Refusal | None:
    kind, _, id = thing.partition("/")
    loaded = await (load_task if kind == "task" else load_report)(ctx.journal, id)
    return loaded if isinstance(loaded, Refusal) else may(VERB, actor, loaded.thing.subject())
