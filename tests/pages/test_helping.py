"""What helps while the form is filled, without a browser: near by, the kind, the question before a second report."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from hadir.inbound.pages import near
from hadir.inbound.pages.desk import Draft, Picture
from tests.pages.twin import CITY, NOW, Happening, rainy

STATIC = "src/hadir/inbound/pages/static"


def happening(**more: object) -> Happening:
    area = CITY.areas[2]
    plain = {"id": "01INC0", "category": "flood", "state": "open", "area": area.code, "lat": area.lat, "lon": area.lon}
    return Happening(**(plain | {"outside": False, "people": 3, "since": NOW, "origin": "live"} | more))  # type: ignore[arg-type]


def test_the_kind_is_suggested_as_the_report_would_be_judged_and_nothing_is_stored(client, desk) -> None:
    told = client.post("/saran", data={"text": "Pohon tumbang menutup jalan"}).json()
    assert told["kind"] == desk.suggest("Pohon tumbang menutup jalan")[0]
    assert {kind["kind"] for kind in told["kinds"]} <= set(CITY.category_by_code)
    assert client.post("/saran", data={"text": "halo"}).json()["kind"] == ""
    assert client.post("/saran", data={"text": "x" * 9000}).status_code == 200
    desk.may_ask = False
    assert client.post("/saran", data={"text": "Pohon tumbang"}).status_code == 204
    assert client.get(f"/dekat?area={CITY.areas[2].code}").status_code == 204
    assert desk.drafts == {}


def test_what_goes_on_near_by_stands_side_by_side(client, desk) -> None:
    desk.shown = rainy(CITY)
    first = desk.shown.happenings[0]
    page = client.get(f"/dekat?lat={first.lat}&lon={first.lon}&area={first.area}&kind={first.category}")
    assert page.status_code == 200 and f'data-same="{first.id}"' in page.text
    assert "<svg" in page.text and "Saya juga mengalami" in page.text
    assert client.get("/dekat?lat=0&lon=0").status_code == 204
    assert client.get("/dekat?lat=x&kind=%00&area=9").status_code == 204


def test_without_script_a_very_like_one_is_asked_about_and_nothing_typed_is_lost(client, desk) -> None:
    spot = happening()
    desk.shown = Picture(cursor="a-1", waters=(), happenings=(spot,))
    fields = {
        "command_id": "abcdefgh12345678",
        "text": "Banjir selutut",
        "area": str(spot.area),
        "rt": "2",
        "name": "Warga",
    }
    asked = client.post(
        "/lapor", data=fields, files={"photo": ("a.jpg", b"\xff\xd8 a picture")}, follow_redirects=False
    )
    assert asked.status_code == 200 and desk.drafts == {}
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    assert kept.items() >= fields.items() and len(kept["photos"]) == 64
    new = client.post("/lapor", data=kept | {"same": "lain"}, follow_redirects=False)
    assert new.status_code == 303
    (draft,) = desk.drafts.values()
    assert draft.same is None and draft.photos == (kept["photos"],) and draft.rt == 2
    joined = client.post("/lapor", data=kept | {"same": spot.id, "command_id": "b" * 16}, follow_redirects=False)
    assert joined.status_code == 303 and desk.drafts["b" * 16].same == spot.id
    over = client.post("/lapor", data=kept | {"same": "01OVER", "command_id": "c" * 16}, follow_redirects=False)
    assert over.status_code == 303 and desk.drafts["c" * 16].same is None, "over by now: a report of its own"


def test_the_script_has_asked_already(client, desk) -> None:
    spot = happening()
    desk.shown = Picture(cursor="a-1", waters=(), happenings=(spot,))
    fields = {"text": "Banjir selutut", "area": str(spot.area)}
    assert client.post("/lapor", data=fields, headers={"accept": "application/json"}).status_code == 201


@given(lat=st.floats(-8.2, -8.0), lon=st.floats(112.1, 112.3), kind=st.sampled_from([c.code for c in CITY.categories]))
def test_near_by_is_near_open_and_few(lat: float, lon: float, kind: str) -> None:
    going_on = tuple(happening(id=f"i{i}", area=a.code, lat=a.lat, lon=a.lon) for i, a in enumerate(CITY.areas))
    over = happening(id="over", state="resolved", lat=lat, lon=lon)
    picture = Picture(cursor="a-1", waters=(), happenings=(*going_on, over))
    found = near.nearby(picture, Draft(command_id="x" * 8, lat=lat, lon=lon), kind, CITY)
    assert len(found) <= near.SHOWN_MOST
    assert all(n.metres is not None and n.metres <= near.NEAR_M and n.happening.id != "over" for n in found)


def test_the_photos_follow_by_the_link(client, desk) -> None:
    answer = client.post(
        "/lapor", data={"text": "Air naik", "area": "?", "to_come": "1"}, headers={"accept": "application/json"}
    )
    secret = answer.json()["url"].split("/l/")[1].split("?")[0]
    body = {"secret": secret, "photos": "a" * 64, "command_id": "abcdefgh12345678-s"}
    assert client.post("/lapor/susulan", data=body).status_code == 200
    assert desk.reports[secret].photos == ("a" * 64,)


def test_the_page_can_be_installed_and_its_worker_keeps_only_what_is_there(client) -> None:
    manifest = client.get("/warga.webmanifest").json()
    assert manifest["start_url"] == "/" and {i["sizes"] for i in manifest["icons"]} >= {"192x192", "512x512"}
    worker = client.get("/warga-sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    files = json.loads(re.search(r"FILES=(\[.*?\]);", worker.text)[1])  # type: ignore[index]
    assert len(files) >= 8
    for url in files:
        assert client.get(url).status_code == 200, url
    places = next(client.get(url).json() for url in files if "tempat" in url)
    assert len(places["areas"]) == len(CITY.areas)


def test_the_scripts_speak_what_phones_of_eight_years_ago_understand() -> None:
    from pathlib import Path

    for name in ("form", "box", "helps", "shrink", "voice", "sw"):
        code = re.sub(r"//.*", "", Path(STATIC, f"{name}.js").read_text(encoding="utf-8"))
        newer = re.findall(
            r"\?\.(?!\d)|\?\?|#\w+\s*[=(;]|catch\s*\{|\.at\(|replaceAll|replaceChildren|structuredClone", code
        )
        assert newer == [], name
