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
from hadir.storage.planning import ContentRow, Head, Plan, Prepared, Remembered, plan
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
    parameters = {
        "streams": streams,
        "actors": [actor for actor, _ in commands],
        "command_ids": [command_id for _, command_id in commands],
    }
    cursor = await conn.execute(SQL["head"], parameters)
    row = await cursor.fetchone()
    assert row is not None
    position, hash, day, versions, remembered = row
    return Head(
        position=position or 0,
        hash=hash or GENESIS,
        day=day,
        versions=dict(zip(streams, versions, strict=True)),
        commands={(first.actor, first.command_id): first for first in map(_remembered, remembered or ())},
    )


def _remembered(row: list[Any]) -> Remembered:
    actor, command_id, digest, position, answer, refusal = row
    return Remembered(
        actor=actor,
        command_id=command_id,
        digest=None if digest is None else bytes.fromhex(digest),
        position=position,
        answer=answer,
        refusal=refusal,
    )


async def _send(conn: AsyncConnection[Any], head: Head, planned: Plan, at: datetime, node: str) -> None:
    if planned.rows:
        await _send_facts(conn, head, planned.rows, node)
    if planned.contents:
        await conn.execute(SQL["insert_contents"], _content_columns(planned.contents))
    if planned.commands:
        await conn.execute(SQL["insert_commands"], _command_columns(planned.commands) | {"at": at})


async def _send_facts(conn: AsyncConnection[Any], head: Head, rows: list[Row], node: str) -> None:
    if head.day is not None and rows[0].day > head.day:
        await conn.execute(SQL["seal_day"], {"day": head.day, "last": head.position, "hash": head.hash})
    await conn.execute(SQL["insert_facts"], fact_columns(rows))
    payload = f"{rows[-1].position} {rows[-1].hash.hex()} {node}"
    await conn.execute(SQL["notify"], {"payload": payload})


def fact_columns(rows: Sequence[Row]) -> dict[str, Any]:
    """The parameters of `insert_facts`: arrays by column; one time and one day, as a batch has."""
    return {
        "at": rows[0].at,
        "day": rows[0].day,
        "positions": [row.position for row in rows],
        "streams": [row.stream for row in rows],
        "versions": [row.version for row in rows],
        "kinds": [row.kind for row in rows],
        "vs": [row.v for row in rows],
        "actors": [row.actor for row in rows],
        "roles": [row.role for row in rows],
        "channels": [row.channel for row in rows],
        "causes": [row.cause for row in rows],
        "command_ids": [row.command_id for row in rows],
        "contents": [row.content for row in rows],
        "audiences": [" ".join(row.audience) for row in rows],
        "bodies": [row.body.decode() for row in rows],
        "hashes": [row.hash for row in rows],
    }


def _content_columns(contents: Sequence[ContentRow]) -> dict[str, Any]:
    return {
        "ids": [content.id for content in contents],
        "positions": [content.position for content in contents],
        "kinds": [content.kind for content in contents],
        "subjects": [content.subject for content in contents],
        "keys": [content.key for content in contents],
        "bodies": [content.body.decode() for content in contents],
        "blobs": [" ".join(content.blobs) for content in contents],
    }


def _command_columns(commands: Sequence[Remembered]) -> dict[str, Any]:
    return {
        "actors": [first.actor for first in commands],
        "command_ids": [first.command_id for first in commands],
        "digests": [first.digest for first in commands],
        "positions": [first.position for first in commands],
        "answers": [_json(first.answer) for first in commands],
        "refusals": [_json(first.refusal) for first in commands],
    }


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else canonical_json(value).decode()


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
    return row is not None and row[0] == planned.rows[-1].hash
