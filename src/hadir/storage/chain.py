"""The chain of hashes: each fact's hash covers the fact and the hash before it, so one changed byte shows.

What it cannot show by itself is that the newest facts were cut off, or that all of it was written anew: keep the hash
of a sealed day outside (a print-out, a mail to the auditor) and compare.
"""

import hashlib
import hmac
from datetime import date, datetime

import msgspec

from hadir.storage.codec import canonical_json

#: What stands before position 1.
GENESIS = bytes(32)


class Row(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A fact in its stored form. Its canonical bytes are the JSON array of these fields in this order."""

    position: int
    #: UTC, to the microsecond.
    at: datetime
    #: The day whose seal covers it: never before the day of the fact in front of it, whatever the clock says.
    day: date
    stream: str
    version: int
    kind: str
    v: int
    actor: str
    role: str
    channel: str
    cause: str | None
    command_id: str | None
    content: str | None
    audience: tuple[str, ...]
    #: The event's JSON, byte for byte as it was first written.
    body: msgspec.Raw


def chained(previous: bytes, row: Row) -> bytes:
    """The row's hash (32 bytes), given the one before it."""
    return hashlib.sha256(previous + canonical_json(row)).digest()


def keyed_digest(key: bytes, body: bytes, blobs: tuple[str, ...]) -> str:
    """Hexadecimal HMAC-SHA256 of a content. Without the key nobody can try out which words it was made of."""
    return hmac.digest(key, body + canonical_json(blobs), "sha256").hex()
