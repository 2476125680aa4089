"""Erasing for good, by rule: what was asked and not taken back in time, and everything that a fact says is erased.

A follower of the journal, in every process: whoever comes first deletes, each takes it out of its own memory. Files go
before the contents that name them, and the list of erasures before both, so a crash in the middle is done again from
the start and loses nothing. What is deleted: bodies and keys, originals, shown copies, pieces of uploads, fingerprints,
what phones and files said of photos, checks of proof that name the photo, the news that told of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.execute import record
from hadir.actions.privacy import Privacy
from hadir.actions.reactions import BATCH, RETRY_S, SYSTEM
from hadir.domain import events as e
from hadir.ports.cursors import Cursors
from hadir.ports.erasures import Erasure
from hadir.ports.journal import DiskFull, Fact, NewFact, Unavailable

log = logging.getLogger(__name__)

NAME = "erasing"
IDLE_S = 60.0
#: Facts that concern no erasure move the saved position only every so many.
SAVE_EVERY = 1000
#: streams of what people did beside things of the board: «person/device/…», «person/<account>»
PERSON = "person/"
REPORT = "report/"


@dataclass(frozen=True, slots=True)
class _Asked:
    due: datetime
    position: int


class Erasing:
    """Waits for what was asked, and erases. `blank` takes contents out of the board."""

    def __init__(self, privacy: Privacy, cursors: Cursors, blank: Callable[[Collection[str]], Awaitable[None]]) -> None:
        self._privacy, self._cursors, self._blank = privacy, cursors, blank
        self._asked: dict[str, _Asked] = {}
        self._saved = 0

    @property
    def ctx(self) -> Context:
        return self._privacy.ctx

    async def follow(self, begin: int | None = None) -> None:
        """For ever. `begin`: where to read from; it has to be no later than what this process's board was made of."""
        after: int | None = None
        while True:
            try:
                after = await self.begin(begin) if after is None else after
                newest = await self.ctx.journal.wait(after, self.patience())
                after = await self.catch_up(after, newest)
                await self.fire()
            except (Unavailable, DiskFull, OSError):
                log.warning("the journal cannot be reached; erasures wait", extra={"action": "erasing.wait"})
                await asyncio.sleep(RETRY_S)

    async def begin(self, begin: int | None = None) -> int:
        """The position reached, with everything before it done."""
        self._asked.clear()
        self._saved = await self._cursors.get(NAME)
        return await self.catch_up(self._saved if begin is None else min(begin, self._saved))

    async def catch_up(self, after: int, newest: int | None = None) -> int:
        """Do what facts after a position say, up to `newest` at least; the new position."""
        while (newest is None or after < newest) and (facts := await self.ctx.journal.read(after, BATCH)):
            gone: list[str] = []
            concerned = False
            for fact in facts:
                if type(fact.event) in _CONCERNS:
                    concerned = True
                    gone += await self._take(fact)
            if gone:
                await self._blank(gone)
            after = facts[-1].position
            await self._save(after, now=concerned)
        return after

    async def _take(self, fact: Fact) -> list[str]:
        match fact.event:
            case e.ErasureAsked(due=due):
                self._asked[fact.stream] = _Asked(due, fact.position)
            case e.ErasureWithdrawn():
                self._asked.pop(fact.stream, None)
            case e.ContentsErased(only=only):
                if not only:
                    self._asked.pop(fact.stream, None)
                return await self._erase(fact, only)
        return []

    async def _save(self, after: int, *, now: bool) -> None:
        """Just before the oldest that waits, or here when none does."""
        safe = min((asked.position - 1 for asked in self._asked.values()), default=after)
        if safe > self._saved and (now or safe - self._saved >= SAVE_EVERY):
            await self._cursors.set(NAME, safe)
            self._saved = safe

    # ── what was asked ───────────────────────────────────────────────────────────────────────────────────────────

    def patience(self) -> float:
        """Seconds until the next one is due."""
        now = self.ctx.clock.now()
        return min([IDLE_S, *(max(0.0, (asked.due - now).total_seconds()) for asked in self._asked.values())])

    async def fire(self) -> None:
        """Record as erased what is due; doing it follows from the fact."""
        now = self.ctx.clock.now()
        for stream, asked in list(self._asked.items()):
            if asked.due <= now:
                await erase(self._privacy, stream, "asked", f"{NAME}-{asked.position}", f"fact:{asked.position}")
                del self._asked[stream]

    # ── the erasing itself ───────────────────────────────────────────────────────────────────────────────────────

    async def _erase(self, fact: Fact, only: tuple[str, ...]) -> list[str]:
        ids = list(only) or await self._contents(fact)
        blobs = await self._privacy.subjects.blobs_of(ids)
        if fact.stream.startswith(PERSON):
            blobs = list({*blobs, *await self._of_nobody(fact)})
        erasure = Erasure(at=fact.at, stream=fact.stream, contents=tuple(ids))
        await self._privacy.erasures.note(erasure)
        await forget_photos(self._privacy, blobs, cause=fact)
        if fact.stream.startswith(REPORT) and not only:
            await self._privacy.subjects.forget_following(report=fact.stream.removeprefix(REPORT))
        await self.ctx.journal.erase(ids)
        return ids

    async def _contents(self, fact: Fact) -> list[str]:
        subjects = self._privacy.subjects
        if fact.stream.startswith(PERSON):
            return await subjects.contents_by(fact.stream.removeprefix(PERSON), fact.position)
        return await subjects.contents_of(fact.stream, fact.position)

    async def _of_nobody(self, fact: Fact) -> list[str]:
        """What a device sent and never used, and its uploads."""
        person = fact.stream.removeprefix(PERSON)
        await self._privacy.partials.forget(owner=person)
        sent = set(await self._privacy.subjects.photos_of(person))
        unused = await self._privacy.subjects.unused(self.ctx.clock.now(), 1_000_000)
        return sorted(sent.intersection(unused))


_CONCERNS = frozenset({e.ErasureAsked, e.ErasureWithdrawn, e.ContentsErased})


async def forget_photos(privacy: Privacy, blobs: Collection[str], cause: Fact | None = None) -> None:
    """Bytes and everything made of them: shown copies, fingerprints, uploads; checks that name them are erased next."""
    ctx = privacy.ctx
    for stream, content in await privacy.subjects.checks_of(blobs) if blobs else ():
        event = e.ContentsErased(why="asked", contents=1, only=(content,))
        decision = Decision(id=stream, facts=(NewFact(stream=stream, expected=None, event=event),))
        told = f"fact:{cause.position}" if cause else "retention"
        await record(ctx, SYSTEM, f"{NAME}-check-{content}", decision, cause=told)
    if blobs:
        await privacy.partials.forget(became=blobs)
    for blob in blobs:
        await ctx.blobs.delete(blob)
        await ctx.shown.delete(blob)
        await ctx.evidence.forget(blob)


async def erase(
    privacy: Privacy, stream: str, why: str, command_id: str, cause: str, only: tuple[str, ...] = ()
) -> int:
    """Put on record that a thing's contents are erased; the follower does it. The fact's position."""
    newest = await privacy.ctx.journal.position()
    ids = only or tuple(await _ids(privacy, stream, newest))
    event = e.ContentsErased(why=why, contents=len(ids), only=only)
    decision = Decision(id=stream, facts=(NewFact(stream=stream, expected=None, event=event),))
    appended = await record(privacy.ctx, SYSTEM, command_id, decision, cause=cause)
    return appended.position


async def _ids(privacy: Privacy, stream: str, newest: int) -> list[str]:
    if stream.startswith(PERSON):
        return await privacy.subjects.contents_by(stream.removeprefix(PERSON), newest)
    return await privacy.subjects.contents_of(stream, newest)
