"""Orders over HTTP: recordings byte for byte and in parts, to whom they are shown; the figure, and to whom."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from hadir.inbound.api.orders import byte_range
from tests.api.conftest import City

AREA = "35.72.03.1002"
VOICE = b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00" + bytes(range(256)) * 8


async def posted(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code < 300, answer.text
    return answer.json()


async def spoken(city: City, command: Any, **more: Any) -> tuple[str, str]:
    """(order, voice): given by the leader to petugas-1."""
    place = {"how": "list", "area": AREA}
    about = await posted(city.who("operator"), "incidents", command(category="flood", place=place))
    leader = city.who("pimpinan")
    sent = await leader.post("/api/v1/voices", content=VOICE, headers={"content-type": "audio/mp4"})
    assert sent.status_code == 201, sent.text
    voice = sent.json()["voice_id"]
    body = command(incident_id=about["id"], to="petugas-1", action="check", within_min=30, voice=voice, **more)
    done = await posted(leader, "orders", body)
    await city.program.board.wait(done["position"], 2)
    return done["id"], voice


async def test_a_recording_is_played_as_it_was_received_whole_and_in_parts(city: City, command: Any) -> None:
    order, voice = await spoken(city, command)
    officer = city.who("petugas-1")
    url = f"/api/v1/orders/{order}/voices/{voice}"
    whole = await officer.get(url)
    assert (whole.content, whole.headers["content-type"], whole.headers["accept-ranges"]) == (
        VOICE,
        "audio/mp4",
        "bytes",
    )
    part = await officer.get(url, headers={"range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, VOICE[:2])
    assert part.headers["content-range"] == f"bytes 0-1/{len(VOICE)}"
    nothing = await officer.get(url, headers={"range": f"bytes={len(VOICE)}-"})
    assert (nothing.status_code, nothing.headers["content-range"]) == (416, f"bytes */{len(VOICE)}")


async def test_only_who_sees_the_order_hears_it(city: City, command: Any) -> None:
    order, voice = await spoken(city, command, copies=["petugas-3"])
    url = f"/api/v1/orders/{order}/voices/{voice}"
    assert (await city.who("petugas-3").get(url)).status_code == 200
    assert (await city.who("opd-bpbd").get(url)).status_code == 200
    assert (await city.who("petugas-2").get(url)).status_code == 404
    assert (await city.who("opd-dlh").get(url)).status_code == 404
    assert (await city.client().get(url)).status_code == 401
    other = f"/api/v1/orders/{order}/voices/{'0' * 64}"
    assert (await city.who("pimpinan").get(other)).status_code == 404


async def test_what_is_no_recording_is_refused_in_words(city: City) -> None:
    answer = await city.who("petugas-1").post(
        "/api/v1/voices", content=b"\xff\xd8" * 200, headers={"accept-language": "en"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_voice")
    assert answer.json()["detail"] == "This is not a recording that can be played."
    assert (await city.client().post("/api/v1/voices", content=VOICE)).status_code == 401


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-99", (0, 99)),
        ("bytes=90-", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=50-5000", (50, 99)),
        ("bytes=0-1,5-6", None),
        ("pages=1-2", None),
        ("bytes=-", None),
    ],
)
def test_ranges_are_read_as_the_standard_says(header: str | None, part: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == part


async def test_the_figure_tells_what_was_misunderstood_and_opens_to_its_orders(city: City, command: Any) -> None:
    order, _ = await spoken(city, command)
    officer, leader = city.who("petugas-1"), city.who("pimpinan")
    city.clock.advance(10)
    await posted(officer, f"orders/{order}/see", command())
    city.clock.advance(20)
    await posted(officer, f"orders/{order}/read-back", command(area=AREA, action="measure", within_min=30))
    await posted(leader, f"orders/{order}/correct", command(action="check", within_min=30))
    await posted(officer, f"orders/{order}/see", command())
    right = command(area=AREA, action="check", within_min=30)
    await posted(officer, f"orders/{order}/read-back", right)
    city.clock.advance(5)
    done = await posted(leader, f"orders/{order}/confirm", command())
    await city.program.board.wait(done["position"], 2)
    city.clock.advance(1)
    told = (await leader.get("/api/v1/orders/stats")).json()
    assert (told["given"], told["counted"]) == (1, 1)
    for name in ("read_back", "corrected", "misunderstood"):
        assert told[name] == {"n": 1, "of": 1, "share": 1.0}
    hops = {hop["name"]: (hop["n"], hop["p50_s"], hop["p90_s"]) for hop in told["hops"]}
    assert hops["read_back"] == (2, 0.0, 20.0)
    assert hops["confirmed"] == (1, 5.0, 5.0)
    assert hops["understood"] == (1, 35.0, 35.0)
    assert hops["done"] == (0, None, None)
    assert [(o["id"], o["marks"]) for o in told["orders"]] == [
        (order, ["counted", "read_back", "corrected", "misunderstood"])
    ]


async def test_the_figure_is_for_whom_the_table_says_and_a_desk_sees_its_own(city: City, command: Any) -> None:
    await spoken(city, command)
    city.clock.advance(1)
    assert (await city.who("petugas-1").get("/api/v1/orders/stats")).status_code == 403
    assert (await city.client().get("/api/v1/orders/stats")).status_code == 401
    assert (await city.who("opd-bpbd").get("/api/v1/orders/stats")).json()["given"] == 1
    assert (await city.who("opd-dlh").get("/api/v1/orders/stats")).json()["given"] == 0
    later = (city.clock.now() + timedelta(days=2)).isoformat()
    query = {"from": (city.clock.now() + timedelta(days=1)).isoformat(), "to": later}
    assert (await city.who("auditor").get("/api/v1/orders/stats", params=query)).json()["given"] == 0
    assert (await city.who("auditor").get("/api/v1/orders/stats?from=gestern")).status_code == 400
