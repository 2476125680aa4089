"""A notice: something that one person should know now, wherever the phone lies. Pure rules of when and by what.

A notice is not the thing itself: it says that something waits, and where to look. It is of use only for as long as its
thing is (`expires_at`), a newer one about the same replaces it (`topic`), and by night it keeps quiet unless it is an
order, siaga 1 or an emergency (`loud`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Channel(StrEnum):
    """How a person can be reached when no page of ours is open."""

    PUSH = "push"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"


class Urgency(StrEnum):
    """As RFC 8030 §5.3 counts it: what is high may wake a sleeping phone."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Why(StrEnum):
    """Why the channel was changed."""

    NO_DEVICE = "no_device"
    NOT_DELIVERED = "not_delivered"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiet:
    """Hours of the city's clock in which only what is loud makes a sound; may reach over midnight. Equal: never."""

    begins: time
    ends: time

    def at(self, local: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRules:
    """The city's rules of notices (`notices.toml`)."""

    #: «22:00» to «05:00»; each person may have hours of his own
    quiet_from: str = "22:00"
    quiet_until: str = "05:00"
    #: seconds until a notice that no device has answered goes by the next channel
    patience_s: int = 120
    #: the order in which the channels of a person are tried, who did not set one of his own
    channels: tuple[str, ...] = ("whatsapp", "sms", "email")
    #: of telephone numbers that begin with 0
    country_code: str = "62"

    def quiet(self) -> Quiet:
        return Quiet(begins=time.fromisoformat(self.quiet_from), ends=time.fromisoformat(self.quiet_until))


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One thing that one person should know."""

    id: str
    #: position of the fact it comes from; with `to` and `says` it is the same notice, however often it is made
    position: int
    #: account
    to: str
    #: its words stand in the catalogue under «notice.<says>.title» and «.body»
    says: str
    #: the thing it is about, «orders/01J…»
    about: str
    #: a newer notice of the same topic takes its place
    topic: str
    urgency: Urgency
    made_at: datetime
    expires_at: datetime
    #: quiet hours do not hold for it
    loud: bool = False
    #: goes by another channel when no device answers
    further: bool = False
    #: the next channel comes when a timer of the thing itself says so (an order's), not after the city's patience
    timed: bool = False
    #: what stands in the fact and not on the thing, such as the step that was missed
    detail: str = ""


#: How a person can be reached when no device of his answers.
FURTHER = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
_NUMBER = re.compile(r"\+?[0-9]{8,15}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """One way to reach a person: an address for e-mail, a telephone number for the others."""

    account: str
    channel: Channel
    address: str


def digits(number: str) -> str:
    """A telephone number without what people write between its digits."""
    return re.sub(r"[\s().-]", "", number)


def fits(channel: Channel, address: str) -> bool:
    """Can this be an address of the channel? E.164 §6 has at most 15 digits."""
    if channel is Channel.EMAIL:
        return _MAIL.fullmatch(address) is not None
    return _NUMBER.fullmatch(digits(address)) is not None


def masked(contact: Contact) -> str:
    """What is shown of it to others: enough to see whether it is the old one."""
    name, at, host = contact.address.rpartition("@")
    return f"{name[:1]}•••{at}{host}" if at else f"••• {digits(contact.address)[-3:]}"


def sleeps(quiet: Quiet, now: datetime, zone: str) -> bool:
    """Is it night for this person?"""
    return quiet.at(now.astimezone(ZoneInfo(zone)).time())


def next_channel(
    current: Channel | None, contacts: Iterable[Contact], usable: frozenset[Channel], order: Sequence[str]
) -> Contact | None:
    """The contact to try after `current`; None when there is no further one.

    Tried in the pack's order; push always comes first, so it never follows.
    """
    known = {contact.channel: contact for contact in contacts if contact.channel in usable}
    tried = order.index(current) + 1 if current in order else 0
    return next((known[Channel(each)] for each in order[tried:] if each in known), None)
