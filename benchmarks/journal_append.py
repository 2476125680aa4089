"""journal.append: durable facts a second through the whole journal, beside a bare loop of the same INSERT.

Ours: 64 tasks that each wait for their own append (rules of versions, codec, chain of hashes, lock, group commit).
The bare loop: one connection, 64 events as JSON in one INSERT and commit, again and again; nothing is checked, chained
or read, nobody waits. Both write the same rows into tables of the same shape in the same server, in turns.
"""

import asyncio
import itertools
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import psycopg
import uvloop
from psycopg.conninfo import make_conninfo

from hadir.compose.server import settle
from hadir.domain.events import KINDS, ReportReceived
from hadir.domain.values import Place
from hadir.ports.journal import Append, NewFact
from hadir.storage.chain import Row as StoredRow
from hadir.storage.clock import SystemClock
from hadir.storage.codec import Codec
from hadir.storage.memory import SwitchedGuard
from hadir.storage.postgres.arrays import register_arrays
from hadir.storage.postgres.journal import PostgresJournal
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.pool import connect, reading_pool
from hadir.storage.postgres.store import SQL, fact_columns
from hadir.storage.postgres.supervisor import Supervisor

Row: TypeAlias = dict[str, Any]

WAITING = 64
ROUNDS = 7
FACTS_A_ROUND = 64 * 100
MUST = 0.5

EVENT = ReportReceived(
    report_id="01JGZXE3H0000000000000000",
    channel="citizen-web",
    origin="live",
    place=Place(area="35.72.01.1001", rw=1, rt=2, how="list"),
    category="flood.street",
    urgency=3,
    flood=True,
    depth_cm=45,
    reporter="3f9a1c52",
)


async def run(rounds: int = ROUNDS, facts: int = FACTS_A_ROUND) -> list[Row]:
    """The rows of this benchmark, measured on the loop that the program runs on, with its collector's settings."""
    with _server() as url:
        speeds = await asyncio.to_thread(uvloop.run, _measured(url, rounds, facts))
    return _rows(speeds)


async def _measured(url: str, rounds: int, facts: int) -> list[tuple[float, float]]:
    """Facts a second of both sides, round by round; the first round, which warms up, is thrown away."""
    await migrate(url)
    settle()
    async with _ours(url) as ours, _bare(url) as bare:
        return [(await _speed(ours, facts), await _speed(bare, facts)) for _ in range(rounds + 1)][1:]


def _rows(speeds: list[tuple[float, float]]) -> list[Row]:
    ratios = [mine / peer for mine, peer in speeds]
    ours, bare = ([pair[side] for pair in speeds] for side in (0, 1))
    ratio = statistics.median(ratios)
    against = "a bare loop of the same INSERT by group commit"
    return [
        _row("journal.append", ratio, "× bare INSERT", f"≥ {MUST}", ratio >= MUST, against, ratios),
        _row("journal.append.facts", statistics.median(ours), "facts/s", None, True, None, ours),
        _row("journal.append.bare", statistics.median(bare), "facts/s", None, True, None, bare),
    ]


def _row(name: str, value: float, unit: str, must: str | None, ok: bool, against: str | None, all: list[float]) -> Row:
    spread = [round(min(all), 3), round(max(all), 3)]
    measured = {"name": name, "value": round(value, 3), "unit": unit, "must": must, "ok": ok}
    return measured | {"against": against, "n": len(all), "spread": spread}


async def _speed(side: Callable[[int], Awaitable[None]], facts: int) -> float:
    began = time.perf_counter()
    await side(facts)
    return facts / (time.perf_counter() - began)


@asynccontextmanager
async def _ours(url: str) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
    numbers = itertools.count()
    async with (
        reading_pool(url) as pool,
        PostgresJournal.open(url, pool, codec=Codec(KINDS), clock=SystemClock(), guard=SwitchedGuard()) as journal,
    ):

        async def caller(times: int) -> None:
            for _ in range(times):
                await journal.append(_append(f"report/{next(numbers):026d}"))

        async def side(facts: int) -> None:
            await asyncio.gather(*(caller(facts // WAITING) for _ in range(WAITING)))

        yield side


def _append(stream: str) -> Append:
    return Append(
        actor="device/3f9a1c52",
        role="citizen",
        channel="citizen-web",
        command_id=None,
        body_digest=b"",
        facts=(NewFact(stream=stream, expected=0, event=EVENT),),
        answer={},
    )


@asynccontextmanager
async def _bare(url: str) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
    insert = SQL["insert_facts"].replace("insert into journal", "insert into bare_journal")
    positions = itertools.count(1)
    conn = await connect(url, "bench")
    register_arrays(conn.adapters)
    await conn.execute("create table bare_journal (like journal including all)")

    async def side(facts: int) -> None:
        for _ in range(facts // WAITING):
            rows = [_finished_row(next(positions)) for _ in range(WAITING)]
            columns = fact_columns(rows, [b"\x07" * 32] * WAITING)
            await conn.execute(insert, columns | {"at": _AT, "day": _AT.date()})

    yield side
    await conn.close()


_AT = datetime(2025, 1, 7, tzinfo=UTC)
_ENCODER = msgspec.json.Encoder()


def _finished_row(position: int) -> StoredRow:
    return StoredRow(
        position=position,
        at=_AT,
        day=_AT.date(),
        stream=f"report/{position:026d}",
        version=1,
        kind=EVENT.kind,
        v=EVENT.v,
        actor="device/3f9a1c52",
        role="citizen",
        channel="citizen-web",
        cause=None,
        command_id=None,
        content=None,
        audience=(),
        body=msgspec.Raw(_ENCODER.encode(EVENT)),
    )


@contextmanager
def _server() -> Iterator[str]:
    """A database of its own: in HADIR_DATABASE_URL's server, or in one that lives as long as this."""
    if outside := os.environ.get("HADIR_DATABASE_URL"):
        with _database(outside) as url:
            yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="hadir-bench-"))
    folder.chmod(0o755)
    server = Supervisor(home=folder / "home", state_folder=folder, bin_dir=None, memory_mb=256)
    server.start()
    try:
        with _database(server.url) as url:
            yield url
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def _database(server: str) -> Iterator[str]:
    name = f"hadir_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"create database {name}")
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            conn.execute(f"drop database {name} with (force)")


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(asyncio.run(run()))).decode() + "\n")
