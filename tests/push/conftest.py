"""A city whose phones ring: the whole program on the twins, a push service, both gateways and a mail server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

from hadir.compose import Program, memory
from hadir.compose.program import Face
from hadir.compose.telling import Channels
from hadir.domain.notice import Channel, Contact
from hadir.outbound.push import courier
from hadir.outbound.senders.mail import MailServer as MailAt
from hadir.outside.gateways import Gateways
from hadir.ports.notices import Standing
from hadir.storage.memory import SettableClock
from tests.push.mail import MailServer
from tests.push.service import Browser, PushServer
from tests.world import CITY

_numbers = count(1)
PATIENCE_S = 60.0


@dataclass
class Ringing:
    """The program and everything around it."""

    program: Program
    clock: SettableClock
    service: PushServer
    gateways: Gateways
    mail: MailServer
    client: httpx.AsyncClient

    async def call(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        token = self.program.storage.secrets.token(who, self.clock.now(), 1)
        headers = {"authorization": f"Bearer {token}"}
        return await self.client.request(method, f"/api/v1/{path}", headers=headers, **more)

    async def press(self, who: str, path: str, **body: Any) -> dict[str, Any]:
        """A command that is accepted."""
        answer = await self.call(who, "POST", path, json={"command_id": f"push-command-{next(_numbers)}", **body})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def phone(self, who: str, name: str = "") -> Browser:
        """A browser that rings for this person."""
        browser = self.service.browser(name or who)
        answer = await self.call(who, "POST", "push/subscriptions", json=browser.subscription)
        assert answer.status_code == 201, answer.text
        return browser

    async def reachable(self, who: str, **addresses: str) -> None:
        for channel, address in addresses.items():
            await self.program.storage.contacts.set_contact(
                Contact(account=who, channel=Channel(channel), address=address)
            )

    async def incident(self, **more: Any) -> str:
        place = {"area": "35.72.01.1001"}
        made = await self.press("operator", "incidents", category="flood", title="Air", place=place, **more)
        return made["id"]

    async def order(self, to: str = "petugas-1", incident: str = "", **more: Any) -> str:
        incident = incident or await self.incident()
        body = {"incident_id": incident, "to": to, "action": "evacuate", "within_min": 30} | more
        return (await self.press("pimpinan", "orders", **body))["id"]

    async def notices(self, about: str, says: str = "") -> list[Standing]:
        found = await self.program.storage.notices.about(about)
        return [each for each in found if not says or each.notice.says == says]

    async def kinds(self) -> list[str]:
        return [fact.event.kind for fact in await self.program.storage.journal.read(0, 10_000)]


@pytest.fixture
def until() -> Callable[[Callable[[], Any]], Awaitable[Any]]:
    """Wait for a condition, which may be a coroutine; its value."""

    async def wait(condition: Callable[[], Any]) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                value = condition()
                value = await value if asyncio.iscoroutine(value) else value
                if value:
                    return value
                await asyncio.sleep(0.01)

    return wait


@pytest.fixture
async def ringing(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ringing]:
    monkeypatch.setattr(courier.Courier, "look_s", 0.02)
    service, gateways, mail, clock = PushServer(), Gateways(key="gateway key"), MailServer(), SettableClock()
    async with AsyncExitStack() as stack:
        await service.start()
        stack.push_async_callback(service.stop)
        port = await gateways.start()
        stack.push_async_callback(gateways.stop)
        await mail.start()
        stack.push_async_callback(mail.stop)
        channels = Channels(
            base="https://hadir.example",
            contact="mailto:hadir@kota.example",
            private=True,
            mail=MailAt.of(f"smtp://127.0.0.1:{mail.port}", "Hadir <hadir@kota.example>"),
            sms=f"http://127.0.0.1:{port}/sms",
            sms_key="gateway key",
            whatsapp=f"http://127.0.0.1:{port}/whatsapp",
            whatsapp_key="gateway key",
            whatsapp_template="hadir_notice",
        )
        program = await stack.enter_async_context(memory(CITY, face=Face(demo=True, channels=channels), clock=clock))
        transport = httpx.ASGITransport(app=program.app)  # type: ignore[arg-type]
        client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://localhost"))
        yield Ringing(program, clock, service, gateways, mail, client)
