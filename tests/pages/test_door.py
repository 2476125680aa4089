"""The pages' desk on real use cases (in memory): the whole way of one report, from «Kirim» to «Belum»."""

import io
from collections.abc import Callable

import msgspec
import pytest
from PIL import Image

from hadir.inbound.pages.desk import Draft, Refused
from hadir.inbound.pages.door import CitizensDesk
from tests.world import CITY, World, account, make_world

DEVICE = "a-browser-of-a-citizen"
PLOSOKEREP = next(a for a in CITY.areas if a.name == "Plosokerep")


class PublicBoard:
    """The board's answer to the public, as bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.asked: list[str] = []

    async def board(self, audience: str, things: tuple[str, ...] | None = None) -> bytes:
        self.asked.append(audience)
        return self.data


def board_of(**board: object) -> PublicBoard:
    return PublicBoard(msgspec.json.encode({"epoch": "E", "position": 7, "board": board}))


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def desk(world: World) -> CitizensDesk:
    return CitizensDesk(world.ctx, board_of())  # type: ignore[arg-type]


def jpeg(colour: str = "#456") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


def draft(**more: object) -> Draft:
    typed = {"command_id": "command-1", "text": "Air selutut di gang", "area": PLOSOKEREP.code, "rt": 2, "rw": 1}
    return Draft(**(typed | {"how": "list"} | more))  # type: ignore[arg-type]


async def sent(desk: CitizensDesk, **more: object) -> str:
    secret = await desk.receive(draft(**more), DEVICE)
    assert isinstance(secret, str)
    return secret


async def test_a_report_and_its_page(desk: CitizensDesk) -> None:
    photo = await desk.add_photo(jpeg(), DEVICE)
    assert isinstance(photo, str)
    secret = await sent(desk, photos=(photo,), name="Warga", phone="0812 3456 7890", words="depan musala")
    tracked = await desk.tracked(secret)
    assert tracked is not None
    assert (tracked.text, tracked.area, tracked.rt, tracked.rw) == ("Air selutut di gang", PLOSOKEREP.code, 2, 1)
    assert (tracked.stage, tracked.photos, tracked.place_words) == ("received", (photo,), "depan musala")
    assert await desk.photo(secret, photo, small=True)
    assert await desk.photo(secret, "0" * 64, small=True) is None


async def test_the_same_command_is_the_same_report_and_another_body_is_refused(desk: CitizensDesk) -> None:
    assert await sent(desk) == await sent(desk)
    assert await desk.receive(draft(text="Pohon tumbang"), DEVICE) == Refused(code="command_id_reused")


async def test_a_lying_file_and_a_full_disk(desk: CitizensDesk, world: World) -> None:
    assert await desk.add_photo(b"MZ", DEVICE) == Refused(code="not_a_photo")
    world.disk.full = True
    assert await desk.receive(draft(), DEVICE) == Refused(code="disk_full")
    assert await desk.add_photo(jpeg(), DEVICE) == Refused(code="disk_full")


async def test_to_the_end_and_not_solved_after_all(desk: CitizensDesk, world: World) -> None:
    secret = await sent(desk)
    report = world.ctx.secrets.report_of(secret)
    operator, opd, officer = account("operator"), account("opd-bpbd"), account("petugas-1")
    incident = (await world.done(operator, "incidents", report_id=report)).id
    task = (await world.done(operator, "tasks", incident_id=incident, agency="bpbd", what="Cek")).id
    await world.done(opd, "tasks", task, "assign", officer="petugas-1")
    stages = [await _stage(desk, secret)]
    for verb in ("accept", "depart", "arrive"):
        await world.done(officer, "tasks", task, verb)
    stages.append(await _stage(desk, secret))
    proof = await desk.add_photo(jpeg("#684"), DEVICE)
    await world.done(officer, "tasks", task, "finish", photos=[proof], note="surut")
    stages.append(await _stage(desk, secret))
    before = await desk.tracked(secret)
    assert before is not None and before.after_photos == (), "the officer's own word is not shown as the result"
    await world.done(opd, "tasks", task, "verify")
    stages.append(await _stage(desk, secret))
    assert stages == ["joined", "working", "checking", "asked"]
    asked = await desk.tracked(secret)
    assert asked is not None and asked.asks and asked.after_photos == (proof,)
    assert await desk.answer(secret, False, "masih ada genangan", "jawab-1-n") is None
    world.reacted = await world.reactions.catch_up(world.reacted)
    told = await desk.tracked(secret)
    assert told is not None
    assert [s.code for s in told.steps][-3:] == ["asked", "disputed", "reopened"]
    assert "petugas-1" not in str(told) and "operator" not in str(told)


async def _stage(desk: CitizensDesk, secret: str) -> str:
    tracked = await desk.tracked(secret)
    assert tracked is not None
    return tracked.stage


async def test_an_erased_report_keeps_its_steps_and_loses_its_words(desk: CitizensDesk, world: World) -> None:
    secret = await sent(desk)
    await world.ctx.journal.erase_subject(f"report/{world.ctx.secrets.report_of(secret)}")
    tracked = await desk.tracked(secret)
    assert tracked is not None and tracked.text == "" and [s.code for s in tracked.steps] == ["received"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: "", id="nothing"),
        pytest.param(lambda s: s[:-1], id="cut off"),
        pytest.param(lambda s: s[:-1] + ("a" if s[-1] != "a" else "b"), id="guessed"),
        pytest.param(lambda s: "é" + s, id="not ASCII"),
    ],
)
async def test_a_link_that_we_did_not_make_opens_nothing(desk: CitizensDesk, spoil: Callable[[str], str]) -> None:
    secret = spoil(await sent(desk))
    assert await desk.tracked(secret) is None
    assert await desk.photo(secret, "0" * 64, small=True) is None
    assert await desk.answer(secret, True, "", "command-x") == Refused(code="no_report")


async def test_the_public_picture_is_the_public_board_and_is_read_once_for_each_position(world: World) -> None:
    place = {"area": PLOSOKEREP.code, "lat": -8.1, "lon": 112.1, "outside": False}
    incident = {"id": "I", "state": "open", "category": "flood", "since": "2026-01-07T06:00:00Z", "place": place}
    area = {"id": PLOSOKEREP.code, "state": "confirmed", "since": "2026-01-07T06:00:00Z", "depth_cm": 45, "reports": 3}
    board = board_of(incidents=[incident | {"people": 4, "origin": "simulation"}], areas=[area])
    desk = CitizensDesk(world.ctx, board)  # type: ignore[arg-type]
    picture = await desk.picture()
    assert board.asked == ["public"]
    assert picture.cursor == "E-7"
    assert (picture.happenings[0].people, picture.happenings[0].origin) == (4, "simulation")
    assert (picture.waters[0].state, picture.waters[0].depth_cm) == ("confirmed", 45)
    assert await desk.picture() is picture
