"""The program as one value: built from a storage, started, and stopped in the opposite order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from hadir.actions.context import Context
from hadir.actions.privacy import Privacy
from hadir.actions.proof import Proof
from hadir.actions.reactions import Reactions
from hadir.actions.retention import Nightly
from hadir.actions.timers import Timers
from hadir.actions.watches import Watches
from hadir.compose.context import context_of
from hadir.compose.followers import for_ever, keep_house, progress, watch_epoch
from hadir.compose.following import Following
from hadir.compose.people import Say, demo_accounts, hashed, prepare_accounts
from hadir.compose.privacy import erased_to, erasing, private
from hadir.compose.storage import Storage, on_postgres, twins
from hadir.compose.telling import Channels, Telling
from hadir.compose.tracking import tracked
from hadir.domain.city import City
from hadir.domain.people import Role, audience_of
from hadir.domain.values import Reason
from hadir.inbound.api.privacy import privacy_routes
from hadir.inbound.app import build
from hadir.inbound.kit.asgi import Receive, Scope, Send
from hadir.inbound.kit.caller import Caller, Gate, Network, networks
from hadir.inbound.kit.doors import Doors, Meter, Throttle, not_over
from hadir.inbound.kit.front import Front
from hadir.inbound.kit.limits import Limits, Rate
from hadir.inbound.kit.passwords import Passwords
from hadir.inbound.kit.problems import Problem
from hadir.inbound.kit.sessions import SessionDesk
from hadir.inbound.kit.tracking import Tracking
from hadir.inbound.kit.watch import Watch
from hadir.inbound.open311.door import FilingDoor, Open311Door
from hadir.inbound.opendata import admission, open_routes
from hadir.inbound.pages import mydata, photo
from hadir.inbound.pages.assets import Assets
from hadir.inbound.pages.desk import Draft
from hadir.inbound.pages.door import CitizensDesk, command_of
from hadir.inbound.pages.routes import pages_routes
from hadir.inbound.pages.site import DemoAccount, Site
from hadir.inbound.static import Files
from hadir.outbound.kit.gate import Forbidden
from hadir.outbound.kit.gate import Gate as WayOut
from hadir.outbound.live import Hub, LiveDoor, Viewer
from hadir.ports.clock import Clock
from hadir.settings import Settings
from hadir.storage.citypack import areas_at, load_city
from hadir.storage.clock import SystemClock
from hadir.storage.postgres.migrate import migrate
from hadir.views.board import Board
from hadir.views.openbook import OpenBook
from hadir.views.requests import OpenRequests
from hadir.words import load as load_words

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[3]
#: built pages, and the styles that server-rendered pages share with them
WEB, STYLES = ROOT / "web" / "dist", ROOT / "web" / "src" / "ui" / "css"

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
# Further behind than a moment's burst, the board is not what happened.
BEHIND_MOST = 1000


@dataclass(frozen=True, kw_only=True)
class Face:
    """What the doors have to know of the settings."""

    demo: bool = False
    secure: bool = False
    #: our public address, when there is one
    origin: str = ""
    trusted: tuple[Network, ...] = ()
    limits: Limits = field(default_factory=Limits)
    web: Path = WEB
    channels: Channels = field(default_factory=Channels)


@dataclass(frozen=True, kw_only=True)
class Program:
    """The running program, for uvicorn and for tests."""

    app: Front
    ctx: Context
    board: Board
    #: what everybody may know of all reports
    book: OpenBook
    hub: Hub
    storage: Storage
    doors: Doors
    #: set when the journal is in another epoch: what this program holds in memory may never have happened
    outlived: asyncio.Event


@asynccontextmanager
async def memory(city: City, *, face: Face | None = None, clock: Clock | None = None) -> AsyncIterator[Program]:
    """The whole program on the twins, in demo mode unless `face` says otherwise."""
    clock, face = clock or SystemClock(), face or Face(demo=True)
    storage = twins(clock)
    password = hashed("demo")
    for account in demo_accounts(city):
        await storage.accounts.add(account, password)
    async with running(city, storage, face) as program:
        yield program


@asynccontextmanager
async def opened(settings: Settings, url: str, *, say: Say = log.info) -> AsyncIterator[Program]:
    """The program on PostgreSQL at `url` (conninfo) and the files of the home."""
    city = city_of(settings)
    await migrate(url, progress=lambda name: say(f"bringing the database up to date: {name}"))
    async with AsyncExitStack() as stack:
        storage = await on_postgres(stack, settings, url)
        await prepare_accounts(storage.accounts, city, settings.home, demo=settings.demo, trial=settings.trial, say=say)
        yield await stack.enter_async_context(running(city, storage, face_of(settings), say))


def city_of(settings: Settings) -> City:
    """The city pack, with the areas that the home may hold instead of the pack's."""
    own_areas = areas_at(settings.home)
    return load_city(settings.city_folder, own_areas if own_areas.is_file() else None)


def face_of(settings: Settings) -> Face:
    """What the doors have to know of the settings."""
    return Face(
        demo=settings.demo,
        secure=settings.secure,
        origin=settings.public_url.rstrip("/"),
        trusted=networks(settings.trusted_proxies),
        channels=Channels.of(settings),
        limits=limits_of(settings),
    )


def limits_of(settings: Settings) -> Limits:
    """The rates of all doors, with those that a city sets."""
    each = settings.open311_per_second
    return Limits(api_key=Rate(per_second=each, burst=20 * each))


# ── from storage to doors ────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def running(city: City, storage: Storage, face: Face, say: Say = log.info) -> AsyncIterator[Program]:
    """Board caught up, followers at work, doors open; on leaving: streams ended, followers stopped."""
    officers = [a for a in await storage.accounts.accounts() if a.role is Role.OFFICER]
    erased = await erased_to(storage)
    board = Board(journal=storage.journal, store=storage.views, city=city, officers=officers)
    await board.start(progress(say))
    hub = Hub(epoch=storage.journal.epoch, clock=storage.clock, position=board.position)
    await hub.warm(storage.views)
    board.subscribe(hub.publish)
    board.on_forgotten(lambda: hub.restart(storage.journal.epoch, board.position))
    ctx = context_of(city, storage, board)
    tracking = await tracked(ctx, storage, board, hub)
    privacy = private(ctx, storage)
    doors = _doors(ctx, storage, board, hub, tracking, face, privacy)
    telling = Telling(ctx, storage, board, doors.words, face.channels)
    book = OpenBook(journal=storage.journal, store=storage.public, city=city)
    following = Following(ctx, storage, board, doors.words, face.channels)
    app = _front(doors, board, hub, storage, telling, following, face, privacy, book)
    outlived = asyncio.Event()
    erases = partial(erasing(privacy, storage, board).follow, erased)
    followers = [
        asyncio.create_task(for_ever("board", board.follow), name="board"),
        asyncio.create_task(for_ever("reactions", Reactions(ctx, storage.cursors).follow), name="reactions"),
        asyncio.create_task(for_ever("proof", Proof(ctx, storage.cursors).follow), name="proof"),
        asyncio.create_task(for_ever("timers", Timers(ctx, storage.cursors).follow), name="timers"),
        asyncio.create_task(for_ever("watches", Watches(ctx, storage.cursors).follow), name="watches"),
        asyncio.create_task(for_ever("erasing", erases), name="erasing"),
        asyncio.create_task(for_ever("retention", Nightly(privacy).follow), name="retention"),
        asyncio.create_task(for_ever("open", book.follow), name="open"),
        asyncio.create_task(for_ever("positions", tracking.follow), name="positions"),
        asyncio.create_task(for_ever("notices", telling.notifier.follow), name="notices"),
        asyncio.create_task(for_ever("following", following.follower.follow), name="following"),
        asyncio.create_task(for_ever("postman", following.postman.follow), name="postman"),
        asyncio.create_task(for_ever("courier", telling.courier.follow), name="courier"),
        asyncio.create_task(for_ever("housekeeping", lambda: keep_house(storage, board)), name="housekeeping"),
        asyncio.create_task(watch_epoch(storage.journal, hub, outlived), name="epoch"),
    ]
    try:
        yield Program(
            app=app,
            ctx=ctx,
            board=board,
            book=book,
            hub=hub,
            storage=storage,
            doors=doors,
            outlived=outlived,
        )
    finally:
        await hub.close()
        for task in followers:
            task.cancel()
        await asyncio.gather(*followers, return_exceptions=True)
        await telling.close()
        await following.close()


def _doors(
    ctx: Context, storage: Storage, board: Board, hub: Hub, tracking: Tracking, face: Face, privacy: Privacy
) -> Doors:
    sessions = SessionDesk(storage.sessions, storage.clock)

    async def ready() -> dict[str, object]:
        await storage.ping()
        newest = await storage.journal.wait(0, 0)
        caught_up = newest - board.position <= BEHIND_MOST
        return {"ready": caught_up, "epoch": storage.journal.epoch, "position": newest, "board": board.position}

    return Doors(
        ctx=ctx,
        board=board,
        partials=storage.partials,
        rows=storage.views,
        accounts=storage.accounts,
        passwords=Passwords(),
        sessions=sessions,
        gate=gate_of(storage, sessions, face),
        throttle=Throttle(face.limits, storage.clock, Watch(ctx.city.abuse, storage.clock, storage.secrets)),
        words=load_words(),
        meter=Meter(),
        ready=ready,
        end_streams=hub.end_streams_of,
        tracking=tracking,
        looked=privacy.looked,
        secure=face.secure,
        demo=face.demo,
    )


def gate_of(storage: Storage, sessions: SessionDesk, face: Face) -> Gate:
    """Who judges requests, in every process that serves."""
    return Gate(
        people=storage.accounts,
        sessions=sessions,
        secrets=storage.secrets,
        clock=storage.clock,
        trusted=face.trusted,
        hosts=_hosts(face),
        origin=face.origin,
    )


def _hosts(face: Face) -> frozenset[str] | None:
    """In demo mode we answer to our own names only: the passwords are public, and names can be made to point here."""
    if not face.demo:
        return None
    return LOOPBACK_HOSTS | ({urlsplit(face.origin).hostname or ""} if face.origin else set())


def _front(
    doors: Doors,
    board: Board,
    hub: Hub,
    storage: Storage,
    telling: Telling,
    following: Following,
    face: Face,
    privacy: Privacy,
    book: OpenBook,
) -> Front:
    async def admit(scope: Scope, _receive: Receive, _send: Send) -> Viewer:
        caller: Caller = not_over(scope["state"]["caller"])
        if hub.full:
            raise Problem("streams_full", status=503, headers=[(b"retry-after", b"5")])
        return Viewer(audience_of(caller.actor), caller.account.id if caller.account else "")

    def gauges() -> Iterable[tuple[str, str, float]]:
        yield "hadir_live_streams", "Open live streams.", len(hub.streams)
        yield "hadir_live_writes_total", "Writes to live streams.", hub.writes
        yield "hadir_live_cut_total", "Streams cut because they did not read.", hub.cut_slow
        yield "hadir_board_position", "Position of the journal that the board has reached.", board.position
        yield from telling.gauges()
        yield from following.gauges()

    site = _site(doors, storage, board, following)
    return build(
        doors,
        files=Files(face.web),
        gauges=gauges,
        pages=[
            *pages_routes(site),
            *open_routes(site, book, admission(doors)),
            *mydata.routes(site, privacy),
            *photo.routes(doors),
            *privacy_routes(doors, privacy),
            *telling.routes(doors),
            *following.routes(doors, site),
        ],
        bare={("GET", "/api/v1/live"): LiveDoor(hub=hub, store=storage.views, admit=admit)},
        open311=Open311Door(
            doors,
            OpenRequests(doors.ctx.city, storage.requests),
            FilingDoor(doors.ctx, doors.throttle, doors.words, may_be_fetched),
        ),
    )


def may_be_fetched(url: str) -> bool:
    """An address that came from outside: may it be kept, to be gone to later? Its name is looked up then."""
    try:
        WayOut().check(url)
    except Forbidden:
        return False
    return True


def _site(doors: Doors, storage: Storage, board: Board, following: Following) -> Site:
    def must_wait(request: Request[Any, Any, Any], photos: int) -> int:
        try:
            doors.throttle.form(request.state.caller, photos)
        except Problem as problem:
            return int(str(problem.params["seconds"]))
        return 0

    def may_ask(request: Request[Any, Any, Any]) -> bool:
        try:
            doors.throttle.asking(request.state.caller)
        except Problem:
            return False
        return True

    def doubts(request: Request[Any, Any, Any], draft: Draft, effort: str) -> tuple[Reason, ...]:
        return doors.throttle.watch.weigh(request.state.caller, command_of(draft), effort)

    city = doors.ctx.city
    return Site(
        city=city,
        areas=doors.ctx.areas,
        words=doors.words,
        desk=CitizensDesk(doors.ctx, board),
        assets=Assets(STYLES),
        now=storage.clock.now,
        new_id=storage.ids.new,
        must_wait=must_wait,
        doubts=doubts,
        may_ask=may_ask,
        push_key=following.key,
        mails=following.mails,
        demo=doors.demo,
        demo_accounts=[DemoAccount(id=a.id, name=a.name, role=a.role) for a in demo_accounts(city)],
        secure=doors.secure,
    )
