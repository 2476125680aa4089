"""What the doors are built from; compose makes one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from hadir.actions.context import Context
from hadir.domain.assign import Learned
from hadir.domain.values import Actor
from hadir.inbound.kit.caller import Caller, Gate
from hadir.inbound.kit.limits import Buckets, Limits
from hadir.inbound.kit.passwords import Passwords
from hadir.inbound.kit.problems import Problem
from hadir.inbound.kit.sessions import SessionDesk
from hadir.inbound.kit.tracking import Tracking
from hadir.inbound.kit.watch import Watch
from hadir.ports.clock import Clock
from hadir.ports.partials import Partials
from hadir.ports.people import Accounts
from hadir.ports.views import Viewport, ViewStore
from hadir.views.map import Mark
from hadir.views.timeline import Item, Speaker
from hadir.words import Words


class BoardView(Protocol):
    """The board as doors read it (`hadir.views.board.Board`)."""

    async def board(self, audience: str, things: tuple[str, ...] | None = None) -> bytes: ...

    async def wait(self, position: int, timeout: float) -> bool: ...

    def visible(self, actor: Actor, things: str, id: str) -> bool: ...

    async def goes_on_as(self, incident_id: str) -> str: ...

    async def shown(self, audience: str, things: str, id: str) -> bytes | None: ...

    async def timeline(self, actor: Actor, incident_id: str, speaker: Speaker) -> list[Item] | None: ...

    def row(self, things: str, id: str) -> Any: ...

    def alike(self, incident_id: str, lang: str) -> list[dict[str, Any]] | None: ...

    def dispatch(self, incident_id: str, audience: str, lang: str, now: datetime) -> dict[str, Any] | None: ...

    async def triage(
        self, report_id: str, learned: Learned | None, lang: str, now: datetime
    ) -> dict[str, Any] | None: ...

    async def viewport(self, audience: str, port: Viewport) -> list[Mark]: ...


class Meter:
    """Counts for /metrics; plain numbers, because the intake touches them a thousand times a second."""

    def __init__(self) -> None:
        self.requests: dict[tuple[str, int], int] = {}

    def count(self, door: str, status: int, times: int = 1) -> None:
        key = (door, status)
        self.requests[key] = self.requests.get(key, 0) + times


class Throttle:
    """All limits of all doors, in one place."""

    def __init__(self, limits: Limits, clock: Clock, watch: Watch) -> None:
        self.watch = watch
        self._person = Buckets(limits.person, clock)
        self._integrator = Buckets(limits.integrator, clock)
        self._api_key = Buckets(limits.api_key, clock)
        self._reading = Buckets(limits.reading, clock)
        self._device = Buckets(limits.device, clock)
        self._address = Buckets(limits.address, clock)
        self._photos = Buckets(limits.photos, clock)
        self._asking = Buckets(limits.asking, clock)
        self._pieces = Buckets(limits.pieces, clock)
        self._sign_in = Buckets(limits.sign_in, clock)

    def command(self, caller: Caller) -> None:
        """Raises Problem(429)."""
        if caller.account is not None:
            rate = self._integrator if caller.account.role == "integrator" else self._person
            rate.require(caller.limit_key)
            return
        if caller.device is not None:
            self._device.require(caller.limit_key)
        if not caller.local:
            self._address.require(caller.address)

    def report(self, caller: Caller) -> None:
        """A report of somebody unknown meets one wall only, which no hand reaches; below it `watch` doubts, and refuses
        nothing. Raises Problem(429)."""
        if caller.account is not None:
            self.command(caller)
        elif not caller.local:
            self._address.require(caller.address)

    def filing(self, caller: Caller) -> None:
        """Before a body is read whose key is not known yet. Raises Problem(429)."""
        if not caller.local:
            self._address.require(caller.address)

    def api_key(self, account: str) -> None:
        """Raises Problem(429)."""
        self._api_key.require(account)

    def reading(self, caller: Caller) -> None:
        """Of what is open to everybody. Raises Problem(429)."""
        if not caller.local:
            self._reading.require(caller.address)

    def photo(self, caller: Caller) -> None:
        """Raises Problem(429)."""
        if caller.account is None or caller.account.role != "integrator":
            self._photos.require(caller.limit_key)

    def asking(self, caller: Caller) -> None:
        """What helps while a form is filled: counted apart, so that help never costs a report. Raises Problem(429)."""
        self._asking.require(caller.limit_key)
        if not caller.local:
            self._reading.require(caller.address)

    def piece(self, caller: Caller) -> None:
        """A part of an upload; a citizen's are counted apart from reports, which are dearer. Raises Problem(429)."""
        if caller.account is not None:
            self.command(caller)
            return
        self._pieces.require(caller.limit_key)
        if not caller.local:
            self._address.require(caller.address)

    def form(self, caller: Caller, photos: int) -> None:
        """A citizen's form with its photos. Raises Problem(429)."""
        self.report(caller)
        if photos:
            self._photos.require(caller.limit_key, photos)

    def sign_in(self, name: str, address: str) -> None:
        """Raises Problem(429): per name against guessing one, per address against guessing all."""
        self._sign_in.require(f"name/{name[:64]}")
        self._sign_in.require(f"address/{address}")


async def _unlogged(_actor: Actor, _what: str, _thing: str, _reason: str) -> None:
    """Where there is no log: tests of single doors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """One per process."""

    ctx: Context
    board: BoardView
    #: photos and recordings on their way, in pieces
    partials: Partials
    #: the board's rows as they are stored, those of what is over too
    rows: ViewStore
    accounts: Accounts
    passwords: Passwords
    sessions: SessionDesk
    gate: Gate
    throttle: Throttle
    words: Words
    meter: Meter
    #: the journal's epoch and the board's position: what /readyz looks at
    ready: Callable[[], Awaitable[dict[str, object]]]
    #: ends the live streams of an account
    end_streams: Callable[[str], None]
    #: what happens to officers' positions
    tracking: Tracking
    #: (who, what, of what, why): goes on the log of looks before anything is shown
    looked: Callable[[Actor, str, str, str], Awaitable[None]] = _unlogged
    #: cookies travel over TLS only
    secure: bool = False
    demo: bool = False


def signed_in(caller: Caller) -> Caller:
    """Raises Problem(401) for somebody who is not."""
    if caller.account is None:
        raise Problem("session_over" if caller.session else "sign_in", status=401)
    return caller


def not_over(caller: Caller) -> Caller:
    """Raises Problem(401) when a session has ended: its owner must not take the public's view for his own."""
    return signed_in(caller) if caller.session else caller
