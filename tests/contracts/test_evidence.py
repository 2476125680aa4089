"""What is known of photos: the tables and their twin keep the same promises, and the search the same ones."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import numpy as np
import pytest

from hadir.domain.evidence import Marks, Taken
from hadir.ports.evidence import PRINT_BYTES, Evidence, Kept, Print, Use
from hadir.storage.lookalikes import BITS_MOST, BLOCK, Lookalikes
from hadir.storage.memory.evidence import MemoryEvidence
from hadir.storage.postgres.evidence import PostgresEvidence
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import reading_pool

AT = datetime(2026, 1, 7, 7, 5, tzinfo=UTC)
ONE, OTHER = "a" * 64, "b" * 64


@pytest.fixture(params=["memory", "postgres"])
async def evidence(request: pytest.FixtureRequest) -> AsyncIterator[Evidence]:
    if request.param == "memory":
        yield MemoryEvidence()
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url) as pool:
        yield PostgresEvidence(pool)


def bits(seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(PRINT_BYTES)


def turned(given: bytes, count: int) -> bytes:
    """The same with the last `count` bits the other way; the first word stays."""
    mask = (1 << count) - 1
    return (int.from_bytes(given, "little") ^ (mask << (8 * PRINT_BYTES - count))).to_bytes(PRINT_BYTES, "little")


def probes(given: bytes) -> bytes:
    """As it is, and mirrored (here: something else)."""
    return given + bits(10**6)


def kept(photo: str = ONE, actor: str = "petugas-1", **more: object) -> Kept:
    return Kept(photo=photo, actor=actor, received_at=AT, **more)  # type: ignore[arg-type]


async def test_the_first_word_on_a_photo_stands(evidence: Evidence) -> None:
    said = Taken(device_at=AT, lat=-8.1, lon=112.2, accuracy_m=9.5, source="camera", reduced=True)
    await evidence.keep(kept(taken=said, marks=Marks(camera=True, software="x")), None)
    await evidence.keep(kept(taken=Taken(source="gallery")), None)
    assert await evidence.kept(ONE, "petugas-1") == kept(taken=said, marks=Marks(camera=True, software="x"))
    assert await evidence.kept(ONE, "petugas-2") is None


async def test_a_near_photo_is_found_with_its_small_copy_and_a_stranger_is_not(evidence: Evidence) -> None:
    mine = bits(1)
    await evidence.keep(kept(), Print(mine, b"small"))
    await evidence.keep(kept(OTHER), Print(bits(2), b"other"))
    [near] = await evidence.near(probes(turned(mine, 40)))
    assert (near.photo, near.bits, near.probe, near.small, near.sure) == (ONE, 40, 0, b"small", True)
    assert not (await evidence.near(probes(turned(mine, 60))))[0].sure
    assert await evidence.near(probes(turned(mine, BITS_MOST + 1))) == []
    assert await evidence.count() == 2


async def test_a_photo_is_printed_once_whoever_sends_it(evidence: Evidence) -> None:
    for actor in ("petugas-1", "petugas-2"):
        await evidence.keep(kept(actor=actor), Print(bits(1), b"s"))
    assert await evidence.count() == 1


async def test_earlier_is_by_position_and_telling_twice_is_once(evidence: Evidence) -> None:
    for position in (3, 3, 9):
        await evidence.use(Use(photo=ONE, thing="task/1", position=position, at=AT))
    assert [use.position for use in await evidence.uses([ONE, OTHER], 10)] == [9, 3]
    assert [use.position for use in await evidence.uses([ONE], 9)] == [3]
    assert await evidence.uses([ONE], 3) == []


async def test_what_is_forgotten_is_found_by_nobody(evidence: Evidence) -> None:
    await evidence.keep(kept(), Print(bits(1), b"s"))
    await evidence.use(Use(photo=ONE, thing="task/1", position=1, at=AT))
    await evidence.forget(ONE)
    assert await evidence.near(probes(bits(1))) == []
    assert await evidence.kept(ONE, "petugas-1") is None
    assert await evidence.uses([ONE], 5) == []


async def test_another_node_and_a_restart_know_what_was_stored(database_url: str) -> None:
    await migrate(database_url)
    async with reading_pool(database_url) as pool:
        here, there = PostgresEvidence(pool), PostgresEvidence(pool)
        await there.count()
        await here.keep(kept(), Print(bits(1), b"s"))
        assert [near.photo for near in await there.near(probes(bits(1)))] == [ONE]
        assert [near.photo for near in await PostgresEvidence(pool).near(probes(bits(1)))] == [ONE]


def test_rows_are_found_over_the_borders_of_blocks() -> None:
    index = Lookalikes()
    count = BLOCK + 10
    prints = np.random.default_rng(7).bytes(PRINT_BYTES * count)
    index.add(range(1, count + 1), prints)
    assert (len(index), index.newest) == (count, count)
    for number in (1, BLOCK, BLOCK + 1, count):
        mine = prints[(number - 1) * PRINT_BYTES : number * PRINT_BYTES]
        assert index.near(probes(mine), 10)[0][:2] == (number, 0)
