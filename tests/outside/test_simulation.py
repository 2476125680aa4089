"""The simulated hour: the same for the same seed, inside its city, and marked in all that it sends."""

import io
import json
from pathlib import Path

import httpx
import pytest
from PIL import Image

from hadir.outside import scenario as s
from hadir.outside.client import Client
from hadir.outside.pictures import picture
from hadir.outside.simulate import INTEGRATOR, Player

ROOT = Path(__file__).parents[2]
HOUR = ROOT / "cities" / "blitar" / "simulation.toml"


@pytest.fixture(scope="module")
def hour() -> list[s.Moment]:
    return s.moments(s.load(HOUR), 1)


def test_the_same_seed_is_the_same_hour_and_another_is_not(hour: list[s.Moment]) -> None:
    assert hour == s.moments(s.load(HOUR), 1)
    assert hour != s.moments(s.load(HOUR), 2)


def test_it_is_in_order_and_within_the_hour(hour: list[s.Moment]) -> None:
    minutes = [m.minute for m in hour]
    assert minutes == sorted(minutes) and 0 <= minutes[0] < 1 and minutes[-1] <= 60


def test_every_scene_is_told_by_different_people_and_needs_no_gap(hour: list[s.Moment]) -> None:
    reports = [m for m in hour if isinstance(m, s.Report)]
    assert len({r.who for r in reports}) == len(reports) > 60
    assert not any("{" in r.text for r in reports)


def test_all_places_lie_in_or_near_the_city(hour: list[s.Moment]) -> None:
    from hadir.storage.areas import ShapelyAreas
    from hadir.storage.citypack import load_city

    city = load_city(ROOT / "cities" / "blitar")
    areas = ShapelyAreas(city)
    for m in hour:
        if isinstance(m, s.Position):
            assert not areas.locate(m.lat, m.lon).outside
        if isinstance(m, s.Report) and "lat" in m.place:
            assert not areas.locate(m.place["lat"], m.place["lon"]).outside
        if isinstance(m, s.Report) and "area" in m.place:
            assert m.place["area"] in city.area_by_code


def test_the_staff_of_the_scenario_exists_in_the_demo(hour: list[s.Moment]) -> None:
    from hadir.storage.citypack import load_city

    known = {p.account for p in load_city(ROOT / "cities" / "blitar").people}
    assert {m.account for m in hour if isinstance(m, s.Work | s.Position)} | {INTEGRATOR} <= known


def test_an_officer_who_is_sent_stands_at_the_place_when_he_arrives(hour: list[s.Moment]) -> None:
    scene = next(x for x in s.load(HOUR)["scenes"] if "work" in x)
    officer, arrives = scene["work"]["officer"], scene["work"]["arrive_at"]
    there = next(m for m in hour if isinstance(m, s.Position) and m.account == officer and m.minute > arrives)
    assert abs(there.lat - scene["lat"]) < 0.001 and abs(there.lon - scene["lon"]) < 0.001


def test_a_missing_key_is_named() -> None:
    with pytest.raises(s.ScenarioError, match="background"):
        s.moments({"minutes": 1, "scenes": []}, 1)


def test_pictures_are_plainly_simulated_and_never_the_same_twice() -> None:
    first, other = picture("a", "Air selutut"), picture("b", "Air selutut")
    assert first == picture("a", "Air selutut") != other
    with Image.open(io.BytesIO(first)) as image:
        assert image.size == (800, 600) and image.format == "JPEG"


async def test_officers_begin_their_watch_but_nobody_speaks_for_one_who_has_told_his_state() -> None:
    told = {"petugas-1": "unknown", "petugas-2": "not_available"}
    sent: list[tuple[str, str]] = []

    def server_of(officer: str) -> httpx.MockTransport:
        def server(request: httpx.Request) -> httpx.Response:
            if request.method == "GET":
                return httpx.Response(200, json={"board": {"units": [{"id": officer, "state": told[officer]}]}})
            sent.append((request.url.path, json.loads(request.content)["status"]))
            return httpx.Response(200, json={"id": officer, "position": 1})

        return httpx.MockTransport(server)

    clients = {officer: Client("http://hadir.test", transport=server_of(officer)) for officer in told}
    await Player(clients, "run", io.StringIO()).begin_watch(told)
    for each in clients.values():
        await each.aclose()
    assert sent == [("/api/v1/units/petugas-1/status", "available_base")]


async def test_what_is_sent_says_simulation_and_the_work_follows_the_scene(hour: list[s.Moment]) -> None:
    sent: list[tuple[str, dict]] = []

    def server(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/photos":
            return httpx.Response(201, json={"photo_id": "0" * 64})
        if request.url.path.endswith("/position"):
            return httpx.Response(404, json={})
        sent.append((request.url.path, json.loads(request.content)))
        return httpx.Response(201, json={"id": f"I{len(sent)}", "report_id": f"R{len(sent)}", "position": len(sent)})

    accounts = {m.account for m in hour if isinstance(m, s.Work | s.Position)} | {INTEGRATOR}
    clients = {a: Client("http://hadir.test", transport=httpx.MockTransport(server)) for a in accounts}
    player = Player(clients, "run", io.StringIO())
    for moment in hour:
        await player.play(moment)
    for each in clients.values():
        await each.aclose()
    reports = [body for path, body in sent if path == "/api/v1/reports"]
    assert len(reports) == sum(isinstance(m, s.Report) for m in hour)
    assert {body["origin"] for body in reports} == {"simulation"}
    assert len({body["command_id"] for _, body in sent}) == len(sent)
    verbs = {path.rpartition("/")[2] for path, _ in sent}
    assert {"incidents", "tasks", "join", "assign", "accept", "depart", "arrive", "finish"} <= verbs
    assert player.counts["refused"] == 1, "a server that takes no positions is asked once"
