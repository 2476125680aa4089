"""A home with a long past: 1,000,000 reports and 300 open incidents, as two years of a city would have left them.

The journal is written by COPY through the real codec and chain of hashes, the board's tables by a real rebuild. Made
once for all benchmarks of a run, in a process of its own: `python -m benchmarks.seed FOLDER [REPORTS [HOT]]`.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import uvloop

from benchmarks.running import TEXTS
from hadir.compose.people import demo_accounts
from hadir.domain import events as e
from hadir.domain.city import City
from hadir.domain.people import Account, Role
from hadir.domain.values import Place, Reason
from hadir.storage.chain import GENESIS, Row, chained, keyed_digest
from hadir.storage.citypack import load_city
from hadir.storage.clock import SystemClock
from hadir.storage.codec import Codec, canonical_json
from hadir.storage.memory import SwitchedGuard
from hadir.storage.postgres.journal import PostgresJournal
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.opendata import PostgresOpenStore
from hadir.storage.postgres.pool import reading_pool
from hadir.storage.postgres.supervisor import Supervisor
from hadir.storage.postgres.views import PostgresViewStore
from hadir.storage.postgres.views.tables import Pool
from hadir.views.board import Board
from hadir.views.openbook import OpenBook

REPORTS = 1_000_000
OPEN_INCIDENTS = 300
#: Every so many reports tell of one incident; the first `JOINED` of them are joined to it, the rest need no work.
PER_INCIDENT, JOINED = 100, 5
#: The newest so many reports still wait in the queue.
WAITING = 2_000
YEARS = timedelta(days=730)
#: How far reports lie from the middle of the city, each way.
WIDE_DEGREES = 0.03
#: A hot spot: within 200 m of each other, in the last three hours.
HOT_DEGREES, HOT_WITHIN = 0.0006, timedelta(hours=3)
CHUNK = 20_000
KEY = bytes(32)
#: Whoever follows the journal and keeps its place in it has read all of it.
FOLLOWERS = ("reactions", "proof", "timers", "watches", "erasing", "notices", "following")

CITY_FOLDER = Path(__file__).parents[1] / "cities" / "blitar"


@contextmanager
def million() -> Iterator[Path]:
    """The home; its server is not running. The same one for all benchmarks of this process."""
    yield seeded(REPORTS)


def seeded(reports: int) -> Path:
    """A home with so many reports, made at the first call and removed when this process ends."""
    folder = _made(reports)
    # Whatever server is started on this home next finds its data here, and nothing of it is left behind.
    os.environ["HADIR_STATE"] = str(folder / "state")
    return folder / "home"


@cache
def heated(reports: int, hot: int) -> Path:
    """The same home from now on, with so many more reports that came in the last hours from one spot and all wait."""
    home = seeded(reports)
    _seed(home.parent, reports, hot)
    return home


@cache
def _made(reports: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hadir-bench-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _seed(folder, reports)
    return folder


def _seed(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks.seed", *map(str, arguments)], check=True)


@contextmanager
def database(home: Path) -> Iterator[str]:
    """The running server of a seeded home."""
    server = Supervisor(home=home, state_folder=home.parent / "state", memory_mb=256)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def speed_of_seeding(home: Path) -> dict[str, float]:
    """{"facts", "seconds"} of the rebuild that made the home's board."""
    return json.loads((home / "seeded.json").read_text(encoding="utf-8"))


def officers(city: City) -> list[Account]:
    return [account for account in demo_accounts(city) if account.role is Role.OFFICER]


# ── the facts ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Past:
    """Facts in order, as lines of COPY."""

    city: City
    reports: int
    chance: random.Random = field(default_factory=lambda: random.Random(8311))
    position: int = 0
    hash: bytes = GENESIS
    versions: dict[str, int] = field(default_factory=dict)
    journal: list[bytes] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    days: dict[date, tuple[int, int, bytes]] = field(default_factory=dict)
    #: No fact's day is before that of the fact in front of it.
    day: date = date.min

    def __post_init__(self) -> None:
        self.began = datetime.now(UTC).replace(microsecond=0) - YEARS
        self.step = YEARS / (self.reports + 1)
        self.areas = [area.code for area in self.city.areas]
        self.categories = [category for category in self.city.categories if not category.sensitive]
        self.officers = officers(self.city)

    def tell(self) -> Iterator[None]:
        """All of it; yields whenever enough has gathered to be written."""
        first_open = self.reports // PER_INCIDENT - OPEN_INCIDENTS
        for number in range(self.reports):
            at = self.began + self.step * number
            category = self.chance.choice(self.categories)
            self._report(number, at, category)
            if number % PER_INCIDENT == PER_INCIDENT - 1:
                self._judge(number // PER_INCIDENT, at, category.code, number // PER_INCIDENT >= first_open)
            if len(self.journal) >= CHUNK:
                yield
        yield

    def glow(self, hot: int) -> Iterator[None]:
        """So many more reports, from one spot."""
        for number in range(hot):
            at = self.began + YEARS - HOT_WITHIN * (1 - number / hot)
            self._report(self.reports + number, at, self.chance.choice(self.categories), HOT_DEGREES)
        yield

    def _report(self, number: int, at: datetime, category: Any, wide: float = WIDE_DEGREES) -> None:
        event = e.ReportReceived(
            report_id=_id("R", number),
            channel="citizen-web",
            origin="live",
            place=Place(area=self.chance.choice(self.areas), rt=2, rw=1, accuracy_m=12.0, how="gps"),
            category=category.code,
            category_reasons=(Reason(code="category.words", points=2.0, params=(("words", "air"),)),),
            urgency=self.chance.choice((1, 2, 2, 3)),
            urgency_reasons=(Reason(code="urgency.category", points=1.0),),
            flood=category.flood,
            depth_cm=45 if category.flood else None,
            reporter=f"p{number}",
        )
        lat, lon = self.city.lat + self.chance.uniform(-wide, wide), self.city.lon + self.chance.uniform(-wide, wide)
        said = {"text": self.chance.choice(TEXTS), "place": {"lat": lat, "lon": lon, "words": None}, "photos": []}
        self._fact(at, f"report/{event.report_id}", event, "citizen", said)

    def _judge(self, number: int, at: datetime, category: str, stays_open: bool) -> None:
        """The last hundred reports: some are one incident, the rest need no work (the newest still wait)."""
        first = number * PER_INCIDENT
        incident, place = (
            _id("N", number),
            Place(area=self.chance.choice(self.areas), lat=self.city.lat, lon=self.city.lon),
        )
        opened = e.IncidentOpened(incident_id=incident, category=category, place=place, severity="minor")
        self._fact(at, f"incident/{incident}", opened)
        for report in range(first, first + JOINED):
            self._fact(at, f"report/{_id('R', report)}", e.ReportJoined(incident_id=incident))
        self._work(number, at, incident, category, place, stays_open)
        for report in range(first + JOINED, min(first + PER_INCIDENT, self.reports - WAITING)):
            self._fact(at, f"report/{_id('R', report)}", e.ReportDismissed(disposition="information"))

    def _work(self, number: int, at: datetime, incident: str, category: str, place: Place, stays_open: bool) -> None:
        officer = self.officers[number % len(self.officers)]
        task = _id("T", number)
        given = e.TaskGiven(
            task_id=task, incident_id=incident, agency=officer.agency or "", category=category, place=place
        )
        self._fact(at, f"task/{task}", given)
        if not stays_open:
            self._fact(at, f"task/{task}", e.TaskAssigned(officer=officer.id))
            self._fact(at, f"incident/{incident}", e.IncidentResolved())
            self._fact(at, f"incident/{incident}", e.IncidentClosed())

    def _fact(self, at: datetime, stream: str, event: e.Event, role: str = "operator", said: Any = None) -> None:
        self.position += 1
        self.day = max(self.day, at.date())
        version = self.versions[stream] = self.versions.get(stream, 0) + 1
        if said is not None:
            event = self._content(stream, event, said)
        row = Row(
            position=self.position,
            at=at,
            day=self.day,
            stream=stream,
            version=version,
            kind=event.kind,
            v=event.v,
            actor="device/synthetic" if role == "citizen" else "operator",
            role=role,
            channel="citizen-web" if role == "citizen" else "desk",
            cause=None,
            command_id=None,
            content=event.content,
            audience=(),
            body=msgspec.Raw(canonical_json(event)),
        )
        self.hash = chained(self.hash, row)
        self.journal.append(_journal_line(row, self.hash))
        day_first = self.days.get(row.day, (self.position, 0, b""))[0]
        self.days[row.day] = (day_first, self.position, self.hash)

    def _content(self, stream: str, event: e.Event, said: Any) -> e.Event:
        id, body = f"c{self.position:025d}", canonical_json(said)
        fields = (id, str(self.position), "report", stream, "\\\\x" + KEY.hex())
        self.contents.append("\t".join(fields).encode() + b"\t" + _escaped(body) + b"\t{}\n")
        return replace(event, content=id, content_digest=keyed_digest(KEY, body, ()))


def _id(letter: str, number: int) -> str:
    """Sorted like the time, 26 characters, in the alphabet of the real ones."""
    return f"01{letter}{number:023d}"


def _escaped(body: bytes) -> bytes:
    return body.replace(b"\\", b"\\\\")


def _journal_line(row: Row, hash: bytes) -> bytes:
    content = row.content or "\\N"
    head = f"{row.position}\t{row.at.isoformat()}\t{row.day}\t{row.stream}\t{row.version}\t{row.kind}\t{row.v}\t"
    who = f"{row.actor}\t{row.role}\t{row.channel}\t\\N\t\\N\t{content}\t{{}}\t"
    return (head + who).encode() + _escaped(bytes(row.body)) + b"\t\\\\x" + hash.hex().encode() + b"\n"


# ── into the database ────────────────────────────────────────────────────────────────────────────────────────────

_JOURNAL = """copy journal (
    position, at, day, stream, version, kind, v, actor, role, channel, cause, command_id, content, audience, body, hash
) from stdin"""
_CONTENTS = "copy contents (id, position, kind, subject, key, body, blobs) from stdin"


def write(url: str, past: Past) -> None:
    """The facts into a migrated, empty database."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("set synchronous_commit = off")
        _write(conn, past, past.tell())
        *sealed, _today = sorted(past.days.items())
        conn.cursor().executemany(
            "insert into journal_day (day, first, last, hash) values (%s, %s, %s, %s)",
            [(day, first, last, hash) for day, (first, last, hash) in sealed],
        )
        for name in FOLLOWERS:
            conn.execute("insert into cursor (name, position) values (%s, %s)", [name, past.position])
        conn.execute("vacuum analyze")


def heat(url: str, past: Past, hot: int) -> None:
    """More reports behind what is there; they belong to the day of the newest fact."""
    with psycopg.connect(url, autocommit=True) as conn:
        newest = conn.execute("select position, hash, day from journal order by position desc limit 1").fetchone()
        assert newest is not None
        past.position, past.hash, past.day = newest
        _write(conn, past, past.glow(hot))


def _write(conn: psycopg.Connection[Any], past: Past, told: Iterator[None]) -> None:
    with ThreadPoolExecutor(1) as writer:
        writing: Future[None] | None = None
        for _ in told:
            if writing is not None:
                writing.result()
            # The server takes a chunk in while the next one is made up.
            writing = writer.submit(_copied, conn, b"".join(past.journal), b"".join(past.contents))
            past.journal.clear()
            past.contents.clear()
        if writing is not None:
            writing.result()


def _copied(conn: psycopg.Connection[Any], journal: bytes, contents: bytes) -> None:
    for query, lines in ((_JOURNAL, journal), (_CONTENTS, contents)):
        with conn.cursor().copy(query) as copy:
            copy.write(lines)


@asynccontextmanager
async def opened_journal(url: str) -> AsyncIterator[tuple[PostgresJournal, Pool]]:
    """The journal and the pool it reads through."""
    codec, clock = Codec(e.KINDS), SystemClock()
    async with (
        reading_pool(url) as pool,
        PostgresJournal.open(url, pool, codec=codec, clock=clock, guard=SwitchedGuard()) as journal,
    ):
        yield journal, pool


async def _board(url: str, city: City) -> dict[str, float]:
    async with opened_journal(url) as (journal, pool):
        board = Board(journal=journal, store=PostgresViewStore(pool), city=city, officers=officers(city))
        began = time.perf_counter()
        facts = await board.rebuild()
        seconds = time.perf_counter() - began
        await OpenBook(journal=journal, store=PostgresOpenStore(pool), city=city).rebuild()
        return {"facts": facts, "seconds": seconds}


def main() -> None:
    folder, reports = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else REPORTS
    city, home = load_city(CITY_FOLDER), folder / "home"
    with database(home) as url:
        if len(sys.argv) > 3:
            return heat(url, Past(city, reports), int(sys.argv[3]))
        asyncio.run(migrate(url))
        write(url, Past(city, reports))
        # On the loop that the program runs on.
        speed = uvloop.run(_board(url, city))
        with psycopg.connect(url, autocommit=True) as conn:
            # As the server does by itself in a city that has stood for two years.
            conn.execute("vacuum analyze")
    (home / "seeded.json").write_text(json.dumps(speed), encoding="utf-8")


if __name__ == "__main__":
    main()
