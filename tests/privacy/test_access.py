"""Who looked at what: on the log before it is shown, read by the auditor, forgotten after its time."""

from datetime import timedelta

import pytest

from hadir.ports.access import AccessLog, Look, Wanted
from hadir.storage.memory.privacy import MemoryAccessLog
from tests.api.conftest import City, new_id
from tests.privacy.test_erasure import NAME, PHONE, WORDS, told

WHY = "menelepon pelapor untuk alamat"


async def test_own_words_are_told_to_the_operator_and_put_on_the_log(city: City) -> None:
    report, _, secret = await told(city)
    path = f"/api/v1/reports/{report}/personal"
    operator = city.who("operator")
    assert (await operator.get(path, params={"reason": "x"})).status_code == 422
    answer = await operator.get(path, params={"reason": WHY})
    assert answer.json()["contact"] == {"name": NAME, "phone": PHONE}
    assert answer.json()["text"] == WORDS and answer.headers["cache-control"] == "no-store"
    looks = (await city.who("auditor").get("/api/v1/access")).json()["looks"]
    assert [(k["actor"], k["what"], k["thing"], k["reason"]) for k in looks if k["what"] == "personal"] == [
        ("operator", "personal", f"report/{report}", WHY)
    ]
    assert looks[0]["what"] == "log" and looks[0]["actor"] == "auditor"
    assert "membaca kata asli dan kontak" in (await city.client().get(f"/l/{secret}/data")).text


@pytest.mark.parametrize("who", ["pimpinan", "opd-bpbd", "petugas-1", "admin", "auditor", "replay"])
async def test_nobody_else_reads_them(city: City, who: str) -> None:
    report, _, _ = await told(city)
    answer = await city.who(who).get(f"/api/v1/reports/{report}/personal", params={"reason": WHY})
    assert answer.status_code == 403
    assert (await city.client().get(f"/api/v1/reports/{report}/personal")).status_code == 401
    assert await city.program.storage.access.find(Wanted(what="personal")) == []


@pytest.mark.parametrize("who", ["operator", "pimpinan", "opd-bpbd", "petugas-1", "admin"])
async def test_the_log_is_the_auditors(city: City, who: str) -> None:
    assert (await city.who(who).get("/api/v1/access")).status_code == 403


async def test_a_name_that_was_to_be_kept_apart_is_told_to_nobody_who_works_on_it(city: City) -> None:
    got = await city.report("pungli di kelurahan", secret=True, contact={"name": NAME, "phone": PHONE})
    answer = await city.who("operator").get(f"/api/v1/reports/{got['id']}/personal", params={"reason": WHY})
    assert answer.status_code == 200 and answer.json()["contact"] == {}


async def test_an_opened_original_is_on_the_log(city: City) -> None:
    report, photo, _ = await told(city)
    await city.who("operator").post("/api/v1/incidents", json={"command_id": new_id(), "report_id": report})
    answer = await city.who("operator").get(f"/api/v1/photos/{photo}/original", params={"reason": WHY})
    assert answer.status_code == 200
    found = await city.program.storage.access.find(Wanted(thing=f"report/{report}", what="original"))
    assert [(look.actor, look.reason) for look in found] == [("operator", WHY)]


async def test_filters_and_bad_ones(city: City) -> None:
    auditor = city.who("auditor")
    report, _, _ = await told(city)
    await city.who("operator").get(f"/api/v1/reports/{report}/personal", params={"reason": WHY})
    for query, count in (("what=personal", 1), ("actor=operator", 1), ("actor=nobody", 0), ("what=export", 0)):
        assert len((await auditor.get(f"/api/v1/access?{query}")).json()["looks"]) == count, query
    for query in ("what=all", "since=yesterday", "since=2026-01-01", "limit=0", "before=x"):
        assert (await auditor.get(f"/api/v1/access?{query}")).status_code == 400, query


@pytest.fixture(params=["memory", "postgres"])
async def log(request: pytest.FixtureRequest):
    if request.param == "memory":
        yield MemoryAccessLog()
        return
    from hadir.storage.postgres.migrate import migrate
    from hadir.storage.postgres.pool import reading_pool
    from hadir.storage.postgres.privacy import PostgresAccessLog

    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url) as pool:
        yield PostgresAccessLog(pool)


async def test_both_logs_keep_the_same_promises(log: AccessLog) -> None:
    from hadir.storage.memory.clock import START

    for n in range(5):
        await log.note(
            Look(at=START + timedelta(days=n), actor=f"a{n % 2}", role="operator", what="personal", thing=f"report/{n}")
        )
    assert [look.thing for look in await log.find(Wanted())] == [f"report/{n}" for n in (4, 3, 2, 1, 0)]
    assert [look.thing for look in await log.find(Wanted(actor="a1"))] == ["report/3", "report/1"]
    first = (await log.find(Wanted(limit=2)))[-1]
    assert [look.thing for look in await log.find(Wanted(before=first.n))] == ["report/2", "report/1", "report/0"]
    assert len(await log.find(Wanted(since=START + timedelta(days=2), until=START + timedelta(days=4)))) == 2
    assert await log.prune(START + timedelta(days=3)) == 3
    assert len(await log.find(Wanted())) == 2
