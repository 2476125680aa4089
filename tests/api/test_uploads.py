"""Photos and recordings in pieces, over a real socket: cut, doubled, asked again, and refused like whole ones."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hadir.inbound.api.uploads import KEPT
from hadir.ports.partials import Partial
from hadir.storage.memory import SettableClock
from hadir.storage.memory.partials import MemoryPartials
from tests.api.conftest import City, new_id

PIECE = {"content-type": "application/partial-upload"}


def picture(size: int = 60) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((size, size), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def asked(data: bytes, kind: str = "image/jpeg", id: str | None = None) -> dict[str, object]:
    name = id or f"{new_id()}-upload"
    return {"id": name, "length": len(data), "sha256": hashlib.sha256(data).hexdigest(), "type": kind}


async def piece(client: httpx.AsyncClient, id: object, data: bytes, offset: int) -> httpx.Response:
    headers = PIECE | {"upload-offset": str(offset)}
    return await client.patch(f"/api/v1/uploads/{id}", content=data, headers=headers)


async def test_in_pieces_it_becomes_the_photo_that_a_command_names(city: City) -> None:
    officer, data = city.who("petugas-1"), picture()
    begun = await officer.post("/api/v1/uploads", json=asked(data, id="photo-of-the-drain"))
    assert (begun.status_code, begun.json()["offset"], begun.headers["upload-complete"]) == (201, 0, "?0")
    half = len(data) // 2
    assert (await piece(officer, "photo-of-the-drain", data[:half], 0)).json()["offset"] == half
    stands = await officer.head("/api/v1/uploads/photo-of-the-drain")
    assert (stands.headers["upload-offset"], stands.headers["upload-length"]) == (str(half), str(len(data)))
    whole = await piece(officer, "photo-of-the-drain", data[half:], half)
    assert whole.json()["answer"] == hashlib.sha256(data).hexdigest()
    again = await officer.post("/api/v1/uploads", json=asked(data, id="photo-of-the-drain"))
    assert again.json() == whole.json()
    report = await city.report(photos=[whole.json()["answer"]])
    operator = city.who("operator")
    await city.program.board.wait(report["position"], 2)
    assert (await operator.get(f"/api/v1/photos/{whole.json()['answer']}?size=thumb")).status_code == 200


async def test_what_came_before_the_cut_is_kept(city: City) -> None:
    officer, data = city.who("petugas-1"), picture()
    await officer.post("/api/v1/uploads", json=asked(data, id="photo-that-is-cut"))
    reader, writer = await asyncio.open_connection("127.0.0.1", city.port)
    head = (
        f"PATCH /api/v1/uploads/photo-that-is-cut HTTP/1.1\r\nhost: 127.0.0.1:{city.port}\r\n"
        f"authorization: {officer.headers['authorization']}\r\ncontent-type: application/partial-upload\r\n"
        f"upload-offset: 0\r\ncontent-length: {len(data)}\r\n\r\n"
    )
    writer.write(head.encode() + data[:500])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    del reader
    async with asyncio.timeout(30):
        while await _offset(officer, "photo-that-is-cut") != 500:
            await asyncio.sleep(0.01)
    assert (await piece(officer, "photo-that-is-cut", data[500:], 500)).json()["answer"]


async def _offset(client: httpx.AsyncClient, id: str) -> int:
    return int((await client.head(f"/api/v1/uploads/{id}")).headers["upload-offset"])


async def test_a_piece_from_elsewhere_is_told_where_the_upload_stands(city: City) -> None:
    officer, data = city.who("petugas-1"), picture()
    await officer.post("/api/v1/uploads", json=asked(data, id="photo-sent-twice"))
    await piece(officer, "photo-sent-twice", data[:100], 0)
    twice = await piece(officer, "photo-sent-twice", data[:100], 0)
    assert (twice.status_code, twice.json()["code"], twice.headers["upload-offset"]) == (409, "upload_offset", "100")


async def test_nobody_meets_anothers_upload(city: City) -> None:
    mine, data = city.who("petugas-1"), picture()
    await mine.post("/api/v1/uploads", json=asked(data, id="photo-of-petugas-1"))
    other = city.who("petugas-2")
    assert (await other.head("/api/v1/uploads/photo-of-petugas-1")).status_code == 404
    assert (await piece(other, "photo-of-petugas-1", data, 0)).json()["code"] == "no_such_upload"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"type": "application/pdf"}, 415, "unsupported_image"),
        ({"length": 0}, 422, "invalid_body"),
        ({"length": 17_000_000}, 422, "invalid_body"),
        ({"id": "../../etc/passwd-and-more"}, 422, "invalid_body"),
        ({"sha256": "x"}, 422, "invalid_body"),
    ],
)
async def test_what_cannot_be_taken_is_said_at_once(
    city: City, change: dict[str, object], status: int, code: str
) -> None:
    answer = await city.who("petugas-1").post("/api/v1/uploads", json=asked(picture()) | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_same_id_for_another_file_is_refused(city: City) -> None:
    officer, data = city.who("petugas-1"), picture()
    await officer.post("/api/v1/uploads", json=asked(data, id="photo-number-one"))
    other = await officer.post("/api/v1/uploads", json=asked(data + b"x", id="photo-number-one"))
    assert (other.status_code, other.json()["code"]) == (409, "upload_differs")


@pytest.mark.parametrize(("data", "kind"), [(b"not a photo at all", "image/jpeg"), (b"no sound" * 30, "audio/webm")])
async def test_the_checks_of_a_whole_photo_hold_for_one_in_pieces(city: City, data: bytes, kind: str) -> None:
    officer = city.who("petugas-1")
    await officer.post("/api/v1/uploads", json=asked(data, kind, id="this-is-no-picture"))
    answer = await piece(officer, "this-is-no-picture", data, 0)
    assert (answer.status_code, answer.json()["code"]) == (
        422,
        "not_a_photo" if kind == "image/jpeg" else "not_a_voice",
    )
    assert (await officer.head("/api/v1/uploads/this-is-no-picture")).status_code == 404


async def test_bytes_that_changed_on_the_way_become_nothing(city: City) -> None:
    officer, data = city.who("petugas-1"), picture()
    await officer.post("/api/v1/uploads", json=asked(data, id="photo-that-changes"))
    answer = await piece(officer, "photo-that-changes", data[:-1] + b"\x00", 0)
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_broken")


async def test_more_than_was_announced_is_not_kept(city: City) -> None:
    officer, data = city.who("petugas-1"), picture()
    await officer.post("/api/v1/uploads", json=asked(data, id="photo-that-is-long"))
    assert (await piece(officer, "photo-that-is-long", data + b"more", 0)).status_code == 413
    assert await _offset(officer, "photo-that-is-long") == 0


async def test_a_full_disk_says_later_and_keeps_what_is_there(city: City) -> None:
    officer, data = city.who("petugas-1"), picture()
    begun = await officer.post("/api/v1/uploads", json=asked(data, id="photo-for-tomorrow"))
    assert begun.status_code == 201, begun.text
    city.program.storage.disk.full = True  # type: ignore[attr-defined]
    later = await piece(officer, "photo-for-tomorrow", data, 0)
    assert (later.status_code, later.headers["retry-after"]) == (503, "60")
    city.program.storage.disk.full = False  # type: ignore[attr-defined]
    taken = await piece(officer, "photo-for-tomorrow", data, 0)
    assert taken.status_code == 200, taken.text


async def test_nobody_fills_the_disk_with_halves(city: City) -> None:
    officer = city.who("petugas-1")
    large = {"length": 16_000_000, "sha256": "a" * 64, "type": "image/jpeg"}
    answers = [await officer.post("/api/v1/uploads", json={"id": f"large-photo-{n:06}", **large}) for n in range(17)]
    assert [a.status_code for a in answers[:16]] == [201] * 16
    assert (answers[16].status_code, answers[16].json()["code"]) == (429, "too_many_uploads")


async def test_halves_are_forgotten_after_a_week(city: City) -> None:
    officer, data = city.who("petugas-1"), picture()
    await officer.post("/api/v1/uploads", json=asked(data, id="photo-of-last-week"))
    city.clock.advance(KEPT.total_seconds() + 1)
    await city.who("petugas-1").post("/api/v1/uploads", json=asked(data))
    assert (await city.who("petugas-1").head("/api/v1/uploads/photo-of-last-week")).status_code == 404


async def one(data: bytes) -> AsyncIterator[bytes]:
    yield data


@given(cuts=st.lists(st.integers(1, 400), max_size=8))
def test_however_it_is_cut_the_same_photo_comes_out(cuts: list[int]) -> None:
    """The store alone: pieces of any size give the bytes, and every offset on the way is true."""
    data = bytes(range(256)) * 4

    async def run() -> None:
        partials = MemoryPartials(SettableClock())
        await partials.begin("me", Partial(id="0123456789abcdef", length=len(data), sha256="-", type="image/jpeg"))
        at = 0
        for size in (*cuts, len(data)):
            part = one(data[at : at + size])
            at = (await partials.extend("me", "0123456789abcdef", at, part)).offset
        assert await partials.read("me", "0123456789abcdef") == data

    asyncio.run(run())
