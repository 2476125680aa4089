"""Open311 over HTTP: the whole surface, and every refusal in the standard's own shape."""

import asyncio
import io
import json
import zlib
from base64 import b64encode
from typing import Any

import httpx
import pytest
from PIL import Image

from hadir.domain.people import OPEN_REPORT
from hadir.standards.open311 import model as m
from hadir.standards.open311.form import from_xml, many_from_json, many_from_xml
from hadir.views.requests import OpenReport
from tests.api.conftest import City, new_id
from tests.world import CITY

BASE = "/open311/v2"
FORM = {"service_code": "flood", "lat": "-8.1001", "long": "112.1651", "description": "Air masuk rumah"}


def key(city: City, account: str = "open311-test") -> str:
    return city.program.storage.secrets.token(account, city.clock.now(), 1)


async def file(city: City, form: str = "json", **fields: Any) -> httpx.Response:
    data = {name: value for name, value in (FORM | {"api_key": key(city)} | fields).items() if value is not None}
    return await city.client().post(f"{BASE}/requests.{form}", data=data)


async def filed(city: City, **fields: Any) -> str:
    answer = await file(city, **fields)
    assert answer.status_code == 201, answer.text
    return answer.json()[0]["service_request_id"]


async def seen(city: City, **fields: Any) -> str:
    """Filed, and on the board."""
    id = await filed(city, **fields)
    await city.program.board.wait(await city.program.storage.journal.position(), 5)
    return id


async def requests(city: City, **params: Any) -> list[m.Request]:
    await city.program.board.wait(await city.program.storage.journal.position(), 30)
    answer = await city.client().get(f"{BASE}/requests.json", params=params)
    assert answer.status_code == 200, answer.text
    return many_from_json(answer.content, m.Request)


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 64), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_discovery_says_the_same_in_both_forms(city: City) -> None:
    plain = await city.client().get("/open311/discovery.json")
    marked = await city.client().get("/open311/discovery.xml")
    assert marked.headers["content-type"] == "text/xml; charset=utf-8"
    assert plain.headers["content-type"] == "application/json; charset=utf-8"
    read = from_xml(marked.content, m.Discovery)
    assert json.loads(plain.content)["endpoints"][0]["url"] == read.endpoints[0].url == f"{city.url}{BASE}"
    assert (read.endpoints[0].specification, read.endpoints[0].type) == (m.SPECIFICATION, "test")


async def test_services_are_the_packs_categories_in_the_callers_language(city: City) -> None:
    services = many_from_json((await city.client().get(f"{BASE}/services.json")).content, m.Service)
    assert [s.service_code for s in services] == [c.code for c in CITY.categories]
    english = await city.client(**{"accept-language": "en"}).get(f"{BASE}/services.xml")
    assert many_from_xml(english.content, m.Service)[0].service_name == CITY.categories[0].name.en


async def test_a_flood_asks_how_deep(city: City) -> None:
    answer = await city.client().get(f"{BASE}/services/flood.xml")
    told, asked = from_xml(answer.content, m.ServiceDefinition).attributes
    assert (told.variable, asked.variable, asked.code) == (False, True, "depth")
    flooded = await filed(city, **{"attribute[depth]": "waist"})
    await city.program.board.wait(1, 5)
    row = city.program.board.row("reports", flooded)
    assert row.depth_cm == 90, "the answer is judged like words"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/services/nothing.xml", 404),
        ("/services.xml?jurisdiction_id=elsewhere", 404),
        ("/requests/01ARZ3NDEKTSV4RRFFQ69G5FAV.xml", 404),
        ("/requests/%2e%2e%2fetc.xml", 404),
        ("/tokens/01ARZ3NDEKTSV4RRFFQ69G5FAV.xml", 404),
        ("/requests.xml?service_code=nothing", 404),
        ("/requests.xml?start_date=today", 400),
        ("/requests.xml?status=%ff", 400),
        ("/nothing.xml", 404),
        ("/servicerequestupdates.xml", 403),
    ],
)
async def test_every_refusal_is_a_list_of_errors(city: City, path: str, status: int) -> None:
    marked = await city.client().get(BASE + path)
    assert marked.status_code == status
    errors = many_from_xml(marked.content, m.Error)
    assert {e.code for e in errors} == {status} and all(e.description for e in errors)
    plain = await city.client().get(BASE + path.replace(".xml", ".json"))
    assert [e.code for e in many_from_json(plain.content, m.Error)] == [e.code for e in errors]


async def test_what_the_front_refuses_has_that_shape_too(city: City) -> None:
    foreign = await city.client(host="evil.example").get(f"{BASE}/requests.xml")
    assert [e.code for e in many_from_xml(foreign.content, m.Error)] == [foreign.status_code] == [421]
    wrong = await city.client().put(f"{BASE}/requests.json")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, POST")
    assert wrong.json()[0]["code"] == 405
    assert (await city.client().head(f"{BASE}/requests.json")).status_code == 200


async def test_without_an_extension_accept_decides(city: City) -> None:
    for accept, kind in (("application/json", "application/json"), ("text/xml", "text/xml"), ("*/*", "text/xml")):
        answer = await city.client(accept=accept).get(f"{BASE}/requests")
        assert answer.headers["content-type"].startswith(kind)


# ── sending in ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_a_request_is_a_report_and_can_be_asked_for_at_once(city: City, form: str) -> None:
    answer = await file(city, form, first_name="Uji", phone="0800 0000 0000", account_id="a-1")
    assert answer.status_code == 201
    created = (many_from_xml if form == "xml" else many_from_json)(answer.content, m.Created)
    id = created[0].service_request_id
    assert created[0].account_id == "a-1"
    answer = await city.client().get(f"{BASE}/requests/{id}.{form}")
    (request,) = (many_from_xml if form == "xml" else many_from_json)(answer.content, m.Request)
    assert (request.status, request.service_code, request.description) == ("open", "flood", "Air masuk rumah")
    assert (request.lat, request.long) == (-8.1001, 112.1651)
    assert (request.expected_datetime, request.media_url) == (None, None)
    token = await city.client().get(f"{BASE}/tokens/{id}.{form}")
    assert str(id) in token.text
    row = city.program.board.row("reports", str(id))
    assert row.channel == "open311"
    facts = await city.program.storage.journal.read(0, 10)
    assert facts[0].actor == "open311-test"


@pytest.mark.parametrize(
    ("fields", "status", "count"),
    [
        ({"api_key": None}, 403, 1),
        ({"api_key": "hadir.open311-test.9999999999.00"}, 403, 1),
        ({"api_key": "x.y"}, 403, 1),
        ({"service_code": None, "lat": None}, 400, 2),
        ({"service_code": "nothing"}, 404, 1),
        ({"lat": None, "long": None}, 400, 1),
        ({"lat": None, "long": None, "address_id": "nowhere"}, 400, 1),
        ({"attribute[depth]": "deep"}, 400, 1),
        ({"jurisdiction_id": "elsewhere"}, 404, 1),
        ({"description": "x" * 4001}, 400, 1),
        ({"media_url": "http://127.0.0.1/x.jpg"}, 400, 1),
        ({"media_url": "https://10.0.0.1/x.jpg"}, 400, 1),
        ({"media_url": "data:image/png;base64,###"}, 400, 1),
        ({"media_url": "data:image/png;base64,AAAA"}, 400, 1),
    ],
)
async def test_what_is_refused_is_refused_as_the_standard_says(
    city: City, fields: dict[str, Any], status: int, count: int
) -> None:
    answer = await file(city, "xml", **fields)
    assert answer.status_code == status
    assert len(many_from_xml(answer.content, m.Error)) == count
    assert await city.program.storage.journal.position() == 0


async def test_only_an_integrators_key_is_a_key(city: City) -> None:
    for account in ("operator", "petugas-1", "admin"):
        assert (await file(city, api_key=key(city, account))).status_code == 403


async def test_sent_again_with_its_key_it_happens_once(city: City) -> None:
    data = FORM | {"api_key": key(city)}
    client = city.client(**{"idempotency-key": "the same thing, again"})
    answers = await asyncio.gather(*(client.post(f"{BASE}/requests.json", data=data) for _ in range(5)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    kinds = [fact.event.kind for fact in await city.program.storage.journal.read(0, 99)]
    assert kinds.count("report.received") == 1
    other = await client.post(f"{BASE}/requests.json", data=data | {"description": "anders"})
    assert (other.status_code, other.json()[0]["code"]) == (409, 409)


@pytest.mark.parametrize("where", [{"address_string": "Jl. Merdeka 1, RT 2 RW 1"}, {"address_id": CITY.areas[0].code}])
async def test_places_without_a_point(city: City, where: dict[str, str]) -> None:
    id = await filed(city, lat=None, long=None, **where)
    (request,) = await requests(city, service_request_id=id)
    assert request.lat is None
    assert request.address_id == where.get("address_id", request.address_id)
    assert request.address


async def test_without_words_it_says_what_the_service_is(city: City) -> None:
    id = await filed(city, description=None)
    (request,) = await requests(city, service_request_id=id)
    assert request.description == "Banjir"


async def test_media_come_as_files_and_as_data(city: City) -> None:
    form = FORM | {"api_key": key(city), "media_url": "data:image/jpeg;base64," + b64encode(picture()).decode()}
    files = {"media": ("a.jpg", picture(), "image/jpeg"), "photo1": ("b.jpg", picture(), "image/jpeg")}
    answer = await city.client().post(f"{BASE}/requests.json", data=form, files=files)
    assert answer.status_code == 201, answer.text
    (request,) = await requests(city)
    assert len(city.program.board.row("reports", request.service_request_id).photos) == 3
    assert request.media_url is None, "nobody has looked at the faces in it"


async def test_xml_that_is_sent_in_is_a_request_too(city: City) -> None:
    """No public client posts XML: by the text."""
    body = (
        f"<request><api_key>{key(city)}</api_key><service_code>flood</service_code>"
        "<lat>-8.1</lat><long>112.16</long></request>"
    )
    client = city.client(**{"content-type": "text/xml; charset=utf-8"})
    assert (await client.post(f"{BASE}/requests.xml", content=body)).status_code == 201
    bomb = '<!DOCTYPE r [<!ENTITY a "b">]><request>&a;</request>'
    refused = await client.post(f"{BASE}/requests.xml", content=bomb)
    assert (refused.status_code, many_from_xml(refused.content, m.Error)[0].code) == (400, 400)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"a=" + b"x" * 200_000, "application/x-www-form-urlencoded", 413),
        (b"service_code=%ff", "application/x-www-form-urlencoded", 400),
        (b"service_code=\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(500)), "application/x-www-form-urlencoded", 400),
        (b"service_code=x", "application/x-www-form-urlencoded; charset=utf-16", 415),
        (b"{}", "application/json", 415),
        (b"<a>" * 40_000, "text/xml", 400),
        (b"nothing of that kind", "multipart/form-data; boundary=x", 400),
        (b"", "multipart/form-data", 400),
        (
            b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            400,
        ),
        (zlib.compress(b"service_code=flood"), "application/x-www-form-urlencoded", 400),
        (b"", "", 403),
    ],
)
async def test_hostile_bodies(city: City, content: bytes, kind: str, status: int) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = await city.client(**headers).post(f"{BASE}/requests.json", content=content)
    assert answer.status_code == status, answer.text
    assert {e.code for e in many_from_json(answer.content, m.Error)} == {status}
    assert await city.program.storage.journal.position() == 0


async def test_each_key_has_its_own_limit(city: City) -> None:
    city.program.doors.throttle._api_key._left["open311-test"] = (0.0, city.clock.monotonic())
    answer = await file(city)
    assert (answer.status_code, answer.json()[0]["code"]) == (429, 429)
    assert int(answer.headers["retry-after"]) >= 1
    assert (await file(city, api_key=key(city, "replay"))).status_code == 201


# ── what leaves ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_more_is_read_of_a_report_than_the_table_allows() -> None:
    assert set(OpenReport.__struct_fields__) - {"sensitive"} == OPEN_REPORT


async def test_what_is_sensitive_or_not_public_is_not_there(city: City) -> None:
    hidden = [c.code for c in CITY.categories if c.sensitive or not c.public][:4]
    ids = [await filed(city, service_code=code) for code in hidden]
    secret = (await city.report("Banjir di rumah saya", secret=True))["id"]
    shown = await filed(city)
    assert [r.service_request_id for r in await requests(city)] == [shown]
    assert await requests(city, service_request_id=",".join([*ids, secret])) == []
    for id in (*ids, secret):
        assert (await city.client().get(f"{BASE}/requests/{id}.json")).status_code == 404
    assert await requests(city, service_code=hidden[0]) == []


async def test_words_are_masked_and_contacts_stay(city: City) -> None:
    await filed(city, description="Hubungi 0812 3456 7890", email="saya@example.com", last_name="Rahasia")
    text = (await city.client().get(f"{BASE}/requests.json?extensions=true")).text
    assert "0812" not in text and "example.com" not in text and "Rahasia" not in text


async def test_a_blurred_point_cannot_be_found_by_rectangles(city: City) -> None:
    blurred = next(c.code for c in CITY.categories if c.blur_m and c.public and not c.sensitive)
    await filed(city, service_code=blurred, address_string="rumah cat hijau")
    (request,) = await requests(city)
    assert request.lat is not None and request.long is not None
    assert (request.lat, request.long) != (-8.1001, 112.1651)
    assert "hijau" not in (request.address or "")
    about = f"{request.long - 1e-5},{request.lat - 1e-5},{request.long + 1e-5},{request.lat + 1e-5}"
    assert len(await requests(city, bbox=about)) == 1
    assert await requests(city, bbox="112.16509,-8.10011,112.16511,-8.10009") == []


async def test_a_point_on_the_other_side_of_the_earth_is_taken_marked_and_on_no_map(city: City) -> None:
    """As at the citizens' door: nobody's flood is turned away, and it is none of this city's."""
    far = {"lat": "51.5", "long": "-0.12", "description": "Banjir di Plosokerep"}
    id = await filed(city, **far)
    by_citizen = (await city.report("Banjir di Plosokerep", place={"lat": 51.5, "lon": -0.12, "how": "gps"}))["id"]
    (shown,) = await requests(city, service_request_id=id)
    neighbour = CITY.agency_by_code[CITY.outside_agency].name.id
    assert (shown.address_id, shown.address) == (None, None)
    assert shown.service_notice is not None and neighbour in shown.service_notice
    rows = [city.program.board.row("reports", each) for each in (id, by_citizen)]
    assert [(row.place.area, row.place.outside) for row in rows] == [(None, True)] * 2
    assert all(area.state == "no_news" for area in city.program.board.picture.areas.values())
    while await city.program.book.step():
        pass
    file = (await city.client().get("/data/laporan.geojson")).json()
    assert [feature["geometry"] for feature in file["features"]] == [None, None]
    for door in (
        "/peta",
        "/peta?days=0",
        "/peta?days=0&zoom=6",
        "/peta?lat=51.5&lon=-0.12&zoom=6",
        "/data/laporan.atom",
    ):
        answer = await city.client().get(door)
        assert answer.status_code == 200 and "51.5" not in answer.text.replace("lat=51.5", ""), door


async def test_a_key_that_names_nobody_confirms_no_flood_however_much_it_sends(city: City) -> None:
    async def state() -> str:
        await city.program.board.wait(await city.program.storage.journal.position(), 5)
        return city.program.board.row("areas", area).state

    area = city.program.board.row("reports", await seen(city, **{"attribute[depth]": "chest"})).place.area
    photo = f"data:image/jpeg;base64,{b64encode(picture()).decode()}"
    for n in range(5):
        await filed(city, media_url=photo, **{"attribute[depth]": "chest"}, description=f"Air sedada di gang {n}")
    assert await state() == "suspected"
    await filed(city, device_id="phone-1", **{"attribute[depth]": "chest"})
    assert await state() == "suspected", "that may be who sent the ones before"
    for n in (2, 3):
        await filed(city, device_id=f"phone-{n}")
    assert await state() == "confirmed"


async def test_filters_pages_and_what_changed(city: City) -> None:
    ids = []
    for code in ("flood", "tree_fallen" if "tree_fallen" in CITY.category_by_code else "garbage", "flood"):
        ids.append(await filed(city, service_code=code))
        city.clock.advance(60)
    middle, newest = ids[1], ids[2]
    assert [r.service_request_id for r in await requests(city)] == ids[::-1], "the newest first"
    assert [r.service_request_id for r in await requests(city, page=2, page_size=1)] == [middle]
    assert [r.service_request_id for r in await requests(city, service_code="flood,levee")] == [newest, ids[0]]
    assert [r.service_request_id for r in await requests(city, service_request_id=f"{ids[0]},x", page=9)] == [ids[0]]
    since = (await requests(city))[0].requested_datetime.isoformat()
    assert [r.service_request_id for r in await requests(city, start_date=since)] == [newest]
    assert await requests(city, bbox="0,0,1,1") == []
    before = city.clock.now().isoformat()
    city.clock.advance(60)
    press = {"command_id": new_id(), "disposition": "information", "reason": "Sudah dijawab"}
    answer = await city.who("operator").post(f"/api/v1/reports/{middle}/dismiss", json=press)
    assert answer.status_code == 200, answer.text
    (closed,) = await requests(city, status="closed")
    assert (closed.service_request_id, closed.status) == (middle, "closed")
    assert closed.updated_datetime > closed.requested_datetime
    assert len(await requests(city, status="open")) == 2
    assert [r.service_request_id for r in await requests(city, updated_after=before)] == [middle]
    assert middle not in [r.service_request_id for r in await requests(city, updated_before=before)]


async def test_a_sign_that_shows_nothing_breaks_no_list(city: City) -> None:
    """PostgreSQL keeps a NUL in a JSON, and fails whatever looks into that column from then on."""
    id = await filed(city, description="Air\0 naik \\\\u0000", first_name="Con\0toh", address_string="Jl. Sum\0ba")
    (row,) = [r for r in await requests(city, updated_after="2020-01-01T00:00:00Z") if r.service_request_id == id]
    assert (row.description or "").startswith("Air naik \\\\u0000")


async def test_extensions_only_for_who_asks(city: City) -> None:
    id = await filed(city)
    plain = await city.client().get(f"{BASE}/requests/{id}.json")
    assert "extended_attributes" not in plain.json()[0] and "notes" not in plain.json()[0]
    (more,) = await requests(city, extensions="true")
    assert isinstance(more.extended_attributes, m.Extended) and more.extended_attributes.channel == "open311"
    assert isinstance(more.notes, tuple) and more.notes[0].type == "received"
