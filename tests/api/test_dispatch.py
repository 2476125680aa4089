"""The dispatch door and what happens to positions, over HTTP."""

import asyncio
from datetime import timedelta

import msgspec

from hadir.actions.decision import Decision
from hadir.actions.execute import record
from hadir.actions.reactions import SYSTEM
from hadir.compose.people import demo_accounts
from hadir.compose.program import Face, running
from hadir.compose.storage import twins
from hadir.domain.events import UnitStatusSet
from hadir.domain.position import Fix
from hadir.ports.journal import NewFact
from hadir.storage.memory import SettableClock
from tests.api.conftest import City
from tests.world import CITY

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


async def test_two_readings_propose_what_only_he_may_say(city: City, command):
    """He drives to the flood: the row says what his positions say, his task's state stays his own."""
    id = await incident(city, command)
    body = command(incident_id=id, agency="bpbd", what="Evakuasi", officer="petugas-1")
    task = (await city.who("operator").post("/api/v1/tasks", json=body)).json()["id"]
    accepted = await city.who("petugas-1").post(f"/api/v1/tasks/{task}/accept", json=command())
    await city.program.board.wait(accepted.json()["position"], 2)
    board = city.program.board

    async def drive(*away_m: float) -> None:
        for metres in away_m:
            city.clock.advance(5)
            await at(city, "petugas-1", SPOT["lat"] + metres / 111_320, SPOT["lon"])

    async def proposed(position: int) -> str | None:
        await board.wait(position, 2)
        row = board.row("units", "petugas-1").proposed
        return row and row.state

    start = accepted.json()["position"]
    await drive(3000, 2990, 2600)
    assert board.row("units", "petugas-1").proposed is None
    await drive(2500)
    assert await proposed(start + 1) == "en_route"
    assert board.row("tasks", task).state == "accepted"
    await drive(60, 40, 45, 300, 40, 40)
    assert await proposed(start + 2) == "on_scene"
    assert board.row("tasks", task).state == "accepted"
    arrived = await city.who("petugas-1").post(f"/api/v1/tasks/{task}/arrive", json=command())
    assert await proposed(arrived.json()["position"]) is None
    await city.program.storage.journal.wait(start, 0)
    kinds = [f.event.kind for f in await city.program.storage.journal.read(start, 100)]
    assert kinds.count("unit.arrival_proposed") == 2, "each once, whatever the readings do"


async def test_the_emergency_is_on_every_screen_that_may_see_it(city: City, command):
    await at(city, "petugas-1", **SPOT)
    pressed = await city.who("petugas-1").post("/api/v1/units/petugas-1/emergency", json=command(**SPOT, age_s=3))
    assert pressed.status_code == 200, pressed.text
    for who, sees in (("operator", True), ("opd-bpbd", True), ("petugas-1", True), ("opd-dpupr", False)):
        board = (await city.who(who).get(f"/api/v1/board?after={pressed.json()['position']}")).json()["board"]
        units = {u["id"]: u for u in board["units"]}
        assert ("petugas-1" in units) is sees
        if sees:
            [alarm] = units["petugas-1"]["alarms"]
            assert (alarm["kind"], alarm["place"]["lat"]) == ("emergency", SPOT["lat"])
            assert alarm["place"]["area"] == "35.72.03.1002", "the area's name is what an operator says on the radio"
            assert units["petugas-1"]["state"] == "urgent"


async def test_a_batch_tells_when_each_was_taken_whatever_the_phones_clock_shows(city: City) -> None:
    """Its clock is three days wrong: only how long before the sending counts. The newest is where he is now."""
    officer = city.who("petugas-1")
    wrong = city.clock.now() - timedelta(days=3)
    here = [(-8.10, 600), (-8.11, 8), (-8.12, 0)]
    told = [{"lat": lat, "lon": 112.16, "device_at": (wrong - timedelta(seconds=s)).isoformat()} for lat, s in here]
    body = {"sent_at": wrong.isoformat(), "positions": [told[1], told[2] | {"signal": "3g", "battery": 40}, told[0]]}
    answer = await officer.post("/api/v1/units/petugas-1/positions", json=body)
    assert (answer.status_code, answer.json()["taken"]) == (200, 3)
    unit = city.program.board.row("units", "petugas-1")
    assert (unit.place.lat, unit.placed_at) == (-8.12, city.clock.now())
    await city.program.doors.tracking.flush()
    now = city.clock.now()
    kept = await city.program.storage.positions.track("petugas-1", now - timedelta(hours=1), now + timedelta(1), 9)
    assert [(f.lat, f.late) for f in kept] == [(-8.10, True), (-8.11, False), (-8.12, False)]


async def test_an_empty_batch_and_another_mans_are_refused(city: City) -> None:
    officer, sent = city.who("petugas-1"), city.clock.now().isoformat()
    empty = await officer.post("/api/v1/units/petugas-1/positions", json={"sent_at": sent, "positions": []})
    assert empty.status_code == 422
    one = {"sent_at": sent, "positions": [{"lat": -8.1, "lon": 112.1}]}
    assert (await officer.post("/api/v1/units/petugas-2/positions", json=one)).status_code == 403


async def test_where_officers_are_survives_a_restart() -> None:
    """What waits is written when the program stops; the next one begins with it; a press in between moves nobody."""
    clock = SettableClock()
    storage = twins(clock)
    for account in demo_accounts(CITY):
        await storage.accounts.add(account, None)
    async with running(CITY, storage, Face(demo=True)) as program:
        fix = Fix(unit="petugas-1", at=clock.now(), lat=SPOT["lat"], lon=SPOT["lon"], accuracy_m=8.0)
        program.doors.tracking.take([fix])
        seen = clock.now()
        clock.advance(30)
        pressed = UnitStatusSet(status="available_radio", agency="bpbd")
        decision = Decision(id="x", facts=(NewFact(stream="unit/petugas-1", expected=None, event=pressed),))
        appended = await record(program.ctx, SYSTEM, "a press", decision, cause="test")
        await program.board.wait(appended.position, 2)
        # A program that has just begun is stopped by its first breath: its follower must have run once to say goodbye.
        await asyncio.sleep(0)
    async with running(CITY, storage, Face(demo=True)) as program:
        row = program.board.row("units", "petugas-1")
        assert (row.place.lat, row.placed_at) == (SPOT["lat"], seen)
