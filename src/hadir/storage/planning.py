"""What a batch of appends becomes, as a pure function: the rules of the journal stand here, once, for both journals.

Shape: `prepare` turns one append into bytes, in its caller's own task, so that what cannot be stored fails there.
`plan` takes the journal's head, read under the lock, and the waiting appends in order; it gives rows, and an outcome
for each append. Two appends to one stream in one batch are judged one after the other, and a refused one leaves nothing
behind.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeAlias

import msgspec

from hadir.ports.journal import Append, Appended, CommandIdReused, Conflict, Fact, NewContent, NewFact
from hadir.storage.chain import GENESIS, Row, chained, keyed_digest
from hadir.storage.codec import Codec, canonical_json
from hadir.storage.entropy import Entropy

#: Of the key that a content's digest is made with.
KEY_BYTES = 32

CommandKey: TypeAlias = tuple[str, str]


class ContentRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A content as it is stored."""

    id: str
    kind: str
    subject: str
    key: bytes
    body: bytes
    blobs: tuple[str, ...]
    #: Of the fact that brought it; 0 until the plan knows.
    position: int = 0


class PreparedFact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    new: NewFact
    event: Any
    body: msgspec.Raw
    content: ContentRow | None


class Prepared(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An append whose events and contents are bytes already."""

    append: Append
    facts: tuple[PreparedFact, ...]

    @property
    def command(self) -> CommandKey | None:
        return None if self.append.command_id is None else (self.append.actor, self.append.command_id)


class Remembered(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The first outcome of a command."""

    actor: str
    command_id: str
    #: None: forgotten with an erased content; any body then gets the first answer.
    digest: bytes | None
    position: int
    answer: dict[str, Any]
    refusal: dict[str, Any] | None


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The journal's end, and what it knows of the streams and commands that a batch names."""

    position: int = 0
    hash: bytes = GENESIS
    day: date | None = None
    versions: dict[str, int] = {}
    commands: dict[CommandKey, Remembered] = {}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to store in one transaction, and what to tell each caller once it is committed."""

    rows: list[Row]
    #: Of the rows, one each.
    hashes: list[bytes]
    #: The rows as listeners get them.
    facts: list[Fact]
    contents: list[ContentRow]
    commands: list[Remembered]
    #: In the order of the appends.
    outcomes: list[Appended | Conflict | CommandIdReused]


def fact_of(row: Row, event: Any) -> Fact:
    """The row as listeners get it, with its event."""
    return Fact(
        position=row.position,
        at=row.at,
        stream=row.stream,
        version=row.version,
        event=event,
        actor=row.actor,
        role=row.role,
        channel=row.channel,
        cause=row.cause,
        command_id=row.command_id,
        content=row.content,
        audience=row.audience,
    )


def prepare(append: Append, codec: Codec, entropy: Entropy) -> Prepared:
    """Encode an append; ValueError for what can never be stored."""
    if append.refusal is not None and append.facts:
        raise ValueError("a refusal goes with no facts")
    _refuse_nul(append.actor, append.role, append.channel, append.cause, append.command_id)
    canonical_json((append.answer, append.refusal))
    return Prepared(append=append, facts=tuple(_prepare_fact(new, codec, entropy) for new in append.facts))


def _prepare_fact(new: NewFact, codec: Codec, entropy: Entropy) -> PreparedFact:
    _refuse_nul(new.stream, *new.audience)
    if any(key.split() != [key] for key in new.audience):
        raise ValueError("a key of an audience is empty or holds a space")
    if new.content is None:
        return PreparedFact(new=new, event=new.event, body=msgspec.Raw(codec.encode(new.event)), content=None)
    content = _prepare_content(new.content, entropy.take(KEY_BYTES))
    digest = keyed_digest(content.key, content.body, content.blobs)
    event = _with(new.event, content=content.id, content_digest=digest)
    return PreparedFact(new=new, event=event, body=msgspec.Raw(codec.encode(event)), content=content)


def _with(event: Any, **changed: Any) -> Any:
    """As `dataclasses.replace`, for frozen events with slots, without asking anew what their fields are: a third."""
    copy = object.__new__(type(event))
    for name in _names(type(event)):
        object.__setattr__(copy, name, changed[name] if name in changed else getattr(event, name))
    return copy


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _prepare_content(new: NewContent, key: bytes) -> ContentRow:
    _refuse_nul(new.id, new.kind, new.subject, *new.blobs)
    body = canonical_json(new.body)
    if b"\\u0000" in body:
        body = canonical_json(_without_nul(new.body))
    return ContentRow(id=new.id, kind=new.kind, subject=new.subject, key=key, body=body, blobs=new.blobs)


def _without_nul(value: Any) -> Any:
    """What a person said, without a sign that shows nothing: PostgreSQL stores it in JSON, but every query that looks
    into that column fails from then on, for everybody."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, Mapping):
        return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
    return [_without_nul(inner) for inner in value] if isinstance(value, list | tuple) else value


def _refuse_nul(*texts: str | None) -> None:
    # PostgreSQL's text has no NUL, and one such parameter would fail the whole batch.
    for text in texts:
        if text and "\x00" in text:
            raise ValueError("a name holds a NUL character")


def plan(head: Head, batch: Sequence[Prepared], at: datetime) -> Plan:
    """Judge the appends in order. `at`: aware; the time all their facts get."""
    planner = _Planner(head, at.astimezone(UTC))
    for prepared in batch:
        planner.take(prepared)
    return planner.plan


class _Planner:
    def __init__(self, head: Head, at: datetime) -> None:
        self._at = at
        self._day = max(at.date(), head.day or at.date())
        self._position = head.position
        self._hash = head.hash
        self._versions = dict(head.versions)
        self._commands = dict(head.commands)
        self.plan = Plan(rows=[], hashes=[], facts=[], contents=[], commands=[], outcomes=[])

    def take(self, prepared: Prepared) -> None:
        self.plan.outcomes.append(self._repeated(prepared) or self._conflict(prepared) or self._accept(prepared))

    def _repeated(self, prepared: Prepared) -> Appended | CommandIdReused | None:
        first = None if prepared.command is None else self._commands.get(prepared.command)
        if first is None:
            return None
        if first.digest is not None and first.digest != prepared.append.body_digest:
            return CommandIdReused()
        return Appended(position=first.position, versions={}, answer=first.answer, refusal=first.refusal, repeated=True)

    def _conflict(self, prepared: Prepared) -> Conflict | None:
        for fact in prepared.facts:
            actual = self._versions.get(fact.new.stream, 0)
            if fact.new.expected is not None and fact.new.expected != actual:
                return Conflict(fact.new.stream, actual)
        return None

    def _accept(self, prepared: Prepared) -> Appended:
        append = prepared.append
        versions = {fact.new.stream: self._add(append, fact) for fact in prepared.facts}
        answer = {**append.answer, "position": self._position}
        if prepared.facts:
            answer["version"] = versions[prepared.facts[0].new.stream]
        self._remember(prepared, answer)
        return Appended(position=self._position, versions=versions, answer=answer, refusal=append.refusal)

    def _add(self, append: Append, prepared: PreparedFact) -> int:
        new, event, content = prepared.new, prepared.event, prepared.content
        stream = new.stream
        self._position += 1
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        row = Row(
            position=self._position,
            at=self._at,
            day=self._day,
            stream=stream,
            version=version,
            kind=event.kind,
            v=event.v,
            actor=append.actor,
            role=append.role,
            channel=append.channel,
            cause=append.cause,
            command_id=append.command_id,
            content=None if content is None else content.id,
            audience=new.audience,
            body=prepared.body,
        )
        self._chain(row)
        self.plan.facts.append(fact_of(row, event))
        if content is not None:
            self.plan.contents.append(msgspec.structs.replace(content, position=self._position))
        return version

    def _chain(self, row: Row) -> None:
        self._hash = chained(self._hash, row)
        self.plan.rows.append(row)
        self.plan.hashes.append(self._hash)

    def _remember(self, prepared: Prepared, answer: dict[str, Any]) -> None:
        if prepared.command is None:
            return
        actor, command_id = prepared.command
        first = Remembered(
            actor=actor,
            command_id=command_id,
            digest=prepared.append.body_digest,
            position=self._position,
            answer=answer,
            refusal=prepared.append.refusal,
        )
        self._commands[prepared.command] = first
        self.plan.commands.append(first)
