"""Brings what was noted: one message a subscriber, at most so many an hour, by night only what is loud.

Words are put together at the last moment and hold no free text: what kind, where, which state. A letter says how it
ends with one press (RFC 8058); a push is as the staff's are, encrypted for the one browser.
"""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from hadir.domain.city import City
from hadir.domain.following import LOUD, PACE, News, Subscriber
from hadir.domain.notice import Channel, Urgency, sleeps
from hadir.outbound.following.words import Letters
from hadir.outbound.kit.backoff import TRIES_MOST, pause
from hadir.outbound.kit.rounds import Rounds
from hadir.outbound.push.courier import wakes_at
from hadir.outbound.push.service import Gone, PushService
from hadir.ports.clock import Clock
from hadir.ports.following import Due, Followings, Mailbag
from hadir.ports.notices import Subscription as Browser
from hadir.ports.sender import Message, Never, NotNow, Sender

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
AT_ONCE = 20
PRUNE_EVERY = timedelta(hours=1)
#: Of a push: whoever opens the phone tomorrow wants to hear of last night's water.
KEPT_S = 12 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Everything that a postman goes by."""

    followings: Followings
    mailbag: Mailbag
    clock: Clock
    city: City
    letters: Letters
    service: PushService
    mail: Sender | None


class Postman(Rounds):
    """For citizens."""

    look_s = 5.0

    def __init__(self, route: Route, chance: random.Random | None = None) -> None:
        super().__init__()
        self._route = route
        self._chance = chance or random.Random()
        self._pruned_at: datetime | None = None

    async def step(self) -> int:
        """Everything that is due now, once; how much it was."""
        now = self._route.clock.now()
        if self._pruned_at is None or now - self._pruned_at > PRUNE_EVERY:
            self._pruned_at = now
            await self._route.followings.prune(now)
        due = await self._route.mailbag.due(now, now + LEASE, AT_ONCE)
        await asyncio.gather(*(self._bring(each, now) for each in due))
        return len(due)

    async def _bring(self, due: Due, now: datetime) -> None:
        who, news = due.subscriber, await self._wanted(due.news)
        quiet = self._route.city.notices.quiet()
        if sleeps(quiet, now, self._route.city.zone):
            loud = tuple(each for each in news if each.says in LOUD)
            if not loud and news:
                await self._route.mailbag.later(who.id, wakes_at(quiet, now, self._route.city.zone), failed=False)
                return
            news = loud
        try:
            await self._send(who, news)
        except Gone:
            self._count(who.channel.value, "gone")
            await self._route.followings.forget(who.id)
        except NotNow as error:
            await self._again(due, now, error.after_s)
        except Never as error:
            self._count(who.channel.value, error.detail)
            await self._route.mailbag.told(who.id, due.news, now + PACE[who.channel])
        except Exception:  # the fence: one bad message must not stop the others
            log.exception("a message to a subscriber failed", extra={"action": "following.failed"})
            await self._again(due, now, None)
        else:
            self._count(who.channel.value, "sent")
            # What has ended since is done with as well; by night the rest goes on waiting.
            done = due.news if len(news) == len(await self._wanted(due.news)) else news
            asked = all(each.says == "confirm" for each in done)
            await self._route.mailbag.told(who.id, done, now if asked else now + PACE[who.channel])

    async def _wanted(self, news: Sequence[News]) -> tuple[News, ...]:
        """Without what belongs to a wish that has ended, or has not said «yes»."""
        found = []
        for each in news:
            wish = await self._route.followings.get(each.subscription)
            if wish is not None and (wish[0].live or (each.says == "confirm" and wish[0].confirmed_at is None)):
                found.append(each)
        return tuple(found)

    async def _again(self, due: Due, now: datetime, after_s: float | None) -> None:
        who = due.subscriber
        if due.tries + 1 >= TRIES_MOST:
            self._count(who.channel.value, "given_up")
            await self._route.mailbag.told(who.id, due.news, now + PACE[who.channel])
            return
        at = now + timedelta(seconds=pause(due.tries + 1, self._chance, after_s))
        await self._route.mailbag.later(who.id, at, failed=True)

    async def _send(self, who: Subscriber, news: Sequence[News]) -> None:
        """Questions «is it you?» are letters of their own; all other news are one message."""
        for asks in [each for each in news if each.says == "confirm"]:
            await self._mail(who, self._route.letters.confirm(who, asks))
        if rest := [each for each in news if each.says != "confirm"]:
            message = self._route.letters.news(who, rest)
            await (self._mail(who, message) if who.channel is Channel.EMAIL else self._push(who, message, rest))

    async def _mail(self, who: Subscriber, message: Message) -> None:
        if self._route.mail is None:
            raise Never("no_mail")
        await self._route.mail.send(who.address, message)

    async def _push(self, who: Subscriber, message: Message, news: Sequence[News]) -> None:
        browser = Browser(
            id=who.id,
            account="",
            endpoint=who.address,
            p256dh=who.p256dh,
            auth=who.auth,
            lang=who.lang,
            made_at=who.made_at,
        )
        loud = any(each.says in LOUD for each in news)
        told = {
            "v": 1,
            "id": message.id,
            "title": message.title,
            "body": message.body,
            "url": message.url,
            "loud": loud,
        }
        urgency = Urgency.HIGH if loud else Urgency.NORMAL
        topic = f"{who.id} {news[0].about if len(news) == 1 else 'many'}"
        await self._route.service.send(browser, msgspec.json.encode(told), ttl_s=KEPT_S, urgency=urgency, topic=topic)


def gauges(counts: Mapping[tuple[str, str], int]) -> list[tuple[str, str, float]]:
    """For /metrics."""
    return [
        (f"hadir_following_{by}_{what}_total", f"Messages to citizens by {by}: {what}.", count)
        for (by, what), count in sorted(counts.items())
    ]
