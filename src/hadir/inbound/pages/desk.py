"""What the pages need of the system, in their own terms: values to draw, and the few things a citizen can do.

`door.CitizensDesk` fulfils it on the real system; the tests' twin keeps everything in a dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hadir.domain.values import Reason


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
    #: the category that the citizen chose
    kind: str | None = None
    #: the open incident that it is, as the citizen says
    same: str | None = None
    #: a stored recording
    voice: str | None = None
    #: photos that the phone sends after the words
    to_come: int = 0
    #: when it was written, by the phone's clock
    said_at: datetime | None = None
    #: what the door has to say against it
    doubts: tuple[Reason, ...] = ()


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
class Line:
    """Something said on a report after it was made."""

    #: follow_up, answer, dispute, rating: the reporter's own; question: a desk's
    kind: str
    at: datetime
    text: str = ""
    photos: tuple[str, ...] = ()
    #: of a question: the code of the agency that asks; "": the command centre
    agency: str = ""
    #: of a question: what an answer names
    id: str = ""


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
    #: photos that the phone has yet to send
    to_come: int = 0
    #: a recording came with it
    voice: bool = False
    #: the reporter said that it is an incident that was known already
    same: bool = False
    #: what was said since, in order
    lines: tuple[Line, ...] = ()
    #: the question that waits for an answer
    question: Line | None = None
    #: good, fair, poor; "" when there is none yet
    rating: str = ""
    #: is there a result to rate?
    rateable: bool = False
    #: how many more follow-ups the report takes
    left: int = 0
    #: nothing goes on any more: closed with its incident, or dismissed
    ended: bool = False

    @property
    def own_photos(self) -> tuple[str, ...]:
        """Of the report and of what came later."""
        return tuple(dict.fromkeys((*self.photos, *(photo for line in self.lines for photo in line.photos))))

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
    #: address of a photo that somebody has covered and approved; None: there is none to show
    photo: str | None = None


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

    async def answer(
        self, secret: str, solved: bool, text: str, command_id: str, photos: tuple[str, ...] = ()
    ) -> Refused | None:
        """The reporter's word on whether it is solved; a photo may show what is not."""
        ...

    async def follow_up(self, secret: str, said: Line, command_id: str) -> Refused | None:
        """More words and photos; `said.id` names the question that they answer."""
        ...

    async def rate(self, secret: str, result: str, text: str, command_id: str) -> Refused | None:
        """What the reporter thinks of the result."""
        ...

    def suggest(self, text: str) -> tuple[str, ...]:
        """Categories for these words as a report of them would be judged, the likeliest first; none: they say nothing
        yet. Nothing is stored."""
        ...

    async def add_photos(self, secret: str, photos: tuple[str, ...], command_id: str) -> Refused | None:
        """The photos that a report announced."""
        ...

    async def photo(self, secret: str, photo: str, small: bool) -> bytes | None:
        """A shown copy (JPEG) of a photo that belongs to this report or to the work on it."""
        ...

    async def picture(self) -> Picture:
        """What the public sees now."""
        ...
