"""A journal as a text file, one fact a line: the recorded histories that tests fold for ever.

Facts stand as they were stored, byte for byte, with their hashes; contents stand beside with their keys, so a history
holds synthetic contents only. What a later program no longer understands shows at once, and so does a changed line.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from hadir.ports.journal import FactWithContent, UnreadableFact
from hadir.storage.chain import GENESIS, Row, chained, keyed_digest
from hadir.storage.codec import Codec
from hadir.storage.planning import ContentRow, fact_of


class _Content(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: str
    subject: str
    key: str
    body: msgspec.Raw
    blobs: tuple[str, ...]


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """A `Row` by name, with its hash. Spelled out: old files are read by these names, whatever becomes of `Row`."""

    position: int
    at: datetime
    day: date
    stream: str
    version: int
    kind: str
    v: int
    actor: str
    role: str
    channel: str
    cause: str | None
    command_id: str | None
    content: str | None
    audience: tuple[str, ...]
    hash: str
    body: msgspec.Raw
    brought: _Content | None


def to_line(row: Row, hash: bytes, content: ContentRow | None) -> bytes:
    """One fact; `content`: None also when it was erased."""
    brought = None
    if content is not None:
        brought = _Content(
            id=content.id,
            kind=content.kind,
            subject=content.subject,
            key=content.key.hex(),
            body=msgspec.Raw(content.body),
            blobs=content.blobs,
        )
    fields: dict[str, Any] = {field: getattr(row, field) for field in Row.__struct_fields__}
    return msgspec.json.encode(_Line(hash=hash.hex(), brought=brought, **fields)) + b"\n"


def read_history(lines: Iterable[bytes], codec: Codec) -> Iterator[FactWithContent]:
    """The facts with their contents. UnreadableFact: a line is changed, missing, or of an unknown kind."""
    hash = GENESIS
    for position, text in enumerate(lines, start=1):
        line = msgspec.json.decode(text, type=_Line)
        row = Row(**{field: getattr(line, field) for field in Row.__struct_fields__})
        hash = chained(hash, row)
        if (row.position, hash.hex()) != (position, line.hash):
            raise UnreadableFact(f"line {position} is not what was recorded")
        event = codec.decode(row.kind, row.v, bytes(row.body))
        yield fact_of(row, event), None if line.brought is None else _body(line.brought, event.content_digest, position)


def _body(content: _Content, digest: str, position: int) -> dict[str, Any]:
    if keyed_digest(bytes.fromhex(content.key), bytes(content.body), content.blobs) != digest:
        raise UnreadableFact(f"line {position}: the content is not what was recorded")
    return msgspec.json.decode(content.body)
