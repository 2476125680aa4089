"""One batch of appends in one transaction, in two round trips.

READ COMMITTED. The advisory lock is taken in a statement of its own: with the lock and the reading in one statement the
snapshot would be older than the lock, and two nodes would give out one position. Everything is sent in pipeline mode;
the only wait before the commit is for the head.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from hadir.storage.chain import GENESIS, Row
from hadir.storage.codec import canonical_json
from hadir.storage.planning import CommandKey, ContentRow, Head, Plan, Prepared, Remembered, plan
from hadir.storage.postgres.arrays import ByteaArray, Int4Array, Int8Array, JsonArray, TextArray
from hadir.storage.postgres.queries import journal_queries

SQL = journal_queries()


async def store(
    conn: AsyncConnection[Any],
    batch: Sequence[Prepared],
    at: datetime,
    node: str,
    about_to_commit: Callable[[Plan], None],
) -> Plan:
    """Plan the batch under the lock and send it, the commit last; the plan comes back when it is committed.

    After an error the transaction may be open, or its fate unknown: close the connection. `about_to_commit` hears the
    plan before any of it can be in the journal.
    """
    async with conn.pipeline():
        await conn.execute("begin")
        await conn.execute(SQL["lock"])
        head = await _read_head(conn, batch)
        planned = plan(head, batch, at)
        about_to_commit(planned)
        await _send(conn, head, planned, at, node)
        await conn.execute("commit")
    return planned


async def _read_head(conn: AsyncConnection[Any], batch: Sequence[Prepared]) -> Head:
    streams = sorted({fact.new.stream for prepared in batch for fact in prepared.facts})
    commands = sorted({prepared.command for prepared in batch if prepared.command})
    end = await conn.execute(SQL["head"], {"streams": TextArray(streams)})
    remembered = await _read_commands(conn, commands) if commands else {}
    row = await end.fetchone()
    assert row is not None
    position, hash, day, versions = row
    return Head(
        position=position or 0,
        hash=hash or GENESIS,
        day=day,
        versions=dict(zip(streams, versions, strict=True)),
        commands=remembered,
    )


async def _read_commands(conn: AsyncConnection[Any], commands: Sequence[CommandKey]) -> dict[CommandKey, Remembered]:
    parameters = {
        "actors": TextArray([actor for actor, _ in commands]),
        "command_ids": TextArray([command_id for _, command_id in commands]),
    }
    rows = await (await conn.execute(SQL["remembered"], parameters)).fetchall()
    return {(row[0], row[1]): _remembered(row) for row in rows}


def _remembered(row: tuple[Any, ...]) -> Remembered:
    actor, command_id, digest, position, answer, refusal = row
    return Remembered(
        actor=actor, command_id=command_id, digest=digest, position=position, answer=answer, refusal=refusal
    )


async def _send(conn: AsyncConnection[Any], head: Head, planned: Plan, at: datetime, node: str) -> None:
    if planned.rows:
        await _send_facts(conn, head, planned, node)
    if planned.contents:
        await conn.execute(SQL["insert_contents"], _content_columns(planned.contents))
    if planned.commands:
        await conn.execute(SQL["insert_commands"], _command_columns(planned.commands) | {"at": at})


async def _send_facts(conn: AsyncConnection[Any], head: Head, planned: Plan, node: str) -> None:
    rows, hashes = planned.rows, planned.hashes
    if head.day is not None and rows[0].day > head.day:
        await conn.execute(SQL["seal_day"], {"day": head.day, "last": head.position, "hash": head.hash})
    await conn.execute(SQL["insert_facts"], fact_columns(rows, hashes))
    payload = f"{rows[-1].position} {hashes[-1].hex()} {node}"
    await conn.execute(SQL["notify"], {"payload": payload})


def fact_columns(rows: Sequence[Row], hashes: Sequence[bytes]) -> dict[str, Any]:
    """The parameters of `insert_facts`: an array a column; one time and one day, as a batch has."""
    return {
        "at": rows[0].at,
        "day": rows[0].day,
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


def _content_columns(contents: Sequence[ContentRow]) -> dict[str, Any]:
    return {
        "ids": TextArray([content.id for content in contents]),
        "positions": Int8Array([content.position for content in contents]),
        "kinds": TextArray([content.kind for content in contents]),
        "subjects": TextArray([content.subject for content in contents]),
        "keys": ByteaArray([content.key for content in contents]),
        "bodies": JsonArray([content.body for content in contents]),
        "blobs": TextArray([" ".join(content.blobs) for content in contents]),
    }


def _command_columns(commands: Sequence[Remembered]) -> dict[str, Any]:
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
