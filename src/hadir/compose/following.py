"""The part of the program that tells citizens what they follow: its pages' desk, its followers, its routes."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.handlers import HTTPRouteHandler

from hadir.actions.context import Context
from hadir.actions.following import Browser, Follow, Wish
from hadir.compose.storage import Storage
from hadir.compose.telling import Channels
from hadir.domain.refusals import Refusal, invalid, unknown
from hadir.inbound.api.ratings import rating_routes
from hadir.inbound.kit.doors import Doors
from hadir.inbound.pages import around
from hadir.inbound.pages.site import Site
from hadir.inbound.pages.spots import Spot
from hadir.outbound.following import Follower, Postman
from hadir.outbound.following.postman import Route, gauges
from hadir.outbound.following.words import Letters
from hadir.outbound.kit.gate import Forbidden, Gate
from hadir.outbound.push import PushService, Vapid
from hadir.outbound.push.encryption import BadKey, check_keys
from hadir.outbound.senders.mail import Mail
from hadir.views.board import Board
from hadir.words import Words


class FollowDesk:
    """Fulfils `inbound.pages.around.FollowDesk`."""

    def __init__(self, ctx: Context, follow: Follow, gate: Gate) -> None:
        self._ctx = ctx
        self._follow = follow
        self._gate = gate
        self.found = follow.found
        self.confirm = follow.confirm
        self.end = follow.end
        self.mine = follow.mine
        self.secret = follow.secret

    async def by_mail(self, spot: Spot, secret: str, address: str, device: str, lang: str) -> Refusal | None:
        wish = self._wish(spot, secret)
        made = wish if isinstance(wish, Refusal) else await self._follow.by_mail(wish, address, device, lang)
        return made if isinstance(made, Refusal) else None

    async def by_push(self, spot: Spot, secret: str, browser: Browser, device: str, lang: str) -> str | Refusal:
        try:
            self._gate.check(browser.endpoint)
            check_keys(browser.p256dh, browser.auth)
        except (Forbidden, BadKey):
            return invalid("bad_subscription")
        wish = self._wish(spot, secret)
        made = wish if isinstance(wish, Refusal) else await self._follow.by_push(wish, browser, device, lang)
        return made if isinstance(made, Refusal) else self._follow.secret(made.id)

    def _wish(self, spot: Spot, secret: str) -> Wish | Refusal:
        """The own report is proved by its link, an area or a circle need no proof."""
        if secret:
            report = self._ctx.secrets.report_of(secret) if secret.isascii() else None
            return Wish(report=report) if report else unknown("no_report")
        return Wish(area=spot.area, lat=spot.lat, lon=spot.lon, radius_m=spot.radius_m)


class Following:
    """Follower and postman of this process, and the citizens' doors to them."""

    def __init__(self, ctx: Context, storage: Storage, board: Board, words: Words, channels: Channels) -> None:
        self._storage = storage
        self._channels = channels
        self._gate = Gate(private=channels.private)
        self._vapid = Vapid(storage.push_key, channels.contact)
        letters = Letters(
            city=ctx.city,
            words=words,
            base=channels.base,
            link=ctx.secrets.following_secret,
            track=ctx.secrets.tracking_secret,
        )
        self.postman = Postman(
            Route(
                followings=storage.followings,
                mailbag=storage.mailbag,
                clock=storage.clock,
                city=ctx.city,
                letters=letters,
                service=PushService(self._gate, self._vapid, storage.clock),
                mail=Mail(channels.mail) if channels.mail else None,
            )
        )
        self.follower = Follower(
            journal=storage.journal,
            cursors=storage.cursors,
            board=board,
            mailbag=storage.mailbag,
            changes=storage.changes,
            ratings=storage.ratings,
            clock=storage.clock,
            wake=self.postman.wake,
        )
        self._desk = FollowDesk(ctx, Follow(ctx, storage.followings, storage.mailbag), self._gate)

    def routes(self, doors: Doors, site: Site) -> list[HTTPRouteHandler]:
        pages = around.Around(
            desk=self._desk,
            changes=self._storage.changes,
            base=self._channels.base.rstrip("/"),
        )
        return [*around.routes(site, pages), *rating_routes(doors, self._storage.ratings)]

    def gauges(self) -> Iterable[tuple[str, str, float]]:
        """For /metrics."""
        return gauges(self.postman.counts)

    @property
    def key(self) -> str:
        """Our public key, to which browsers subscribe."""
        return self._vapid.public

    @property
    def mails(self) -> bool:
        """Is there a mail server?"""
        return self._channels.mail is not None

    async def close(self) -> None:
        await self._gate.close()
