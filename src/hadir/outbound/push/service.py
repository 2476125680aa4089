"""One message to one browser, by the push service that the browser named (RFC 8030)."""

import base64
import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from hadir.domain.notice import Urgency
from hadir.outbound.kit.gate import Answer, Forbidden, Gate, Unreachable
from hadir.outbound.push.encryption import BadKey, encrypt
from hadir.outbound.push.vapid import Vapid
from hadir.ports.clock import Clock
from hadir.ports.notices import Subscription
from hadir.ports.sender import Never, NotNow

# A service that says «in a week» is not waited for so long: the person is reached otherwise by then.
ASKED_MOST_S = 3600.0


class Gone(Never):
    """The browser does not take our messages any more."""


class PushService:
    """Encrypts, signs, sends."""

    def __init__(self, gate: Gate, vapid: Vapid, clock: Clock) -> None:
        self._gate = gate
        self._vapid = vapid
        self._clock = clock

    async def send(self, to: Subscription, payload: bytes, *, ttl_s: int, urgency: Urgency, topic: str) -> None:
        """Returns when the service has taken it. Raises Gone, Never, NotNow."""
        now = self._clock.now()
        headers = {
            "authorization": self._vapid.authorization(to.endpoint, now),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(ttl_s),
            "urgency": urgency.value,
            "topic": topic_name(topic),
        }
        try:
            answer = await self._gate.post(to.endpoint, headers, encrypt(payload, to.p256dh, to.auth))
        except (Forbidden, BadKey) as error:
            raise Never("forbidden_address" if isinstance(error, Forbidden) else "bad_key") from error
        except Unreachable as error:
            raise NotNow("unreachable") from error
        _judge(answer, now)


def _judge(answer: Answer, now: datetime) -> None:
    if 200 <= answer.status < 300:
        return
    if answer.status in (404, 410):
        raise Gone("gone")
    if answer.status == 429 or answer.status >= 500:
        raise NotNow(f"http_{answer.status}", retry_after(answer.headers.get("retry-after", ""), now))
    raise Never(f"http_{answer.status}")


def retry_after(text: str, now: datetime) -> float | None:
    """Seconds, as a number or until a date; None when it says neither."""
    if text.isdigit():
        return min(float(text), ASKED_MOST_S)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), ASKED_MOST_S)


def topic_name(topic: str) -> str:
    """Our topic as RFC 8030 §5.4 allows it: at most 32 characters of base64url, and it tells the service nothing."""
    return base64.urlsafe_b64encode(hashlib.sha256(topic.encode()).digest()[:24]).decode()
