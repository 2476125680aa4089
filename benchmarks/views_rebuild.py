"""views.rebuild: facts a second of a rebuild of the board from zero, and that the rebuilt rows equal those in use."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.rows import Row, row
from benchmarks.seed import CITY_FOLDER, database, officers, opened_journal, seeded, speed_of_seeding
from hadir.storage.citypack import load_city
from hadir.storage.postgres.views import PostgresViewStore
from hadir.views.board import Board

REPORTS = 1_000_000
MUST = 20_000


async def run(reports: int = REPORTS) -> list[Row]:
    """Two rebuilds: the one that made the home's board, and one beside it that is compared with it."""
    home = seeded(reports)
    first = speed_of_seeding(home)
    second, wrong = await _compared(home)
    speeds = [first["facts"] / first["seconds"], second]
    return [
        row("views.rebuild", speeds, "facts/s", least=MUST),
        row("views.rebuild.differences", [wrong], "rows", most=0),
    ]


async def _compared(home: Path) -> tuple[float, int]:
    """(facts a second, rows that differ)"""
    city = load_city(CITY_FOLDER)
    with database(home) as url:
        async with opened_journal(url) as (journal, pool):
            board = Board(journal=journal, store=PostgresViewStore(pool), city=city, officers=officers(city))
            began = time.perf_counter()
            wrong = await board.compare()
            return await journal.position() / (time.perf_counter() - began), len(wrong)
