"""«Data saya»: everything is shown, put right, taken along and erased by the secret link, without a script."""

import io
import json
import re
import zipfile

import httpx

from tests.api.conftest import City
from tests.privacy.test_erasure import NAME, PHONE, STREET, WORDS, gone, told
from tests.world import CITY


def form_of(page: str, do: str) -> dict[str, str]:
    """The hidden fields of the form that has this button, as a browser would send them."""
    whole = next(part for part in page.split("<form")[1:] if f'value="{do}"' in part.partition("</form>")[0])
    found = re.search(r'name="command_id" value="([^"]+)"', whole)
    assert found
    return {"command_id": found[1], "do": do}


async def posted(client: httpx.AsyncClient, url: str, **fields: str) -> httpx.Response:
    return await client.post(url, data=fields)


async def test_everything_is_shown_and_corrected(city: City) -> None:
    report, photo, secret = await told(city)
    client, url = city.client(origin=city.url), f"/l/{secret}/data"
    page = await client.get(url)
    received = (await city.program.storage.journal.read_stream(f"report/{report}"))[0].event
    assert CITY.area_by_code[received.place.area].name in page.text, "which kelurahan, too"
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    for kept in (WORDS, PHONE, NAME, STREET, photo, "-8.10000, 112.16500"):
        assert kept in page.text, kept
    fields = form_of(page.text, "correct") | {"text": "air semata kaki", "name": "", "phone": "0811"}
    answer = await posted(client, url, **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{url}?sudah=corrected")
    page = await client.get(url)
    assert "air semata kaki" in page.text and NAME not in page.text and WORDS not in page.text
    assert photo in page.text and STREET in page.text
    tracking = (await client.get(f"/l/{secret}")).text
    assert "air semata kaki" in tracking and photo in tracking and url in tracking


async def test_erasing_can_be_taken_back_and_is_said_plainly(city: City) -> None:
    report, photo, secret = await told(city)
    client, url = city.client(origin=city.url), f"/l/{secret}/data"
    page = (await client.get(url)).text
    assert "24 jam" in page
    assert (await posted(client, url, **form_of(page, "erase"))).status_code == 303
    page = (await client.get(url)).text
    assert "Akan dihapus" in page
    assert (await posted(client, url, **form_of(page, "keep"))).status_code == 303
    page = (await client.get(url)).text
    assert (await posted(client, url, **form_of(page, "erase"))).status_code == 303
    city.clock.advance(25 * 3600)
    await city.report("something else, so that the follower looks up")
    await gone(city, report)
    page = await client.get(url)
    assert "dihapus atas permintaan" in page.text and WORDS not in page.text and photo not in page.text
    assert (await client.get(f"/l/{secret}/foto/{photo}")).status_code == 404


async def test_other_reports_of_this_phone_go_with_it_only_on_this_phone(city: City) -> None:
    _, _, secret = await told(city)
    _, _, other = await told(city)
    stranger = city.client(origin=city.url)
    assert 'name="others"' not in (await stranger.get(f"/l/{secret}/data")).text
    phone = city.client(origin=city.url, cookie="hadir_device=a-device-secret-0001")
    page = (await phone.get(f"/l/{secret}/data")).text
    assert "1 laporan lain" in page
    await posted(phone, f"/l/{secret}/data", **form_of(page, "erase"), others="1")
    assert "Akan dihapus" in (await phone.get(f"/l/{other}/data")).text


async def test_all_of_it_can_be_taken_along(city: City) -> None:
    report, photo, secret = await told(city)
    client = city.client()
    answer = await client.get(f"/l/{secret}/data.zip")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["data.json", f"photos/{photo}.jpg"]
        document = json.loads(archive.read("data.json"))
        assert archive.read(f"photos/{photo}.jpg") == await city.program.storage.blobs.get(photo)
    assert document["text"] == WORDS and document["contact"]["phone"] == PHONE and document["report"] == report
    assert json.loads((await client.get(f"/l/{secret}/data.json")).content)["text"] == WORDS
    page = (await client.get(f"/l/{secret}/data")).text
    assert page.count("mengekspor") == 2


async def test_nobody_without_the_link(city: City) -> None:
    _, _, secret = await told(city)
    wrong = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    for client in (city.client(), city.who("admin"), city.who("operator")):
        for path in ("data", "data.json", "data.zip"):
            assert (await client.get(f"/l/{wrong}/{path}")).status_code == 404


async def test_in_english(city: City) -> None:
    _, _, secret = await told(city)
    page = (await city.client().get(f"/l/{secret}/data?lang=en")).text
    assert "My data" in page and "For 24 hours you can take it back" in page
