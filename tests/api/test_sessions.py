"""Signing in, being somebody, signing out; and what a foreign page cannot do."""

import pytest

from hadir.inbound.kit.sessions import LASTS
from tests.api.conftest import City
from tests.live.client import Client


async def test_signing_in_leads_to_the_own_face(city: City):
    homes = {"operator": "/pusat", "pimpinan": "/pimpin", "opd-bpbd": "/opd", "petugas-1": "/petugas"}
    for name, path in homes.items():
        client = city.client(origin=city.url)
        answer = await client.post("/masuk", data={"name": name, "password": "demo"})
        assert (answer.status_code, answer.headers["location"]) == (303, path)
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
        assert (await client.get("/api/v1/me")).json()["id"] == name


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/pusat/dinding?x=1", "/pusat/dinding?x=1"),
        ("//evil.example", "/pusat"),
        ("https://evil.example", "/pusat"),
        ("/\\evil.example", "/pusat"),
        ("/a\r\nset-cookie: x=y", "/pusat"),
        ("", "/pusat"),
    ],
)
async def test_next_leads_nowhere_else(city: City, asked: str, led: str):
    form = {"name": "operator", "password": "demo", "next": asked}
    answer = await city.client(origin=city.url).post("/masuk", data=form)
    assert answer.headers["location"] == led


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(city: City):
    client = city.client(origin=city.url)
    for name in ("operator", "nobody", "a\x00b", "x" * 5000):
        answer = await client.post("/masuk", data={"name": name, "password": "wrong"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/masuk?salah=wrong")
        assert "set-cookie" not in answer.headers


async def test_guessing_is_slowed_down_by_name_and_by_address(city: City):
    client = city.client(origin=city.url)
    told = [
        (await client.post("/masuk", data={"name": "operator", "password": f"guess {n}"})).headers["location"]
        for n in range(12)
    ]
    assert "salah=wrong" in told[0]
    assert "salah=wait" in told[-1]


async def test_a_session_lasts_while_it_is_used_and_no_longer(city: City):
    client = await city.browser("operator")
    for _ in range(3):
        city.clock.advance(LASTS.total_seconds() * 0.9)
        assert (await client.get("/api/v1/me")).status_code == 200
    city.clock.advance(LASTS.total_seconds() + 1)
    assert (await client.get("/api/v1/me")).json()["code"] == "session_over"
    page = await client.get("/pusat")
    assert page.headers["location"] == "/masuk?next=/pusat&salah=ended"


async def test_signing_out_ends_the_session_and_its_streams(city: City):
    client = await city.browser("operator")
    cookie = client.cookies["hadir_session"]
    stream = await Client.open(city.port, headers=f"Cookie: hadir_session={cookie}\r\n")
    await stream.until(0)
    answer = await client.post("/keluar")
    assert answer.headers["location"] == "/masuk"
    await stream.rest()
    assert stream.ended
    await stream.close()
    again = city.client(cookie=f"hadir_session={cookie}")
    assert (await again.get("/api/v1/me")).status_code == 401


async def test_a_shut_out_account_has_neither_session_nor_token(city: City):
    session, token = await city.browser("petugas-1"), city.who("petugas-1")
    assert (await token.get("/api/v1/me")).status_code == 200
    await city.program.storage.accounts.set_disabled("petugas-1", True)
    assert (await session.get("/api/v1/me")).status_code == 401
    assert (await token.get("/api/v1/me")).status_code == 401


async def test_a_token_ends_with_its_time(city: City):
    client = city.who("operator")
    assert (await client.get("/api/v1/me")).status_code == 200
    city.clock.advance(3601)
    assert (await client.get("/api/v1/me")).json()["code"] == "bad_token"


async def test_a_foreign_page_cannot_press_with_our_cookie(city: City, command):
    report = await city.report()
    client = await city.browser("operator")
    path = f"/api/v1/reports/{report['id']}/claim"
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": city.url, "sec-fetch-site": "cross-site"},
        {"origin": city.url, "sec-fetch-site": "same-site"},
    ):
        answer = await client.post(path, json=command(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin"), headers
    del client.headers["origin"]
    assert (await client.post(path, json=command())).json()["code"] == "foreign_origin"
    own = await client.post(path, json=command(), headers={"origin": "null", "sec-fetch-site": "same-origin"})
    assert own.status_code == 200, own.text


async def test_a_token_needs_no_origin(city: City, command):
    report = await city.report()
    answer = await city.who("operator").post(f"/api/v1/reports/{report['id']}/claim", json=command())
    assert answer.status_code == 200, answer.text


async def test_a_face_is_for_its_people(city: City):
    assert (await city.client().get("/pimpin")).headers["location"] == "/masuk?next=/pimpin"
    officer = await city.browser("petugas-1")
    assert (await officer.get("/pusat")).status_code == 403
