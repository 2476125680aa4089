"""Bring a database to this program's shape: numbered .sql files, each applied once, in order, one transaction each.

A file that has been applied is never changed: its checksum is kept, and another one is an error. A database that knows
more files than this program was made by a newer one, and is left alone.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import LiteralString, cast

import psycopg

FOLDER = Path(__file__).parent / "migrations"

#: Holds off other nodes that start at the same time; any number but the writer's.
_LOCK = 4871232

_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")

_TABLE: LiteralString = """
    create table if not exists migrations (
        name text primary key, checksum text not null, at timestamptz not null default now()
    )
"""


class MigrationError(Exception):
    """The database and this program do not belong together; the message says why and what to do."""


async def migrate(
    url: str, *, folder: Path = FOLDER, progress: Callable[[str], None] = lambda _: None
) -> Sequence[str]:
    """Apply what is missing; gives the names applied now. `progress` hears each name before it is applied."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute("select pg_advisory_lock(%s)", [_LOCK])
        await conn.execute("set client_min_messages = warning")
        await conn.execute(_TABLE)
        applied = dict(await (await conn.execute("select name, checksum from migrations")).fetchall())
        missing = _missing(folder, applied)
        for path in missing:
            progress(path.name)
            await _apply(conn, path)
    return [path.name for path in missing]


def _missing(folder: Path, applied: dict[str, str]) -> list[Path]:
    paths = sorted(folder.glob("*.sql"))
    if wrong := [path.name for path in paths if not _NAME.fullmatch(path.name)]:
        raise MigrationError(f"not the name of a migration: {', '.join(wrong)}")
    if unknown := sorted(applied.keys() - {path.name for path in paths}):
        raise MigrationError(f"The database was made by a newer Hadir ({', '.join(unknown)}). Start that one.")
    for path in paths:
        if applied.get(path.name, _checksum(path)) != _checksum(path):
            raise MigrationError(f"{path.name} was changed after it had been applied. Put the change into a new file.")
    return [path for path in paths if path.name not in applied]


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def _apply(conn: psycopg.AsyncConnection, path: Path) -> None:
    async with conn.transaction():
        await conn.execute(cast("LiteralString", path.read_text(encoding="utf-8")))
        await conn.execute("insert into migrations (name, checksum) values (%s, %s)", [path.name, _checksum(path)])
