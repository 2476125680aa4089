"""Looks for bytes everywhere: in every column of every table, and in every file of a home."""

import asyncio
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

_COLUMNS = """
select table_name, column_name, data_type from information_schema.columns
where table_schema = 'public' order by table_name, ordinal_position
"""


async def in_database(url: str, *markers: bytes) -> list[str]:
    """«table.column: marker» for each hit. In a thread: the server under test may hold a lock in this one."""
    return await asyncio.to_thread(_in_database, url, markers)


def _in_database(url: str, markers: tuple[bytes, ...]) -> list[str]:
    with psycopg.connect(url) as connection:
        columns = connection.execute(_COLUMNS).fetchall()
        return [
            f"{table}.{column}: {marker!r}"
            for table, column, kind in columns
            for marker in markers
            if _hit(connection, table, column, kind, marker)
        ]


def _hit(connection: psycopg.Connection[Any], table: str, column: str, kind: str, marker: bytes) -> bool:
    wanted = marker if kind == "bytea" else marker.decode(errors="replace")
    test = "position(%s::bytea in {}) > 0" if kind == "bytea" else "strpos({}::text, %s) > 0"
    where = sql.SQL(test).format(sql.Identifier(column))
    query = sql.SQL("select count(*) from {} where {}").format(sql.Identifier(table), where)
    row = connection.execute(query, (wanted,)).fetchone()
    return bool(row and row[0])


def in_files(home: Path, *markers: bytes) -> list[str]:
    """«path: marker» for each hit, in contents and in names."""
    found = []
    for path in sorted(home.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes() + path.name.encode()
        found += [f"{path.relative_to(home)}: {marker!r}" for marker in markers if marker in data]
    return found
