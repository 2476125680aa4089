"""The epoch: the name of one uninterrupted history.

A client that comes back with a position of another epoch starts anew. A new epoch begins when a backup is restored, and
when a replica was promoted that had not got the newest facts: their positions are given out a second time.
"""

import secrets
from typing import Any

from psycopg import AsyncConnection

from hadir.storage.postgres.queries import journal_queries

SQL = journal_queries()

# No I, L, O, U, 0, 1: an epoch is read aloud on the telephone when something is wrong.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


async def current_epoch(conn: AsyncConnection[Any]) -> str:
    """Of this database."""
    row = await (await conn.execute(SQL["epoch"])).fetchone()
    assert row is not None
    return row[0]


async def new_epoch(conn: AsyncConnection[Any], reason: str) -> str:
    """Begin one; `reason` is for those who read the table later ("restored from …")."""
    epoch = "".join(secrets.choice(_LETTERS) for _ in range(12))
    await conn.execute(SQL["new_epoch"], {"epoch": epoch, "reason": reason})
    return epoch


async def newest(conn: AsyncConnection[Any]) -> tuple[int, bytes]:
    """The newest position and its hash; (0, b"") for an empty journal."""
    row = await (await conn.execute(SQL["position"])).fetchone()
    return (0, b"") if row is None else (row[0], bytes(row[1]))


async def continued_epoch(conn: AsyncConnection[Any], known: str, position: int, hash: bytes) -> str:
    """The epoch after connecting again, given the newest fact that this process knows to be committed.

    If that fact is not there any more although the epoch is the old one, the journal lost its tail: a new epoch begins.
    """
    async with conn.transaction():
        await conn.execute(SQL["lock"])
        epoch = await current_epoch(conn)
        if epoch != known or not position:
            return epoch
        row = await (await conn.execute(SQL["hash_at"], {"position": position})).fetchone()
        if row is not None and bytes(row[0]) == hash:
            return epoch
        return await new_epoch(conn, f"the journal has lost facts: position {position} is not what it was")
