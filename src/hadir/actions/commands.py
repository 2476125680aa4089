"""Every command as it stands in a request's body, with its limits. JSON, snake_case; unknown fields are ignored.

Unknown fields are ignored and not refused: an older server must take what a newer phone kept in its outbox for days.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

CommandId = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
Code = Annotated[str, Meta(min_length=1, max_length=64)]
Words = Annotated[str, Meta(max_length=4000)]
ShortWords = Annotated[str, Meta(max_length=500)]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Lon = Annotated[float, Meta(ge=-180, le=180)]
Metres = Annotated[float, Meta(ge=0, le=1_000_000)]
Minutes = Annotated[int, Meta(ge=1, le=60 * 24 * 7)]
Centimetres = Annotated[int, Meta(ge=0, le=2000)]
PhotoId = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
VoiceId = PhotoId
# A person's phone gallery selected by mistake must not become one report.
Photos = Annotated[tuple[PhotoId, ...], Meta(max_length=6)]


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """The base: an id made by the client before it sends, and the version it decided on (informs, never refuses)."""

    command_id: CommandId
    seen_version: int | None = None


class Plain(Command, frozen=True, kw_only=True):
    """A press with nothing to add."""


class Pressed(Command, frozen=True, kw_only=True):
    """A press on a phone, with the phone's own time."""

    device_at: datetime | None = None


class OrderPressed(Pressed, frozen=True, kw_only=True):
    """A press of an order's addressee. `said_version`: which version he answers; an older one is refused."""

    said_version: int | None = None


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """A place as a door hears it. WGS84 degrees, metres."""

    lat: Lat | None = None
    lon: Lon | None = None
    accuracy_m: Metres | None = None
    how: Annotated[str, Meta(pattern=r"^(gps|tap|list|words|operator)$")] = "words"
    area: Code | None = None
    rt: Annotated[int, Meta(ge=0, le=999)] | None = None
    rw: Annotated[int, Meta(ge=0, le=999)] | None = None
    text: ShortWords | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """How the reporter wants to hear back. Erasable content, shown to nobody who need not see it."""

    name: Annotated[str, Meta(max_length=100)] | None = None
    phone: Annotated[str, Meta(max_length=30)] | None = None
    email: Annotated[str, Meta(max_length=200)] | None = None


class ReceiveReport(Command, frozen=True, kw_only=True):
    """A citizen's report. Words or a photo must be there."""

    text: Words = ""
    place: Where = Where()
    photos: Photos = ()
    #: addresses of photos elsewhere, fetched later; only an integrator may name some
    media: Annotated[tuple[Annotated[str, Meta(max_length=2000)], ...], Meta(max_length=6)] = ()
    contact: Contact | None = None
    category: Code | None = None
    #: the reporter asks that it be kept from every public page
    secret: bool = False
    #: what is replayed or simulated says so; only a demo door and an integrator may
    origin: Annotated[str, Meta(pattern=r"^(live|simulation|replay)$")] = "live"
    said_at: datetime | None = None
    #: pseudonym of the person behind a replayed row, so that two rows of one person count once
    reporter: Annotated[str, Meta(max_length=64)] | None = None


class Dismiss(Command, frozen=True, kw_only=True):
    disposition: Code
    reason: ShortWords | None = None


class Join(Command, frozen=True, kw_only=True):
    incident_id: Id


class Recategorise(Command, frozen=True, kw_only=True):
    category: Code


class Relocate(Command, frozen=True, kw_only=True):
    place: Where


class Prioritise(Command, frozen=True, kw_only=True):
    points: Annotated[float, Meta(ge=-1000, le=1000)]
    reason: ShortWords


class Dispute(Command, frozen=True, kw_only=True):
    text: Words | None = None


class OpenIncident(Command, frozen=True, kw_only=True):
    """From a report, or from an operator's own knowledge (category and place then needed)."""

    report_id: Id | None = None
    category: Code | None = None
    place: Where | None = None
    title: Annotated[str, Meta(max_length=120)] | None = None
    severity: str | None = None


class Grade(Command, frozen=True, kw_only=True):
    severity: str | None = None
    level: int | None = None


class Note(Command, frozen=True, kw_only=True):
    text: Annotated[str, Meta(min_length=1, max_length=4000)]


class Because(Command, frozen=True, kw_only=True):
    """A step that needs its reason."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class GiveTask(Command, frozen=True, kw_only=True):
    incident_id: Id
    agency: Code
    what: ShortWords = ""
    #: assigned to this officer of the agency in the same breath
    officer: Id | None = None


class Assign(Command, frozen=True, kw_only=True):
    officer: Id


class Finish(Command, frozen=True, kw_only=True):
    note: Words | None = None
    photos: Photos = ()
    device_at: datetime | None = None


class Offer(Command, frozen=True, kw_only=True):
    agency: Code
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class GiveOrder(Command, frozen=True, kw_only=True):
    incident_id: Id
    to: Id
    action: Code
    within_min: Minutes
    place: Where | None = None
    text: Words = ""
    #: a stored recording of the same order, in the commander's voice
    voice: VoiceId | None = None
    on_behalf: Annotated[str, Meta(max_length=100)] | None = None
    replaces: Id | None = None
    #: accounts that get it for information
    copies: Annotated[tuple[Id, ...], Meta(max_length=10)] = ()


class ReadBack(OrderPressed, frozen=True, kw_only=True):
    """Chosen (area, action and minutes), or spoken (voice)."""

    area: Code | None = None
    action: Code | None = None
    within_min: Minutes | None = None
    voice: VoiceId | None = None


class Correct(Command, frozen=True, kw_only=True):
    action: Code
    within_min: Minutes
    place: Where | None = None
    text: Words = ""
    voice: VoiceId | None = None


class SetStatus(Command, frozen=True, kw_only=True):
    status: Code
    device_at: datetime | None = None


class Emergency(Pressed, frozen=True, kw_only=True):
    """Held for three seconds. Where he is, if the phone knows, and how old that was when he pressed, in seconds."""

    lat: Lat | None = None
    lon: Lon | None = None
    accuracy_m: Metres | None = None
    age_s: Annotated[int, Meta(ge=0, le=7 * 86_400)] | None = None


class Alarm(Command, frozen=True, kw_only=True):
    """Which alarm of an officer: emergency or check_in."""

    alarm: Code


class CloseAlarm(Alarm, frozen=True, kw_only=True):
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class Declare(Command, frozen=True, kw_only=True):
    depth_cm: Centimetres | None = None
    note: ShortWords | None = None


class Sign(Command, frozen=True, kw_only=True):
    """An officer stands in it."""

    depth_cm: Centimetres | None = None
