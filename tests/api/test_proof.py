"""Photos with what the phone says of them, and their closed originals, over HTTP."""

import asyncio
import json
from typing import Any

import httpx

from tests.actions.pictures import jpeg, scene
from tests.api.conftest import City


async def sent(client: httpx.AsyncClient, number: int, taken: str | None = None) -> httpx.Response:
    headers = {"content-type": "image/jpeg"} | ({"x-hadir-taken": taken} if taken is not None else {})
    return await client.post("/api/v1/photos", content=jpeg(scene(number)), headers=headers)


async def finished(city: City, command: Any, number: int = 1) -> tuple[str, str, dict[str, Any]]:
    """(task, photo, its row once it was checked)."""
    report = await city.report()
    operator, desk, officer = city.who("operator"), city.who("opd-bpbd"), city.who("petugas-1")
    incident = (await operator.post("/api/v1/incidents", json=command(report_id=report["id"]))).json()["id"]
    body = command(incident_id=incident, agency="bpbd", what="Pompa")
    task = (await operator.post("/api/v1/tasks", json=body)).json()["id"]
    await desk.post(f"/api/v1/tasks/{task}/assign", json=command(officer="petugas-1"))
    await officer.post(f"/api/v1/tasks/{task}/accept", json=command())
    taken = json.dumps({"source": "gallery", "lat": -8.1, "lon": 112.165, "accuracy_m": 8})
    photo = (await sent(officer, number, taken)).json()["photo_id"]
    await officer.post(f"/api/v1/tasks/{task}/finish", json=command(photos=[photo], note="Selesai"))
    async with asyncio.timeout(30):
        while not (row := await _task(operator, task))["proof"]:
            await asyncio.sleep(0.02)
    return task, photo, row


async def _task(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    board = (await client.get("/api/v1/board?things=tasks")).json()["board"]
    return next(row for row in board["tasks"] if row["id"] == id)


async def test_what_the_phone_says_comes_to_the_verifier_and_not_to_the_officer(city: City, command: Any) -> None:
    task, photo, row = await finished(city, command)
    [found] = row["proof"]["photos"]
    assert (found["id"], found["source"], found["accuracy_m"], found["distance_m"]) == (photo, "gallery", 8, 0)
    assert row["proof"]["flags"] == ["proof_gallery"]
    assert (await _task(city.who("opd-bpbd"), task))["proof"] == row["proof"]
    assert "proof" not in await _task(city.who("petugas-1"), task)


async def test_a_bad_word_of_a_phone_is_named(city: City) -> None:
    officer = city.who("petugas-1")
    for said in ("{", '{"lat": 91, "lon": 0}', '{"lat": 1}', '{"source": "scanner"}', "x" * 600):
        answer = await sent(officer, 2, said)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_header"), said
    assert (await sent(officer, 2)).status_code == 201


async def test_an_original_is_given_with_a_reason_to_those_who_verify(city: City, command: Any) -> None:
    task, photo, row = await finished(city, command)
    url = f"/api/v1/photos/{photo}/original"
    desk = city.who("opd-bpbd")
    assert (await city.client().get(url)).status_code == 401
    assert (await city.who("petugas-1").get(url, params={"reason": "Ingin melihatnya"})).status_code == 403
    assert (await city.who("opd-dlh").get(url, params={"reason": "Ingin melihatnya"})).status_code == 403
    assert (await desk.get(url, params={"reason": "x"})).status_code == 422
    answer = await desk.get(url, params={"reason": "Diduga disunting di tengah"})
    assert answer.status_code == 200 and answer.content == jpeg(scene(1))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment")
    timeline = f"/api/v1/incidents/{row['incident']}/timeline"
    opened = [
        item
        for item in (await city.who("auditor").get(timeline)).json()["items"]
        if item["kind"] == "photo.original_viewed"
    ]
    assert [(item["stream"], item["params"]["words"]) for item in opened] == [
        (f"task/{task}", ": «Diduga disunting di tengah»")
    ]
    theirs = (await city.who("petugas-1").get(timeline)).json()["items"]
    assert not {item["kind"] for item in theirs} & {"photo.original_viewed", "evidence.checked"}
