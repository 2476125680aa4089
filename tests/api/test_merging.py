"""Merge and split over HTTP: one act, and the old id goes on as a link."""

import pytest

from tests.api.conftest import City


async def opened(city: City, command, text: str = "Air selutut di gang Melati") -> tuple[str, dict]:
    report = await city.report(text)
    body = command(report_id=report["id"])
    answer = await city.who("operator").post("/api/v1/incidents", json=body)
    assert answer.status_code == 201, answer.text
    await city.program.board.wait(answer.json()["position"], 2)
    return answer.json()["id"], report


async def merged(city: City, command, stays: str, goes: str) -> dict:
    body = command(incidents=[{"id": goes}])
    answer = await city.who("operator").post(f"/api/v1/incidents/{stays}/merge", json=body)
    assert answer.status_code == 200, answer.text
    await city.program.board.wait(answer.json()["position"] + 10, 0.2)
    return answer.json()


async def test_the_merged_id_is_a_link_until_it_is_undone(city: City, command):
    stays, _ = await opened(city, command)
    goes, _ = await opened(city, command, "Banjir gang Melati makin tinggi")
    told = await merged(city, command, stays, goes)
    assert told["merged"] == [goes]
    operator = city.who("operator")
    answer = await operator.get(f"/api/v1/incidents/{goes}")
    assert (answer.status_code, answer.json()) == (307, {"merged_into": stays})
    followed = await operator.get(f"/api/v1/incidents/{goes}", follow_redirects=True)
    assert followed.json()["id"] == stays and followed.json()["reports"] == 2
    public = await city.client().get(f"/api/v1/incidents/{goes}", follow_redirects=True)
    assert public.json()["people"] == 2 and "title" not in public.json()
    timeline = (await operator.get(f"/api/v1/incidents/{goes}/timeline")).json()
    assert timeline["incident"] == stays
    assert timeline["items"][-1]["kind"] == "incident.absorbed"
    refused = await operator.post(f"/api/v1/incidents/{goes}/resolve", json=command(reason="x"))
    assert refused.status_code == 409
    assert refused.json()["detail"] == f"Kejadian ini sudah digabung ke kejadian {stays[-5:]}. Lanjutkan di sana."
    undone = await operator.post(f"/api/v1/incidents/{stays}/unmerge", json=command(incidents=[goes]))
    await city.program.board.wait(undone.json()["position"] + 3, 0.2)
    back = await operator.get(f"/api/v1/incidents/{goes}")
    assert (back.status_code, back.json()["reports"]) == (200, 1)


async def test_what_may_be_the_same_comes_with_reasons_to_whoever_may_merge(city: City, command):
    here, _ = await opened(city, command)
    there, _ = await opened(city, command, "Air di gang Melati sudah selutut, tolong")
    far = command(category="tree", place={"how": "operator", "area": "35.72.01.1006"})
    await city.who("operator").post("/api/v1/incidents", json=far)
    found = (await city.who("operator").get(f"/api/v1/incidents/{here}/similar?lang=id")).json()["similar"]
    assert [(each["id"], each["suggested"]) for each in found] == [(there, True)]
    codes = {reason["code"] for reason in found[0]["reasons"]}
    assert codes == {"alike.away", "alike.kind.same", "alike.apart", "alike.words"}
    assert (await city.who("opd-bpbd").get(f"/api/v1/incidents/{here}/similar")).status_code == 403
    assert (await city.client().get(f"/api/v1/incidents/{here}/similar")).status_code == 401
    assert (await city.who("operator").get("/api/v1/incidents/NOPE/similar")).status_code == 404


@pytest.mark.parametrize("path", ["merge", "split", "unmerge", "unsplit"])
async def test_only_an_operator_merges_and_splits(city: City, command, path: str):
    here, _ = await opened(city, command)
    body = {"merge": {"incidents": [{"id": here}]}, "split": {"reports": ["x"]}, "unmerge": {"incidents": ["x"]}}
    answer = await city.who("pimpinan").post(f"/api/v1/incidents/{here}/{path}", json=command(**body.get(path, {})))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")


async def test_the_reporter_s_page_goes_on_with_the_one_incident(city: City, command):
    stays, _ = await opened(city, command)
    goes, report = await opened(city, command, "Banjir gang Melati")
    link = report["tracking_url"].removeprefix(city.url)
    await merged(city, command, stays, goes)
    task = command(incident_id=stays, agency="bpbd")
    given = await city.who("operator").post("/api/v1/tasks", json=task)
    await city.program.board.wait(given.json()["position"], 2)
    page = (await city.client().get(link)).text
    assert "BPBD" in page and "digabung" in page
    request = await city.client().get(f"/open311/v2/requests/{report['id']}.json")
    assert "Badan Penanggulangan Bencana Daerah" in request.json()[0]["agency_responsible"]
