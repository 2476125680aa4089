"""The citizens' doors to what they follow, with bodies that nobody sane sends; and the limits of one address."""

from typing import Any

import pytest

from hadir.domain.following import FOLLOWED_MOST
from tests.push.conftest import Ringing

COOKIE = {"cookie": "hadir_device=a-browser-of-a-citizen"}
AREA = "35.72.01.1001"


def told(ringing: Ringing, **more: Any) -> dict[str, Any]:
    subscription = ringing.service.browser("warga").subscription
    return {"endpoint": subscription["endpoint"], **subscription["keys"], "area": AREA, **more}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"endpoint": 7}', b'{"endpoint":"https://x.example","p256dh":"!","auth":"!"}'],
)
async def test_what_is_no_subscription_is_refused_in_words(ringing: Ringing, body: bytes) -> None:
    answer = await ringing.client.post("/sekitar/push", content=body, headers=COOKIE)
    assert answer.status_code == 422 and answer.json()["says"]


@pytest.mark.parametrize(
    "more",
    [
        {"auth": "x" * 300},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https://user:pass@push.example/1"},
        {"p256dh": "AAAA"},
        {"area": "nowhere"},
        {"area": "", "lat": "nan", "lon": "nan", "radius": "1000"},
        {"area": "", "lat": "-8.1", "lon": "112.16", "radius": "7"},
        {"area": "", "lat": "52.5", "lon": "13.4", "radius": "1000"},
        {"report": "01aaaaaaaaaaaaaaaaaaaaaaaa" + "0" * 20},
        {"report": "ß" * 46},
    ],
)
async def test_no_place_no_key_and_no_link_of_ours_is_followed(ringing: Ringing, more: dict[str, str]) -> None:
    answer = await ringing.client.post("/sekitar/push", json=told(ringing, **more), headers=COOKIE)
    assert answer.status_code == 422 and answer.json()["says"]
    assert await ringing.program.storage.followings.of(ringing.program.storage.secrets.pseudonym("x")) == []


@pytest.mark.parametrize(
    "query", ["area=%00", "lat=1e999&lon=0&radius=500", "lat=x&lon=y", "radius=99999999999999999999"]
)
async def test_a_query_that_makes_no_sense_is_the_empty_page(ringing: Ringing, query: str) -> None:
    assert (await ringing.client.get(f"/sekitar?{query}")).status_code == 200
    assert (await ringing.client.get(f"/sekitar/atom?{query}")).status_code == 404


@pytest.mark.parametrize("secret", ["x", "ß" * 46, "0" * 46, "%2e%2e"])
async def test_a_link_that_is_not_ours_opens_and_ends_nothing(ringing: Ringing, secret: str) -> None:
    assert (await ringing.client.get(f"/sekitar/l/{secret}")).status_code == 404
    for press in ("ya", "henti", "lagi"):
        assert (await ringing.client.post(f"/sekitar/l/{secret}/{press}")).status_code == 404


async def test_one_browser_follows_so_much_and_no_more(ringing: Ringing) -> None:
    areas = [area.code for area in ringing.program.ctx.city.areas]
    made = 0
    for n in range(FOLLOWED_MOST + 1):
        ringing.clock.advance(60)
        what = {"area": areas[n]} if n < len(areas) else {"area": "", "lat": "-8.1", "lon": "112.16", "radius": "500"}
        answer = await ringing.client.post("/sekitar/push", json=told(ringing, **what), headers=COOKIE)
        made += answer.status_code == 201
    assert made == FOLLOWED_MOST and "Paling banyak 20" in answer.json()["says"]


async def test_another_site_cannot_press(ringing: Ringing) -> None:
    headers = COOKIE | {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert (await ringing.client.post("/sekitar/push", json=told(ringing), headers=headers)).status_code == 403
    data = {"area": AREA, "email": "ana@example.org"}
    assert (await ringing.client.post("/sekitar/email", data=data, headers=headers)).status_code == 403
