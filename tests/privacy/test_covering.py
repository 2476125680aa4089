"""Photos: what anybody sees has no metadata; the public sees what a person covered; originals stay closed."""

import io

import pytest
from PIL import Image

from hadir.actions.covering import PAINT, painted
from hadir.actions.photos import re_encode
from tests.actions.pictures import jpeg, scene
from tests.api.conftest import City, new_id
from tests.privacy.test_erasure import told, worked_on
from tests.privacy.wait import until

BOX = {"x": 0.25, "y": 0.25, "w": 0.5, "h": 0.5}


def with_metadata() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "MarkerMaker", "MarkerModel"
    exif.get_ifd(0x8825)[2] = (8.0, 6.0, 0.0)
    picture, out = scene(3), io.BytesIO()
    picture.save(
        out, "JPEG", exif=exif, comment=b"MarkerComment", icc_profile=b"MarkerProfile", xmp=b"<x>MarkerXmp</x>"
    )
    return out.getvalue()


@pytest.mark.parametrize("copy", [re_encode, lambda data, size: painted(data, size, {"boxes": [BOX]})])
def test_no_copy_carries_metadata(copy) -> None:
    original = with_metadata()
    assert original.count(b"Marker") == 5
    for size in (320, 1600):
        data = copy(original, size)
        assert b"Marker" not in data and b"Exif" not in data
        with Image.open(io.BytesIO(data)) as picture:
            assert not picture.getexif() and set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def near(pixel: object, paint: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= 12 for a, b in zip(pixel, paint, strict=True))


def test_covers_are_solid_on_every_size() -> None:
    covers = {"boxes": [BOX], "strokes": [{"points": [(0.05, 0.9), (0.2, 0.9)], "r": 0.03}]}
    for size in (320, 1600):
        with Image.open(io.BytesIO(painted(jpeg(scene(3)), size, covers))) as picture:
            width, height = picture.size
            for x, y in ((0.3, 0.3), (0.5, 0.5), (0.7, 0.7), (0.05, 0.9), (0.12, 0.9), (0.2, 0.9)):
                assert near(picture.getpixel((round(x * width), round(y * height))), PAINT), (size, x, y)


async def public(city: City, incident: str, photo: str) -> int:
    return (await city.client().get(f"/foto/{incident}/{photo}")).status_code


async def covered(city: City, report: str, photo: str, **more: object) -> int:
    body = {"command_id": new_id(), "photo": photo, "boxes": [BOX], **more}
    return (await city.who("operator").post(f"/api/v1/reports/{report}/cover", json=body)).status_code


async def test_only_a_covered_copy_is_public_and_it_can_be_taken_back(city: City) -> None:
    report, photo, _ = await told(city)
    incident = await worked_on(city, report)
    assert await public(city, incident, photo) == 404
    assert (await city.client().get(f"/api/v1/photos/{photo}")).status_code == 404
    assert await covered(city, report, photo) == 200

    async def shown() -> bool:
        board = (await city.client().get("/api/v1/board")).json()["board"]
        return [p["id"] for i in board["incidents"] for p in i["photos"]] == [photo]

    await until(shown)
    answer = await city.client().get(f"/foto/{incident}/{photo}?besar")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert near(picture.getpixel((picture.width // 2, picture.height // 2)), PAINT)
    assert (await city.client().get(f"/api/v1/photos/{photo}")).status_code == 404
    assert await covered(city, report, photo, public=False) == 200
    await until(lambda: _not(shown))
    assert await public(city, incident, photo) == 404
    assert await city.program.board.compare() == []


async def _not(shown) -> bool:
    return not await shown()


async def test_an_erased_photo_is_public_no_more(city: City) -> None:
    from hadir.actions.erasure import erase
    from hadir.compose.privacy import private
    from tests.privacy.test_erasure import gone

    report, photo, _ = await told(city)
    incident = await worked_on(city, report)
    await covered(city, report, photo)
    await city.program.board.wait(await city.program.storage.journal.position(), 30)
    assert await public(city, incident, photo) == 200
    await erase(private(city.program.ctx, city.program.storage), f"report/{report}", "office", new_id(), "test")
    await gone(city, report)
    assert await public(city, incident, photo) == 404
    assert photo not in (await city.client().get("/api/v1/board")).text


async def test_sensitive_reports_and_closed_kinds_stay_closed(city: City) -> None:
    client = city.client()
    sent = await client.post("/api/v1/photos", content=jpeg(scene(5)), headers={"content-type": "image/jpeg"})
    photo = sent.json()["photo_id"]
    secret = await city.report("pohon tumbang", photos=[photo], secret=True)
    assert await covered(city, secret["id"], photo) == 403
    assert await covered(city, secret["id"], photo, public=False) == 200
    assert await covered(city, secret["id"], "0" * 64) == 409


@pytest.mark.parametrize("who", ["pimpinan", "opd-bpbd", "petugas-1", "admin", "auditor"])
async def test_the_operator_covers_and_nobody_else(city: City, who: str) -> None:
    report, photo, _ = await told(city)
    body = {"command_id": new_id(), "photo": photo}
    assert (await city.who(who).post(f"/api/v1/reports/{report}/cover", json=body)).status_code == 403
