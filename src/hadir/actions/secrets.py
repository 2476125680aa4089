"""Tracking links, pseudonyms and bearer tokens, all made from the one secret of this installation.

They are computed, not stored: a tracking link is the report's id and a keyed digest of it, so a stolen database holds
no working link, and checking one costs no query.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

# 80 bits: guessing one report's link at a thousand tries a second takes longer than the city will stand.
LINK_BYTES = 10
PSEUDONYM_BYTES = 10


@dataclass(frozen=True, slots=True)
class Secrets:
    """`key`: at least 32 random bytes, kept in the home folder, readable by its owner only."""

    key: bytes

    def _digest(self, purpose: str, text: str) -> bytes:
        """Keyed BLAKE2b (RFC 7693), a MAC by design; a fifth of an HMAC's time, and an intake needs two."""
        return hashlib.blake2b(text.encode(), key=self.key[:64], person=purpose.encode(), digest_size=32).digest()

    def tracking_secret(self, report_id: str) -> str:
        """The path part of a tracking link: the report's id (lower case) and 20 digits only we can make."""
        return f"{report_id.lower()}{self._digest('track', report_id)[:LINK_BYTES].hex()}"

    def report_of(self, secret: str) -> str | None:
        """The report a link belongs to, None for anything we did not make."""
        report_id = secret[:26].upper()
        made = self.tracking_secret(report_id)
        return report_id if hmac.compare_digest(made.encode(), secret.lower().encode()) else None

    def following_secret(self, id: str) -> str:
        """The link by which a subscription is confirmed and ended."""
        return f"{id.lower()}{self._digest('follow', id)[:LINK_BYTES].hex()}"

    def following_of(self, secret: str) -> str | None:
        """The subscription that a link belongs to, None for anything we did not make."""
        id = secret[:26].upper()
        made = self.following_secret(id)
        ours = secret.isascii() and hmac.compare_digest(made.encode(), secret.lower().encode())
        return id if ours else None

    def pseudonym(self, device: str) -> str:
        """A device or person as the journal may know it: always the same, never back to the device without the key."""
        return self._digest("device", device)[:PSEUDONYM_BYTES].hex()

    def task(self, text: str) -> str:
        """The seal of a task that a phone is given to work on."""
        return self._digest("task", text)[:LINK_BYTES].hex()

    def same(self, given: str, made: str) -> bool:
        """Compared in a time that tells nothing."""
        return given.isascii() and hmac.compare_digest(given.encode(), made.encode())

    def token(self, account: str, now: datetime, hours: float) -> str:
        """A bearer token for an account until `now` + `hours`."""
        until = int((now + timedelta(hours=hours)).timestamp())
        plain = f"{account}.{until}"
        return f"hadir.{plain}.{self._digest('token', plain).hex()}"

    def account_of(self, token: str, now: datetime) -> str | None:
        """The account a token was made for, None when it is not ours or its time is over."""
        head, _, seal = token.rpartition(".")
        prefix, _, plain = head.partition(".")
        account, _, until = plain.rpartition(".")
        made = self._digest("token", plain).hex()
        if prefix != "hadir" or not hmac.compare_digest(made.encode(), seal.encode()):
            return None
        return account if now.timestamp() < int(until) else None
