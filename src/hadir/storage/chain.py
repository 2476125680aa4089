"""The chain of hashes: each fact's hash covers the fact and the hash before it, so one changed byte shows.

What it cannot show by itself is that the newest facts were cut off, or that all of it was written anew: keep the hash
of a sealed day outside (a print-out, a mail to the auditor) and compare.
"""

import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta

import msgspec

from hadir.storage.codec import canonical_json

#: What stands before position 1.
GENESIS = bytes(32)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in its stored form; `body` is the event's JSON, byte for byte as it was first written."""

    position: int
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
    body: bytes
    hash: bytes = b""


def chained(previous: bytes, row: Row) -> bytes:
    """The row's hash (32 bytes), given the one before it."""
    fact = (
        row.position,
        (row.at - _EPOCH) // _MICROSECOND,
        row.day,
        row.stream,
        row.version,
        row.kind,
        row.v,
        row.actor,
        row.role,
        row.channel,
        row.cause,
        row.command_id,
        row.content,
        row.audience,
        msgspec.Raw(row.body),
    )
    return hashlib.sha256(previous + canonical_json(fact)).digest()


def keyed_digest(key: bytes, body: bytes, blobs: tuple[str, ...]) -> str:
    """Hexadecimal HMAC-SHA256 of a content. Without the key nobody can try out which words it was made of."""
    return hmac.new(key, body + canonical_json(blobs), hashlib.sha256).hexdigest()
