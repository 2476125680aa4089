"""Rows of the journal to facts: what makes a rebuild fast stands here.

The driver's C code gives tuples, with JSON as bytes; msgspec turns the body into the event. 60,000 facts a second and
core with their contents is the aim.
"""

from collections.abc import Mapping
from typing import Any, LiteralString

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.types.string import ByteaBinaryLoader

from hadir.ports.journal import Fact, FactWithContent, UnreadableFact
from hadir.storage.codec import Codec

_decode = msgspec.json.Decoder().decode

# For all connections: said for each cursor anew, it would cost every read an eighth of its time.
psycopg.adapters.register_loader("json", ByteaBinaryLoader)


async def fetch(conn: AsyncConnection[Any], query: LiteralString, parameters: Mapping[str, Any]) -> list[Any]:
    """All rows, in the binary format; `json` as its bytes."""
    cursor = conn.cursor(binary=True)
    await cursor.execute(query, parameters)
    return await cursor.fetchall()


def fact(codec: Codec, row: tuple[Any, ...]) -> Fact:
    """From a row of `read` or `read_with_contents`. UnreadableFact names the position."""
    position, at, stream, version, kind, v, actor, role, channel, cause, command_id, content, audience, body, *_ = row
    try:
        event = codec.decode(kind, v, body)
    except UnreadableFact as error:
        raise UnreadableFact(f"position {position}: {error}") from error
    return Fact(
        position=position,
        at=at,
        stream=stream,
        version=version,
        event=event,
        actor=actor,
        role=role,
        channel=channel,
        cause=cause,
        command_id=command_id,
        content=content,
        audience=tuple(audience) if audience else (),
    )


def fact_with_content(codec: Codec, row: tuple[Any, ...]) -> FactWithContent:
    """From a row of `read_with_contents`."""
    body = row[-1]
    return fact(codec, row), None if body is None else _decode(body)
