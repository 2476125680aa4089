"""Every door, every audience: raw numbers and addresses leave to those the permission table names, and to nobody else.

Sensitive reports are on no public page, and public points lie on the squares of their kind.
"""

import logging
import re
from dataclasses import dataclass
from itertools import product
from math import isclose
from typing import Any

import msgspec
import pytest

from hadir.domain.blur import grid
from hadir.domain.people import PERMISSIONS, Role
from tests.api.conftest import City, new_id
from tests.privacy.wait import until
from tests.world import CITY

NIK, KK, PHONE, PLATE, MAIL = (
    "3572011234560001",
    "3572.0198.7654.0002",
    "0812-7766-5544",
    "AG 7731 QX",
    "saya@contoh.id",
)
#: in a text without a single digit
NAME = "Contohwati"
RAW = (NIK, KK, PHONE, PLATE, MAIL, NAME)
WORDS = f"banjir di rumah, NIK {NIK} KK {KK} telp {PHONE} motor {PLATE} surel {MAIL}"
LAT, LON = -8.1012345, 112.1654321
STAFF = [person.account for person in CITY.people]
#: (role, route): who may read raw words where
MAY_READ = {(Role.OPERATOR, "/api/v1/reports/{id}/personal")}
#: found by a secret link only; whoever has it is the reporter
OWN = "/l/"


@dataclass
class Planted:
    """A city in which everything that a citizen can say holds raw numbers."""

    city: City
    report: str
    incident: str
    task: str
    secret: str
    sensitive: str


async def post(client: Any, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/{path}", json={"command_id": new_id(), **body})
    assert answer.status_code in (200, 201), (path, answer.text)
    return answer.json()


@pytest.fixture
async def planted(city: City) -> Planted:
    place = {"lat": LAT, "lon": LON, "how": "gps", "text": f"depan rumah {PHONE} {MAIL}"}
    contact = {"name": "Demo", "phone": PHONE, "email": MAIL}
    got = await city.report(WORDS, place=place, contact=contact)
    await city.report(f"air masuk rumah, nama saya {NAME}", place=place | {"text": f"rumah a.n. {NAME}"})
    hidden = await city.report(f"pungli, telp {PHONE} {NIK}", place=place, secret=True, contact=contact)
    operator, citizen, secret = city.who("operator"), city.client(), got["tracking_url"].rpartition("/")[2]
    opened = await post(operator, "incidents", report_id=got["id"], title=f"Banjir {PHONE}")
    incident = opened["id"]
    await post(operator, f"incidents/{incident}/note", text=f"pelapor {PHONE}, {NIK}")
    await post(citizen, f"reports/{got['id']}/follow-up", secret=secret, text=f"sekarang {PLATE} terendam {NIK}")
    task = (await post(operator, "tasks", incident_id=incident, agency="bpbd", what="sedot air", officer="petugas-1"))[
        "id"
    ]
    await post(operator, "incidents", report_id=hidden["id"])
    await city.program.board.wait(await city.program.storage.journal.position(), 30)
    return Planted(city, got["id"], incident, task, secret, hidden["id"])


def addresses(planted: Planted) -> list[tuple[str, str]]:
    """(route, path) of everything that can be asked by GET."""
    routes = [r.path for r in planted.city.program.app._rest.routes if "GET" in r.methods]
    found = []
    for route in routes:
        plain = route.replace(":str", "")
        names = re.findall(r"{(\w+)}", plain)
        choices = [_values(planted, plain, name) for name in names]
        for values in product(*choices):
            path = plain
            for name, value in zip(names, values, strict=True):
                path = path.replace(f"{{{name}}}", value)
            found.append((plain, path))
    bare = ("/api/v1/areas.geojson", "/open311/discovery.json", "/open311/v2/requests.json", "/open311/v2/requests.xml")
    bare += (f"/open311/v2/requests/{planted.report}.json", f"/open311/v2/requests/{planted.sensitive}.json")
    return [*found, *((path, path) for path in bare)]


def _values(planted: Planted, route: str, name: str) -> list[str]:
    if name == "id":
        return [planted.report, planted.incident, planted.task, planted.sensitive]
    if name == "secret":
        return ["0" * 46]
    return {"incident": [planted.incident], "photo": ["0" * 64], "name": ["x"]}.get(name, ["x", CITY.areas[0].code])


QUERIES = ("", "?reason=memeriksa+data+pelapor&bbox=112,-9,113,-8")


async def test_raw_numbers_leave_by_no_door(planted: Planted, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    leaks: list[str] = []
    asked = 0
    for who in ["", *STAFF]:
        client = planted.city.who(who) if who else planted.city.client()
        role = next((Role(p.role) for p in CITY.people if p.account == who), Role.CITIZEN)
        for route, path in addresses(planted):
            for query in QUERIES:
                answer = await client.get(path + query)
                asked += answer.status_code == 200
                if (role, route) not in MAY_READ:
                    leaks += [f"{who or 'anybody'} {path}{query}: {raw}" for raw in RAW if raw in answer.text]
    assert leaks == []
    assert asked > 200, "the walk goes somewhere"
    # What leaves by itself: the live stream of every audience, and the board as it is stored for a resume.
    told = await planted.city.program.storage.views.told(0)
    assert told
    streamed = [
        (audience, raw) for d in told for audience, b in d.renderings.items() for raw in RAW if raw.encode() in b
    ]
    assert streamed == []
    assert not [raw for raw in RAW if raw in caplog.text]


async def test_who_may_read_raw_words_stands_in_the_permission_table(planted: Planted) -> None:
    assert set(PERMISSIONS["personal.read"]) == {role for role, _ in MAY_READ}
    path = f"/api/v1/reports/{planted.report}/personal?reason=menelepon+pelapor"
    assert NIK in (await planted.city.who("operator").get(path)).text
    own = await planted.city.client().get(f"{OWN}{planted.secret}/data")
    assert NIK in own.text and PHONE in own.text


async def test_a_sensitive_report_is_on_no_public_page(planted: Planted) -> None:
    anybody = planted.city.client()
    found = []
    for _, path in addresses(planted):
        for query in QUERIES:
            answer = await anybody.get(path + query)
            if answer.status_code == 200 and planted.sensitive not in path:
                found += [path] if planted.sensitive in answer.text else []
    assert found == []
    hidden = planted.city.program.board.row("reports", planted.sensitive)
    public = (await anybody.get("/api/v1/board")).json()["board"]["incidents"]
    assert [i["id"] for i in public] == [planted.incident], "the incident of a secret report is nobody's to see"
    assert hidden.incident not in (await anybody.get("/peta")).text


@pytest.mark.parametrize("kind", [k for k in CITY.categories if k.blur_m and k.public and not k.sensitive])
async def test_public_points_of_a_blurred_kind_lie_on_its_squares(city: City, kind) -> None:
    operator, squares = city.who("operator"), grid(kind.blur_m, CITY.lat)
    shown = set()
    for step in range(4):
        lat, lon = -8.10 + step * 2e-5, 112.165 + step * 2e-5
        place = {"lat": lat, "lon": lon, "how": "operator", "rt": 2, "text": "rumah nomor 7"}
        await post(operator, "incidents", category=kind.code, place=place)
        await city.report("x", place={"lat": lat, "lon": lon, "how": "gps"}, category=kind.code)
    await city.program.board.wait(await city.program.storage.journal.position(), 30)
    board = msgspec.json.decode((await city.client().get("/api/v1/board")).content)["board"]["incidents"]
    answer = (await city.client().get("/open311/v2/requests.json")).json()
    points = [(i["place"]["lat"], i["place"]["lon"]) for i in board] + [(r["lat"], r["long"]) for r in answer]

    async def in_the_open_book() -> bool:
        features = (await city.client().get("/data/laporan.geojson")).json()["features"]
        points[8:] = [(f["geometry"]["coordinates"][1], f["geometry"]["coordinates"][0]) for f in features]
        return len(features) == 4

    await until(in_the_open_book)
    assert len(points) == 12
    for lat, lon in points:
        middle = squares.middle(lat, lon)
        assert isclose(lat, middle[0], abs_tol=1e-6) and isclose(lon, middle[1], abs_tol=1e-6)
        shown.add((round(lat, 5), round(lon, 5)))
    assert len(shown) == 1, "asked often, from beside it, the square says no more than once"
    assert all(i["place"]["rt"] is None and i["place"]["words"] is None for i in board)
