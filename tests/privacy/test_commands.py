"""`hadir erase` and `hadir retention`, beside a running server; and a back-up that brings erased words again."""

import asyncio
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Json

from hadir.actions import retention
from hadir.cli import main
from hadir.cli.erase import NOUNS
from hadir.compose.privacy import private
from hadir.domain.privacy import PrivacyRules, months_before
from hadir.settings import Settings
from hadir.storage.erasures import BadList, read
from hadir.storage.memory.clock import START
from hadir.storage.postgres.supervisor import database
from hadir.storage.postgres.supervisor.places import wheel_programs
from tests.api.conftest import City, new_id
from tests.privacy.search import in_database, in_files
from tests.privacy.test_erasure import NUMBER, PHONE, WORDS, gone, told


async def hadir(settings: Settings, *words: str) -> int:
    given = ["--home", str(settings.home), "--database-url", settings.database_url]
    return await asyncio.to_thread(main, [*words, *given])


@pytest.mark.parametrize("named", ["phone", "link", "device"])
async def test_a_person_is_erased_beside_a_running_server(
    kept: City, settings: Settings, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report, photo, secret = await told(kept)
    facts = await kept.program.storage.journal.read_stream(f"report/{report}")
    whom = {"phone": "+62 812-7766-5544", "link": f"https://x/l/{secret}", "device": facts[0].actor}[named]
    assert await hadir(settings, "erase", whom, "--dry-run") == 0
    assert f"report/{report}" in capsys.readouterr().out
    assert await hadir(settings, "erase", whom) == 0
    await gone(kept, report)
    assert await in_database(settings.database_url, WORDS.encode(), *NUMBER, photo.encode()) == []
    assert in_files(settings.home, photo.encode()) == []
    assert await hadir(settings, "erase", "0899 0000 000") == 1
    assert "Nothing is kept" in capsys.readouterr().err


async def test_a_nul_in_somebodys_words_hides_nobody(
    kept: City, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Contents of an older version may hold one; looking into such a JSON fails for all of them."""
    report, _, _ = await told(kept)
    async with await psycopg.AsyncConnection.connect(settings.database_url, autocommit=True) as conn:
        await conn.execute(r"""update contents set body = replace(body::text, '"text":"', '"text":"\u0000')::json""")
    assert await hadir(settings, "erase", "0812-7766-5544", "--dry-run") == 0
    assert f"report/{report}" in capsys.readouterr().out


async def test_what_a_backup_brings_again_is_erased_again(kept: City, settings: Settings) -> None:
    report, _, _ = await told(kept)
    async with await psycopg.AsyncConnection.connect(settings.database_url, autocommit=True) as connection:
        saved = await (await connection.execute("select key, body, blobs, erased_at, id from contents")).fetchall()
        await hadir(settings, "erase", PHONE)
        await gone(kept, report)
        for key, body, blobs, erased_at, id in saved:
            given = (key, Json(body), blobs, erased_at, id)
            await connection.execute("update contents set key=%s, body=%s, blobs=%s, erased_at=%s where id=%s", given)
    assert await in_database(settings.database_url, WORDS.encode())
    listed = settings.home / "erasures.jsonl"
    assert {each.stream for each in read(listed)} == {f"report/{report}"}
    assert await hadir(settings, "erase", "--list", str(listed)) == 0
    assert await in_database(settings.database_url, WORDS.encode(), *NUMBER) == []
    kinds = [f.event.why for f in await kept.program.storage.journal.read_stream(f"report/{report}") if f.version > 1]
    assert kinds == ["office", "restored"]


async def test_a_restored_backup_with_the_list_holds_nothing_that_was_erased_since(
    kept: City, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, photo, _ = await told(kept)
    other = await kept.report("pohon tumbang di depan pasar")
    file, new, state = tmp_path / "city.tar", tmp_path / "new", Path(tempfile.mkdtemp(prefix="hadir-tests-"))
    assert await hadir(settings, "backup", str(file), "--pg-bin", str(wheel_programs())) == 0
    await hadir(settings, "erase", PHONE)
    await gone(kept, report)
    state.chmod(0o755)
    for name, value in {"HADIR_STATE": str(state), "HADIR_PG_MEMORY_MB": "16"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("HADIR_DATABASE_URL", raising=False)
    listed = str(settings.home / "erasures.jsonl")
    assert await asyncio.to_thread(main, ["restore", str(file), "--home", str(new), "--erasures", listed]) == 0
    programs = os.environ.get("HADIR_PG_BIN")
    with database(home=new, state_folder=state, memory_mb=16, bin_dir=Path(programs) if programs else None) as url:
        assert await in_database(url, WORDS.encode(), *NUMBER, photo.encode()) == []
        assert await in_database(url, b"pohon tumbang di depan pasar"), other["id"]
    assert in_files(new, photo.encode()) == []
    shutil.rmtree(state)


def test_a_list_that_was_cut_off_or_changed(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    line = b'{"at":"2026-01-01T00:00:00Z","stream":"report/1","contents":["a"]}\n'
    path.write_bytes(line + line[:20])
    assert [each.stream for each in read(path)] == ["report/1"]
    path.write_bytes(line[:20] + b"\n" + line)
    with pytest.raises(BadList, match="line 1"):
        read(path)


async def test_what_is_over_goes_by_rule_and_a_dry_run_says_so(city: City) -> None:
    operator = city.who("operator")
    report, _, _ = await told(city)
    open_one = await city.report("yang ini masih terbuka")
    body = {"command_id": new_id(), "disposition": "prank"}
    assert (await operator.post(f"/api/v1/reports/{report}/dismiss", json=body)).status_code == 200
    privacy = private(city.program.ctx, city.program.storage)
    assert (await retention.plan(privacy)).due == ()
    city.clock.advance(timedelta(days=25 * 31).total_seconds())
    before = await city.program.storage.journal.position()
    planned = await retention.plan(privacy)
    assert [each.stream for each in planned.due] == [f"report/{report}"]
    assert retention.lines(planned, NOUNS) == ["reports: 1 things, 1 contents (kept 24 months)"]
    assert await city.program.storage.journal.position() == before, "a dry run changes nothing"
    assert await retention.carry_out(privacy, planned) == 1
    await gone(city, report)
    facts = await city.program.storage.journal.read_stream(f"report/{report}")
    assert facts[-1].event.why == "rule"
    assert (await retention.plan(privacy)).due == ()
    assert city.program.board.row("reports", open_one["id"]).text
    assert await retention.carry_out(privacy, planned) == 1
    assert len(await city.program.storage.journal.read_stream(f"report/{report}")) == len(facts), "twice is once"


async def test_photos_that_nothing_named_go_after_their_days(city: City) -> None:
    from tests.actions.pictures import jpeg, scene

    sent = await city.client().post("/api/v1/photos", content=jpeg(scene(9)), headers={"content-type": "image/jpeg"})
    photo = sent.json()["photo_id"]
    privacy = private(city.program.ctx, city.program.storage)
    city.clock.advance(8 * 86_400)
    planned = await retention.plan(privacy)
    assert planned.photos == (photo,)
    await retention.carry_out(privacy, planned)
    assert city.program.storage.blobs.path(photo) is None
    assert (await retention.plan(privacy)).photos == ()


async def test_it_is_done_at_night(city: City) -> None:
    nightly = retention.Nightly(private(city.program.ctx, city.program.storage))
    local = START.astimezone(nightly._zone)
    city.clock.set(local.replace(hour=12))
    assert await nightly.look() is None
    city.clock.set(local.replace(hour=3) + timedelta(days=1))
    assert await nightly.look() == 0
    assert await nightly.look() is None, "once a night"


def test_months_are_calendar_months() -> None:
    at = START.replace(year=2026, month=3, day=31)
    assert months_before(at, 1).date().isoformat() == "2026-02-28"
    assert months_before(at, 15).date().isoformat() == "2024-12-31"
    assert PrivacyRules().months("report") == 24 and PrivacyRules().months("photo") is None
