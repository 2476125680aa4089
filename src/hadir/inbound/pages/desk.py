"""What the pages need of the system, in their own terms: values to draw, and the few things a citizen can do.

`door.CitizensDesk` fulfils it on the real system; the tests' twin keeps everything in a dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A report as it was typed, checked for form but not yet received."""

    command_id: str
    text: str = ""
    #: code of the city pack, or None
    area: str | None = None
    rt: int | None = None
    rw: int | None = None
    #: WGS84 degrees
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    #: gps, tap, list, words
    how: str = "words"
    words: str = ""
    name: str = ""
    phone: str = ""
    secret: bool = False
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A no from the rules: the catalogue has the sentence under ``refusal.<code>``."""

    code: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that happened to a report, as its reporter may know it: no names, no other people's words."""

    #: received, read, joined … : the words stand under ``track.step.<code>``
    code: str
    at: datetime
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracked:
    """One's own report."""

    ref: str
    #: received, joined, working, checking, asked, confirmed, disputed, dismissed
    stage: str
    text: str
    area: str | None
    rt: int | None
    rw: int | None
    place_words: str | None
    outside: bool
    origin: str
    steps: tuple[Step, ...]
    photos: tuple[str, ...] = ()
    after_photos: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Does the page ask «sudah benar-benar selesai?»"""
        return self.stage == "asked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """An open incident as the public sees it."""

    id: str
    category: str
    state: str
    area: str | None
    lat: float | None
    lon: float | None
    outside: bool
    people: int
    since: datetime
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Water:
    """The flood state of one area."""

    area: str
    #: no_news, suspected, confirmed, declared, receding, over
    state: str
    since: datetime | None
    depth_cm: int | None
    reports: int
    #: live, simulation, replay
    origin: str = "live"


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """The city as the public sees it, at one position of the journal."""

    #: «<epoch>-<position>», where the live stream goes on from here
    cursor: str
    waters: tuple[Water, ...]
    happenings: tuple[Happening, ...]


class Desk(Protocol):
    """What a citizen can do and see. ``device`` names the browser (its cookie); ``secret`` is a tracking link's."""

    async def receive(self, draft: Draft, device: str) -> str | Refused:
        """The secret of the new report's tracking link (a repeated command_id gets the first one's)."""
        ...

    async def add_photo(self, data: bytes, device: str) -> str | Refused:
        """The stored photo's id."""
        ...

    async def tracked(self, secret: str) -> Tracked | None:
        """The report behind a link, or None."""
        ...

    async def answer(self, secret: str, solved: bool, text: str, command_id: str) -> Refused | None:
        """The reporter's word on whether it is solved."""
        ...

    async def second(self, incident: str, device: str, command_id: str) -> Refused | None:
        """«Saya juga»."""
        ...

    async def photo(self, secret: str, photo: str, small: bool) -> bytes | None:
        """A shown copy (JPEG) of a photo that belongs to this report or to the work on it."""
        ...

    async def picture(self) -> Picture:
        """What the public sees now."""
        ...
