"""The part of the program that makes phones ring: its channels from the settings, its followers, its routes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from litestar.handlers import HTTPRouteHandler

from hadir.actions import notices as recording
from hadir.actions.context import Context
from hadir.compose.storage import Storage
from hadir.domain.notice import Channel
from hadir.inbound.api.notices import notice_routes
from hadir.inbound.api.reach import reach_routes
from hadir.inbound.kit.doors import Doors
from hadir.outbound.kit.gate import Forbidden, Gate
from hadir.outbound.push import Courier, Notifier, PushService, Teller, Vapid, Way
from hadir.outbound.push.encryption import BadKey, check_keys
from hadir.outbound.senders.gateways import Sms, WhatsApp
from hadir.outbound.senders.mail import Mail, MailServer
from hadir.ports.sender import Sender
from hadir.settings import Settings
from hadir.views.board import Board
from hadir.words import Words


@dataclass(frozen=True, kw_only=True)
class Channels:
    """What the settings say of the ways to people. Keys and passwords stand in no repr."""

    #: our address, for links that are read outside a browser of ours
    base: str = ""
    #: mailto: or https:, whom a push service may ask
    contact: str = ""
    #: push services at private addresses are gone to as well
    private: bool = False
    mail: MailServer | None = None
    sms: str = ""
    sms_key: str = field(default="", repr=False)
    whatsapp: str = ""
    whatsapp_key: str = field(default="", repr=False)
    whatsapp_template: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Raises ValueError, with a sentence, for a mail server that cannot be one."""
        return cls(
            base=settings.url,
            contact=settings.push_contact or settings.url,
            private=settings.push_private,
            mail=MailServer.of(settings.smtp_url, settings.mail_from) if settings.smtp_url else None,
            sms=settings.sms_url,
            sms_key=settings.sms_key,
            whatsapp=settings.whatsapp_url,
            whatsapp_key=settings.whatsapp_key,
            whatsapp_template=settings.whatsapp_template,
        )


class Telling:
    """Notifier and courier of this process, and the doors of the devices."""

    def __init__(self, ctx: Context, storage: Storage, board: Board, words: Words, channels: Channels) -> None:
        self._storage = storage
        self._endpoints = Gate(private=channels.private)
        # The gateways are named by who runs the city: they may stand in its own network.
        self._gateways = Gate(private=True)
        self._ways = self._senders(channels, ctx.city.notices.country_code)
        self._vapid = Vapid(storage.push_key, channels.contact)
        self.courier = Courier(
            Way(
                notices=storage.notices,
                devices=storage.devices,
                contacts=storage.contacts,
                people=storage.accounts,
                clock=storage.clock,
                city=ctx.city,
                teller=Teller(board=board, city=ctx.city, people=storage.accounts, words=words, base=channels.base),
                service=PushService(self._endpoints, self._vapid, storage.clock),
                senders=self._ways,
                changed=partial(recording.channel_changed, ctx),
            )
        )
        self.notifier = Notifier(
            journal=storage.journal,
            cursors=storage.cursors,
            board=board,
            people=storage.accounts,
            notices=storage.notices,
            ids=storage.ids,
            wake=self.courier.wake,
        )

    def _senders(self, channels: Channels, country: str) -> Mapping[Channel, Sender]:
        """The channels that are configured; the others are passed over."""
        found: list[Sender] = []
        if channels.mail:
            found.append(Mail(channels.mail))
        if channels.sms:
            found.append(Sms(self._gateways, channels.sms, channels.sms_key, country=country))
        if channels.whatsapp:
            template = channels.whatsapp_template
            found.append(WhatsApp(self._gateways, channels.whatsapp, channels.whatsapp_key, template, country=country))
        return {sender.channel: sender for sender in found}

    def routes(self, doors: Doors) -> list[HTTPRouteHandler]:
        devices = notice_routes(
            doors,
            devices=self._storage.devices,
            notices=self._storage.notices,
            key=self._vapid.public,
            admits=self._admits,
        )
        return devices + reach_routes(doors, self._storage.contacts, frozenset(self._ways))

    def _admits(self, endpoint: str, p256dh: bytes, auth: bytes) -> bool:
        try:
            self._endpoints.check(endpoint)
            check_keys(p256dh, auth)
        except (Forbidden, BadKey):
            return False
        return True

    def gauges(self) -> Iterable[tuple[str, str, float]]:
        """For /metrics: attempts by channel and what became of them."""
        for (channel, state), count in sorted(self.courier.counts.items()):
            yield f"hadir_notices_{channel}_{state}_total", f"Attempts by {channel}: {state}.", count

    async def close(self) -> None:
        await self._endpoints.close()
        await self._gateways.close()
