"""Server-sent events as bytes, and the chunks of HTTP/1.1 they travel in. Pure."""

import re
from datetime import datetime

# Epochs are letters and digits, so one hyphen separates the two; 18 digits stay below 2^63.
_EVENT_ID = re.compile(r"([A-Za-z0-9]{1,64})-([0-9]{1,18})")

#: the last chunk of a body
LAST_CHUNK = b"0\r\n\r\n"


def event_id(epoch: str, position: int) -> str:
    """What a client keeps and gives back: «<epoch>-<position>»."""
    return f"{epoch}-{position}"


def parse_event_id(text: str) -> tuple[str, int] | None:
    """(epoch, position), or None for what we never sent."""
    match = _EVENT_ID.fullmatch(text.strip())
    return None if match is None else (match[1], int(match[2]))


def fact(epoch: str, position: int, data: bytes) -> bytes:
    """One fact as one rendering; `data` is JSON on one line."""
    return b"id: %b-%d\nevent: fact\ndata: %b\n\n" % (epoch.encode(), position, data)


def beat(epoch: str, position: int, at: datetime) -> bytes:
    """A sign of life that also moves the client's position on, with the server's time (UTC)."""
    stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return b'id: %b-%d\nevent: beat\ndata: {"at":"%b","position":%d}\n\n' % (
        epoch.encode(),
        position,
        stamp.encode(),
        position,
    )


def resync(epoch: str, position: int) -> bytes:
    """«Fetch the board again.» Without an id: one would let EventSource jump over the hole it announces."""
    return b'event: resync\ndata: {"epoch":"%b","position":%d}\n\n' % (epoch.encode(), position)


def reading(data: bytes) -> bytes:
    """The newest value of something measured; no id, because it may be replaced by a newer one unseen."""
    return b"event: reading\ndata: %b\n\n" % data


def retry(milliseconds: int) -> bytes:
    """How long EventSource is to wait before it opens the stream again."""
    return b"retry: %d\n\n" % milliseconds


def chunk(body: bytes) -> bytes:
    """The bytes as one chunk of HTTP/1.1; an empty chunk would end the body, so nothing becomes nothing."""
    return b"%x\r\n%b\r\n" % (len(body), body) if body else b""
