"""What is known of photos that came in: who vouches for what, what they were used for, and which look alike."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import msgspec

from hadir.domain.evidence import Marks, Taken

#: 256 bits, the lowest frequencies in the first eight bytes
PRINT_BYTES = 32


# Measured: a photo that was compressed, resized, made brighter and lost 5 % of both sides differs in 38 bits at p95 and
# 49 at p99.9; of strangers, the nearest of 90,000 pairs in 60.
SURE_BITS = 48


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One photo as one person sent it. Erasable: it goes with the photo."""

    photo: str
    actor: str
    received_at: datetime
    taken: Taken | None = None
    marks: Marks | None = None


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """A photo stands on a thing («task/…», «report/…») since a fact."""

    photo: str
    thing: str
    position: int
    at: datetime


class Print(msgspec.Struct, frozen=True):
    """What a photo is found and looked at by: PRINT_BYTES, and a small grey copy of its middle."""

    bits: bytes
    small: bytes


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """A stored photo whose fingerprint is near one that was asked for."""

    photo: str
    #: differing bits, of 256
    bits: int
    #: which of the probes found it
    probe: int
    #: of `Print`
    small: bytes = b""

    @property
    def sure(self) -> bool:
        """The same photo; else one to look at more closely."""
        return self.bits <= SURE_BITS


class Evidence(Protocol):
    """Kept apart from the journal: all of it can be made anew from the originals and the facts, but for `Kept`."""

    async def keep(self, kept: Kept, printed: Print | None) -> None:
        """The first word of one person on one photo stands. `printed` is None where it is too plain."""
        ...

    async def kept(self, photo: str, actor: str) -> Kept | None:
        """What this person said of it."""
        ...

    async def use(self, use: Use) -> None:
        """Again: nothing happens."""
        ...

    async def uses(self, photos: Collection[str], before: int) -> list[Use]:
        """What these photos were used for before a position, the newest first."""
        ...

    async def near(self, probes: bytes, most: int = 10) -> list[Near]:
        """Stored photos near any of the probes, the nearest first; also those that other nodes stored.

        Probes are fingerprints one after the other; the first, and the first of the second half, are the plain ones.
        """
        ...

    async def count(self) -> int:
        """How many fingerprints `near` compares with."""
        ...

    async def forget(self, photo: str) -> None:
        """All of it, when the photo's original is erased."""
        ...
