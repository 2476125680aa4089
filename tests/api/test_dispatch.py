"""The dispatch door and what happens to positions, over HTTP."""

import msgspec

from tests.api.conftest import City

SPOT = {"lat": -8.1149, "lon": 112.1629}


async def incident(city: City, command, **more) -> str:
    body = command(category="flood", place={"how": "operator", "area": "35.72.02.1004", **SPOT}, **more)
    answer = await city.who("operator").post("/api/v1/incidents", json=body)
    assert answer.status_code == 201, answer.text
    await city.program.board.wait(answer.json()["position"], 2)
    return answer.json()["id"]


async def at(city: City, who: str, lat: float, lon: float, **more) -> None:
    body = {"lat": lat, "lon": lon, "accuracy_m": 8} | more
    answer = await city.who(who).post(f"/api/v1/units/{who}/position", json=body)
    assert answer.status_code == 200, answer.text


async def test_who_can_go_in_order_with_reasons(city: City, command):
    id = await incident(city, command)
    await at(city, "petugas-1", SPOT["lat"] + 0.02, SPOT["lon"])
    await at(city, "petugas-2", SPOT["lat"] + 0.001, SPOT["lon"])
    for who in ("petugas-1", "petugas-2"):
        press = command(status="available_radio")
        pressed = await city.who(who).post(f"/api/v1/units/{who}/status", json=press)
    await city.program.board.wait(pressed.json()["position"], 2)
    answer = await city.who("operator").get(f"/api/v1/incidents/{id}/dispatch?lang=id")
    assert answer.status_code == 200
    told = answer.json()
    first, second = told["suggestions"][:2]
    assert {first["id"], second["id"]} == {"petugas-1", "petugas-2"}
    near = next(s for s in told["suggestions"] if s["id"] == "petugas-2")
    assert near["nearest"]
    assert near["distance_m"] == 111
    assert near["standing"] == "free"
    lacks = next(r for r in near["reasons"] if r["code"] == "dispatch.no_skill")
    assert lacks["params"]["thing"] == "Penyelamatan di air"
    assert [s["standing"] for s in told["suggestions"][2:]] == ["unknown"] * 4
    assert told["missing"] == {"skills": [], "equipment": []}
    english = (await city.who("operator").get(f"/api/v1/incidents/{id}/dispatch?lang=en")).json()
    assert "Water rescue" in msgspec.json.encode(english).decode()


async def test_only_who_may_asks_and_an_agency_sees_its_own(city: City, command):
    id = await incident(city, command)
    path = f"/api/v1/incidents/{id}/dispatch"
    assert (await city.client().get(path)).status_code == 401
    assert (await city.who("petugas-1").get(path)).status_code == 403
    assert (await city.who("opd-dpupr").get(path)).status_code == 403, "it has no task there"
    given = await city.who("operator").post("/api/v1/tasks", json=command(incident_id=id, agency="dpupr", what="Pompa"))
    await city.program.board.wait(given.json()["position"], 2)
    told = (await city.who("opd-dpupr").get(path)).json()
    assert {s["agency"] for s in told["suggestions"]} == {"dpupr"}
    assert (await city.who("pimpinan").get(path)).status_code == 200
    assert (await city.who("operator").get("/api/v1/incidents/none/dispatch")).status_code == 404


async def test_a_pressed_key_makes_no_old_position_fresh(city: City, command):
    id = await incident(city, command)
    await at(city, "petugas-2", **SPOT)
    city.clock.advance(200)
    pressed = await city.who("petugas-2").post("/api/v1/units/petugas-2/status", json=command(status="available_radio"))
    await city.program.board.wait(pressed.json()["position"], 2)
    told = (await city.who("operator").get(f"/api/v1/incidents/{id}/dispatch")).json()
    officer = next(s for s in told["suggestions"] if s["id"] == "petugas-2")
    assert officer["stale"]
    assert not officer["nearest"]


async def test_positions_are_kept_and_late_ones_never_live(city: City):
    positions = city.program.storage.positions
    await at(city, "petugas-1", **SPOT)
    await city.program.doors.tracking.flush()
    assert [(f.unit, f.lat) for f in await positions.newest()] == [("petugas-1", SPOT["lat"])]
