"""Subscriptions of citizens, what waits to be told to them, what became public, and how results were rated.

Addresses and endpoints are personal data: they stand here, never in an event and never in a log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hadir.domain.following import Change, News, Subscriber, Subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A subscriber whose message is due, and all that he has not been told."""

    subscriber: Subscriber
    news: tuple[News, ...]
    #: failed tries of this message
    tries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """What one reporter thinks of a result; the newest counts."""

    report: str
    agencies: tuple[str, ...]
    #: good, fair, poor
    result: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Rated:
    """How an agency's results were rated in a time."""

    agency: str
    result: str
    count: int


class Followings(Protocol):
    """Who follows what."""

    async def subscriber(self, subscriber: Subscriber) -> Subscriber:
        """A known address keeps its id; keys, language and device are the newest."""
        ...

    async def add(self, wish: Subscription) -> Subscription:
        """The same wish of the same subscriber is one: the known one is given back, living again if it had ended."""
        ...

    async def get(self, id: str) -> tuple[Subscription, Subscriber] | None: ...

    async def of(self, device: str) -> list[tuple[Subscription, Subscriber]]:
        """All that this device has subscribed and not ended, the newest first."""
        ...

    async def of_subscriber(self, id: str) -> list[Subscription]:
        """All that is not ended."""
        ...

    async def asked(self, address: str, device: str, since: datetime) -> int:
        """Wishes by e-mail that wait for a «yes»: to this address or from this device, whichever is more."""
        ...

    async def confirm(self, id: str, now: datetime) -> None: ...

    async def end(self, id: str, now: datetime | None) -> None:
        """None: it goes on again."""
        ...

    async def forget(self, subscriber: str) -> None:
        """With all wishes and news: the browser or the mailbox is gone."""
        ...

    async def prune(self, now: datetime) -> None:
        """What never said «yes», what ended, and what is long over."""
        ...


class Mailbag(Protocol):
    """What waits to be told."""

    async def following(self, change: Change) -> list[Subscription]:
        """Live wishes near it: those of its area, and circles whose square holds its point."""
        ...

    async def following_report(self, report: str) -> list[Subscription]: ...

    async def drop_report(self, report: str) -> None:
        """What was said in it is erased: nobody is told of it any more."""
        ...

    async def note(self, news: Sequence[News], due: datetime) -> None:
        """To be told, at `due` if nothing is due earlier. What was told by this position already is not told again."""
        ...

    async def due(self, now: datetime, until: datetime, limit: int) -> list[Due]:
        """Claim what is due until `until`; of several nodes one has it."""
        ...

    async def later(self, subscriber: str, at: datetime, *, failed: bool) -> None:
        """Not now. `failed`: it was tried."""
        ...

    async def told(self, subscriber: str, news: Sequence[News], not_before: datetime) -> None:
        """These are told; the next message goes at `not_before`, if anything came meanwhile."""
        ...


class Changes(Protocol):
    """What became public, one row a thing: for feeds and for «sekitar saya»."""

    async def put(self, change: Change) -> None:
        """The newer position counts; when it began stays."""
        ...

    async def known(self, about: str) -> Change | None: ...

    async def of_area(self, area: str, limit: int) -> list[Change]:
        """The newest first."""
        ...

    async def within(self, box: tuple[float, float, float, float], limit: int) -> list[Change]:
        """South, west, north, east; the newest first."""
        ...


class Ratings(Protocol):
    """How results were rated."""

    async def put(self, rating: Rating) -> None: ...

    async def figures(self, since: datetime, until: datetime) -> list[Rated]: ...
