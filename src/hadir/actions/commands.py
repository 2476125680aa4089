"""Every command as it stands in a request's body, with its limits. JSON, snake_case; unknown fields are ignored.

Unknown fields are ignored and not refused: an older server must take what a newer phone kept in its outbox for days.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

CommandId = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
#: What is looked up: PostgreSQL's text has no NUL, so a query for one fails instead of finding nothing.
_NO_NUL = r"^[^\x00]*$"
Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=_NO_NUL)]
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=_NO_NUL)]
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
    """A citizen's report. Words, a photo or a recording must be there."""

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
    reporter: Annotated[str, Meta(max_length=64, pattern=_NO_NUL)] | None = None
    #: a stored recording of what would otherwise be typed
    voice: VoiceId | None = None
    #: photos that follow the words («add-photos»), so that a thin line does not hold the words back
    to_come: Annotated[int, Meta(ge=0, le=6)] = 0
    #: the open incident that the reporter says it is («saya juga mengalami»); it may be empty of words then
    same_as: Id | None = None


class AddPhotos(Command, frozen=True, kw_only=True):
    """The photos that a report announced; once."""

    photos: Annotated[tuple[PhotoId, ...], Meta(min_length=1, max_length=6)]


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
    photos: Photos = ()


class FollowUp(Command, frozen=True, kw_only=True):
    """Words or a photo must be there. `answers`: the desk's question."""

    text: Words = ""
    photos: Photos = ()
    answers: Id | None = None


class Hear(Command, frozen=True, kw_only=True):
    """`told`: how many of the reporter's additions were on the screen; one that came meanwhile is still to be read."""

    told: Annotated[int, Meta(ge=0)] | None = None


class Ask(Hear, frozen=True, kw_only=True):
    """Whoever asks has read what was there."""

    text: ShortWords


class Rate(Command, frozen=True, kw_only=True):
    """`result`: good, fair or poor."""

    result: Code
    text: ShortWords = ""


class OpenIncident(Command, frozen=True, kw_only=True):
    """From a report, or from an operator's own knowledge (category and place then needed)."""

    report_id: Id | None = None
    category: Code | None = None
    place: Where | None = None
    title: Annotated[str, Meta(max_length=120)] | None = None
    severity: str | None = None


class OtherIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident, and the version its sender decided on: an older one is refused."""

    id: Id
    seen_version: int | None = None


class Merge(Command, frozen=True, kw_only=True):
    """These become a part of the one in the path. `seen_version`, here, refuses: look again, then decide."""

    incidents: Annotated[tuple[OtherIncident, ...], Meta(min_length=1, max_length=20)]


class Unmerge(Command, frozen=True, kw_only=True):
    """These stand for themselves again."""

    incidents: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=20)]


class Split(Command, frozen=True, kw_only=True):
    """What goes to a new incident. `seen_version` as in a merge."""

    reports: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=500)]
    tasks: Annotated[tuple[Id, ...], Meta(max_length=50)] = ()
    category: Code | None = None
    title: Annotated[str, Meta(max_length=120)] | None = None


class Unsplit(Command, frozen=True, kw_only=True):
    """The one that was split off comes back; without a name the newest."""

    incident_id: Id | None = None


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
    on_behalf: Annotated[str, Meta(max_length=100, pattern=_NO_NUL)] | None = None
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
