"""One shape for every refusal, whoever makes it: {type, title, status, code, detail}, in the caller's language."""

import asyncio
import gzip

import httpx
import pytest

from tests.api.conftest import City, new_id, running

JSON = {"content-type": "application/json"}
PLACE = {"lat": -8.1, "lon": 112.165}


def checked(answer: httpx.Response, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert {"type", "title", "status", "code", "detail"} <= problem.keys()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"].endswith((".", "?", "!")), "a sentence"
    assert "problem." not in problem["detail"] and "refusal." not in problem["detail"], "its words are missing"
    return problem


WALK = [
    # (method, path, headers, body, status, code)
    ("GET", "/nowhere", {}, b"", 404, "not_found"),
    ("GET", "/api/v1/nowhere", {}, b"", 404, "not_found"),
    ("POST", "/api/v1/reports/x/nonsense", JSON, b"{}", 404, "not_found"),
    ("DELETE", "/api/v1/board", {}, b"", 405, "method_not_allowed"),
    ("GET", "/api/v1/reports/x/claim", {}, b"", 405, "method_not_allowed"),
    ("PUT", "/healthz", {}, b"", 405, "method_not_allowed"),
    ("POST", "/api/v1/reports", JSON, b"", 400, "bad_json"),
    ("POST", "/api/v1/reports", JSON, b"{", 400, "bad_json"),
    ("POST", "/api/v1/reports", JSON, b"[" * 60_000, 422, "invalid_body"),
    ("POST", "/api/v1/reports", JSON, b'{"a":' + b"[" * 60_000, 400, "bad_json"),
    ("POST", "/api/v1/reports", JSON, b'\xff\xfe{\x00"\x00', 400, "not_utf8"),
    ("POST", "/api/v1/reports", JSON, b'{"command_id":"abcdefgh","text":"caf\xe9"}', 400, "not_utf8"),
    ("POST", "/api/v1/reports", JSON, b'{"command_id":"abcdefgh","text":"\\ud800"}', 400, "bad_json"),
    ("POST", "/api/v1/reports", JSON, b"[]", 422, "invalid_body"),
    ("POST", "/api/v1/reports", {"content-type": "text/plain"}, b"{}", 415, "unsupported_media"),
    ("POST", "/api/v1/reports", {"content-type": "application/json; charset=utf-16"}, b"{}", 415, "unsupported_media"),
    ("POST", "/api/v1/reports", JSON, b'{"text":"' + b"x" * 70_000 + b'"}', 413, "body_too_large"),
    ("POST", "/api/v1/photos", JSON, b"{}", 415, "unsupported_image"),
    ("POST", "/api/v1/photos", {"content-type": "image/jpeg"}, b"not a photo", 422, "not_a_photo"),
    ("POST", "/api/v1/photos", {"content-type": "image/jpeg"}, b"x" * (16 * 1024 * 1024 + 1), 413, "body_too_large"),
    ("GET", "/api/v1/photos/" + "a" * 64, {}, b"", 404, "no_such_thing"),
    ("GET", "/api/v1/photos/..%2f..%2fsecret", {}, b"", 404, "not_found"),
    ("GET", "/api/v1/board?things=reports,people", {}, b"", 400, "bad_query"),
    ("GET", "/api/v1/board?after=soon", {}, b"", 400, "bad_query"),
    ("GET", "/api/v1/me", {}, b"", 401, "sign_in"),
    ("GET", "/api/v1/me", {"authorization": "Bearer hadir.operator.99999999999.nonsense"}, b"", 401, "bad_token"),
    ("GET", "/api/v1/me", {"cookie": "hadir_session=long-over"}, b"", 401, "session_over"),
    ("GET", "/api/v1/board", {"cookie": "hadir_session=long-over"}, b"", 401, "session_over"),
    ("GET", "/api/v1/live", {"cookie": "hadir_session=long-over"}, b"", 401, "session_over"),
    ("POST", "/api/v1/incidents", JSON, b'{"command_id":"abcdefgh"}', 401, "sign_in"),
    ("GET", "/healthz", {"host": "hadir.example.org"}, b"", 421, "unknown_host"),
    ("POST", "/api/v1/reports", JSON | {"origin": "https://evil.example"}, b"{}", 403, "foreign_origin"),
    ("POST", "/api/v1/reports", JSON | {"sec-fetch-site": "cross-site"}, b"{}", 403, "foreign_origin"),
    ("GET", "/assets/..%2f..%2fsettings.py", {}, b"", 404, "not_found"),
    ("GET", "/assets/.hidden", {}, b"", 404, "not_found"),
]


@pytest.mark.parametrize("lang", ["id", "en"])
async def test_every_refusal_has_the_one_shape(city: City, lang: str):
    client = city.client(**{"accept-language": lang})
    for method, path, headers, body, status, code in WALK:
        problem = checked(await client.request(method, path, headers=headers, content=body), status, code)
        assert isinstance(problem["title"], str) and problem["title"]
    told = await client.get("/nowhere")
    assert told.headers["content-language"] == lang
    assert ("Tidak ada" in told.json()["detail"]) == (lang == "id")


async def test_rules_refuse_in_the_same_shape(city: City, command):
    operator = city.who("operator")
    checked(await operator.post("/api/v1/reports/01NOSUCHREPORT/claim", json=command()), 404, "no_report")
    checked(await operator.post("/api/v1/areas/35.72.01.1001/end", json=command()), 409, "wrong_state")
    citizen = city.client()
    checked(await citizen.post("/api/v1/areas/35.72.01.1001/declare", json=command()), 401, "sign_in")
    auditor = city.who("auditor")
    checked(await auditor.post("/api/v1/areas/35.72.01.1001/declare", json=command()), 403, "not_your_role")


async def test_unavailable_and_full_and_broken_are_told_apart(city: City, command, monkeypatch):
    from hadir.ports.journal import DiskFull, Unavailable

    client = city.client()
    body = command(text="Air", place=PLACE)
    journal = city.program.storage.journal
    failures = ((Unavailable, 503, "unavailable"), (DiskFull, 503, "disk_full"), (KeyError, 500, "internal"))
    for error, status, code in failures:

        async def fail(_append, error=error):
            raise error

        monkeypatch.setattr(journal, "append", fail)
        answer = await client.post("/api/v1/reports", json=body)
        checked(answer, status, code)
        assert ("retry-after" in answer.headers) == (status == 503)
    monkeypatch.undo()
    assert (await client.post("/api/v1/reports", json=body)).status_code == 201


async def test_fields_are_named(city: City):
    cases = [
        ({"command_id": "abcdefgh", "text": "x" * 4001}, "text", "too_long"),
        ({"command_id": "abcdefgh", "text": 5}, "text", "wrong_type"),
        ({"command_id": "abcdefgh", "text": "x", "place": {"lat": 91.0, "lon": 1}}, "place.lat", "too_big"),
        ({"command_id": "abcdefgh", "text": "x", "place": {"lat": 1, "lon": -181}}, "place.lon", "too_small"),
        ({"command_id": "abcdefgh", "text": "x", "place": {"lat": "north"}}, "place.lat", "wrong_type"),
        ({"command_id": "abcdefgh", "text": "x", "photos": ["nothing"]}, "photos[0]", "pattern"),
        ({"text": "x"}, "command_id", "missing"),
        ({"command_id": "short", "text": "x"}, "command_id", "too_short"),
    ]
    client = city.client()
    for body, field, code in cases:
        problem = checked(await client.post("/api/v1/reports", json=body), 422, "invalid_body")
        assert [(f["field"], f["code"]) for f in problem["fields"]] == [(field, code)], problem
        assert field.split("[")[0] in problem["detail"]
        assert "{" not in problem["fields"][0]["detail"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_what_is_no_number_is_named_not_malformed(city: City, number: str):
    body = f'{{"command_id":"abcdefgh","text":"x","place":{{"lat":{number},"lon":{number}}}}}'
    problem = checked(await city.client().post("/api/v1/reports", content=body, headers=JSON), 422, "invalid_body")
    assert problem["fields"][0]["field"] == "place.lat"
    assert problem["fields"][0]["code"] == "not_a_number"


async def test_a_byte_order_mark_and_unknown_fields_are_no_reason_to_refuse(city: City):
    body = '\ufeff{"command_id":"abcdefgh","text":"<b>\'; drop table report;--</b>","later":{"field":[1]}}'
    answer = await city.client().post("/api/v1/reports", content=body.encode(), headers=JSON)
    assert answer.status_code == 201, answer.text


async def test_a_person_who_goes_astray_gets_a_page(city: City):
    answer = await city.client(accept="text/html,*/*").get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert ">Tidak ada apa-apa di alamat ini.</h1>" in answer.text
    assert 'href="/">Buat laporan</a>' in answer.text and "/masuk" not in answer.text


async def test_who_may_not_see_a_face_is_told_how_to_come_in(city: City):
    client = await city.browser("petugas-1")
    answer = await client.get("/pusat", headers={"accept": "text/html,*/*"})
    assert answer.status_code == 403
    assert 'href="/masuk">Masuk petugas</a>' in answer.text


async def test_every_answer_carries_the_same_protection(city: City):
    client = city.client()
    for path in ("/", "/api/v1/board", "/nowhere", "/healthz", "/api/docs", "/assets/none.js"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, path
        assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/masuk",
        "/peta",
        "/angka",
        "/data/laporan.csv",
        "/nowhere",
        "/metrics",
        "/api/docs",
        "/api/docs.js",
        "/sw.js",
    ],
)
async def test_a_text_says_once_that_it_is_utf_8(city: City, path: str):
    answer = await city.who("operator").get(path, headers={"accept": "text/html,*/*"})
    kind = answer.headers["content-type"]
    assert answer.status_code in (200, 404) and kind.startswith("text/")
    assert kind.count("charset=utf-8") == kind.count("charset") == 1


async def test_a_request_that_is_cut_off_costs_nothing(city: City):
    _reader, writer = await asyncio.open_connection("127.0.0.1", city.port)
    writer.write(b"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\ncontent-length: 500\r\n\r\n{")
    await writer.drain()
    writer.close()
    assert (await city.client().get("/healthz")).json() == {"status": "ok"}
    assert await city.program.storage.journal.position() == 0


async def test_a_chunked_body_without_a_length_is_still_bounded(city: City):
    async def endless():
        for _ in range(200):
            yield b"x" * 1024

    answer = await city.client().post("/api/v1/reports", content=endless(), headers=JSON)
    checked(answer, 413, "body_too_large")


async def test_limits_say_when_to_come_again():
    from hadir.compose.program import Face
    from hadir.inbound.kit.limits import Limits, Rate

    limits = Limits(device=Rate(per_second=0.1, burst=2), person=Rate(per_second=1, burst=3))
    async for city in running(Face(demo=True, limits=limits)):
        phone = city.client(**{"x-hadir-device": "a-device-of-this-test"})
        # Not reports: those are never refused for coming fast (test_abuse.py).
        path = f"/api/v1/incidents/{new_id()}/me-too"
        statuses = [(await phone.post(path, json={"command_id": new_id()})).status_code for _ in range(3)]
        assert statuses == [404, 404, 429]
        answer = await phone.post(path, json={"command_id": new_id()})
        problem = checked(answer, 429, "too_many")
        assert answer.headers["retry-after"] == "10" == str(problem["seconds"])
        other = city.client(**{"x-hadir-device": "another-device-of-it"})
        assert (await other.post(path, json={"command_id": new_id()})).status_code == 404
        city.clock.advance(10)
        assert (await phone.post(path, json={"command_id": new_id()})).status_code == 404


async def test_big_answers_are_packed(city: City):
    client = city.client(**{"accept-encoding": "gzip"})
    async with client.stream("GET", "/api/v1/areas.geojson") as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert b'"FeatureCollection"' in gzip.decompress(raw)
