"""Reports that come too fast: kept, held, looked at; nobody is refused, nothing urgent waits."""

import asyncio
import hashlib
from itertools import count
from typing import Any

import httpx

from hadir.compose.program import Face
from hadir.inbound.kit.caller import networks
from tests.api.conftest import City, new_id, running
from tests.world import CITY

PLACE = {"area": CITY.areas[0].code, "how": "list"}
DULL = "Lampu taman di depan kantor mati sejak kemarin"
ELSEWHERE = {"area": CITY.areas[1].code, "how": "list"}
URGENT = "Tolong, air masuk rumah setinggi dada, ada lansia dan bayi"
FREE = CITY.abuse.device.at_once


def phone(city: City, name: str = "a-phone-of-this-test", **headers: str) -> httpx.AsyncClient:
    return city.client(**{"x-hadir-device": name, **headers})


async def send(client: httpx.AsyncClient, text: str = DULL, **more: Any) -> dict[str, Any]:
    body = {"command_id": new_id(), "text": text, "place": PLACE} | more
    effort = body.pop("effort", "")
    answer = await client.post("/api/v1/reports", json=body, headers={"x-hadir-effort": effort} if effort else {})
    assert answer.status_code == 201, answer.text
    return answer.json()


def worked(effort: dict[str, Any]) -> str:
    """What the phone's worker does."""
    for number in count():
        answer = f"{effort['task']}:{number}"
        if int.from_bytes(hashlib.sha256(answer.encode()).digest(), "big") >> (256 - effort["bits"]) == 0:
            return answer
    raise AssertionError


async def asked(client: httpx.AsyncClient, command_id: str) -> dict[str, Any] | None:
    answer = await client.get("/api/v1/effort", params={"command_id": command_id})
    assert answer.status_code == 200, answer.text
    return answer.json()["effort"]


async def row(city: City, id: str) -> dict[str, Any]:
    await city.program.board.wait(await city.program.storage.journal.position(), 30)
    board = (await city.who("operator").get("/api/v1/board", params={"things": "reports"})).json()["board"]
    return next(each for each in board["reports"] if each["id"] == id)


async def test_too_many_from_one_phone_are_kept_and_held(city: City):
    client = phone(city)
    first = [await send(client, f"{DULL} nomor {n}") for n in range(FREE)]
    assert not any("held" in each for each in first)
    over = await send(client)
    assert over["held"] is True
    held = await row(city, over["id"])
    assert (held["state"], [d["code"] for d in held["doubts"]]) == ("held", ["doubt.too_fast"])
    # The citizen is told, by the link that everybody gets.
    page = await client.get(over["tracking_url"].removeprefix(city.url))
    assert "petugas melihatnya dulu" in page.text
    # Another phone is not held for it.
    assert "held" not in await send(phone(city, "another-phone-of-it"))


async def test_what_may_be_urgent_goes_into_the_queue_with_its_mark(city: City):
    client = phone(city)
    for n in range(FREE):
        await send(client, f"{DULL} nomor {n}")
    urgent = await send(client, URGENT)
    assert "held" not in urgent
    shown = await row(city, urgent["id"])
    assert (shown["state"], [d["code"] for d in shown["doubts"]]) == ("received", ["doubt.too_fast"])


async def test_an_operator_lets_it_out_and_can_take_that_back(city: City):
    client = phone(city)
    for n in range(FREE):
        await send(client, f"{DULL} nomor {n}")
    id = (await send(client, "Air menggenang semata kaki di jalan depan balai"))["id"]
    operator = city.who("operator")

    async def press(verb: str, **more: Any) -> str:
        answer = await operator.post(f"/api/v1/reports/{id}/{verb}", json={"command_id": new_id()} | more)
        assert answer.status_code == 200, answer.text
        return (await row(city, id))["state"] if verb != "dismiss" else "dismissed"

    assert await press("admit") == "received"
    assert await press("hold") == "held"
    disposition = next(d.code for d in CITY.dispositions if not d.needs_reason)
    assert await press("dismiss", disposition=disposition) == "dismissed"
    assert await press("restore") == "held"
    assert await press("admit") == "received"
    # A report that nothing speaks against is not put away; a citizen cannot let his own out.
    clean = (await send(phone(city, "another-phone-of-it")))["id"]
    answer = await operator.post(f"/api/v1/reports/{clean}/hold", json={"command_id": new_id()})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_doubted")
    answer = await client.post(f"/api/v1/reports/{id}/admit", json={"command_id": new_id()})
    assert answer.status_code == 401


async def test_water_in_the_quarantine_is_no_sign_until_somebody_looked(city: City):
    client = phone(city)
    for n in range(FREE):
        await send(client, f"{DULL} nomor {n}")
    id = (await send(client, "Ada air kotor di jalan", category="flood"))["id"]
    held = await row(city, id)
    assert (held["state"], held["flood"]) == ("held", True)
    # What came after it has been reacted to, and it has not.
    await send(phone(city, "another-phone-of-it"), "Ada air kotor di jalan", category="flood", place=ELSEWHERE)
    await signed(city, ELSEWHERE["area"])
    assert not await signs(city, PLACE["area"])
    await city.who("operator").post(f"/api/v1/reports/{id}/admit", json={"command_id": new_id()})
    await signed(city, PLACE["area"])


async def signs(city: City, area: str) -> list[str]:
    facts = await city.program.storage.journal.read_stream(f"area/{area}")
    return [fact.event.kind for fact in facts]


async def signed(city: City, area: str) -> None:
    journal = city.program.storage.journal
    async with asyncio.timeout(30):
        while not await signs(city, area):
            await journal.wait(await journal.position(), 0.05)


async def test_who_works_for_it_is_believed(city: City):
    client = phone(city)
    id = new_id()
    assert await asked(client, id) is None
    for n in range(FREE):
        await send(client, f"{DULL} nomor {n}")
    effort = await asked(client, id)
    assert effort is not None and effort["bits"] == CITY.abuse.bits
    answer = worked(effort)
    # The answer is of this command and this phone.
    assert (await send(client, effort=answer))["held"] is True
    assert "held" not in await send(client, command_id=id, effort=answer)
    # Sent again, as phones do: the first answer, and nothing more is counted.
    assert "held" not in await send(client, command_id=id, effort=answer)
    later = await asked(client, new_id())
    assert later is not None and later["bits"] >= effort["bits"]


async def test_a_task_that_was_changed_or_is_old_is_worth_nothing(city: City):
    client = phone(city)
    for n in range(FREE):
        await send(client, f"{DULL} nomor {n}")
    id = new_id()
    effort = await asked(client, id)
    assert effort is not None
    easy = "00" + effort["task"][2:]
    assert (await send(client, command_id=id, effort=f"{easy}:1"))["held"] is True
    late = new_id()
    effort = await asked(client, late)
    assert effort is not None
    answer = worked(effort)
    city.clock.advance(3 * 3600)
    for n in range(FREE + 2):
        await send(client, f"{DULL} lagi nomor {n}")
    assert (await send(client, command_id=late, effort=answer))["held"] is True


async def test_a_carriers_address_carries_a_neighbourhood():
    async for city in running(Face(demo=True, trusted=networks("127.0.0.1"))):
        few, many = CITY.abuse.network.at_once, CITY.abuse.address.at_once
        assert few < many
        for n in range(few + 1):
            told = await send(phone(city, f"phone-number-{n:04}", **{"x-forwarded-for": "203.0.113.9"}))
            assert "held" not in told
        house = {"x-forwarded-for": "2001:db8:1:2::7"}
        for n in range(few):
            assert "held" not in await send(phone(city, f"house-phone-{n:04}", **house))
        over = await send(phone(city, "house-phone-more", **{"x-forwarded-for": "2001:db8:1:2:9999::1"}))
        assert over["held"] is True
        assert "held" not in await send(phone(city, "next-door-phone", **{"x-forwarded-for": "2001:db8:1:3::1"}))


async def test_one_text_from_many_phones_is_seen_and_not_held(city: City):
    told = [await send(phone(city, f"phone-number-{n:04}")) for n in range(4)]
    assert not any("held" in each for each in told)
    marks = [(await row(city, each["id"]))["doubts"] for each in told]
    assert [[(m["code"], m["params"]["n"]) for m in each] for each in marks] == [
        [],
        [],
        [("doubt.same_text", "3")],
        [("doubt.same_text", "4")],
    ]


async def test_an_advertisement_is_held(city: City):
    told = await send(phone(city), "Main slot gacor di sini, pasti maxwin, daftar sekarang")
    assert told["held"] is True


async def test_the_form_without_a_script_is_never_refused(city: City):
    client = phone(city, origin=city.url)
    for n in range(FREE + 3):
        form = {"command_id": new_id(), "text": f"{DULL} ke {n}", "area": PLACE["area"]}
        answer = await client.post("/lapor", data=form)
        assert answer.status_code == 303, answer.text
    page = await client.get(answer.headers["location"])
    assert "petugas melihatnya dulu" in page.text
