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


#: A second rebuild is compared with the first in a home of this size: comparing a million would take longer than all
#: other benchmarks together, and equality does not depend on the size.
COMPARED = 50_000


async def run(reports: int = REPORTS, compared: int = COMPARED) -> list[Row]:
    """The rebuild that made the great home's board, and rows that differ in a second one of a smaller home."""
    first = speed_of_seeding(seeded(reports))
    _, wrong = await _compared(seeded(min(compared, reports)))
    return [
        row("views.rebuild", [first["facts"] / first["seconds"]], "facts/s", least=MUST),
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
