"""Migrations: each applied once, in order, whole or not at all, and never changed afterwards."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from hadir.storage.postgres.migrate import FOLDER, MigrationError, migrate
from hadir.storage.postgres.queries import journal_queries, load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_one.sql").write_text("create table one (n int); insert into one values (1);")
    (tmp_path / "0002_two.sql").write_text("create table two (n int); insert into two select n + 1 from one;")
    return tmp_path


def rows(url: str, query: str) -> list[tuple]:
    with psycopg.connect(url) as conn:
        return conn.execute(query).fetchall()  # type: ignore[arg-type]


async def test_in_order_once_and_with_progress(database_url: str, folder: Path) -> None:
    told: list[str] = []
    assert await migrate(database_url, folder=folder, progress=told.append) == ["0001_one.sql", "0002_two.sql"]
    assert await migrate(database_url, folder=folder) == []
    assert told == ["0001_one.sql", "0002_two.sql"]
    assert rows(database_url, "select n from two") == [(2,)]


async def test_a_failing_one_leaves_nothing_of_itself(database_url: str, folder: Path) -> None:
    (folder / "0003_bad.sql").write_text("create table three (n int); select 1/0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        await migrate(database_url, folder=folder)
    assert rows(database_url, "select to_regclass('three')") == [(None,)]
    (folder / "0003_bad.sql").write_text("create table three (n int);")
    assert await migrate(database_url, folder=folder) == ["0003_bad.sql"]


async def test_a_changed_one_is_refused(database_url: str, folder: Path) -> None:
    await migrate(database_url, folder=folder)
    (folder / "0001_one.sql").write_text("create table one (n bigint);")
    with pytest.raises(MigrationError, match=r"0001_one.sql was changed after it had been applied"):
        await migrate(database_url, folder=folder)


async def test_a_database_of_a_newer_program_is_left_alone(database_url: str, folder: Path) -> None:
    await migrate(database_url, folder=folder)
    (folder / "0002_two.sql").unlink()
    with pytest.raises(MigrationError, match=r"newer Hadir \(0002_two.sql\)"):
        await migrate(database_url, folder=folder)


async def test_a_wrong_name_is_refused(database_url: str, folder: Path) -> None:
    (folder / "3_three.sql").write_text("select 1")
    with pytest.raises(MigrationError, match=r"not the name of a migration: 3_three.sql"):
        await migrate(database_url, folder=folder)


async def test_nodes_that_start_at_once_take_turns(database_url: str) -> None:
    applied = await asyncio.gather(*(migrate(database_url) for _ in range(4)))
    assert sorted(map(len, applied)) == [0, 0, 0, len(list(FOLDER.glob("*.sql")))]


def test_every_query_has_a_name_and_a_sentence(tmp_path: Path) -> None:
    assert all(query.startswith("-- ") for query in journal_queries().values())
    path = tmp_path / "bad.sql"
    path.write_text("-- name: one\nselect 1;\n")
    with pytest.raises(ValueError, match="one stands twice, or has no sentence"):
        load(path)
