"""What was erased, kept outside the database: a back-up brings it again, and this list takes it away again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """One erasure. Ids of contents only: nothing in it says what they held."""

    at: datetime
    stream: str
    contents: tuple[str, ...]


class Erasures(Protocol):
    """Append-only."""

    async def note(self, erasure: Erasure) -> None:
        """Durable before this returns."""
        ...

    async def all(self) -> Sequence[Erasure]: ...
