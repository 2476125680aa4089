"""Photos of all kinds: true, turned, lying, broken, bombs."""

import io

import pytest
from PIL import Image

from hadir.actions import photos
from hadir.domain.refusals import Refusal
from tests.world import World, account, citizen


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (40, 90, 160)).save(out, form, **more)
    return out.getvalue()


def with_place_and_turn() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[2] = (8.0, 6.0, 0.0)  # where it was taken
    return picture(size=(800, 400), exif=exif)


async def test_what_is_shown_is_upright_smaller_and_says_nothing_of_its_place(world: World) -> None:
    photo = await photos.add(world.ctx, citizen(), with_place_and_turn())
    assert isinstance(photo, str)
    shown = await photos.shown(world.ctx, photo, "thumb")
    assert shown is not None
    with Image.open(io.BytesIO(shown)) as seen:
        assert seen.format == "JPEG"
        assert seen.size == (160, 320)
        assert not seen.getexif()


async def test_the_original_is_kept_as_it_came(world: World) -> None:
    data = with_place_and_turn()
    photo = await photos.add(world.ctx, citizen(), data)
    assert isinstance(photo, str)
    assert await world.ctx.blobs.get(photo) == data


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
async def test_other_forms_are_photos_too(world: World, form: str) -> None:
    assert isinstance(await photos.add(world.ctx, citizen(), picture(form)), str)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7 not a photo",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        picture()[:400],
        b"\xff\xd8\xff\xe0" + b"\x00" * 500,
        picture("BMP"),
    ],
    ids=["empty", "pdf", "svg", "cut", "lying head", "a form we do not take"],
)
async def test_lies_cost_nothing(world: World, data: bytes) -> None:
    refused = await photos.add(world.ctx, citizen(), data)
    assert isinstance(refused, Refusal) and refused.code == "not_a_photo"


async def test_a_bomb_is_not_unpacked(world: World) -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    refused = await photos.add(world.ctx, citizen(), bomb.getvalue())
    assert isinstance(refused, Refusal) and refused.code == "not_a_photo"


async def test_too_many_bytes_are_refused_with_the_limit(world: World) -> None:
    refused = await photos.add(world.ctx, citizen(), b"x" * (photos.MAX_BYTES + 1))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.params) == ("photo_too_large", (("mb", "16"),))


async def test_who_only_reads_adds_no_photo(world: World) -> None:
    refused = await photos.add(world.ctx, account("auditor"), picture())
    assert isinstance(refused, Refusal) and refused.code == "not_your_role"


async def test_a_photo_that_is_gone_is_none(world: World) -> None:
    assert await photos.shown(world.ctx, "ab" * 32, "page") is None
