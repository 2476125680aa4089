"""Commands over HTTP: the answer's shape, once in effect however often, and only what the caller may."""

import asyncio

from tests.api.conftest import City, new_id

PLACE = {"lat": -8.1, "lon": 112.165, "how": "gps", "accuracy_m": 12}


async def test_a_report_is_answered_with_its_tracking_link(city: City, command):
    answer = await city.client().post("/api/v1/reports", json=command(text="Air selutut di Plosokerep", place=PLACE))
    told = answer.json()
    assert answer.status_code == 201
    assert told["report_id"] == told["id"]
    assert (told["position"], told["version"]) == (1, 1)
    assert told["tracking_url"].startswith(f"{city.url}/l/{told['id'].lower()}")
    assert "secret" not in told
    assert (await city.client().get(told["tracking_url"])).status_code == 200


async def test_the_same_command_twice_at_once_happens_once(city: City, command):
    body = command(text="Pohon tumbang", place=PLACE)
    client = city.client()
    answers = await asyncio.gather(*(client.post("/api/v1/reports", json=body) for _ in range(8)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert await city.program.storage.journal.position() == 1


async def test_the_same_id_with_another_body_is_a_conflict(city: City, command):
    body = command(text="Pohon tumbang", place=PLACE)
    client = city.client()
    await client.post("/api/v1/reports", json=body)
    answer = await client.post("/api/v1/reports", json=body | {"text": "Banjir"})
    assert (answer.status_code, answer.json()["code"]) == (409, "command_id_reused")


async def test_ids_count_per_device(city: City, command):
    body = command(text="Pohon tumbang", place=PLACE)
    devices = [city.client(**{"x-hadir-device": f"device-of-somebody-{n}"}) for n in range(2)]
    first, second = [(await d.post("/api/v1/reports", json=body)).json() for d in devices]
    assert first["report_id"] != second["report_id"], "nobody gets another's answer"


async def test_a_press_answers_position_and_version(city: City, command):
    report = await city.report()
    answer = await city.who("operator").post(f"/api/v1/reports/{report['id']}/claim", json=command(seen_version=1))
    assert answer.status_code == 200
    assert answer.json()["version"] == 2
    assert answer.json()["position"] > report["position"]


async def test_the_board_waits_for_ones_own_command(city: City):
    operator = city.who("operator")
    for _ in range(5):
        report = await city.report()
        board = (await operator.get("/api/v1/board", params={"after": report["position"]})).json()
        assert board["position"] >= report["position"]
        assert report["id"] in [row["id"] for row in board["board"]["reports"]]


async def test_the_board_is_the_callers_own(city: City):
    await city.report()
    public = (await city.client().get("/api/v1/board?after=1")).json()["board"]
    assert public["reports"] == [] and len(public["areas"]) == 21
    only = (await city.who("operator").get("/api/v1/board?things=areas,reports&after=1")).json()["board"]
    assert set(only) == {"reports", "areas"}
    for row in (*only["reports"], *only["areas"]):
        assert {"id", "state", "version", "place", "since"} <= row.keys()


async def test_a_reporter_answers_with_the_links_secret_and_nobody_else(city: City, command):
    """From the report to «belum»: the secret of the link is the reporter's only key."""
    report = await city.report()
    operator = city.who("operator")
    incident = (await operator.post("/api/v1/incidents", json=command(report_id=report["id"]))).json()
    await operator.post(f"/api/v1/incidents/{incident['id']}/resolve", json=command(reason="Sudah surut"))
    async with asyncio.timeout(30):
        while (await _row(city, "reports", report["id"]))["state"] != "asked":
            await asyncio.sleep(0.01)
    path = f"/api/v1/reports/{report['id']}/dispute"
    other = await city.report()
    for secret in (None, "nonsense", other["tracking_url"].rsplit("/", 1)[1]):
        answer = await city.client().post(path, json=command(text="Belum", secret=secret))
        assert answer.status_code in (401, 403), answer.text
    secret = report["tracking_url"].rsplit("/", 1)[1]
    answer = await city.client().post(path, json=command(text="Belum surut", secret=secret))
    assert answer.status_code == 200, answer.text


async def _row(city: City, things: str, id: str) -> dict:
    board = (await city.who("operator").get(f"/api/v1/board?things={things}")).json()["board"]
    return next(row for row in board[things] if row["id"] == id)


async def test_a_photo_is_seen_by_those_who_see_what_it_stands_on(city: City, command):
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "JPEG")
    headers = {"content-type": "image/jpeg"}
    added = await city.client().post("/api/v1/photos", content=out.getvalue(), headers=headers)
    assert added.status_code == 201, added.text
    photo = added.json()["photo_id"]
    operator = city.who("operator")
    assert (await city.client().get(f"/api/v1/photos/{photo}")).status_code == 404
    report = await city.report(photos=[photo])
    await operator.get(f"/api/v1/board?after={report['position']}")
    shown = await operator.get(f"/api/v1/photos/{photo}?size=thumb")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg"), shown.text
    assert "private" in shown.headers["cache-control"]
    assert (await city.client().get(f"/api/v1/photos/{photo}")).status_code == 404


async def test_where_an_officer_is_goes_by_and_is_not_recorded(city: City):
    from tests.live.client import Client

    operator, officer = city.who("operator"), city.who("petugas-1")
    stream = await Client.open(city.port, headers=f"Authorization: {operator.headers['authorization']}\r\n")
    await stream.until(0)
    body = {"lat": -8.1, "lon": 112.165, "accuracy_m": 12, "device_at": "2025-01-06T11:00:00+07:00", "battery": 40}
    answer = await officer.post("/api/v1/units/petugas-1/position", json=body)
    assert answer.status_code == 200, answer.text
    (told,) = await stream.events(1)
    await stream.close()
    assert (told.name, told.id, told.data["key"]) == ("reading", None, "unit/petugas-1")
    assert told.data["place"]["lat"] == -8.1
    units = (await operator.get("/api/v1/board?things=units")).json()["board"]["units"]
    assert [u["place"]["lat"] for u in units if u["id"] == "petugas-1"] == [-8.1]
    assert await city.program.storage.journal.position() == 0
    for who, status in (("petugas-2", 403), ("operator", 403)):
        assert (await city.who(who).post("/api/v1/units/petugas-1/position", json=body)).status_code == status
    assert (await city.client().post("/api/v1/units/petugas-1/position", json=body)).status_code == 401
    assert (await officer.post("/api/v1/units/petugas-1/position", json=body | {"lat": 91})).status_code == 422


async def test_ids_from_outside_are_only_looked_up(city: City):
    operator = city.who("operator")
    for id in ("..%2f..%2fx", "'%20or%201=1", "x" * 200, "%00"):
        answer = await operator.post(f"/api/v1/reports/{id}/claim", json={"command_id": new_id()})
        assert answer.status_code == 404, answer.text
