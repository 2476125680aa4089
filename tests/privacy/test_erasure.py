"""Erased means: nowhere. Every table, every file, every memory is searched for what was said."""

from typing import Any

import msgspec
import psycopg
import pytest

from hadir.actions.erasure import erase
from hadir.compose.privacy import private
from hadir.settings import Settings
from hadir.storage.postgres.verify import verify_chain
from tests.actions.pictures import jpeg, scene
from tests.api.conftest import City, new_id
from tests.privacy.search import in_database, in_files
from tests.privacy.wait import until

#: how it may be written down; fewer digits stand in a timestamp now and then
NUMBER = (b"7766 5544", b"77665544")
WORDS, STREET, PHONE, NAME = "air selutut zebrazulu", "Gang Quokkaxray", "0812 7766 5544", "Xylotest Demo"


async def told(city: City) -> tuple[str, str, str]:
    """(report, photo, secret) of a report with everything in it that may have to go."""
    client = city.client(**{"x-hadir-device": "a-device-secret-0001"})
    photo = jpeg(scene(7))
    sent = await client.post("/api/v1/photos", content=photo, headers={"content-type": "image/jpeg"})
    assert sent.status_code == 201, sent.text
    body = {
        "command_id": new_id(),
        "text": WORDS,
        "place": {"lat": -8.1, "lon": 112.165, "how": "gps", "text": STREET},
        "photos": [sent.json()["photo_id"]],
        "contact": {"name": NAME, "phone": PHONE},
    }
    answer = await client.post("/api/v1/reports", json=body)
    assert answer.status_code == 201, answer.text
    got = answer.json()
    return got["id"], sent.json()["photo_id"], got["tracking_url"].rpartition("/")[2]


async def worked_on(city: City, report: str) -> str:
    """The report's incident, with the operator's look at the photo."""
    operator = city.who("operator")
    opened = await operator.post("/api/v1/incidents", json={"command_id": new_id(), "report_id": report})
    assert opened.status_code == 201, opened.text
    return opened.json()["id"]


async def gone(city: City, report: str) -> None:
    async def all_gone() -> bool:
        facts = await city.program.storage.journal.read_stream(f"report/{report}")
        bodies = await city.program.storage.journal.contents([f.content for f in facts if f.content])
        return any(f.event.kind == "contents.erased" for f in facts) and not any(bodies.values())

    await until(all_gone)
    position = await city.program.storage.journal.position()
    await until(lambda: _saved(city, position))


async def _saved(city: City, position: int) -> bool:
    return await city.program.storage.cursors.get("erasing") >= position


async def test_after_an_erasure_nothing_is_left_anywhere(kept: City, settings: Settings) -> None:
    report, photo, secret = await told(kept)
    incident = await worked_on(kept, report)
    operator = kept.who("operator")
    for size in ("thumb", "page"):
        assert (await operator.get(f"/api/v1/photos/{photo}?size={size}")).status_code == 200
    markers = [WORDS[-9:].encode(), b"Quokkaxray", NUMBER[0], b"Xylotest", photo.encode()]
    found = await in_database(settings.database_url, *markers)
    assert len({hit.rpartition(": ")[2] for hit in found}) == len(markers)
    markers.append(NUMBER[1])
    assert in_files(settings.home, photo.encode())

    await erase(private(kept.program.ctx, kept.program.storage), f"report/{report}", "office", new_id(), "test")
    await gone(kept, report)

    assert await in_database(settings.database_url, *markers) == []
    assert in_files(settings.home, *markers) == []
    board = (await operator.get("/api/v1/board")).content
    assert not [marker for marker in markers if marker in board]
    row = next(r for r in msgspec.json.decode(board)["board"]["reports"] if r["id"] == report)
    assert (row["text"], row["photos"], row["erased"], row["incident"]) == ("", [], "office", incident)
    assert (await operator.get(f"/api/v1/photos/{photo}")).status_code == 404
    timeline = (await operator.get(f"/api/v1/incidents/{incident}/timeline")).json()["items"]
    assert "contents.erased" in [item["kind"] for item in timeline]
    page = (await kept.client().get(f"/l/{secret}")).text
    assert page.count("dihapus") and WORDS not in page


async def test_the_rows_are_what_a_rebuild_makes_of_the_facts(kept: City) -> None:
    report, _, _ = await told(kept)
    await worked_on(kept, report)
    await erase(private(kept.program.ctx, kept.program.storage), f"report/{report}", "office", new_id(), "test")
    await gone(kept, report)
    assert await kept.program.board.compare() == []


async def test_the_chain_still_holds(kept: City, settings: Settings) -> None:
    report, _, _ = await told(kept)
    await erase(private(kept.program.ctx, kept.program.storage), f"report/{report}", "office", new_id(), "test")
    await gone(kept, report)
    async with await psycopg.AsyncConnection.connect(settings.database_url) as connection:
        verified = await verify_chain(connection)
    assert verified.whole, verified.reason


async def press(city: City, secret: str, verb: str, **more: Any) -> Any:
    report = city.program.storage.secrets.report_of(secret)
    body = {"command_id": new_id(), "secret": secret, **more}
    return await city.client().post(f"/api/v1/reports/{report}/{verb}", json=body)


async def test_who_asks_may_think_again_until_the_time_is_over(city: City) -> None:
    report, photo, secret = await told(city)
    assert (await press(city, secret, "erase")).status_code == 200
    assert (await press(city, secret, "erase")).json()["code"] == "erasure_asked_already"
    assert (await press(city, secret, "keep")).status_code == 200
    city.clock.advance(25 * 3600)
    await press(city, secret, "erase")
    assert await city.program.storage.blobs.get(photo)
    city.clock.advance(25 * 3600)
    await city.report("something else, so that the follower looks up")
    await gone(city, report)
    assert (await press(city, secret, "erase")).json()["code"] == "erased_already"


async def test_a_stranger_erases_nothing(city: City) -> None:
    report, _, _ = await told(city)
    for client in (city.client(), city.who("operator"), city.who("admin")):
        answer = await client.post(f"/api/v1/reports/{report}/erase", json={"command_id": new_id()})
        assert answer.status_code in (401, 403), answer.text


@pytest.mark.parametrize("text", ["air sedada zuluzebra", ""])
async def test_a_correction_leaves_nothing_of_what_was_said_before(city: City, text: str) -> None:
    report, photo, secret = await told(city)
    answer = await press(city, secret, "correct", text=text, contact={"phone": "081200000001"})
    assert answer.status_code == 200, answer.text
    await until(lambda: _saved(city, answer.json()["position"]))
    facts = await city.program.storage.journal.read_stream(f"report/{report}")
    bodies = await city.program.storage.journal.contents([f.content for f in facts if f.content])
    left = msgspec.json.encode([body for body in bodies.values() if body])
    assert WORDS.encode() not in left and not any(number in left for number in NUMBER) and NAME.encode() not in left
    assert text.encode() in left and photo.encode() in left and b"Quokkaxray" in left
    row = city.program.board.row("reports", report)
    assert (row.text, [p.id for p in row.photos], row.erased) == (text, [photo], None)
    assert await city.program.board.compare() == []
