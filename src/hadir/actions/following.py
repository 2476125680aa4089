"""Citizens subscribe, confirm, end, and take the end back. No facts of the city: what somebody follows is his own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hadir.actions.context import Context
from hadir.domain.following import (
    ASKED_MOST,
    ASKED_WITHIN,
    FOLLOWED_MOST,
    RADII,
    Kind,
    News,
    Subscriber,
    Subscription,
    coarse,
)
from hadir.domain.notice import Channel
from hadir.domain.refusals import Refusal, conflict, invalid, unknown
from hadir.ports.following import Followings, Mailbag

#: Looked at, not proved: the letter proves it.
_ADDRESS = re.compile(r"[^\s@<>\"(),;:\\]+@[^\s@<>\"(),;:\\]+\.[^\s@<>\"(),;:\\]{2,}")
ADDRESS_MOST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody wants to hear of: an area, a circle, or the own report (already proved by its link)."""

    area: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius_m: int | None = None
    report: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """Where a browser takes pushes, as it says itself."""

    endpoint: str
    p256dh: bytes
    auth: bytes


class Follow:
    """One per process."""

    def __init__(self, ctx: Context, followings: Followings, mailbag: Mailbag) -> None:
        self._ctx = ctx
        self._followings = followings
        self._mailbag = mailbag

    async def by_push(self, wish: Wish, browser: Browser, device: str, lang: str) -> Subscription | Refusal:
        """Its browser has asked the person already: it holds at once."""
        subscriber = self._subscriber(Channel.PUSH, browser.endpoint, device, lang, browser)
        return await self._follow(wish, subscriber)

    async def by_mail(self, wish: Wish, address: str, device: str, lang: str) -> Subscription | Refusal:
        """It holds when the address has said «yes»; the letter goes out by itself."""
        address = address.strip()
        if len(address) > ADDRESS_MOST or not _ADDRESS.fullmatch(address):
            return invalid("bad_address")
        subscriber = self._subscriber(Channel.EMAIL, address.lower(), device, lang)
        now = self._ctx.clock.now()
        if await self._followings.asked(subscriber.address, subscriber.device, now - ASKED_WITHIN) >= ASKED_MOST:
            return conflict("asked_enough")
        return await self._follow(wish, subscriber)

    def _subscriber(
        self, channel: Channel, address: str, device: str, lang: str, browser: Browser | None = None
    ) -> Subscriber:
        return Subscriber(
            id=self._ctx.ids.new(),
            channel=channel,
            address=address,
            p256dh=browser.p256dh if browser else b"",
            auth=browser.auth if browser else b"",
            lang=lang,
            device=self._ctx.secrets.pseudonym(device),
            made_at=self._ctx.clock.now(),
        )

    async def _follow(self, wish: Wish, subscriber: Subscriber) -> Subscription | Refusal:
        if refusal := self._lawful(wish):
            return refusal
        known = await self._followings.subscriber(subscriber)
        if len(await self._followings.of_subscriber(known.id)) >= FOLLOWED_MOST:
            return conflict("followed_enough", n=str(FOLLOWED_MOST))
        made = await self._followings.add(self._subscription(wish, known))
        if not made.live:
            await self._ask(made)
        return made

    def _lawful(self, wish: Wish) -> Refusal | None:
        if wish.report is not None:
            return None
        if wish.area is not None:
            known = wish.area in self._ctx.city.area_by_code
            return None if known else invalid("unknown_area", area=wish.area)
        if wish.lat is None or wish.lon is None or wish.radius_m not in RADII:
            return invalid("nowhere")
        outside = self._ctx.areas.locate(wish.lat, wish.lon).outside
        return invalid("far_outside") if outside else None

    def _subscription(self, wish: Wish, subscriber: Subscriber) -> Subscription:
        now = self._ctx.clock.now()
        kind = Kind.REPORT if wish.report else Kind.AREA if wish.area else Kind.AROUND
        around = kind is Kind.AROUND
        return Subscription(
            id=self._ctx.ids.new(),
            subscriber=subscriber.id,
            kind=kind,
            area=wish.area if kind is Kind.AREA else None,
            lat=coarse(wish.lat) if around and wish.lat is not None else None,
            lon=coarse(wish.lon) if around and wish.lon is not None else None,
            radius_m=wish.radius_m if around else None,
            report=wish.report,
            made_at=now,
            confirmed_at=now if subscriber.channel is Channel.PUSH else None,
        )

    async def _ask(self, made: Subscription) -> None:
        """«Is it you?» Each new wish asks again: who knows an address must not fill its mailbox."""
        now = self._ctx.clock.now()
        # A position of its own, so that a wish that ended and begins anew asks anew.
        position = int(now.timestamp() * 1000)
        about = f"subscriptions/{made.id}"
        asks = News(
            subscriber=made.subscriber, about=about, says="confirm", position=position, at=now, subscription=made.id
        )
        await self._mailbag.note([asks], now)

    async def found(self, secret: str) -> tuple[Subscription, Subscriber] | None:
        """What a link belongs to."""
        id = self._ctx.secrets.following_of(secret)
        return None if id is None else await self._followings.get(id)

    async def confirm(self, secret: str) -> Refusal | None:
        """«Yes, it is me.»"""
        found = await self.found(secret)
        if found is None:
            return unknown("no_subscription")
        await self._followings.confirm(found[0].id, self._ctx.clock.now())
        return None

    async def end(self, secret: str, *, again: bool = False) -> Refusal | None:
        """Over at once, without a question; `again`: it was a slip."""
        found = await self.found(secret)
        if found is None:
            return unknown("no_subscription")
        await self._followings.end(found[0].id, None if again else self._ctx.clock.now())
        return None

    async def mine(self, device: str) -> list[tuple[Subscription, Subscriber]]:
        """What this browser has subscribed."""
        return await self._followings.of(self._ctx.secrets.pseudonym(device))

    def secret(self, id: str) -> str:
        return self._ctx.secrets.following_secret(id)
