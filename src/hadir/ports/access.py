"""Who looked at what of a person: written before it is shown, read by the auditor, forgotten after its time."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

#: what can be looked at: an original photo, a reporter's voice, a report's own words and contact, an export, everything
#: kept of a person, the log itself
KINDS = ("original", "voice", "personal", "export", "data", "log")


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look."""

    at: datetime
    #: account, or the reporter of a report
    actor: str
    role: str
    #: one of KINDS
    what: str
    #: «report/01J…», or what was exported
    thing: str
    #: why, in the words of whoever looked
    reason: str = ""
    #: in the order of writing; 0 before it is written
    n: int = 0


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which looks; what is None does not count."""

    actor: str | None = None
    what: str | None = None
    thing: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    #: older than this one
    before: int | None = None
    limit: int = 100


class AccessLog(Protocol):
    """Rows, the newest first."""

    async def note(self, look: Look) -> None:
        """On the disk before this returns. Raises Unavailable."""
        ...

    async def find(self, wanted: Wanted) -> list[Look]: ...

    async def prune(self, before: datetime) -> int:
        """Forget looks from before this; how many."""
        ...
