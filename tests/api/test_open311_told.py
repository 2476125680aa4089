"""What Open311 tells of a request over time, the photos it shows, and the reporter's word."""

import asyncio
import io

import pytest
from PIL import Image

from hadir.actions.covering import PAINT
from hadir.standards.open311 import model as m
from hadir.standards.open311.form import many_from_json, many_from_xml
from tests.api.conftest import City, new_id
from tests.api.test_open311 import BASE, FORM, filed, key, picture, requests
from tests.privacy.test_covering import BOX, near

UPDATES = f"{BASE}/servicerequestupdates"

# ── photos ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def photographed(city: City, **fields: str) -> tuple[str, str]:
    """(report, photo)"""
    form = FORM | {"api_key": key(city)} | fields
    answer = await city.client().post(f"{BASE}/requests.json", data=form, files={"media": ("a.jpg", picture())})
    (request,) = await requests(city, service_request_id=answer.json()[0]["service_request_id"])
    return request.service_request_id, city.program.board.row("reports", request.service_request_id).photos[0].id


async def cover(city: City, report: str, photo: str, *, public: bool = True) -> int:
    body = {"command_id": new_id(), "photo": photo, "boxes": [BOX], "public": public}
    answer = await city.who("operator").post(f"/api/v1/reports/{report}/cover", json=body)
    await city.program.board.wait(await city.program.storage.journal.position(), 30)
    return answer.status_code


async def test_only_a_covered_copy_leaves_and_at_an_address_that_stays(city: City) -> None:
    report, photo = await photographed(city)
    address = f"{BASE}/media/{report}/{photo}.jpg"
    assert (await city.client().get(address)).status_code == 404, "nobody has looked at it"
    assert await cover(city, report, photo) == 200
    (request,) = await requests(city, extensions="true")
    assert request.media_url == f"{city.url}{address}"
    assert isinstance(request.extended_attributes, m.Extended)
    assert [each.media_url for each in request.extended_attributes.photos] == [request.media_url]
    marked = await city.client().get(f"{BASE}/requests/{report}.xml?extensions=true")
    (read,) = many_from_xml(marked.content, m.Request)
    assert (read.media_url, read.extended_attributes) == (request.media_url, request.extended_attributes)

    answer = await city.client().get(address)
    assert (answer.headers["content-type"], answer.headers["access-control-allow-origin"]) == ("image/jpeg", "*")
    with Image.open(io.BytesIO(answer.content)) as seen:
        assert near(seen.getpixel((seen.width // 2, seen.height // 2)), PAINT)
    assert (await city.client().head(address)).status_code == 200
    assert (await city.client().post(address)).status_code == 405

    assert await cover(city, report, photo, public=False) == 200
    assert (await requests(city))[0].media_url is None
    assert (await city.client().get(address)).status_code == 404


async def test_a_photo_is_shown_by_its_own_report_only(city: City) -> None:
    report, photo = await photographed(city)
    other = await filed(city)
    assert await cover(city, report, photo) == 200
    for path in (f"{other}/{photo}.jpg", f"{report}/{'0' * 64}.jpg", f"{report}/{photo}", f"..%2f/{photo}.jpg"):
        assert (await city.client().get(f"{BASE}/media/{path}")).status_code == 404


async def test_what_becomes_a_kind_that_is_not_public_takes_its_photos_along(city: City) -> None:
    report, photo = await photographed(city)
    assert await cover(city, report, photo) == 200
    kind = next(c.code for c in city.program.ctx.city.categories if not c.public)
    body = {"command_id": new_id(), "category": kind}
    answer = await city.who("operator").post(f"/api/v1/reports/{report}/recategorise", json=body)
    assert answer.status_code == 200, answer.text
    await city.program.board.wait(await city.program.storage.journal.position(), 30)
    assert (await city.client().get(f"{BASE}/media/{report}/{photo}.jpg")).status_code == 404


async def test_an_address_elsewhere_is_shown_to_who_judges_and_to_nobody_else(city: City) -> None:
    """93.184.215.14 is public, so no name is looked up; and nobody goes there."""
    address = "https://93.184.215.14/banjir.jpg?n=1"
    report = await filed(city, media_url=address)
    path = f"/api/v1/reports/{report}/media"
    assert (await city.who("operator").get(path)).json() == {"media": [address]}
    assert (await city.client().get(path)).status_code == 401
    assert (await city.who("petugas-1").get(path)).status_code == 403
    assert (await city.who("operator").get("/api/v1/reports/01ARZ3NDEKTSV4RRFFQ69G5FAV/media")).status_code == 404
    (request,) = await requests(city, extensions="true")
    assert (request.media_url, "93.184" in str(request)) == (None, False)


# ── updates ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def solved(city: City, id: str) -> None:
    """The operator makes an incident of it and says that it is solved; the reporter is asked by rule."""
    operator = city.who("operator")
    incident = (await operator.post("/api/v1/incidents", json={"command_id": new_id(), "report_id": id})).json()
    press = {"command_id": new_id(), "reason": "Sudah surut"}
    await operator.post(f"/api/v1/incidents/{incident['id']}/resolve", json=press)
    async with asyncio.timeout(30):
        while (await requests(city, service_request_id=id))[0].status != "closed":
            await asyncio.sleep(0.01)


def word(city: City, id: str, update_id: str, status: str, **more: str) -> dict[str, str]:
    at = city.clock.now().isoformat()
    return {
        "api_key": key(city),
        "service_request_id": id,
        "update_id": update_id,
        "status": status,
        "updated_datetime": at,
        "description": "Masih tergenang",
    } | more


async def test_what_changed_and_the_reporters_word_on_it(city: City) -> None:
    id = await filed(city)
    client, updates = city.client(), f"{BASE}/servicerequestupdates.json"
    assert (await client.get(updates)).status_code == 403
    assert (await client.get(updates, params={"api_key": key(city)})).json() == []
    await solved(city, id)
    told = many_from_json((await client.get(updates, params={"api_key": key(city)})).content, m.Update)
    assert [(each.service_request_id, each.status) for each in told] == [(id, "INVESTIGATING"), (id, "FIXED")]
    half = await client.get(updates, params={"api_key": key(city), "start_date": "2025-01-01"})
    assert half.status_code == 400

    answer = await client.post(updates, data=word(city, id, "u1", "OPEN"))
    assert (answer.status_code, answer.json()) == (200, [{"update_id": "u1"}])
    again = await client.post(updates, data=word(city, id, "u1", "OPEN"))
    assert again.status_code == 400
    (request,) = await requests(city, service_request_id=id)
    assert request.status == "open"


async def test_only_the_key_that_filed_speaks_for_the_reporter(city: City) -> None:
    id = await filed(city)
    await solved(city, id)
    updates = f"{BASE}/servicerequestupdates.xml"
    for each, status in (
        (word(city, id, "u1", "FIXED", api_key=key(city, "replay")), 404),
        (word(city, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "u2", "FIXED"), 404),
        (word(city, id, "u3", "IN_PROGRESS"), 400),
        (word(city, id, "u4", "DONE"), 400),
        (word(city, id, "", "FIXED"), 400),
    ):
        answer = await city.client().post(updates, data=each)
        assert (answer.status_code, many_from_xml(answer.content, m.Error)[0].code) == (status, status)


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_the_whole_history_is_told_in_pages_and_nobodys_words(city: City, form: str) -> None:
    id = await filed(city, description="Rahasia Contohwati")
    await solved(city, id)
    await city.client().post(f"{UPDATES}.json", data=word(city, id, "u1", "OPEN"))
    await city.program.board.wait(await city.program.storage.journal.position(), 30)
    read = many_from_xml if form == "xml" else many_from_json
    pages = []
    for page in range(1, 5):
        params = {"api_key": key(city), "page": page, "page_size": 2}
        answer = await city.client().get(f"{UPDATES}.{form}", params=params)
        assert "Contohwati" not in answer.text and "tergenang" not in answer.text and "surut" not in answer.text
        pages.append([update.status for update in read(answer.content, m.Update)])
    assert pages == [["INVESTIGATING", "FIXED"], ["REOPEN"], [], []]
    one = await city.client().get(f"{BASE}/requests/{id}.{form}?extensions=true")
    (request,) = read(one.content, m.Request)
    assert isinstance(request.notes, tuple)
    assert [note.type for note in request.notes] == ["received", "joined", "asked", "disputed"]
    assert [note.datetime for note in request.notes] == sorted(note.datetime for note in request.notes)
    assert request.notes[-1].description == request.status_notes


async def test_a_change_has_one_id_and_a_time_finds_it(city: City) -> None:
    id = await filed(city)
    city.clock.advance(60)
    await solved(city, id)
    params = {"api_key": key(city), "start_date": "2020-01-01T00:00:00Z", "end_date": "2020-02-01T00:00:00Z"}
    assert (await city.client().get(f"{UPDATES}.json", params=params)).json() == []
    first, second = [(await city.client().get(f"{UPDATES}.json?api_key={key(city)}")).json() for _ in range(2)]
    assert first == second
    assert len({update["update_id"] for update in first}) == len(first) == 2
