"""What triage makes of one report, over HTTP, and who may read it."""

import numpy as np

from hadir.actions.learned import BUCKETS, Model
from tests.api.conftest import City

SPOT = {"lat": -8.1149, "lon": 112.1628}


async def told(city: City, command, text: str, **where) -> str:
    answer = await city.client().post("/api/v1/reports", json=command(text=text, place=where))
    assert answer.status_code == 201, answer.text
    await city.program.board.wait(answer.json()["position"], 2)
    return answer.json()["report_id"]


async def triaged(city: City, id: str, who: str = "operator") -> dict:
    answer = await city.who(who).get(f"/api/v1/reports/{id}/triage?lang=id")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_all_that_triage_makes_of_a_report(city: City, command):
    id = await told(city, command, "wit ambruk nutupi dalan RT 2 RW 1, nama: Contoh Satu, hub 0812 3456 7890", **SPOT)
    found = await triaged(city, id)
    row = city.program.board.row("reports", id)
    marked = {row.text[m["start"] : m["end"]]: m["kind"] for m in found["marks"]}
    assert marked["wit ambruk"] == "category"
    first = found["categories"][0]
    assert (first["category"], first["agency"], found["sure"], found["by"]) == ("tree_fallen", "bpbd", True, "rules")
    assert len(found["categories"]) == 3
    assert [language["code"] for language in found["languages"]] == ["jv"]
    assert (found["place"]["rt"], found["place"]["rw"]) == (2, 1)
    assert found["masked"] == ["nama", "telepon"]
    assert found["measured"] is None, "nothing was trained, so nothing was measured"


async def test_what_may_be_the_same_says_why(city: City, command):
    other = await told(city, command, "banjir di gang depan sekolah", **SPOT)
    await told(city, command, "sampah menumpuk", lat=SPOT["lat"] + 0.02, lon=SPOT["lon"])
    id = await told(city, command, "banjir depan sekolah", lat=SPOT["lat"] + 0.0005, lon=SPOT["lon"])
    (same,) = (await triaged(city, id))["same"]
    assert (same["id"], same["kind"], same["metres"]) == (other, "same", 56)
    assert same["words"] == ["banjir", "depan", "sekolah"]
    assert same["score"] > 0.8


async def test_what_was_just_dismissed_is_compared_too(city: City, command):
    other = await told(city, command, "banjir di gang depan sekolah", **SPOT)
    pressed = await city.who("operator").post(f"/api/v1/reports/{other}/dismiss", json=command(disposition="duplicate"))
    assert pressed.status_code == 200, pressed.text
    await city.program.board.wait(pressed.json()["position"], 2)
    id = await told(city, command, "banjir depan sekolah", **SPOT)
    same = (await triaged(city, id))["same"]
    assert [(s["id"], s["state"]) for s in same] == [(other, "dismissed")]


async def test_a_doubtful_category_says_so_and_stays_in_the_queue(city: City, command):
    id = await told(city, command, "halo pak wali", **SPOT)
    row = city.program.board.row("reports", id)
    assert row.state == "received"
    assert [reason.code for reason in row.category_reasons] == ["category.none", "category.unsure"]
    assert not (await triaged(city, id))["sure"]


async def test_who_may_read_it(city: City, command):
    id = await told(city, command, "banjir", **SPOT)
    assert (await city.client().get(f"/api/v1/reports/{id}/triage")).status_code == 401
    assert (await city.who("petugas-1").get(f"/api/v1/reports/{id}/triage")).status_code == 403
    assert (await city.who("operator").get("/api/v1/reports/none/triage")).status_code == 404
    assert (await city.who("admin").get("/api/v1/training")).json()["training"] is None
    assert (await city.who("petugas-1").get("/api/v1/training")).status_code == 403


async def test_a_trained_model_decides_where_the_rules_do_not(city: City, command):
    weights = np.zeros((BUCKETS + 1, 2), np.float32)
    weights[:, 0] = 4.0
    measured = {"assigned": {"precision": 0.9, "share": 0.5}, "examined": {"rows": 9, "until": "x"}, "margin": 0.3}
    model = Model(
        version="v1",
        rows=9_000,
        rule_weight=2.5,
        temperature=1.0,
        categories=("road_damage", "garbage"),
        weights=weights,
        evaluation=measured,
    )
    ctx = city.program.ctx
    object.__setattr__(ctx, "learned", lambda: model)
    id = await told(city, command, "halo pak wali", **SPOT)
    row = city.program.board.row("reports", id)
    assert (row.category, row.category_reasons[-1].code) == ("road_damage", "category.learned")
    found = await triaged(city, id)
    assert (found["by"], found["measured"]["precision"]) == ("learned", 0.9)
    sure = await told(city, command, "banjir", **SPOT)
    assert city.program.board.row("reports", sure).category == "flood", "the rules stand above it"
