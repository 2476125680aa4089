"""Open data over HTTP: the same reports in every form, no more of them than the table says, and nothing twice."""

from __future__ import annotations

import gzip
import re
from typing import Any

import httpx

from hadir.domain.people import OPEN_DATA
from hadir.inbound.opendata.told import FIELDS
from hadir.standards import atom, csvfile, geojson
from tests.api.conftest import City
from tests.world import CITY

HERE = {"lat": -8.1, "lon": 112.165, "how": "gps"}
FORMS = ("geojson", "csv", "atom")
FILES = [f"/data/laporan.{form}" for form in FORMS]
DOORS = ("/peta?days=0", "/peta/kabar?days=0&zoom=6", "/angka", "/angka/laporan", "/data", "/data/laporan/1", *FILES)
SECRET = "Pak Contoh Pelapor, telepon 081234567890, Jl. Contoh 5"


async def caught_up(city: City) -> None:
    while await city.program.book.step():
        pass


async def told(city: City, text: str = "Air selutut di gang", **more: Any) -> str:
    made = await city.report(text, place=HERE, **more)
    await caught_up(city)
    return made["id"]


async def pages(city: City, form: str, **params: Any) -> list[httpx.Response]:
    """All pages of a file, by the links that it gives."""
    found = [await city.client().get(f"/data/laporan.{form}", params=params)]
    while following := found[-1].links.get("next"):
        found.append(await city.client().get(following["url"]))
    assert all(answer.status_code == 200 for answer in found)
    return found


async def test_the_same_reports_in_every_form_by_pages_and_none_twice(city: City) -> None:
    ids = [await told(city) for _ in range(5)]
    found = {form: await pages(city, form, limit=2) for form in FORMS}
    collections = [geojson.read(answer.content) for answer in found["geojson"]]
    assert [f.id for each in collections for f in each.features] == ids[::-1]
    records = [line for answer in found["csv"] for line in csvfile.read(answer.content)[1:]]
    assert [line[0] for line in records] == ids[::-1]
    feeds = [atom.read(answer.content) for answer in found["atom"]]
    entries = [entry for feed in feeds for entry in feed.entries]
    assert len({entry.id for entry in entries}) == 5
    assert [len(feed.entries) for feed in feeds] == [2, 2, 1]
    assert {link.rel for link in feeds[0].links} == {"self", "first", "alternate", "next"}
    assert "next" not in {link.rel for link in feeds[-1].links}
    lat, lon = (float(records[0][FIELDS.index(name)]) for name in ("lat", "lon"))
    assert collections[0].features[0].point == (lat, lon) == entries[0].point


async def test_fields_are_those_of_the_permission_table_and_all_of_them_are_explained(city: City) -> None:
    await told(city)
    (header, line) = csvfile.read((await city.client().get("/data/laporan.csv")).content)
    assert set(header) == OPEN_DATA and len(line) == len(header)
    page = (await city.client().get("/data?lang=en")).text
    assert all(f"<code>{name}</code>" in page for name in header)
    (feature,) = geojson.read((await city.client().get("/data/laporan.geojson")).content).features
    assert set(feature.properties) | {"id", "lat", "lon"} == OPEN_DATA


async def test_no_door_says_what_somebody_wrote_or_shows_what_is_not_public(city: City) -> None:
    hidden = next(kind for kind in CITY.categories if kind.sensitive)
    await told(city, f"Air selutut. {SECRET}", contact={"name": "Contoh Pelapor", "phone": "081234567890"})
    await told(city, "sesuatu yang peka", category=hidden.code)
    await told(city, "jangan tampilkan", secret=True)
    for door in DOORS:
        answer = await city.client().get(door)
        assert answer.status_code == 200, (door, answer.text)
        for words in ("Contoh Pelapor", "0812", "selutut", "peka yang", "jangan tampilkan", hidden.name.id):
            assert words not in answer.text, (door, words)
    assert len(geojson.read((await city.client().get("/data/laporan.geojson")).content).features) == 1
    assert (await city.client().get("/data/laporan/2")).status_code == 404


async def test_who_has_this_very_page_gets_no_other(city: City) -> None:
    await told(city)
    first = httpx.Response(200)
    for form in FORMS:
        first = await city.client().get(f"/data/laporan.{form}")
        assert first.headers["cache-control"] == "public, max-age=60"
        assert first.headers["access-control-allow-origin"] == "*"
        for name, known in (("if-none-match", "etag"), ("if-modified-since", "last-modified")):
            again = await city.client().get(f"/data/laporan.{form}", headers={name: first.headers[known]})
            assert (again.status_code, again.content) == (304, b"")
    await told(city)
    stale = {"if-none-match": first.headers["etag"]}
    assert (await city.client().get("/data/laporan.atom", headers=stale)).status_code == 200


async def test_packed_where_it_is_taken_and_head_is_empty(city: City) -> None:
    await told(city)
    async with city.client().stream("GET", "/data/laporan.csv", headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert csvfile.read(gzip.decompress(raw))[0] == list(FIELDS)
    head = await city.client().head("/data/laporan.csv")
    assert (head.status_code, head.content) == (200, b"")


UNREADABLE = (
    "kind=nonsense",
    "agency=x",
    "area=1",
    "state=open",
    "origin=mars",
    "from=yesterday",
    "from=0001-01-01",
    "to=2026-02-30",
    "bbox=1,2,3",
    "bbox=nan,0,1,1",
    "bbox=3,0,1,1",
    "only=all",
    "limit=0",
    "limit=99999999",
    "limit=%D9%A3",
    "before=-1",
    "before=1e9",
    "kind=flood&kind=%00",
)


async def test_a_filter_that_cannot_be_read_is_named_by_the_files_and_passed_over_by_the_pages(city: City) -> None:
    client = city.client()
    for number, query in enumerate(UNREADABLE):
        answer = await client.get(f"{FILES[number % 3]}?{query}")
        assert answer.status_code == 400, answer.text
        assert answer.json()["name"] == query.partition("=")[0]
        for page in ("/peta/kabar", "/angka"):
            assert (await client.get(f"{page}?{query}&zoom=99&lat=x&lon=nan&days=5")).status_code == 200


async def test_filters_leave_what_they_say(city: City) -> None:
    await told(city)
    kind = (await city.client().get("/data/laporan.geojson")).json()["features"][0]["properties"]
    day = kind["received"][:10]

    async def count(query: str) -> int:
        return len((await city.client().get(f"/data/laporan.geojson?{query}")).json()["features"])

    for query in (
        f"kind={kind['kind']}",
        f"agency={kind['agency']}",
        f"area={kind['area']}",
        "state=new,work",
        f"from={day}&to={day}",
        "bbox=112,-9,113,-8",
        "only=waiting",
        "origin=live",
        "origin=all",
    ):
        assert await count(query) == 1, query
    other = next(a for a in CITY.agencies if a.code != kind["agency"])
    for query in (
        "state=done",
        f"agency={other.code}",
        f"to={day[:4]}-01-01",
        "bbox=0,0,1,1",
        "only=solved",
        "origin=simulation",
        f"agency={other.code}&kind={kind['kind']}",
    ):
        assert await count(query) == 0, query


async def test_every_number_opens_to_its_reports(city: City) -> None:
    for _ in range(3):
        await told(city)
    page = (await city.client().get("/angka")).text
    links = re.findall(r'href="(/angka/laporan\?[^"]+)">([\d.]+)<', page)
    assert ("3" in [number for _, number in links]) and len(links) >= 4
    for address, number in links:
        listed = (await city.client().get(address.replace("&amp;", "&"))).text
        assert listed.count('href="/data/laporan/') == int(number)
    assert "style=" not in page
    narrowed = (await city.client().get(f"/angka?kind=flood&area={CITY.areas[0].code}")).text
    assert f"Banjir · {CITY.areas[0].name}" in narrowed


async def test_simulated_reports_are_told_apart_and_not_counted(city: City) -> None:
    operator = city.who("open311-test")
    body = {"command_id": "sim-1-command", "text": "Air selutut", "place": HERE, "origin": "simulation"}
    assert (await operator.post("/api/v1/reports", json=body)).status_code == 201
    await caught_up(city)
    page = (await city.client().get("/angka?lang=en")).text
    assert "Simulation: 1" in page and "No reports match." in page
    assert "These are not only live reports." in (await city.client().get("/angka?origin=simulation&lang=en")).text
    assert (await city.client().get("/data/laporan.geojson")).json()["features"] == []
    shown = (await city.client().get("/peta?days=0&lang=en")).text
    assert 'class="origin"' in shown and "1 of them are simulated or replayed." in shown


async def test_the_map_leads_from_the_city_to_one_report_without_script(city: City) -> None:
    for _ in range(2):
        await told(city)
    address, page = "/peta?days=0", ""
    for _ in range(3):
        page = (await city.client().get(address)).text
        cluster = re.search(r'<a class="cluster[^"]*" data-map href="([^"]+)" aria-label="2 ', page)
        assert cluster is not None
        address = f"/peta{cluster[1].replace('&amp;', '&')}"
    assert "zoom=3" in address
    (first, _) = re.findall(r'<a href="(/data/laporan/\d+)"', page)
    assert "Banjir" in (await city.client().get(first)).text


async def test_the_part_that_changes_says_when_nothing_did(city: City) -> None:
    await told(city)
    first = await city.client().get("/peta/kabar?days=0")
    again = await city.client().get("/peta/kabar?days=0", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
