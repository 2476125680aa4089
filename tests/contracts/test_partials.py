"""Uploads in pieces: files and their twin keep the same promises."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hadir.ports.partials import OffsetDiffers, Partial, Partials, TooManyUploads, UploadDiffers, UploadUnknown
from hadir.storage.clock import SystemClock
from hadir.storage.memory.partials import MemoryPartials
from hadir.storage.partials import OPEN_MOST, FilePartials

ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.fixture(params=["memory", "files"])
def partials(request: pytest.FixtureRequest, tmp_path: Path) -> Partials:
    return MemoryPartials(SystemClock()) if request.param == "memory" else FilePartials(tmp_path / "uploads")


def asked(id: str = ID, length: int = 10) -> Partial:
    return Partial(id=id, length=length, sha256="a" * 64, type="image/jpeg")


async def piece(*chunks: bytes, breaks: bool = False) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if breaks:
        raise ConnectionError


async def test_it_grows_by_pieces_and_becomes_something(partials: Partials) -> None:
    assert (await partials.begin("me", asked())).offset == 0
    assert (await partials.extend("me", ID, 0, piece(b"0123", b"45"))).offset == 6
    assert (await partials.extend("me", ID, 6, piece(b"6789"))).offset == 10
    assert await partials.read("me", ID) == b"0123456789"
    assert (await partials.taken("me", ID, "photo")).answer == "photo"
    assert (await partials.begin("me", asked())).answer == "photo"
    assert (await partials.extend("me", ID, 0, piece(b"once more"))).answer == "photo"
    with pytest.raises(UploadUnknown):
        await partials.read("me", ID)


async def test_what_came_before_the_line_broke_stays(partials: Partials) -> None:
    await partials.begin("me", asked())
    with pytest.raises(ConnectionError):
        await partials.extend("me", ID, 0, piece(b"012", b"34", breaks=True))
    assert (await partials.find("me", ID)).offset == 5
    with pytest.raises(OffsetDiffers) as told:
        await partials.extend("me", ID, 3, piece(b"3"))
    assert told.value.actual == 5


async def test_more_than_was_announced_leaves_it_where_it_was(partials: Partials) -> None:
    await partials.begin("me", asked())
    await partials.extend("me", ID, 0, piece(b"01"))
    with pytest.raises(ValueError, match="announced"):
        await partials.extend("me", ID, 2, piece(b"234", b"56789!"))
    assert (await partials.find("me", ID)).offset == 2


async def test_each_owner_has_his_own_and_an_id_stands_for_one_file(partials: Partials) -> None:
    await partials.begin("me", asked())
    with pytest.raises(UploadUnknown):
        await partials.find("you", ID)
    with pytest.raises(UploadDiffers):
        await partials.begin("me", asked(length=11))
    await partials.drop("me", ID)
    await partials.drop("me", ID)
    with pytest.raises(UploadUnknown):
        await partials.find("me", ID)


@pytest.mark.parametrize("id", ["", "../../../../etc/passwd", "short", "a" * 65, "with a space in it"])
async def test_what_is_not_an_id_never_becomes_a_path(partials: Partials, id: str) -> None:
    with pytest.raises(UploadUnknown):
        await partials.find("me", id)
    with pytest.raises(UploadUnknown):
        await partials.begin("me", asked(id))


async def test_nobody_has_more_open_than_a_phone_can_have(partials: Partials) -> None:
    for number in range(OPEN_MOST):
        await partials.begin("me", asked(f"upload-number-{number:06}"))
    with pytest.raises(TooManyUploads):
        await partials.begin("me", asked())
    assert (await partials.begin("you", asked())).offset == 0


async def test_old_ones_are_forgotten(partials: Partials) -> None:
    await partials.begin("me", asked())
    now = SystemClock().now()
    assert await partials.expire(now - timedelta(minutes=1)) == 0
    assert await partials.expire(now + timedelta(minutes=1)) == 1
    with pytest.raises(UploadUnknown):
        await partials.find("me", ID)


async def test_another_process_finds_it_where_it_stands(tmp_path: Path) -> None:
    """After a kill: what is in the file counts, whoever wrote it."""
    await FilePartials(tmp_path).begin("me", asked())
    await FilePartials(tmp_path).extend("me", ID, 0, piece(b"0123"))
    (part,) = tmp_path.glob("*/*.part")
    with part.open("ab") as file:
        file.write(b"45")
    assert (await FilePartials(tmp_path).find("me", ID)).offset == 6
