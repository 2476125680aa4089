"""Rows that were folded from contents with a NUL lose it, and nothing else."""

from pathlib import Path

import msgspec
import psycopg
import pytest

import hadir.storage.postgres as storage
from hadir.views.rows import ReportRow, restored, stored
from tests.views.world import World

SQL = Path(storage.__file__).parent / "migrations" / "0220_no_nul.sql"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Air\0 naik\0\0", "Air naik"),
        ("garis \\\0 miring", "garis \\ miring"),
        ("ditulis \\u0000 begitu", "ditulis \\u0000 begitu"),
        ("dua \\\\u0000 \\\\\0", "dua \\\\u0000 \\\\"),
    ],
)
async def test_a_nul_goes(database_url: str, text: str, after: str) -> None:
    world = World()
    row: ReportRow = world.picture.reports[world.receive()]
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
        await conn.execute("create temp table board_row (thing text, body json)")
        body = stored(msgspec.structs.replace(row, text=text)).decode()
        await conn.execute("insert into board_row values ('reports', %s::json)", (body,))
        await conn.execute(SQL.read_bytes())
        (body,) = (await (await conn.execute("select body::text from board_row")).fetchone()) or ("",)
        await conn.execute("select body ->> 'text' from board_row")
    assert restored("reports", body) == msgspec.structs.replace(row, text=after)
