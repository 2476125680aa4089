"""Blobs, clocks and ids: the real ones and their twins keep the same promises."""

import hashlib
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from hadir.ports.blobs import BlobMissing, Blobs
from hadir.ports.clock import Clock
from hadir.ports.ids import Ids
from hadir.storage.blobs import FileBlobs
from hadir.storage.clock import SystemClock
from hadir.storage.ids import UlidIds, ulid_text
from hadir.storage.memory import CountingIds, SettableClock

PHOTO = b"\xff\xd8 not really a photo"


async def test_a_blob_is_named_by_what_is_in_it(blobs: Blobs) -> None:
    name = await blobs.put(PHOTO)
    assert name == hashlib.sha256(PHOTO).hexdigest() == await blobs.put(PHOTO)
    assert await blobs.get(name) == PHOTO


async def test_a_deleted_blob_is_gone_and_may_come_back(blobs: Blobs) -> None:
    name = await blobs.put(PHOTO)
    await blobs.delete(name)
    await blobs.delete(name)
    with pytest.raises(BlobMissing):
        await blobs.get(name)
    assert blobs.path(name) is None
    assert await blobs.put(PHOTO) == name


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "/"])
async def test_what_is_not_a_name_never_becomes_a_path(blobs: Blobs, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        await blobs.get(name)
    with pytest.raises(ValueError, match="not the name"):
        blobs.path(name)
    with pytest.raises(ValueError, match="not the name"):
        await blobs.delete(name)


async def test_a_file_under_its_name_is_whole_and_synced(tmp_path: Path, monkeypatch) -> None:
    synced: list[int] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(os.fstat(fd).st_ino), fsync(fd)))
    blobs = FileBlobs(tmp_path / "blobs")
    name = await blobs.put(PHOTO)

    path = blobs.path(name)
    assert path is not None and path.read_bytes() == PHOTO
    assert [entry.name for entry in path.parent.iterdir()] == [name]
    folders = [tmp_path, tmp_path / "blobs", path.parent.parent, path.parent]
    assert {folder.stat().st_ino for folder in folders} <= set(synced)
    assert synced.index(path.stat().st_ino) < len(synced) - 1, "the file first, then where it stands"


async def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch) -> None:
    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    blobs = FileBlobs(tmp_path)
    await blobs.put(PHOTO)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        await blobs.put(b"another")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("clock", [SystemClock(), SettableClock()], ids=["system", "settable"])
def test_a_clock_tells_aware_utc_and_never_goes_back(clock: Clock) -> None:
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()


def test_the_settable_clock_moves_when_told() -> None:
    clock = SettableClock()
    before, began = clock.now(), clock.monotonic()
    clock.advance(90)
    assert (clock.now() - before, clock.monotonic() - began) == (timedelta(seconds=90), 90)
    with pytest.raises(ValueError, match="without a zone"):
        clock.set(before.replace(tzinfo=None))


@pytest.fixture(params=["counting", "ulid", "ulid with a clock that stands still", "ulid with a clock that goes back"])
def ids(request: pytest.FixtureRequest) -> Ids:
    if request.param == "counting":
        return CountingIds()
    if request.param == "ulid":
        return UlidIds(SystemClock())
    clock = SettableClock()
    made = UlidIds(clock)
    made.new()
    if request.param.endswith("back"):
        clock.advance(-3 * 3600)
    return made


def test_ids_are_ulids_that_grow(ids: Ids) -> None:
    made = [ids.new() for _ in range(1000)]
    assert made == sorted(set(made))
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", id) for id in made)


def test_secrets_differ_and_fit_into_an_address(ids: Ids) -> None:
    made = {ids.secret() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch("[A-Za-z0-9_-]{22,}", secret) for secret in made)


def test_the_time_stands_in_front_of_a_ulid() -> None:
    # The example of the ULID specification: 1469918176385 ms is 01ARYZ6S41.
    assert ulid_text(1469918176385 << 80)[:10] == "01ARYZ6S41"
