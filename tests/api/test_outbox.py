"""What a phone sends that was away: as whose, and what it is told when things have moved on."""

import json

from tests.api.conftest import City, new_id


async def test_what_one_person_pressed_is_never_taken_as_anothers(city: City) -> None:
    """The phone was handed on, or its owner signed out: the outbox waits for him."""
    mine = {"x-hadir-account": "petugas-1"}
    body = json.dumps({"command_id": new_id(), "status": "on_scene", "device_at": None})
    for client in (city.who("petugas-2", **mine), city.client(**mine)):
        answer = await client.post("/api/v1/units/petugas-1/status", content=body)
        assert (answer.status_code, answer.json()["code"]) == (401, "session_over")


async def test_a_press_that_comes_late_is_told_who_has_the_task_now(city: City) -> None:
    """Two officers, one task: the first one's phone had no signal. Somebody who never had it is told nothing of it."""
    desk, operator = city.who("opd-bpbd"), city.who("operator")
    place = {"how": "operator", "lat": -8.1, "lon": 112.165}
    opened = {"command_id": new_id(), "category": "flood", "place": place}
    incident = (await operator.post("/api/v1/incidents", json=opened)).json()["incident_id"]
    given = {"command_id": new_id(), "incident_id": incident, "agency": "bpbd", "what": "Ukur air"}
    task = (await operator.post("/api/v1/tasks", json=given)).json()["task_id"]
    for officer in ("petugas-1", "petugas-2"):
        body = {"command_id": new_id(), "officer": officer}
        assert (await desk.post(f"/api/v1/tasks/{task}/assign", json=body)).status_code == 200
    late = await city.who("petugas-1").post(f"/api/v1/tasks/{task}/accept?lang=id", json={"command_id": new_id()})
    assert (late.status_code, late.json()["code"], late.json()["who"]) == (409, "task_taken", "Petugas 2 BPBD")
    assert late.json()["detail"] == f"Tugas ini sudah diambil Petugas 2 BPBD pukul {late.json()['at']}."
    never = await city.who("petugas-3").post(f"/api/v1/tasks/{task}/accept", json={"command_id": new_id()})
    assert (never.status_code, never.json()["code"]) == (403, "not_yours")
    # What he wrote meanwhile may still be noted; who never had the task may not.
    for officer, status in (("petugas-1", 200), ("petugas-3", 403)):
        words = {"command_id": new_id(), "text": "Pompa kami tinggal di pos RW."}
        noted = await city.who(officer).post(f"/api/v1/incidents/{incident}/note", json=words)
        assert noted.status_code == status, noted.text
