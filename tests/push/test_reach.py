"""How a person is reached: by himself or who administers, others' addresses masked, and the next notice goes there."""

from typing import Any

import pytest

from hadir.domain.notice import Channel
from tests.push.conftest import Ringing


async def put(ringing: Ringing, who: str, whom: str, **body: Any) -> Any:
    return await ringing.call(who, "PUT", f"people/{whom}/reach", json=body)


def addresses(told: dict[str, Any]) -> dict[str, str]:
    return {each["channel"]: each["address"] for each in told["channels"]}


async def test_what_is_given_is_kept_and_the_rest_stays(ringing: Ringing) -> None:
    first = await put(ringing, "petugas-1", "petugas-1", addresses={"sms": "0812-3456-789", "email": "p1@kota.example"})
    assert first.status_code == 200
    assert addresses(first.json()) == {"whatsapp": "", "sms": "0812-3456-789", "email": "p1@kota.example"}
    assert (first.json()["quiet"], first.json()["city"]) == (None, {"begins": "22:00", "ends": "05:00"})
    night = {"begins": "23:00", "ends": "04:30"}
    assert (await put(ringing, "petugas-1", "petugas-1", addresses={"email": ""}, quiet=night)).status_code == 200
    told = (await ringing.call("petugas-1", "GET", "people/petugas-1/reach")).json()
    assert (addresses(told)["sms"], addresses(told)["email"], told["quiet"]) == ("0812-3456-789", "", night)
    assert (await put(ringing, "petugas-1", "petugas-1", quiet=None)).json()["quiet"] is None


async def test_an_administrator_sets_it_and_sees_only_the_end(ringing: Ringing) -> None:
    set_by = await put(
        ringing, "admin", "petugas-1", addresses={"whatsapp": "+62 812 3456 789", "email": "p1@kota.example"}
    )
    assert addresses(set_by.json()) == {"whatsapp": "••• 789", "sms": "", "email": "p•••@kota.example"}
    own = (await ringing.call("petugas-1", "GET", "people/petugas-1/reach")).json()
    assert addresses(own)["whatsapp"] == "+62 812 3456 789"
    assert (await put(ringing, "admin", "nobody", addresses={})).status_code == 404


@pytest.mark.parametrize("who", ["petugas-2", "operator", "pimpinan", "opd-bpbd", "auditor"])
async def test_nobody_else_reads_or_sets_it(ringing: Ringing, who: str) -> None:
    assert (await ringing.call(who, "GET", "people/petugas-1/reach")).status_code == 403
    assert (await put(ringing, who, "petugas-1", addresses={"sms": "0812-3456-789"})).status_code == 403
    assert await ringing.program.storage.contacts.contacts("petugas-1") == ()


async def test_nobody_without_signing_in(ringing: Ringing) -> None:
    for method in ("GET", "PUT"):
        assert (await ringing.client.request(method, "/api/v1/people/petugas-1/reach", json={})).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"addresses": {"sms": "call me"}}, "addresses.sms"),
        ({"addresses": {"whatsapp": "08"}}, "addresses.whatsapp"),
        ({"addresses": {"email": "kota.example"}}, "addresses.email"),
        ({"quiet": {"begins": "25:00", "ends": "05:00"}}, "quiet.begins"),
        ({"addresses": {"sms": "0812-3456-789", "email": "x"}}, "addresses.email"),
    ],
)
async def test_what_cannot_be_is_named_and_nothing_is_kept(ringing: Ringing, body: dict[str, Any], field: str) -> None:
    answer = await put(ringing, "petugas-1", "petugas-1", **body)
    assert (answer.status_code, [each["field"] for each in answer.json()["fields"]]) == (422, [field])
    assert await ringing.program.storage.contacts.contacts("petugas-1") == ()


async def test_it_says_which_ways_this_city_has(ringing: Ringing) -> None:
    told = (await ringing.call("petugas-1", "GET", "people/petugas-1/reach")).json()
    assert [each["usable"] for each in told["channels"]] == [True, True, True]
    assert {each["channel"] for each in told["channels"]} == {Channel.WHATSAPP, Channel.SMS, Channel.EMAIL}


async def test_the_next_notice_goes_where_it_was_set(ringing: Ringing, until: Any) -> None:
    await put(ringing, "petugas-1", "petugas-1", addresses={"sms": "0812-3456-789"})
    await ringing.order()
    sent = await until(lambda: ringing.gateways.taken)
    assert sent[0].to == "+628123456789"
