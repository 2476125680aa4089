"""Public clients against our server: civicbot (JSON) and georeport (JSON and XML).

No public client posts and reads the answer as XML: that is tested by the text in test_open311.py.
"""

import asyncio
from typing import Any

import pytest
from civicbot.http import HttpError, HttpTransport, RateLimiter
from civicbot.open311 import Open311Client, ValidationError
from civicbot.registry import Endpoint
from georeport import GeoReport

from tests.api.conftest import City
from tests.world import CITY


@pytest.fixture
def bot(city: City) -> Open311Client:
    here = Endpoint(id="here", name="here", base_url=f"{city.url}/open311/v2", write=True)
    return Open311Client(here, HttpTransport(rate_limiter=RateLimiter(min_interval=0)))


def token(city: City) -> str:
    return city.program.storage.secrets.token("open311-test", city.clock.now(), 1)


async def sent(bot: Open311Client, key: str, code: str = "flood", **fields: Any) -> str:
    """It is dry-run by default: sending takes all of these words. It blocks, so it has a thread."""
    prepared = await asyncio.to_thread(
        bot.create_request, code, dry_run=False, confirm="SEND", api_key=key, validate_remote=True, **fields
    )
    return prepared.response[0]["service_request_id"]


async def test_civicbot_files_and_follows(city: City, bot: Open311Client) -> None:
    place = {"lat": -8.1, "lng": 112.165}
    id = await sent(bot, token(city), description="Air & lumpur\nmasuk rumah", attributes={"depth": "knee"}, **place)
    request = await asyncio.to_thread(bot.get_request, id)
    assert request is not None
    assert (request["status"], request["service_code"]) == ("open", "flood")
    assert request["description"].startswith("Air & lumpur\nmasuk rumah")
    listed = await asyncio.to_thread(bot.list_requests, service_code="flood", status="open", page_size=10)
    assert [each["service_request_id"] for each in listed] == [id]
    assert await asyncio.to_thread(bot.list_requests, service_request_ids=[id, "other"]) == [request]
    assert await asyncio.to_thread(bot.get_token, id) == [{"service_request_id": id, "token": id}]


async def test_civicbot_knows_our_services_and_their_questions(city: City, bot: Open311Client) -> None:
    with pytest.raises(ValidationError) as refused:
        await sent(bot, token(city), "flood", lat=-8.1, lng=112.1, attributes={"depth": "ocean"})
    assert "ocean" in str(refused.value)
    with pytest.raises(ValidationError):
        await sent(bot, token(city), "nothing", lat=-8.1, lng=112.1)
    services = await asyncio.to_thread(bot.list_services)
    assert len(services) == len(CITY.categories)


async def test_civicbot_with_a_wrong_key(city: City, bot: Open311Client) -> None:
    with pytest.raises(HttpError) as refused:
        await sent(bot, "wrong", lat=-8.1, lng=112.1)
    assert refused.value.status == 403


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_georeport_reads_both_forms(city: City, bot: Open311Client, form: str) -> None:
    ids = [await sent(bot, token(city), lat=-8.1, lng=112.165, description=f"Banjir {n}") for n in range(2)]
    reader = GeoReport(f"{city.url}/open311/v2", jurisdiction=CITY.code, output_format=form)

    def read() -> tuple[Any, ...]:
        one = reader.get_service_request(ids[0])
        many = reader.get_service_requests(service_code="flood", status="open")
        return reader.get_service_list(), reader.get_service_definition("flood"), one, many

    services, definition, one, many = await asyncio.to_thread(read)
    assert services[0]["service_code"] == CITY.categories[0].code
    assert definition["service_code"] == "flood"
    assert (one["service_request_id"], one["description"]) == (ids[0], "Banjir 0")
    assert {each["service_request_id"] for each in many} == set(ids)
