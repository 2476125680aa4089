"""Proof: what is found about the photos of a finished task, put on record by rule, and never in the officer's way."""

import io
from datetime import timedelta

import msgspec
import pytest
from PIL import ExifTags, Image

from hadir.actions import photos
from hadir.actions.originals import OpenOriginal, Original, open_original
from hadir.actions.proof import Proof
from hadir.domain import events as e
from hadir.domain.evidence import Taken
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor
from hadir.storage.memory.cursors import MemoryCursors
from tests.actions.pictures import brightened, cropped, jpeg, resized, scene
from tests.world import World, account, citizen

OPERATOR, DESK, OFFICER, LEADER = (account(id) for id in ("operator", "opd-bpbd", "petugas-1", "pimpinan"))
HERE = {"lat": -8.1045, "lon": 112.1652}


class Bench:
    """A world with its proof follower, and hands for the usual way of a task."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.proof = Proof(world.ctx, MemoryCursors())
        self.after = 0

    async def photo(self, picture: Image.Image | bytes, who: Actor = OFFICER, **taken: object) -> str:
        data = picture if isinstance(picture, bytes) else jpeg(picture)
        said = Taken(**taken) if taken else None  # type: ignore[arg-type]
        added = await photos.add(self.world.ctx, who, data, taken=said)
        assert isinstance(added, str), added
        return added

    async def task(self, *reported: str) -> str:
        """An incident of one report with these photos, and an accepted task for it."""
        body = {"text": "Air selutut di gang", "place": {**HERE, "how": "gps"}, "photos": list(reported)}
        report = await self.world.done(citizen(), "reports", **body)
        incident = await self.world.done(OPERATOR, "incidents", report_id=report.id)
        task = await self.world.done(OPERATOR, "tasks", incident_id=incident.id, agency="bpbd", what="Pasang pompa")
        await self.world.done(DESK, "tasks", task.id, "assign", officer=OFFICER.id)
        await self.world.done(OFFICER, "tasks", task.id, "accept")
        return task.id

    async def finished(self, task: str, *shown: str) -> tuple[e.EvidenceChecked, list[dict]]:
        """The check of a task that is done with these photos, and what was found of each."""
        await self.world.done(OFFICER, "tasks", task, "finish", photos=list(shown), note="Selesai")
        return await self.check(task)

    async def check(self, task: str) -> tuple[e.EvidenceChecked, list[dict]]:
        self.after = await self.proof.catch_up(self.after)
        fact = [f for f in await self.world.facts(f"task/{task}") if isinstance(f.event, e.EvidenceChecked)][-1]
        body = (await self.world.ctx.journal.contents([fact.content or ""]))[fact.content or ""]
        return fact.event, (body or {})["photos"]


@pytest.fixture
def bench(world: World) -> Bench:
    return Bench(world)


async def test_an_honest_photo_has_nothing_against_it(bench: Bench) -> None:
    task = await bench.task()
    now = bench.world.clock.now()
    photo = await bench.photo(scene(1), device_at=now, accuracy_m=12.0, source="camera", reduced=True, **HERE)
    event, [found] = await bench.finished(task, photo)
    assert (event.flags, event.photos, event.compared) == ((), 1, 1)
    assert found["same"] == [] and found["reasons"] == []
    assert (found["source"], found["accuracy_m"]) == ("camera", 12)
    assert found["distance_m"] < 5
    assert found["received_at"] and found["device_at"]
    assert "lat" not in found and "lon" not in found


async def test_the_reporters_own_photo_is_not_proof(bench: Bench) -> None:
    original = scene(2)
    theirs = await bench.photo(original, citizen())
    task = await bench.task(theirs)
    again = await bench.photo(jpeg(brightened(cropped(resized(original, 0.6), 0.05, 0.3, 0.8), 1.15), 60))
    event, [found] = await bench.finished(task, again)
    assert event.flags[0] == "proof_same_report"
    [same] = found["same"]
    assert same["photo"] == theirs and same["thing"].startswith("report/")
    assert same["percent"] > 80 and same["fields"].count("1") > 55


async def test_a_mirrored_photo_of_another_task_is_found(bench: Bench) -> None:
    first = await bench.photo(scene(3))
    before = await bench.task()
    await bench.finished(before, first)
    flipped = await bench.photo(scene(3).transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    task = await bench.task()
    event, [found] = await bench.finished(task, flipped)
    assert event.flags[0] == "proof_same_task"
    assert found["same"][0]["mirrored"] and found["same"][0]["thing"] == f"task/{before}"
    assert dict(found["reasons"][0]["params"])["ref"] == before[-5:]


async def test_what_was_painted_over_is_not_the_same_field(bench: Bench) -> None:
    """An edited photo to show a finished job: the rest gives it away, and the patch is where it differs."""
    original = scene(26)
    theirs = await bench.photo(original, citizen())
    edited = original.copy()
    edited.paste(scene(903).resize((100, 80)), (270, 200))
    task = await bench.task(theirs)
    _, [found] = await bench.finished(task, await bench.photo(edited))
    fields = found["same"][0]["fields"]
    middle = {fields[row * 8 + column] for row in (3, 4) for column in (3, 4)}
    assert "0" in middle
    assert fields.count("1") >= 57


async def test_the_same_bytes_are_found_even_where_there_is_nothing_to_compare(bench: Bench) -> None:
    dark = jpeg(Image.new("RGB", (640, 480), (4, 4, 4)))
    before = await bench.task()
    event, _ = await bench.finished(before, await bench.photo(dark))
    assert "proof_plain" in event.flags and "proof_same_task" not in event.flags
    task = await bench.task()
    event, [found] = await bench.finished(task, await bench.photo(dark))
    assert event.flags[0] == "proof_same_task" and found["same"][0]["percent"] == 100


async def test_a_photo_that_was_sent_back_is_known_when_it_comes_again(bench: Bench) -> None:
    task = await bench.task()
    photo = await bench.photo(scene(5))
    await bench.finished(task, photo)
    await bench.world.done(DESK, "tasks", task, "send-back", reason="Air masih ada")
    event, _ = await bench.finished(task, await bench.photo(jpeg(scene(5), 40)))
    assert event.flags[0] == "proof_same_sent_back"


async def test_place_and_time_are_judged_by_who_says_them(bench: Bench) -> None:
    task = await bench.task()
    early = bench.world.clock.now() - timedelta(hours=3)
    photo = await bench.photo(scene(6), device_at=early, lat=-8.12, lon=112.18, accuracy_m=20.0, source="gallery")
    event, [found] = await bench.finished(task, photo)
    assert event.flags[:2] == ("proof_far_phone", "proof_early_phone")
    assert "proof_gallery" in event.flags
    assert found["distance_m"] > 1500


async def test_what_the_file_says_is_read_once_and_kept_closed(bench: Bench) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Software] = "Adobe Photoshop 25.0"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2020:01:02 10:00:00"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[1], gps[2], gps[3], gps[4] = "S", (7.0, 0.0, 0.0), "E", (110.0, 0.0, 0.0)
    photo = await bench.photo(jpeg(scene(7), exif=exif))
    task = await bench.task()
    event, [found] = await bench.finished(task, photo)
    assert {"proof_far_file", "proof_early_file", "proof_edited"} <= set(event.flags)
    assert found["file_at"].startswith("2020-01-02T10:00:00+07:00")
    shown = await photos.shown(bench.world.ctx, photo, "page")
    assert shown is not None and b"Photoshop" not in shown


async def test_checking_twice_records_it_once(bench: Bench) -> None:
    task = await bench.task()
    await bench.finished(task, await bench.photo(scene(8)))
    await Proof(bench.world.ctx, MemoryCursors()).catch_up(0)
    kinds = await bench.world.kinds(f"task/{task}")
    assert kinds.count("evidence.checked") == 1


async def test_a_check_after_the_verification_is_kept_too(bench: Bench) -> None:
    """The follower was away; the desk was faster. The fact still says what was found."""
    task = await bench.task()
    photo = await bench.photo(scene(9))
    await bench.world.done(OFFICER, "tasks", task, "finish", photos=[photo])
    await bench.world.done(DESK, "tasks", task, "verify")
    await bench.check(task)
    assert (await bench.world.kinds(f"task/{task}"))[-2:] == ["task.verified", "evidence.checked"]


async def test_words_without_a_photo_are_not_checked(bench: Bench) -> None:
    task = await bench.task()
    await bench.world.done(OFFICER, "tasks", task, "finish", note="Gelap, tidak bisa difoto")
    await bench.proof.catch_up(0)
    assert "evidence.checked" not in await bench.world.kinds(f"task/{task}")


# ── the closed original ──────────────────────────────────────────────────────────────────────────────────────────


def why(photo: str, reason: str = "Diduga disunting") -> OpenOriginal:
    return msgspec.convert(
        {"command_id": f"open-{photo[:9]}{reason[:3]}", "photo": photo, "reason": reason}, OpenOriginal
    )


async def test_opening_an_original_is_a_fact_with_who_and_why(bench: Bench) -> None:
    data = jpeg(scene(10))
    photo = await bench.photo(data)
    task = await bench.task()
    await bench.finished(task, photo)
    opened = await open_original(bench.world.ctx, DESK, why(photo))
    assert isinstance(opened, Original) and opened.data == data
    fact = (await bench.world.facts(f"task/{task}"))[-1]
    assert (fact.event.kind, fact.actor, fact.position) == ("photo.original_viewed", DESK.id, opened.position)
    body = (await bench.world.ctx.journal.contents([fact.content or ""]))[fact.content or ""]
    assert body == {"text": "Diduga disunting"}


@pytest.mark.parametrize("who", ["petugas-1", "admin", "opd-dlh"])
async def test_who_does_not_verify_this_task_opens_nothing(bench: Bench, who: str) -> None:
    photo = await bench.photo(scene(11))
    task = await bench.task()
    await bench.finished(task, photo)
    refused = await open_original(bench.world.ctx, account(who), why(photo))
    assert isinstance(refused, Refusal) and refused.code in ("not_your_role", "not_yours")
    assert "photo.original_viewed" not in await bench.world.kinds(f"task/{task}")


async def test_a_reporters_original_is_not_the_agencys(bench: Bench) -> None:
    photo = await bench.photo(scene(12), citizen())
    await bench.task(photo)
    await bench.proof.catch_up(0)
    refused = await open_original(bench.world.ctx, DESK, why(photo))
    assert isinstance(refused, Refusal) and refused.code == "not_yours"
    assert isinstance(await open_original(bench.world.ctx, OPERATOR, why(photo)), Original)


async def test_an_upload_that_proves_nothing_yet_is_nobodys_to_open(bench: Bench) -> None:
    refused = await open_original(bench.world.ctx, OPERATOR, why(await bench.photo(scene(13))))
    assert isinstance(refused, Refusal) and refused.code == "no_original"


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────


def telling(form: str) -> bytes:
    """A picture whose file says all that a file can say."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "SECRET-exif"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[2] = (8.0, 6.0, 0.0)
    out = io.BytesIO()
    more: dict[str, object] = {"exif": exif, "icc_profile": b"SECRET-icc" * 20, "xmp": b"<x>SECRET-xmp</x>"}
    if form == "JPEG":
        more |= {"comment": b"SECRET-comment"}
    if form == "PNG":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_text("Comment", "SECRET-text")
        info.add_itxt("XML:com.adobe.xmp", "SECRET-xmp")
        info.add_text("Author", "SECRET-ztxt", zip=True)
        more = {"exif": exif, "icc_profile": b"SECRET-icc" * 20, "pnginfo": info}
    scene(14).save(out, form, **more)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", sorted(photos.SIZES))
async def test_a_shown_copy_says_nothing_but_the_picture(bench: Bench, form: str, size: str) -> None:
    data = telling(form)
    assert b"SECRET" in data
    shown = await photos.shown(bench.world.ctx, await bench.photo(data), size)
    assert shown is not None and b"SECRET" not in shown
    with Image.open(io.BytesIO(shown)) as seen:
        assert not seen.getexif() and not seen.info.keys() & {"icc_profile", "xmp", "comment", "exif"}
        assert set(seen.applist) <= {("APP0", seen.info.get("app0", seen.applist[0][1]))}  # type: ignore[attr-defined]
