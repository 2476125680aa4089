"""One batch of appends in one transaction, in two round trips, or in one.

READ COMMITTED. The advisory lock is taken in a statement of its own: with the lock and the reading in one statement the
snapshot would be older than the lock, and two nodes would give out one position. All statements are sent without
waiting; the only wait before the commit is for the head. Who wrote the newest fact himself need not wait for it: he
says what he believes, and the server refuses the batch where that is not so.
"""

import struct
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.pq.abc import PGresult

from hadir.storage.chain import GENESIS, Row
from hadir.storage.codec import canonical_json
from hadir.storage.planning import CommandKey, ContentRow, Head, Plan, Prepared, Remembered, plan
from hadir.storage.postgres.arrays import ByteaArray, Int4Array, Int8Array, JsonArray, TextArray, int4_values
from hadir.storage.postgres.queries import journal_queries
from hadir.storage.postgres.wire import Value, Wire

SQL = journal_queries()

_READING = ("lock", "head", "still", "remembered")
_WRITING = ("seal_day", "insert_facts", "insert_contents", "insert_commands", "notify")
#: What a belief that was wrong is refused with: another head, or a stream or a command that is there already.
MISBELIEVED = (psycopg.errors.DivisionByZero, psycopg.errors.UniqueViolation)

#: What PostgreSQL counts days from.
_DAY_ZERO = date(2000, 1, 1)


async def prepared_wire(conn: AsyncConnection[Any]) -> Wire:
    """A wire on this connection that knows the statements of `store`."""
    wire = Wire(conn)
    await wire.prepare(SQL, (*_READING, *_WRITING))
    return wire


async def store(
    wire: Wire,
    batch: Sequence[Prepared],
    at: datetime,
    node: str,
    about_to_commit: Callable[[Plan], None],
    *,
    certain: bool = False,
    believed: Head | None = None,
) -> Plan:
    """Plan the batch under the lock and send it, the commit last; the plan comes back when it is committed.

    A stream that an append expects to be new is taken for new: its name was made a moment ago. Where it is not, the
    table's own rule (one row for each stream and version) refuses the batch. `certain`: such streams are looked up too.
    `believed`: the head, as far as the caller knows; only for a batch that `is_new`. Where it is not so: MISBELIEVED.
    After an error the transaction may be open, or its fate unknown: close the connection. `about_to_commit` hears the
    plan before any of it can be in the journal.
    """
    with wire.pipeline():
        wire.say("begin")
        wire.send("lock")
        head = await _read_head(wire, batch, certain) if believed is None else _believe(wire, believed)
        planned = plan(head, batch, at)
        about_to_commit(planned)
        _send(wire, head, planned, at, node)
        wire.say("commit")
        await wire.results(last=True)
    return planned


def is_new(batch: Sequence[Prepared]) -> bool:
    """Nothing in it needs a look at what is stored: every stream is a new one."""
    return all(fact.new.expected == 0 for prepared in batch for fact in prepared.facts)


def end_of(planned: Plan) -> Head | None:
    """The journal's head once these are committed; None when there is no fact among them."""
    if not planned.rows:
        return None
    return Head(position=planned.rows[-1].position, hash=planned.hashes[-1], day=planned.rows[-1].day)


def _believe(wire: Wire, head: Head) -> Head:
    wire.send("still", {"hash": _hex(head.hash)})
    return head


async def _read_head(wire: Wire, batch: Sequence[Prepared], certain: bool) -> Head:
    facts = [fact.new for prepared in batch for fact in prepared.facts]
    streams = sorted({new.stream for new in facts if certain or new.expected != 0})
    commands = sorted({prepared.command for prepared in batch if prepared.command})
    wire.send("head", {"streams": TextArray(streams)})
    if commands:
        wire.send("remembered", _command_keys(commands))
    _begin, _lock, end, *remembered = await wire.results()
    position, hash, day, versions = (end.get_value(0, column) for column in range(4))
    return Head(
        position=_int8(position) if position else 0,
        hash=hash or GENESIS,
        day=_day(day) if day else None,
        versions=dict(zip(streams, int4_values(versions or b""), strict=True)),
        commands={key: first for result in remembered for key, first in _remembered(result)},
    )


def _command_keys(commands: Sequence[CommandKey]) -> dict[str, Value]:
    return {
        "actors": TextArray([actor for actor, _ in commands]),
        "command_ids": TextArray([command_id for _, command_id in commands]),
    }


def _remembered(result: PGresult) -> list[tuple[CommandKey, Remembered]]:
    return [_remembered_row(*(result.get_value(row, column) for column in range(6))) for row in range(result.ntuples)]


def _remembered_row(
    actor: bytes | None,
    command_id: bytes | None,
    digest: bytes | None,
    position: bytes | None,
    answer: bytes | None,
    refusal: bytes | None,
) -> tuple[CommandKey, Remembered]:
    assert actor is not None and command_id is not None and position is not None and answer is not None
    first = Remembered(
        actor=actor.decode(),
        command_id=command_id.decode(),
        digest=digest,
        position=_int8(position),
        answer=msgspec.json.decode(answer),
        refusal=None if refusal is None else msgspec.json.decode(refusal),
    )
    return (first.actor, first.command_id), first


def _int8(data: bytes) -> int:
    return int.from_bytes(data, "big", signed=True)


def _day(data: bytes) -> date:
    return _DAY_ZERO + timedelta(days=struct.unpack(">i", data)[0])


def _send(wire: Wire, head: Head, planned: Plan, at: datetime, node: str) -> None:
    if planned.rows:
        _send_facts(wire, head, planned, node)
    if planned.contents:
        wire.send("insert_contents", _content_columns(planned.contents))
    if planned.commands:
        wire.send("insert_commands", _command_columns(planned.commands) | {"at": _text(at)})


def _send_facts(wire: Wire, head: Head, planned: Plan, node: str) -> None:
    rows, hashes = planned.rows, planned.hashes
    if head.day is not None and rows[0].day > head.day:
        seal = {"day": _text(head.day), "last": b"%d" % head.position, "hash": _hex(head.hash)}
        wire.send("seal_day", seal)
    wire.send("insert_facts", {"at": _text(rows[0].at), "day": _text(rows[0].day), **fact_columns(rows, hashes)})
    wire.send("notify", {"payload": f"{rows[-1].position} {hashes[-1].hex()} {node}".encode()})


def _hex(hash: bytes) -> bytes:
    return b"\\x" + hash.hex().encode()


def _text(value: datetime | date) -> bytes:
    return value.isoformat().encode()


def fact_columns(rows: Sequence[Row], hashes: Sequence[bytes]) -> dict[str, Value]:
    """The columns of `insert_facts`, but for time and day, which a batch has one of."""
    return {
        "positions": Int8Array([row.position for row in rows]),
        "streams": TextArray([row.stream for row in rows]),
        "versions": Int4Array([row.version for row in rows]),
        "kinds": TextArray([row.kind for row in rows]),
        "vs": Int4Array([row.v for row in rows]),
        "actors": TextArray([row.actor for row in rows]),
        "roles": TextArray([row.role for row in rows]),
        "channels": TextArray([row.channel for row in rows]),
        "causes": TextArray([row.cause for row in rows]),
        "command_ids": TextArray([row.command_id for row in rows]),
        "contents": TextArray([row.content for row in rows]),
        "audiences": TextArray([" ".join(row.audience) for row in rows]),
        "bodies": JsonArray([bytes(row.body) for row in rows]),
        "hashes": ByteaArray(hashes),
    }


def _content_columns(contents: Sequence[ContentRow]) -> dict[str, Value]:
    return {
        "ids": TextArray([content.id for content in contents]),
        "positions": Int8Array([content.position for content in contents]),
        "kinds": TextArray([content.kind for content in contents]),
        "subjects": TextArray([content.subject for content in contents]),
        "keys": ByteaArray([content.key for content in contents]),
        "bodies": JsonArray([content.body for content in contents]),
        "blobs": TextArray([" ".join(content.blobs) for content in contents]),
    }


def _command_columns(commands: Sequence[Remembered]) -> dict[str, Value]:
    return {
        "actors": TextArray([first.actor for first in commands]),
        "command_ids": TextArray([first.command_id for first in commands]),
        "digests": ByteaArray([first.digest for first in commands]),
        "positions": Int8Array([first.position for first in commands]),
        "answers": JsonArray([_json(first.answer) for first in commands]),
        "refusals": JsonArray([_json(first.refusal) for first in commands]),
    }


def _json(value: dict[str, Any] | None) -> bytes | None:
    return None if value is None else canonical_json(value)


async def was_committed(conn: AsyncConnection[Any], planned: Plan) -> bool:
    """Whether a batch whose commit was never answered is in the journal.

    The hash of its last fact covers everything before it, so the same hash is the same batch. The lock waits for the
    end of the old transaction, should the server still be busy with it. Without facts: False, it is safe to do again.
    """
    if not planned.rows:
        return False
    async with conn.transaction():
        await conn.execute(SQL["lock"])
        cursor = await conn.execute(SQL["hash_at"], {"position": planned.rows[-1].position})
        row = await cursor.fetchone()
    return row is not None and row[0] == planned.hashes[-1]
