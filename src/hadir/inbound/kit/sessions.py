"""Who is signed in: a random cookie, its digest in the database, twelve hours after the last use."""

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from hadir.ports.clock import Clock
from hadir.ports.people import Session, Sessions

COOKIE = "hadir_session"
LASTS = timedelta(hours=12)
# Written at most so often while somebody works, instead of with every request.
EXTEND_AFTER = timedelta(minutes=10)
# What was read is believed so long: a sign-out on another node is seen so much later.
BELIEVED_S = 5.0
# A few thousand people at most are signed in at one node.
REMEMBERED_MOST = 20_000


class _Known(NamedTuple):
    session: Session
    read_at: float


class SessionDesk:
    """Opens, finds and closes sessions; keeps what it read for a moment."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock
        self._known: dict[bytes, _Known] = {}

    async def open(self, account: str) -> str:
        """The new cookie's value."""
        value = secrets.token_urlsafe(32)
        await self._sessions.open(digest(value), Session(account, self._clock.now() + LASTS))
        return value

    async def account_of(self, value: str) -> str | None:
        """Whose session it is, None when it is over or never was; using it makes it last."""
        key = digest(value)
        session = await self._find(key)
        now = self._clock.now()
        if session is None or session.until <= now:
            return None
        if session.until - now < LASTS - EXTEND_AFTER:
            session = session._replace(until=now + LASTS)
            self._remember(key, session)
            await self._sessions.extend(key, session.until)
        return session.account

    async def _find(self, key: bytes) -> Session | None:
        known = self._known.get(key)
        if known is not None and self._clock.monotonic() - known.read_at < BELIEVED_S:
            return known.session
        session = await self._sessions.find(key)
        if session is None:
            self._known.pop(key, None)
        else:
            self._remember(key, session)
        return session

    def _remember(self, key: bytes, session: Session) -> None:
        if len(self._known) >= REMEMBERED_MOST:
            self._known.clear()
        self._known[key] = _Known(session, self._clock.monotonic())

    async def close(self, value: str) -> None:
        """Sign out."""
        self._known.pop(digest(value), None)
        await self._sessions.close(digest(value))


def digest(value: str) -> bytes:
    """What the database holds in place of the cookie."""
    return hashlib.sha256(value.encode()).digest()
