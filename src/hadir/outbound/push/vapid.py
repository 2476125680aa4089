"""Who we are, for push services: RFC 8292. A signed token for each service, made anew before it is over."""

import base64
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from hadir.outbound.push.encryption import CURVE, public_bytes

# RFC 8292 §2 allows 24 hours; clocks differ, so half of that, and a new one when half of it has passed.
LASTS = timedelta(hours=12)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HEAD = b'{"typ":"JWT","alg":"ES256"}'


def b64(data: bytes) -> str:
    """base64url without padding, as all of Web Push writes it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Vapid:
    """The key of this installation. Browsers subscribe to it: another key, and every subscription is void."""

    def __init__(self, secret: bytes, contact: str) -> None:
        """`secret`: 32 random bytes; `contact`: mailto: or https:, whom a push service may ask."""
        # Any number below the curve's order but 0 is a key.
        self._key = ec.derive_private_key(int.from_bytes(secret, "big") % (_ORDER - 1) + 1, CURVE)
        self._contact = contact
        self._tokens: dict[str, tuple[datetime, str]] = {}
        self.public = b64(public_bytes(self._key.public_key()))

    def authorization(self, endpoint: str, now: datetime) -> str:
        """The header's value for requests to this endpoint's service."""
        parts = urlsplit(endpoint)
        audience = f"{parts.scheme}://{parts.netloc}"
        made_at, token = self._tokens.get(audience, (now - LASTS, ""))
        if not now - LASTS / 2 < made_at <= now:
            token = self._token(audience, now + LASTS)
            self._tokens[audience] = now, token
        return f"vapid t={token}, k={self.public}"

    def _token(self, audience: str, until: datetime) -> str:
        claims = {"aud": audience, "exp": int(until.timestamp()), "sub": self._contact}
        signed = f"{b64(_HEAD)}.{b64(msgspec.json.encode(claims))}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
