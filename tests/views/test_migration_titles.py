"""Rows that were stored with a made-up title lose it; what somebody named keeps its name, whatever stands in it."""

from pathlib import Path

import msgspec
import psycopg
import pytest

import hadir.storage.postgres as storage
from hadir.views.rows import IncidentRow, restored, stored
from tests.views.world import World

SQL = Path(storage.__file__).parent / "migrations" / "0150_titles.sql"


@pytest.mark.parametrize(
    ("title", "refs", "after"),
    [
        ("Banjir – Gedog", {}, ""),
        ('Kata "aneh" \\ dan "title":"x"', {}, ""),
        ('Tanggul "besar" jebol', {"title": "c1"}, 'Tanggul "besar" jebol'),
    ],
)
async def test_a_made_up_title_goes(database_url: str, title: str, refs: dict[str, str], after: str) -> None:
    world = World()
    row: IncidentRow = world.picture.incidents[world.open()]
    place = msgspec.structs.replace(row.place, words='«"title":"di sini"»')
    row = msgspec.structs.replace(row, title=title, refs=refs, place=place)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
        await conn.execute("create temp table board_row (thing text, body json)")
        await conn.execute("insert into board_row values ('incidents', %s::json)", (stored(row).decode(),))
        await conn.execute(SQL.read_bytes())
        (body,) = (await (await conn.execute("select body::text from board_row")).fetchone()) or ("",)
    assert restored("incidents", body) == msgspec.structs.replace(row, title=after)
