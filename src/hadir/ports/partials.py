"""Bytes that come in pieces: what is here of an upload, and where it goes on."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hadir.domain.evidence import Taken


class OffsetDiffers(Exception):
    """The piece does not begin where the upload stands; `actual` is where that is."""

    def __init__(self, actual: int) -> None:
        super().__init__(f"the upload stands at {actual}")
        self.actual = actual


class UploadUnknown(Exception):
    """There is no such upload (any more)."""


class UploadDiffers(Exception):
    """The same id stands for other bytes."""


class TooManyUploads(Exception):
    """Its owner has as much waiting as anybody may."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Partial:
    """One upload."""

    #: made by the phone; counts within its owner
    id: str
    #: bytes in all
    length: int
    #: of all its bytes, 64 hexadecimal digits
    sha256: str
    #: media type, as the phone says
    type: str
    #: what the phone says of a photo
    taken: Taken | None = None
    #: bytes that are on the disk
    offset: int = 0
    #: what it became once it was whole and taken: the id that commands name
    answer: str | None = None


class Partials(Protocol):
    """Uploads by owner and id. What `offset` says survives a power cut: it is synced before it is told."""

    async def begin(self, owner: str, asked: Partial) -> Partial:
        """As it stands; made if it is not there. Raises UploadDiffers, TooManyUploads."""
        ...

    async def find(self, owner: str, id: str) -> Partial:
        """Raises UploadUnknown."""
        ...

    async def extend(self, owner: str, id: str, offset: int, data: AsyncIterator[bytes]) -> Partial:
        """Adds what comes; what came before `data` failed stays, and the failure is raised on.

        Raises UploadUnknown, OffsetDiffers; ValueError for more than `length`, of which nothing is kept.
        """
        ...

    async def read(self, owner: str, id: str) -> bytes:
        """All of it. Raises UploadUnknown."""
        ...

    async def taken(self, owner: str, id: str, answer: str) -> Partial:
        """Remember what it became, so that the question can be asked again; its bytes go."""
        ...

    async def drop(self, owner: str, id: str) -> None:
        """Dropping what is not there is fine."""
        ...

    async def forget(self, *, owner: str | None = None, became: Collection[str] = ()) -> int:
        """All of one owner's, and all that became one of these photos; how many went."""
        ...

    async def expire(self, before: datetime) -> int:
        """Forget what nothing was added to since then; how many went."""
        ...
