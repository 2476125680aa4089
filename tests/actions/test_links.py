"""The secret of a reporter's link is in no stored answer: it is made anew, also for a command that comes again."""

from pathlib import Path

import psycopg

import hadir.storage.postgres as storage
from hadir.storage.memory import MemoryJournal
from tests.world import World, citizen

SQL = Path(storage.__file__).parent / "migrations" / "0190_no_secrets.sql"


async def test_the_link_is_made_for_every_answer_and_kept_in_none(world: World) -> None:
    first = await world.done(citizen(), "reports", command_id="the-same-id", text="Pohon tumbang")
    again = await world.done(citizen(), "reports", command_id="the-same-id", text="Pohon tumbang")
    secret = world.ctx.secrets.tracking_secret(first.id)
    assert first.answer["secret"] == again.answer["secret"] == secret
    assert isinstance(world.ctx.journal, MemoryJournal)
    assert secret not in repr(world.ctx.journal._commands)


async def test_what_earlier_versions_kept_goes(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
        await conn.execute("create temp table commands (answer json)")
        await conn.execute("""insert into commands values ('{"id":"R","secret":"s"}'), ('{"id":"T"}')""")
        await conn.execute(SQL.read_bytes())
        left = await (await conn.execute("select answer from commands")).fetchall()
    assert sorted(answer["id"] for (answer,) in left) == ["R", "T"]
    assert all("secret" not in answer for (answer,) in left)
