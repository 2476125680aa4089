"""Whose contents are whose: what has to be found before anything can be erased, corrected or handed over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import msgspec


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that is over, with contents whose time has come."""

    stream: str
    #: ids of contents that still have a body
    contents: tuple[str, ...]


class Subjects(Protocol):
    """Looks over all contents; none of it is quick enough for a press."""

    async def contents_of(self, stream: str, upto: int) -> list[str]:
        """Contents that came with this stream's facts up to a position, or that are about it; erased ones too."""
        ...

    async def contents_by(self, actor: str, upto: int) -> list[str]:
        """Contents that came with facts of this account or device up to a position; erased ones too."""
        ...

    async def blobs_of(self, contents: Collection[str]) -> list[str]:
        """Blobs that these contents need and no other one does."""
        ...

    async def checks_of(self, photos: Collection[str]) -> list[tuple[str, str]]:
        """(stream, content) of checks of proof in which one of these photos is named, erased ones left out."""
        ...

    async def reports_of(self, reporter: str) -> list[str]:
        """Ids of all reports of a device or account, the oldest first."""
        ...

    async def reports_reached_by(self, contact: str) -> list[str]:
        """Ids of reports whose reporter left this telephone number or e-mail address. Digits are compared."""
        ...

    async def over(self, noun: str, before: datetime, limit: int) -> list[Over]:
        """Things of this noun that are off the board, where nothing has happened since, with contents left."""
        ...

    async def old_of(self, noun: str, before: datetime, limit: int) -> list[Over]:
        """Contents of things that are never over (units, areas), as far as they are older."""
        ...

    async def unused(self, before: datetime, limit: int) -> list[str]:
        """Photos that came in before this and that no content names."""
        ...

    async def left_of(self, contents: Collection[str]) -> list[str]:
        """Those of them that still have a body."""
        ...

    async def forget_account(self, account: str) -> None:
        """Name, addresses, devices that ring, quiet hours, positions, notices: all that no fact holds. It is locked."""
        ...

    async def forget_following(
        self, *, device: str | None = None, address: str | None = None, report: str | None = None
    ) -> int:
        """Subscriptions of a device or an address, or to one report; how many went."""
        ...

    async def photos_of(self, actor: str) -> list[str]:
        """Photos that this account or device sent, used or not."""
        ...
