"""Where everything is kept: PostgreSQL and the files of the home, or the twins in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from hadir.actions.secrets import Secrets
from hadir.compose.people import secrets_of
from hadir.domain.assign import Learned
from hadir.domain.events import KINDS
from hadir.ports.access import AccessLog
from hadir.ports.blobs import Blobs
from hadir.ports.clock import Clock
from hadir.ports.cursors import Cursors
from hadir.ports.erasures import Erasures
from hadir.ports.evidence import Evidence
from hadir.ports.following import Changes, Followings, Mailbag, Ratings
from hadir.ports.ids import Ids
from hadir.ports.journal import DiskGuard, Journal
from hadir.ports.notices import Contacts, Devices, Notices
from hadir.ports.opendata import OpenStore
from hadir.ports.partials import Partials
from hadir.ports.people import Accounts, Sessions
from hadir.ports.positions import Positions
from hadir.ports.requests import OpenReports
from hadir.ports.shown import Shown
from hadir.ports.subjects import Subjects
from hadir.ports.views import ViewStore
from hadir.settings import Settings
from hadir.storage.blobs import FileBlobs
from hadir.storage.clock import SystemClock
from hadir.storage.codec import Codec
from hadir.storage.disk import DiskGuard as RoomOnDisk
from hadir.storage.erasures import NAME as ERASURES
from hadir.storage.erasures import FileErasures
from hadir.storage.ids import UlidIds
from hadir.storage.keyfile import PUSH_KEY, load_or_make
from hadir.storage.memory import MemoryBlobs, MemoryJournal, SwitchedGuard
from hadir.storage.memory.cursors import MemoryCursors
from hadir.storage.memory.evidence import MemoryEvidence
from hadir.storage.memory.following import MemoryChanges, MemoryFollowings, MemoryRatings
from hadir.storage.memory.notices import MemoryContacts, MemoryDevices, MemoryNotices
from hadir.storage.memory.opendata import MemoryOpenStore
from hadir.storage.memory.partials import MemoryPartials
from hadir.storage.memory.people import MemoryPeople, MemorySessions
from hadir.storage.memory.positions import MemoryPositions
from hadir.storage.memory.privacy import MemoryAccessLog, MemoryErasures, MemorySubjects
from hadir.storage.memory.requests import MemoryOpenReports
from hadir.storage.memory.shown import MemoryShown
from hadir.storage.memory.views import MemoryViewStore
from hadir.storage.models import Current
from hadir.storage.partials import FilePartials
from hadir.storage.postgres.cursors import PostgresCursors
from hadir.storage.postgres.evidence import PostgresEvidence
from hadir.storage.postgres.following import PostgresChanges, PostgresFollowings, PostgresMailbag, PostgresRatings
from hadir.storage.postgres.journal import PostgresJournal
from hadir.storage.postgres.notices import PostgresContacts, PostgresDevices, PostgresNotices
from hadir.storage.postgres.opendata import PostgresOpenStore
from hadir.storage.postgres.people import PostgresPeople, PostgresSessions
from hadir.storage.postgres.pool import reading_pool
from hadir.storage.postgres.positions import PostgresPositions
from hadir.storage.postgres.privacy import PostgresAccessLog, PostgresSubjects
from hadir.storage.postgres.views.requests import PostgresOpenReports
from hadir.storage.postgres.views.store import PostgresViewStore
from hadir.storage.shown import FileShown

DATABASE_ANSWERS_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Storage:
    """Where everything is kept: PostgreSQL and files, or the twins."""

    journal: Journal
    views: ViewStore
    cursors: Cursors
    accounts: Accounts
    sessions: Sessions
    devices: Devices
    contacts: Contacts
    notices: Notices
    followings: Followings
    mailbag: Mailbag
    changes: Changes
    ratings: Ratings
    positions: Positions
    requests: OpenReports
    public: OpenStore
    blobs: Blobs
    partials: Partials
    shown: Shown
    evidence: Evidence
    subjects: Subjects
    access: AccessLog
    erasures: Erasures
    disk: DiskGuard
    clock: Clock
    ids: Ids
    secrets: Secrets
    #: what was learned from closed reports, as it is now
    learned: Callable[[], Learned | None]
    #: what the key to which browsers subscribe is made of
    push_key: bytes
    #: raises when the database does not answer
    ping: Callable[[], Awaitable[None]]


def twins(clock: Clock) -> Storage:
    """Everything in memory; nothing survives the process."""
    disk = SwitchedGuard()
    views, evidence, followings = MemoryViewStore(), MemoryEvidence(), MemoryFollowings()
    journal = MemoryJournal(codec=Codec(KINDS), clock=clock, guard=disk)
    return Storage(
        journal=journal,
        views=views,
        cursors=MemoryCursors(),
        accounts=MemoryPeople(),
        sessions=MemorySessions(),
        devices=MemoryDevices(),
        contacts=MemoryContacts(),
        notices=MemoryNotices(),
        followings=followings,
        mailbag=followings,
        changes=MemoryChanges(),
        ratings=MemoryRatings(),
        positions=MemoryPositions(),
        requests=MemoryOpenReports(views, journal),
        public=MemoryOpenStore(),
        blobs=MemoryBlobs(),
        partials=MemoryPartials(clock),
        shown=MemoryShown(),
        evidence=evidence,
        subjects=MemorySubjects(journal, views, evidence),
        access=MemoryAccessLog(),
        erasures=MemoryErasures(),
        disk=disk,
        clock=clock,
        ids=UlidIds(clock),
        secrets=Secrets(b"in-memory secret, 32 bytes long!"),
        learned=lambda: None,
        push_key=b"in-memory secret, 32 bytes long!",
        ping=_nothing,
    )


async def _nothing() -> None:
    """The twins always answer."""


async def on_postgres(stack: AsyncExitStack, settings: Settings, url: str, follows: bool = True) -> Storage:
    """`follows`: False for a process that only appends to the journal."""
    clock = SystemClock()
    disk = Room(settings.home)
    pool = await stack.enter_async_context(reading_pool(url, size=8))
    journal = await stack.enter_async_context(
        PostgresJournal.open(url, pool, codec=Codec(KINDS), clock=clock, guard=disk, follows=follows)
    )
    cursors = await stack.enter_async_context(PostgresCursors.open(pool))

    async def ping() -> None:
        async with asyncio.timeout(DATABASE_ANSWERS_S), pool.connection(timeout=DATABASE_ANSWERS_S) as conn:
            await conn.execute("select 1")

    return Storage(
        journal=journal,
        views=PostgresViewStore(pool),
        cursors=cursors,
        accounts=PostgresPeople(pool, clock),
        sessions=PostgresSessions(pool),
        devices=PostgresDevices(pool),
        contacts=PostgresContacts(pool),
        notices=PostgresNotices(pool),
        followings=PostgresFollowings(pool),
        mailbag=PostgresMailbag(pool),
        changes=PostgresChanges(pool),
        ratings=PostgresRatings(pool),
        positions=PostgresPositions(pool),
        requests=PostgresOpenReports(pool),
        public=PostgresOpenStore(pool),
        blobs=FileBlobs(settings.home / "blobs"),
        partials=FilePartials(settings.home / "uploads"),
        shown=FileShown(settings.home / "shown"),
        evidence=PostgresEvidence(pool),
        subjects=PostgresSubjects(pool),
        access=PostgresAccessLog(pool),
        erasures=FileErasures(settings.home / ERASURES),
        disk=disk,
        clock=clock,
        ids=UlidIds(clock),
        secrets=secrets_of(settings.home),
        learned=Current(settings.home, clock),
        push_key=load_or_make(settings.home / PUSH_KEY),
        ping=ping,
    )


class Room:
    """The disks under the home and under the database's files (as root they may be elsewhere), as the journal asks.

    A disk that cannot be asked takes nothing.
    """

    def __init__(self, home: Path) -> None:
        data = home / "postgres" / "data"
        self._guards = [RoomOnDisk(folder) for folder in (home, data) if folder.exists()]

    def writable(self) -> bool:
        try:
            return all(guard.accepts_writes() for guard in self._guards)
        except OSError:
            return False
