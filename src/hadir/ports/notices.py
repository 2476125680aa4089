"""Notices on their way to people: devices, contacts, and every attempt as a row.

Addresses are personal data: they stand here beside the accounts, never in an event and never in a log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hadir.domain.notice import Channel, Contact, Notice, Quiet


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """A browser that takes Web Push for an account (RFC 8030). Its endpoint is a secret: who has it makes it ring."""

    id: str
    account: str
    endpoint: str
    #: the browser's public key, 65 bytes, and the secret that it shares with us, 16 bytes (RFC 8291)
    p256dh: bytes
    auth: bytes
    lang: str
    made_at: datetime


class State(StrEnum):
    """What became of an attempt."""

    WAITING = "waiting"
    #: the push service, the mail server or the gateway has taken it; whether the person has it is not known by that
    SENT = "sent"
    #: never: refused for good, or tried until it was no use any more (a dead letter)
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try to reach one person by one channel, on one device."""

    id: str
    notice: str
    channel: Channel
    #: the subscription's id for push; empty otherwise, the contact is looked up when it is sent
    target: str = ""
    state: State = State.WAITING
    tries: int = 0
    next_at: datetime
    #: when it was last tried
    at: datetime | None = None
    #: a code of ours: what the other side said, in a word
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A notice and how far it has come."""

    notice: Notice
    channel: Channel | None = None
    #: when the next channel is due; None: not by the clock
    step_at: datetime | None = None
    delivered_at: datetime | None = None
    #: how we know: push, order.delivered, task.accepted …
    delivered_by: str = ""
    attempts: tuple[Attempt, ...] = ()


class Devices(Protocol):
    """Who has allowed which browser to ring."""

    async def put(self, subscription: Subscription) -> None:
        """A known endpoint goes over to whoever subscribes it now: phones are handed on."""
        ...

    async def drop(self, account: str, endpoint: str) -> bool:
        """Only one's own; was there one?"""
        ...

    async def gone(self, id: str) -> None:
        """The push service says that this one is over (404, 410)."""
        ...

    async def of(self, account: str) -> tuple[Subscription, ...]: ...

    async def get(self, id: str) -> Subscription | None: ...


class Contacts(Protocol):
    """How people can be reached besides."""

    async def contacts(self, account: str) -> tuple[Contact, ...]: ...

    async def set_contact(self, contact: Contact) -> None:
        """In place of the one of that channel. Raises UnknownAccount."""
        ...

    async def drop_contact(self, account: str, channel: Channel) -> None: ...

    async def quiet(self, account: str) -> Quiet | None:
        """The person's own quiet hours; None: the city's."""
        ...

    async def set_quiet(self, account: str, quiet: Quiet | None) -> None:
        """Raises UnknownAccount."""
        ...


class Notices(Protocol):
    """What waits to be told, and what was tried. Of several nodes the one that claims has it for a while."""

    async def add(self, notices: Sequence[Notice]) -> None:
        """Those that are there already stay as they are."""
        ...

    async def due(self, now: datetime, until: datetime, limit: int) -> list[Standing]:
        """Claim notices whose next channel is due, until `until`; without their attempts."""
        ...

    async def begin(
        self, id: str, channel: Channel | None, attempts: Iterable[Attempt], step_at: datetime | None
    ) -> None:
        """The notice goes by this channel now (None: nothing is left to try), and these attempts are to be made."""
        ...

    async def claim(self, now: datetime, until: datetime, limit: int) -> list[tuple[Attempt, Notice]]:
        """Claim attempts that are to be made now, until `until`."""
        ...

    async def settle(self, attempt: Attempt) -> None:
        """What became of it. A waiting one is tried again at its `next_at`."""
        ...

    async def hasten(self, account: str, about: str, now: datetime) -> None:
        """The device has not answered in time: the next channel is due, unless somebody said «delivered»."""
        ...

    async def delivered(self, account: str, about: str, now: datetime, by: str) -> None:
        """The person has it: no further channel."""
        ...

    async def received(self, account: str, id: str, now: datetime) -> bool:
        """A device of the person says that it shows this notice; False: no such notice of his."""
        ...

    async def get(self, id: str) -> Standing | None:
        """With its attempts."""
        ...

    async def about(self, about: str) -> list[Standing]:
        """Notices about a thing with their attempts, the oldest first."""
        ...

    async def prune(self, before: datetime) -> None:
        """Forget what was made before."""
        ...
