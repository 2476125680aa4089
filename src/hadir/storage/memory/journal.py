"""The journal in memory: the same planner as the real one, with lists for tables."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

import msgspec

from hadir.ports.clock import Clock
from hadir.ports.journal import (
    Append,
    Appended,
    DiskFull,
    DiskGuard,
    Erased,
    Fact,
    FactWithContent,
    JournalError,
    Listener,
)
from hadir.storage.chain import GENESIS, Row
from hadir.storage.codec import Codec
from hadir.storage.entropy import Entropy
from hadir.storage.planning import CommandKey, ContentRow, Head, Plan, Remembered, plan, prepare
from hadir.storage.tail import Tail


class SwitchedGuard:
    """A disk guard for tests: full when you say so."""

    def __init__(self) -> None:
        self.full = False

    def writable(self) -> bool:
        return not self.full


class MemoryJournal:
    """Everything a journal promises, but for surviving the process."""

    def __init__(self, *, codec: Codec, clock: Clock, guard: DiskGuard | None = None, epoch: str = "MEMORY") -> None:
        self._codec = codec
        self._entropy = Entropy()
        self._clock = clock
        self._guard = guard or SwitchedGuard()
        self._epoch = epoch
        self._rows: list[Row] = []
        self._hash = GENESIS
        self._facts: list[Fact] = []
        self._versions: dict[str, int] = {}
        self._contents: dict[str, ContentRow | None] = {}
        self._commands: dict[CommandKey, Remembered] = {}
        self._when: dict[CommandKey, datetime] = {}
        self._tail = Tail()

    @property
    def epoch(self) -> str:
        return self._epoch

    async def append(self, append: Append) -> Appended:
        if not self._guard.writable():
            raise DiskFull
        prepared = prepare(append, self._codec, self._entropy)
        if taken := [f.content.id for f in prepared.facts if f.content and f.content.id in self._contents]:
            raise JournalError(f"there is a content of this id already: {', '.join(taken)}")
        planned = plan(self._head(), [prepared], self._clock.now())
        outcome = planned.outcomes[0]
        if not isinstance(outcome, Appended):
            raise outcome
        self._store(planned)
        return outcome

    def _head(self) -> Head:
        known = {"versions": self._versions, "commands": self._commands}
        if not self._rows:
            return Head(**known)
        last = self._rows[-1]
        return Head(position=last.position, hash=self._hash, day=last.day, **known)

    def _store(self, planned: Plan) -> None:
        self._rows += planned.rows
        self._hash = (planned.hashes or [self._hash])[-1]
        self._facts += planned.facts
        self._versions |= {row.stream: row.version for row in planned.rows}
        self._contents |= {content.id: content for content in planned.contents}
        self._commands |= {(first.actor, first.command_id): first for first in planned.commands}
        self._when |= {(first.actor, first.command_id): self._clock.now() for first in planned.commands}
        if planned.facts:
            self._tail.tell(planned.facts)

    @property
    def facts(self) -> list[Fact]:
        return self._facts

    def whole(self) -> Iterator[ContentRow]:
        """Contents that were not erased."""
        return (content for content in self._contents.values() if content is not None)

    async def position(self) -> int:
        return len(self._facts)

    async def read(self, after: int, limit: int) -> list[Fact]:
        return self._facts[after : after + limit]

    async def read_with_contents(self, after: int, limit: int) -> list[FactWithContent]:
        return [(fact, self._body(fact.content)) for fact in self._facts[after : after + limit]]

    async def read_stream(self, stream: str) -> list[Fact]:
        return [fact for fact in self._facts if fact.stream == stream]

    async def contents(self, ids: Collection[str]) -> dict[str, dict[str, Any] | None]:
        return {id: self._body(id) for id in ids if id in self._contents}

    def _body(self, id: str | None) -> dict[str, Any] | None:
        content = None if id is None else self._contents[id]
        return None if content is None else msgspec.json.decode(content.body)

    async def wait(self, after: int, timeout: float) -> int:
        return await self._tail.wait(after, timeout)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        return self._tail.subscribe(listener)

    async def prune_refusals(self, before: datetime) -> int:
        old = [key for key, first in self._commands.items() if first.refusal is not None and self._when[key] < before]
        for key in old:
            del self._commands[key]
        return len(old)

    async def erase(self, ids: Collection[str]) -> Erased:
        gone = [content for id in sorted(set(ids)) if (content := self._contents.get(id)) is not None]
        self._contents |= dict.fromkeys(content.id for content in gone)
        self._forget_digests({content.position for content in gone})
        kept = {blob for content in self._contents.values() if content for blob in content.blobs}
        blobs = {blob for content in gone for blob in content.blobs} - kept
        return Erased(ids=tuple(content.id for content in gone), blobs=tuple(sorted(blobs)))

    async def erase_subject(self, subject: str) -> Erased:
        return await self.erase(
            [id for id, content in self._contents.items() if content and content.subject == subject]
        )

    def _forget_digests(self, positions: set[int]) -> None:
        for position in positions:
            row = self._rows[position - 1]
            if row.command_id is not None:
                key = (row.actor, row.command_id)
                self._commands[key] = msgspec.structs.replace(self._commands[key], digest=None)
