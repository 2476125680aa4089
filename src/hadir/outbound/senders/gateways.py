"""SMS and WhatsApp: one POST to a gateway, its key in the Authorization header. The shapes are in docs/push.md."""

from collections.abc import Mapping
from typing import Any

import msgspec

from hadir.domain.notice import Channel, digits, fits
from hadir.outbound.kit.gate import Forbidden, Gate, Unreachable
from hadir.ports.sender import Message, Never, NotNow

# Two SMS of the GSM alphabet; a third costs more than it says.
SMS_MOST = 306


def number(address: str, country: str) -> str:
    """«0812-3456 …» as +62812…; Raises Never."""
    if not fits(Channel.SMS, address):
        raise Never("bad_number")
    plain = digits(address)
    if plain.startswith("0"):
        return f"+{country}{plain[1:]}"
    return plain if plain.startswith("+") else f"+{plain}"


class _Gateway:
    """What both have: where it is, its key, and what its answers mean."""

    def __init__(self, gate: Gate, url: str, key: str, *, country: str = "62") -> None:
        self._gate = gate
        self._url = url
        self._key = key
        self._country = country

    async def _post(self, id: str, body: Mapping[str, Any]) -> None:
        headers = {
            "content-type": "application/json",
            "authorization": f"Bearer {self._key}",
            # A gateway that knows it sends a repeated message once.
            "idempotency-key": id,
        }
        try:
            answer = await self._gate.post(self._url, headers, msgspec.json.encode(body))
        except Forbidden as error:
            raise Never("forbidden_address") from error
        except Unreachable as error:
            raise NotNow("unreachable") from error
        if answer.status == 429 or answer.status >= 500:
            after = answer.headers.get("retry-after", "")
            raise NotNow(f"http_{answer.status}", float(after) if after.isdigit() else None)
        if not 200 <= answer.status < 300:
            raise Never(f"http_{answer.status}")


class Sms(_Gateway):
    """Fulfils `ports.sender.Sender`."""

    channel = Channel.SMS

    async def send(self, address: str, message: Message) -> None:
        text = _fit(f"{message.title}. {message.body}", SMS_MOST - len(message.url) - 1)
        await self._post(
            message.id, {"to": number(address, self._country), "text": f"{text} {message.url}", "id": message.id}
        )


class WhatsApp(_Gateway):
    """Fulfils `ports.sender.Sender`. The body of Meta's Cloud API: a business begins by an approved template."""

    channel = Channel.WHATSAPP

    def __init__(self, gate: Gate, url: str, key: str, template: str, *, country: str = "62") -> None:
        super().__init__(gate, url, key, country=country)
        self._template = template

    async def send(self, address: str, message: Message) -> None:
        values = [
            {"type": "text", "text": " ".join(each.split())} for each in (message.title, message.body, message.url)
        ]
        await self._post(
            message.id,
            {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": number(address, self._country).lstrip("+"),
                "type": "template",
                "template": {
                    "name": self._template,
                    "language": {"code": "id"},
                    "components": [{"type": "body", "parameters": values}],
                },
            },
        )


def _fit(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
