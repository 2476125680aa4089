"""What citizens follow, end to end: a public fact → their phone, their mailbox, the feed; never what is not public."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from hadir.outbound.following import postman
from hadir.ports.following import Rating
from hadir.standards import atom
from tests.push.conftest import Ringing
from tests.push.service import Browser

Until = Callable[[Callable[[], Any]], Awaitable[Any]]

AREA, OTHER = "35.72.01.1001", "35.72.03.1002"
DAY = datetime(2026, 1, 8, 3, 0, tzinfo=UTC)  # 10.00 in the city
NIGHT = datetime(2026, 1, 8, 16, 30, tzinfo=UTC)  # 23.30
COOKIE = {"cookie": "hadir_device=a-browser-of-a-citizen"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, ringing: Ringing) -> None:
    monkeypatch.setattr(postman.Postman, "look_s", 0.02)
    ringing.clock.set(DAY)


async def follows(ringing: Ringing, browser: Browser, **what: str) -> str:
    told = browser.subscription
    body = {"endpoint": told["endpoint"], **told["keys"], **what}
    answer = await ringing.client.post("/sekitar/push", json=body, headers=COOKIE)
    assert answer.status_code == 201, answer.text
    return answer.json()["secret"]


async def incident(ringing: Ringing, area: str = AREA, category: str = "flood") -> str:
    place = {"area": area}
    return (await ringing.press("operator", "incidents", category=category, title="Rahasia 0812", place=place))["id"]


async def gathered(ringing: Ringing, until: Until) -> None:
    """Everything noted, and the time of gathering over."""
    at = await ringing.program.storage.journal.position()
    await until(lambda: _reached(ringing, at))
    ringing.clock.advance(21)


async def _reached(ringing: Ringing, at: int) -> bool:
    return await ringing.program.storage.cursors.get("following") >= at


async def test_a_phone_rings_for_its_kelurahan_and_says_no_word_that_anybody_wrote(
    ringing: Ringing, until: Until
) -> None:
    phone, elsewhere = ringing.service.browser("warga"), ringing.service.browser("lain")
    await follows(ringing, phone, area=AREA)
    await follows(ringing, elsewhere, area=OTHER)
    await incident(ringing)
    await gathered(ringing, until)
    (rang,) = await until(lambda: phone.rang)
    assert rang.payload["title"] == "Kejadian baru: Banjir" and "0812" not in str(rang.payload)
    assert rang.payload["url"].startswith("/sekitar/l/") and rang.headers["urgency"] == "normal"
    assert elsewhere.rang == []


async def test_a_sensitive_kind_is_never_told_and_in_no_feed(ringing: Ringing, until: Until) -> None:
    city = ringing.program.ctx.city
    hidden = next(kind for kind in city.categories if kind.sensitive or not kind.public)
    phone = ringing.service.browser("warga")
    await follows(ringing, phone, area=AREA)
    await incident(ringing, category=hidden.code)
    await incident(ringing)
    await gathered(ringing, until)
    await until(lambda: phone.rang)
    assert [rang.payload["title"] for rang in phone.rang] == ["Kejadian baru: Banjir"]
    feed = atom.read((await ringing.client.get(f"/sekitar/atom?area={AREA}")).content)
    assert [entry.categories[0].term for entry in feed.entries] == ["flood"]


async def test_a_busy_hour_is_one_message(ringing: Ringing, until: Until) -> None:
    phone = ringing.service.browser("warga")
    await follows(ringing, phone, area=AREA)
    first = await incident(ringing)
    await gathered(ringing, until)
    await until(lambda: phone.rang)
    for _ in range(8):
        await incident(ringing)
    await ringing.press("operator", f"incidents/{first}/resolve", reason="surut")
    await ringing.press("operator", f"incidents/{first}/reopen", reason="naik lagi")
    await gathered(ringing, until)
    assert len(phone.rang) == 1, "not within ten minutes of the last one"
    ringing.clock.advance(600)
    await until(lambda: len(phone.rang) == 2)
    body = phone.rang[1].payload["body"]
    assert phone.rang[1].payload["title"] == "9 kabar di sekitar Anda" and "dan 3 lagi" in body
    assert body.count("Dibuka kembali") == 1 and "Selesai" not in body, "the newest state of a thing, once"


async def test_by_night_only_water_rings(ringing: Ringing, until: Until) -> None:
    phone = ringing.service.browser("warga")
    await follows(ringing, phone, area=AREA)
    ringing.clock.set(NIGHT)
    await incident(ringing)
    await gathered(ringing, until)
    await ringing.press("operator", f"areas/{AREA}/declare", depth_cm=60)
    await gathered(ringing, until)
    await until(lambda: phone.rang)
    assert phone.rang[0].payload["title"] == "Banjir ditetapkan pemerintah kota" and phone.rang[0].payload["loud"]
    ringing.clock.advance(6 * 3600)
    await until(lambda: len(phone.rang) == 2)
    assert phone.rang[1].payload["title"] == "Kejadian baru: Banjir"


async def test_a_circle_hears_of_what_is_in_it_and_keeps_a_rough_point(ringing: Ringing, until: Until) -> None:
    phone, far = ringing.service.browser("warga"), ringing.service.browser("jauh")
    lat, lon = -8.114907, 112.162897
    secret = await follows(ringing, phone, lat=str(lat), lon=str(lon), radius="500")
    await follows(ringing, far, lat=str(lat + 0.02), lon=str(lon), radius="500")
    place = {"lat": lat, "lon": lon, "how": "operator"}
    await ringing.press("operator", "incidents", category="flood", place=place)
    await gathered(ringing, until)
    await until(lambda: phone.rang)
    assert far.rang == []
    storage = ringing.program.storage
    found = await storage.followings.get(storage.secrets.following_of(secret) or "")
    assert found is not None and (found[0].lat, found[0].lon) == (-8.115, 112.163)
    feed = atom.read((await ringing.client.get(f"/sekitar/atom?lat={lat}&lon={lon}&radius=500")).content)
    assert feed.entries[0].point is not None and feed.entries[0].point != (lat, lon)


async def test_an_address_is_asked_first_and_one_press_ends_it(ringing: Ringing, until: Until) -> None:
    asked = await ringing.client.post("/sekitar/email", data={"area": AREA, "email": "ana@example.org"}, headers=COOKIE)
    assert asked.status_code == 303 and asked.headers["location"].endswith("terima=email")
    await until(lambda: ringing.mail.letters)
    letter = ringing.mail.letters[0]
    assert letter["List-Unsubscribe"] is None and "kabari alamat ini" in letter["Subject"]
    await incident(ringing)
    await gathered(ringing, until)
    path = re.search(r"https://hadir\.example(/sekitar/l/\w+)", letter.get_content())
    assert path is not None
    page = await ringing.client.get(path[1])
    assert "Ya, kabari saya" in page.text, "opening the link alone says nothing"
    await ringing.client.post(f"{path[1]}/ya")
    await incident(ringing)
    await gathered(ringing, until)
    await until(lambda: len(ringing.mail.letters) == 2)
    news = ringing.mail.letters[1]
    assert news["Subject"] == "Kejadian baru: Banjir" and news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    end = news["List-Unsubscribe"].strip("<>").removeprefix("https://hadir.example")
    assert (await ringing.client.post(end, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert "Sudah berhenti" in (await ringing.client.get(path[1])).text
    await incident(ringing)
    await gathered(ringing, until)
    ringing.clock.advance(7200)
    again = await ringing.client.post(f"{path[1]}/lagi")
    assert "Anda akan dikabari" in again.text
    assert len(ringing.mail.letters) == 2


async def test_nobody_s_mailbox_is_filled(ringing: Ringing, until: Until) -> None:
    areas = [area.code for area in ringing.program.ctx.city.areas]
    answers = [
        await ringing.client.post("/sekitar/email", data={"area": code, "email": "ana@example.org"}, headers=COOKIE)
        for code in areas[:4]
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 422]
    assert "Sudah tiga surat hari ini" in answers[3].text and "ana@example.org" in answers[3].text
    wrong = await ringing.client.post("/sekitar/email", data={"area": AREA, "email": "ana@"}, headers=COOKIE)
    assert wrong.status_code == 422 and "tidak lengkap" in wrong.text


async def test_a_reporter_hears_of_the_own_report_and_only_by_its_link(ringing: Ringing, until: Until) -> None:
    sent = await ringing.client.post(
        "/api/v1/reports",
        json={"command_id": "citizen-command-1", "text": "banjir", "place": {"how": "list", "area": AREA}},
        headers={"hadir-device": "a-browser-of-a-citizen"},
    )
    report = sent.json()["report_id"]
    secret = ringing.program.storage.secrets.tracking_secret(report)
    phone, thief = ringing.service.browser("warga"), ringing.service.browser("maling")
    await follows(ringing, phone, report=secret)
    told = thief.subscription
    body = {"endpoint": told["endpoint"], **told["keys"], "report": secret[:-1] + "x"}
    assert (await ringing.client.post("/sekitar/push", json=body, headers=COOKIE)).status_code == 422
    await ringing.press("operator", f"reports/{report}/ask", text="Dekat rumah siapa?")
    await gathered(ringing, until)
    (rang,) = await until(lambda: phone.rang)
    assert "Ada pertanyaan" in rang.payload["title"] and "rumah siapa" not in str(rang.payload)
    assert rang.payload["url"] == f"/l/{secret}"
    assert "Dekat rumah siapa?" in (await ringing.client.get(f"/l/{secret}/kabar")).text


async def test_a_browser_that_is_gone_is_forgotten(ringing: Ringing, until: Until) -> None:
    phone = ringing.service.browser("warga")
    secret = await follows(ringing, phone, area=AREA)
    ringing.service.reply = lambda _name: (410, {})
    await incident(ringing)
    await gathered(ringing, until)
    storage = ringing.program.storage

    async def gone() -> bool:
        return await storage.followings.get(storage.secrets.following_of(secret) or "") is None

    await until(gone)
    assert (await ringing.client.get(f"/sekitar/l/{secret}")).status_code == 404


async def test_the_page_shows_what_goes_on_and_what_this_browser_follows(ringing: Ringing, until: Until) -> None:
    phone = ringing.service.browser("warga")
    await incident(ringing)
    await gathered(ringing, until)
    secret = await follows(ringing, phone, area=AREA)
    page = (await ringing.client.get(f"/sekitar?area={AREA}", headers=COOKIE)).text
    assert "Banjir" in page and "Baru" in page and f"/sekitar/l/{secret}/henti" in page and "Rahasia" not in page
    assert secret not in (await ringing.client.get(f"/sekitar?area={AREA}")).text, "another browser's"
    english = (await ringing.client.get(f"/sekitar?area={AREA}&lang=en", headers=COOKIE)).text
    assert "Followed on this phone" in english


async def test_a_feed_is_the_same_bytes_until_something_changes(ringing: Ringing, until: Until) -> None:
    await incident(ringing)
    await gathered(ringing, until)
    first = await ringing.client.get(f"/sekitar/atom?area={AREA}")
    assert (
        first.headers["content-type"].startswith("application/atom+xml")
        and "max-age=60" in first.headers["cache-control"]
    )
    again = await ringing.client.get(f"/sekitar/atom?area={AREA}", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    ringing.clock.advance(61)
    made = await incident(ringing)
    await ringing.press("operator", f"incidents/{made}/resolve", reason="surut")
    await ringing.press("operator", f"incidents/{made}/close")
    await gathered(ringing, until)
    feed = atom.read((await ringing.client.get(f"/sekitar/atom?area={AREA}")).content)
    assert [entry.summary for entry in feed.entries] == ["Ditutup", "Baru"]
    assert (await ringing.client.get("/sekitar/atom?area=nowhere")).status_code == 404


async def test_ratings_are_a_figure_of_agencies(ringing: Ringing, until: Until) -> None:
    ratings = ringing.program.storage.ratings
    await ratings.put(Rating(report="r1", agencies=("bpbd",), result="good", at=ringing.clock.now()))
    await ratings.put(Rating(report="r2", agencies=("bpbd", "dpupr"), result="poor", at=ringing.clock.now()))
    ringing.clock.advance(1)
    told = (await ringing.call("operator", "GET", "ratings")).json()["agencies"]
    assert told == [
        {"agency": "bpbd", "good": 1, "fair": 0, "poor": 1, "n": 2},
        {"agency": "dpupr", "good": 0, "fair": 0, "poor": 1, "n": 1},
    ]
    assert [line["agency"] for line in (await ringing.call("opd-bpbd", "GET", "ratings")).json()["agencies"]] == [
        "bpbd"
    ]
    assert (await ringing.call("petugas-1", "GET", "ratings")).status_code == 403
    assert (await ringing.client.get("/api/v1/ratings")).status_code == 401


async def reported(ringing: Ringing, number: int) -> tuple[str, str]:
    """(report, its link's secret), all of one device."""
    body = {"command_id": f"same-device-{number}", "text": f"banjir {number}", "place": {"how": "list", "area": AREA}}
    headers = {"hadir-device": "a-browser-of-a-citizen"}
    report = (await ringing.client.post("/api/v1/reports", json=body, headers=headers)).json()["report_id"]
    return report, ringing.program.storage.secrets.tracking_secret(report)


async def test_who_reported_twice_hears_of_the_one_incident_once(ringing: Ringing, until: Until) -> None:
    phone = ringing.service.browser("warga")
    mine = [await reported(ringing, number) for number in range(2)]
    for _, secret in mine:
        await follows(ringing, phone, report=secret)
    incidents = [(await ringing.press("operator", "incidents", report_id=report))["id"] for report, _ in mine]
    await ringing.press("operator", f"incidents/{incidents[0]}/merge", incidents=[{"id": incidents[1]}])
    await gathered(ringing, until)
    assert len(await until(lambda: phone.rang)) == 1
    ringing.clock.advance(3600)
    await ringing.press("operator", f"incidents/{incidents[0]}/resolve", reason="surut")

    async def both_asked() -> bool:
        rows = ringing.program.board.picture.reports
        return all(rows[report].state == "asked" for report, _ in mine if report in rows)

    await until(both_asked)
    await gathered(ringing, until)
    asked = (await until(lambda: phone.rang[1:]))[0].payload
    assert mine[1][0][-5:] not in asked["body"] + asked["title"], "one question, about the older report"
    assert asked["url"] == f"/l/{mine[0][1]}"


async def test_a_split_rings_nobody_again_and_a_merge_stands_in_the_feed(ringing: Ringing, until: Until) -> None:
    phone = ringing.service.browser("warga")
    await follows(ringing, phone, area=AREA)
    (first, _), (second, _) = await reported(ringing, 0), await reported(ringing, 1)
    old = (await ringing.press("operator", "incidents", report_id=first))["id"]
    await ringing.press("operator", f"reports/{second}/join", incident_id=old)
    await gathered(ringing, until)
    await until(lambda: phone.rang)
    ringing.clock.advance(3600)
    new = (await ringing.press("operator", f"incidents/{old}/split", reports=[second]))["incident_id"]
    await ringing.press("operator", f"incidents/{old}/merge", incidents=[{"id": new}])
    await gathered(ringing, until)
    feed = (await ringing.client.get(f"/sekitar/atom?area={AREA}")).text
    assert len(phone.rang) == 1
    assert "Digabung dengan kejadian lain" in feed
