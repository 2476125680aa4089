"""Brings notices to people: to every device of theirs, and when none answers, by their next channel.

Each attempt is a row before it is made, so it is made at least once: a node claims what is due for a while, and when it
dies in between, another one tries again. A notice sent twice replaces itself on the phone (its topic, its id). What
fails for good stays as a row with its reason: the dead letters, in words on the operator's page.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hadir.domain.city import City
from hadir.domain.notice import Channel, Contact, Notice, Quiet, Why, next_channel, sleeps
from hadir.domain.people import Account
from hadir.outbound.kit.backoff import TRIES_MOST, pause
from hadir.outbound.kit.rounds import Rounds
from hadir.outbound.push.service import Gone, PushService
from hadir.outbound.push.telling import Teller
from hadir.ports.clock import Clock
from hadir.ports.notices import Attempt, Contacts, Devices, Notices, Standing, State
from hadir.ports.people import People
from hadir.ports.sender import Message, Never, NotNow, Sender

log = logging.getLogger(__name__)

# Longer than any attempt takes: 10 s for the push service, 20 s for a mail server.
LEASE = timedelta(seconds=60)
AT_ONCE = 20
# Who was told, when and how: a month, then the facts alone remain.
KEPT = timedelta(days=30)
PRUNE_EVERY = timedelta(hours=1)

#: (notice, channel tried before, channel tried now or None, why): puts it on record
Changed = Callable[[Notice, Channel | None, Channel | None, Why], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """Everything that a courier goes by."""

    notices: Notices
    devices: Devices
    contacts: Contacts
    people: People
    clock: Clock
    city: City
    teller: Teller
    service: PushService
    senders: Mapping[Channel, Sender]
    changed: Changed


class Courier(Rounds):
    """For people of the city."""

    look_s = 1.0

    def __init__(self, way: Way, chance: random.Random | None = None) -> None:
        super().__init__()
        self._way = way
        self._chance = chance or random.Random()
        self._pruned_at: datetime | None = None

    async def step(self) -> int:
        """Everything that is due now, once; how much it was."""
        now = self._way.clock.now()
        await self._prune(now)
        due = await self._way.notices.due(now, now + LEASE, AT_ONCE)
        for standing in due:
            await self._advance(standing, now)
        claimed = await self._way.notices.claim(now, now + LEASE, AT_ONCE)
        await asyncio.gather(*(self._try(attempt, notice, now) for attempt, notice in claimed))
        return len(due) + len(claimed)

    async def _prune(self, now: datetime) -> None:
        if self._pruned_at is None or now - self._pruned_at > PRUNE_EVERY:
            self._pruned_at = now
            await self._way.notices.prune(now - KEPT)

    # ── which channel ────────────────────────────────────────────────────────────────────────────────────────────

    async def _advance(self, standing: Standing, now: datetime) -> None:
        notice = standing.notice
        if notice.expires_at <= now or standing.delivered_at is not None:
            await self._way.notices.begin(notice.id, standing.channel, (), None)
        elif not notice.loud and (wakes := await self._sleeps_until(notice.to, now)):
            await self._way.notices.begin(notice.id, standing.channel, (), wakes)
        elif standing.channel is None:
            await self._begin(standing, now)
        else:
            await self._further(standing, Why.NOT_DELIVERED, now)

    async def _sleeps_until(self, account: str, now: datetime) -> datetime | None:
        """When the quiet hours of this person end; None when it is day for him."""
        quiet = await self._way.contacts.quiet(account) or self._way.city.notices.quiet()
        zone = self._way.city.zone
        return wakes_at(quiet, now, zone) if sleeps(quiet, now, zone) else None

    async def _begin(self, standing: Standing, now: datetime) -> None:
        """Push, to every device; who has none is reached otherwise at once."""
        notice = standing.notice
        devices = await self._way.devices.of(notice.to)
        if not devices:
            await self._further(standing, Why.NO_DEVICE, now)
            return
        attempts = [_attempt(notice, Channel.PUSH, now, device.id) for device in devices]
        await self._way.notices.begin(notice.id, Channel.PUSH, attempts, self._step_at(notice, now))

    def _step_at(self, notice: Notice, now: datetime) -> datetime | None:
        """When the next channel is due, if nobody has answered by then."""
        if not notice.further or notice.timed:
            return None
        return now + timedelta(seconds=self._way.city.notices.patience_s)

    async def _further(self, standing: Standing, why: Why, now: datetime) -> None:
        """The next channel of this person, or the end of them; both are on record."""
        notice, before = standing.notice, standing.channel or Channel.PUSH
        contact = await self._next(notice, before) if notice.further else None
        if notice.further:
            await self._way.changed(notice, before, contact.channel if contact else None, why)
        if contact is None:
            await self._way.notices.begin(notice.id, before, (), None)
            return
        # From here on the city's patience counts, also for an order: its own timer has run out already.
        step_at = now + timedelta(seconds=self._way.city.notices.patience_s)
        await self._way.notices.begin(notice.id, contact.channel, [_attempt(notice, contact.channel, now)], step_at)

    async def _next(self, notice: Notice, before: Channel) -> Contact | None:
        contacts = await self._way.contacts.contacts(notice.to)
        return next_channel(before, contacts, frozenset(self._way.senders), self._way.city.notices.channels)

    # ── one attempt ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _try(self, attempt: Attempt, notice: Notice, now: datetime) -> None:
        tried = replace(attempt, tries=attempt.tries + 1, at=now)
        try:
            settled = replace(tried, state=State.SENT, detail=await self._carried(attempt, notice, now))
        except NotNow as error:
            settled = self._again(tried, notice, now, error)
        except Never as error:
            settled = replace(tried, state=State.FAILED, detail=error.detail)
        except Exception:  # the fence: one bad attempt must not stop the others
            log.exception("an attempt by %s failed", attempt.channel, extra={"action": "notices.attempt_failed"})
            settled = self._again(tried, notice, now, NotNow("internal"))
        self._count(settled.channel.value, settled.state.value)
        await self._way.notices.settle(settled)
        if settled.state is State.FAILED:
            await self._failed(settled, now)

    def _again(self, tried: Attempt, notice: Notice, now: datetime, error: NotNow) -> Attempt:
        next_at = now + timedelta(seconds=pause(tried.tries, self._chance, error.after_s))
        over = tried.tries >= TRIES_MOST or next_at >= notice.expires_at
        return replace(tried, next_at=next_at, state=State.FAILED if over else State.WAITING, detail=error.detail)

    async def _failed(self, failed: Attempt, now: datetime) -> None:
        """The last one of its channel: no need to wait for an answer that cannot come."""
        standing = await self._way.notices.get(failed.notice)
        if standing is None or standing.delivered_at is not None or standing.channel is not failed.channel:
            return
        if all(each.state is State.FAILED for each in standing.attempts if each.channel is failed.channel):
            await self._further(standing, Why.FAILED, now)

    async def _carried(self, attempt: Attempt, notice: Notice, now: datetime) -> str:
        """Raises NotNow, Never."""
        account = await self._way.people.account(notice.to)
        if account is None:
            raise Never("no_account")
        if notice.expires_at <= now:
            raise Never("too_late")
        if attempt.channel is Channel.PUSH:
            await self._push(attempt, notice, account, now)
        else:
            await self._send(attempt, notice, account)
        return ""

    async def _push(self, attempt: Attempt, notice: Notice, account: Account, now: datetime) -> None:
        device = await self._way.devices.get(attempt.target)
        if device is None or device.account != account.id:
            raise Never("gone")
        message = await self._told(notice, account, device.lang)
        payload = self._way.teller.payload(notice, account, message)
        ttl_s = int((notice.expires_at - now).total_seconds())
        try:
            await self._way.service.send(
                device, payload, ttl_s=ttl_s, urgency=notice.urgency, topic=f"{notice.to} {notice.topic}"
            )
        except Gone:
            await self._way.devices.gone(device.id)
            raise

    async def _send(self, attempt: Attempt, notice: Notice, account: Account) -> None:
        standing = await self._way.notices.get(notice.id)
        if standing is not None and standing.delivered_at is not None:
            raise Never("not_needed")
        contact = _of(attempt.channel, await self._way.contacts.contacts(account.id))
        sender = self._way.senders.get(attempt.channel)
        if contact is None or sender is None:
            raise Never("no_contact")
        await sender.send(contact.address, await self._told(notice, account, "id"))

    async def _told(self, notice: Notice, account: Account, lang: str) -> Message:
        message = await self._way.teller.tell(notice, account, lang)
        if message is None:
            raise Never("not_visible")
        return message


def _attempt(notice: Notice, channel: Channel, now: datetime, target: str = "") -> Attempt:
    """The same attempt, made twice, is one."""
    id = f"{notice.id}-{channel}-{target}" if target else f"{notice.id}-{channel}"
    return Attempt(id=id, notice=notice.id, channel=channel, target=target, next_at=now)


def _of(channel: Channel, contacts: Iterable[Contact]) -> Contact | None:
    return next((contact for contact in contacts if contact.channel is channel), None)


def wakes_at(quiet: Quiet, now: datetime, zone: str) -> datetime:
    """The next time at which these quiet hours end."""
    local = now.astimezone(ZoneInfo(zone))
    ends = local.replace(hour=quiet.ends.hour, minute=quiet.ends.minute, second=0, microsecond=0)
    return (ends if ends > local else ends + timedelta(days=1)).astimezone(now.tzinfo)
