"""The benchmark's small form: it runs and tells what the harness wants to know; its numbers say nothing here."""

from benchmarks.journal_append import WAITING, run


async def test_it_tells_both_sides_and_their_ratio(postgres: str, monkeypatch) -> None:
    monkeypatch.setenv("HADIR_DATABASE_URL", postgres)
    rows = await run(rounds=1, facts=WAITING * 2)
    assert [row["name"] for row in rows] == ["journal.append", "journal.append.facts", "journal.append.bare"]
    assert all(row["n"] == 1 and row["value"] > 0 for row in rows)
    assert set(rows[0]) == {"name", "value", "unit", "must", "ok", "against", "n", "spread"}
