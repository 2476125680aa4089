"""Cursors and shown copies: the real ones and their twins keep the same promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hadir.ports.cursors import Cursors
from hadir.ports.shown import Shown
from hadir.storage.memory.cursors import MemoryCursors
from hadir.storage.memory.shown import MemoryShown
from hadir.storage.postgres.cursors import PostgresCursors
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import reading_pool
from hadir.storage.shown import FileShown

PHOTO = "ab" * 32


@pytest.fixture(params=["memory", "postgres"])
async def cursors(request: pytest.FixtureRequest) -> AsyncIterator[Cursors]:
    if request.param == "memory":
        yield MemoryCursors()
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url) as pool, PostgresCursors.open(pool) as cursors:
        yield cursors


async def test_a_cursor_starts_at_nothing_and_remembers(cursors: Cursors) -> None:
    assert await cursors.get("rules") == 0
    await cursors.set("rules", 7)
    await cursors.set("others", 3)
    assert await cursors.get("rules") == 7


async def test_a_cursor_only_goes_forward(cursors: Cursors) -> None:
    await cursors.set("rules", 7)
    await cursors.set("rules", 4)
    assert await cursors.get("rules") == 7


async def test_what_a_follower_reached_is_there_after_the_process_has_ended(database_url: str) -> None:
    await migrate(database_url)
    async with reading_pool(database_url) as pool:
        async with PostgresCursors.open(pool) as first:
            await first.set("rules", 7)
            await first.set("others", 3)
        async with PostgresCursors.open(pool) as second:
            assert (await second.get("rules"), await second.get("others")) == (7, 3)


@pytest.fixture(params=["memory", "files"])
def shown(request: pytest.FixtureRequest, tmp_path: Path) -> Shown:
    return MemoryShown() if request.param == "memory" else FileShown(tmp_path / "shown")


async def test_a_copy_is_there_until_its_photo_goes(shown: Shown) -> None:
    assert await shown.get(PHOTO, "page") is None
    await shown.put(PHOTO, "page", b"large")
    await shown.put(PHOTO, "thumb", b"small")
    assert await shown.get(PHOTO, "page") == b"large"
    await shown.delete(PHOTO)
    assert await shown.get(PHOTO, "page") is None
    assert await shown.get(PHOTO, "thumb") is None


async def test_a_name_from_an_address_never_becomes_a_path(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not the name of a blob"):
        await FileShown(tmp_path).get("../../etc/passwd", "page")
