"""The rows of the board: what a screen gets to know of each thing. JSON in snake_case; times are RFC 3339 in UTC.

Frozen: a changed row is a new one, so the row before and the row after a fact can be compared, and an encoded row can
be kept until it changes. `gc=False`: rows hold no cycles, and the collector need not walk through a million of them.
`since` is when the thing began (its age counts from there), `state_at` when its state did;
of units and areas `since` is when the present state began. Fields named in `PRIVATE` never leave the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from hadir.domain.values import Place, Reason
from hadir.domain.values import ref_of as ref_of

#: The groups of the board, in the order of the page.
GROUPS = ("reports", "incidents", "tasks", "orders", "units", "areas")
#: (group, id): the name of one row.
Key: TypeAlias = tuple[str, str]


class PlaceRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where something is; as `domain.values.Place`. `words` are masked."""

    area: str | None = None
    rw: int | None = None
    rt: int | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    how: str | None = None
    words: str | None = None
    outside: bool = False


class ReasonRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One reason for a suggestion; its words stand in the catalogue under `reason.<code>`."""

    code: str
    points: float | None = None
    params: dict[str, str] = {}


class Photo(msgspec.Struct, frozen=True, gc=False):
    id: str


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What every row has."""

    id: str
    state: str
    version: int
    place: PlaceRow
    #: None: never heard of (an area without news, an officer who has not pressed a key)
    since: datetime | None
    #: which part of the row came from which erasable content
    refs: dict[str, str] = {}


class SaidRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something said after the report: follow_up, answer, dispute or rating by the reporter, question by a desk."""

    position: int
    at: datetime
    kind: str
    #: of a question: the agency that asks; None: the command centre
    agency: str | None = None
    #: whose words these are, in the journal; None: without words
    content: str | None = None
    text: str = ""
    photos: tuple[Photo, ...] = ()


class TalkRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Between the reporter and the desks. A desk has `told` minus its `heard` to read."""

    lines: tuple[SaidRow, ...] = ()
    #: how many lines a desk has to read were said at all
    told: int = 0
    #: desk → how many of them it has read; "" is the command centre
    heard: dict[str, int] = {}
    #: what the command centre has not read yet
    new: int = 0
    #: the question that waits for an answer
    question: str | None = None
    #: good, fair, poor
    rating: str | None = None
    #: agencies with work on the incident: theirs to read, also after the end
    desks: tuple[str, ...] = ()


class ReportRow(Row, frozen=True, kw_only=True, gc=False):
    ref: str
    state_at: datetime
    channel: str
    origin: str
    text: str = ""
    photos: tuple[Photo, ...] = ()
    category: str
    category_reasons: tuple[ReasonRow, ...] = ()
    urgency: int
    urgency_reasons: tuple[ReasonRow, ...] = ()
    rank: float = 0.0
    rank_reasons: tuple[ReasonRow, ...] = ()
    #: points that a person added to the formula's rank
    rank_points: float = 0.0
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    incident: str | None = None
    me_too: int = 0
    similar: tuple[str, ...] = ()
    flood: bool = False
    depth_cm: int | None = None
    sensitive: bool = False
    disposition: str | None = None
    said_at: datetime | None = None
    #: its words, photos and point are gone, and why (`events.ContentsErased`)
    erased: str | None = None
    #: those of its photos that may stand on public pages, as somebody has covered them
    open_photos: tuple[Photo, ...] = ()
    talk: TalkRow | None = None
    #: what the words suggest, where the reporter chose the category
    suggested: str | None = None
    voice: Voice | None = None
    #: photos that the phone has yet to send
    to_come: int = 0
    #: so many of `photos`, at the end, came after the words
    came_later: int = 0
    #: what speaks against it
    doubts: tuple[ReasonRow, ...] = ()
    #: the last one, as `audience.report_shown` needs it
    vulnerable: tuple[str, ...] = ()


class MergedRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An incident that was merged into this one, as its card names it; `reports`: how many it brought."""

    id: str
    ref: str
    at: datetime
    category: str
    area: str | None = None
    reports: int = 0


class IncidentRow(Row, frozen=True, kw_only=True, gc=False):
    ref: str
    state_at: datetime
    category: str
    #: as somebody named it; empty: called by its kind and place, in the words of whoever looks
    title: str = ""
    severity: str | None = None
    level: int | None = None
    reports: int = 0
    me_too: int = 0
    #: reports and «saya juga»
    people: int = 0
    last_report_at: datetime | None = None
    tasks: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    disputed: bool = False
    flood: bool = False
    origin: str = "live"
    #: all its reports are sensitive: it is on no public page
    sensitive: bool = False
    #: photos of its reports that may stand on public pages: covered copies only
    photos: tuple[Photo, ...] = ()
    #: every stream that ever had to do with it: its timeline is made of them
    streams: tuple[str, ...] = ()
    closed_at: datetime | None = None
    #: what was merged into it and could go back, the oldest first
    merged: tuple[MergedRow, ...] = ()
    #: the incident that it was split from
    split_from: str | None = None
    #: this id is a link to that one
    merged_into: str | None = None


class SamePhoto(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An earlier photo that shows the same, and one thing that it stands on; as `domain.evidence.Alike`."""

    photo: str
    thing: str
    at: datetime
    percent: int
    mirrored: bool = False
    here: tuple[float, float, float, float]
    there: tuple[float, float, float, float]
    fields: str = ""


class ProofPhoto(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One photo of proof: who says when and where, and what a verifier should know. Metres; no points."""

    id: str
    #: by our clock
    received_at: datetime | None = None
    #: by the phone's
    device_at: datetime | None = None
    #: camera, gallery
    source: str | None = None
    #: from the incident, by the phone
    distance_m: int | None = None
    accuracy_m: int | None = None
    #: as the file says
    file_at: datetime | None = None
    file_distance_m: int | None = None
    reasons: tuple[ReasonRow, ...] = ()
    same: tuple[SamePhoto, ...] = ()


class Proof(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The check by rule: codes found, the strong ones first; `photos` is empty once they were erased."""

    at: datetime
    compared: int
    flags: tuple[str, ...] = ()
    photos: tuple[ProofPhoto, ...] = ()


class TaskRow(Row, frozen=True, kw_only=True, gc=False):
    ref: str
    state_at: datetime
    incident: str
    agency: str
    category: str
    offered_to: str | None = None
    officer: str | None = None
    what: str = ""
    #: of the order that made it
    action: str | None = None
    order: str | None = None
    sent_back_reason: str | None = None
    #: why its officer gave it back; None once somebody else has it
    declined_reason: str | None = None
    done_photos: tuple[Photo, ...] = ()
    done_note: str | None = None
    #: what the check of the photos found; None before it, and where there is no photo
    proof: Proof | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One step of an order or of its task: when by our clock, and when by the phone's, if it said so."""

    state: str
    at: datetime
    device_at: datetime | None = None
    #: of a read-back: what was said otherwise
    differs: tuple[str, ...] = ()


class Voice(msgspec.Struct, frozen=True, gc=False):
    """A recording: its blob, and what it is (audio/mp4, audio/webm, audio/ogg)."""

    id: str
    type: str


class ReadBack(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the addressee said back. `place` is an area's code. Spoken: only a voice, or nothing once it is erased."""

    place: str | None = None
    action: str | None = None
    within_min: int | None = None
    spoken: bool = False
    voice: Voice | None = None


class CopyRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who sees an order without having to answer it, and why: asked, superior, late, deputy."""

    id: str
    audience: str
    why: str


class Waits(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The step whose timer runs, and when it is over."""

    step: str
    due_at: datetime


class Overdue(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A step that did not happen in its time, when that was put on record, and what followed."""

    step: str
    due_at: datetime
    at: datetime
    consequence: str
    said_version: int


class OrderRow(Row, frozen=True, kw_only=True, gc=False):
    ref: str
    state_at: datetime
    incident: str
    to: str
    from_: str = msgspec.field(name="from")
    agency: str
    on_behalf: str | None = None
    action: str
    within_min: int
    due_at: datetime
    text: str = ""
    said_version: int = 1
    read_back: ReadBack | None = None
    #: which of area, action, within_min were said back otherwise; empty before a read-back
    differs: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    task: str | None = None
    task_state: str | None = None
    replaces: str | None = None
    voice: Voice | None = None
    on_duty: bool = False
    copies: tuple[CopyRow, ...] = ()
    waits: Waits | None = None
    overdue: tuple[Overdue, ...] = ()
    #: why it was refused or taken back, in the words of who did
    reason: str | None = None


class WatchRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """He is alone at a dangerous place: a word is due (amber from then), and after that the alarm comes (red)."""

    task: str
    incident: str
    since: datetime
    due_at: datetime
    late_at: datetime
    every_min: int
    missed: bool = False


class AlarmRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something is wrong with an officer: emergency or check_in. `place` None: where the unit was last seen."""

    kind: str
    at: datetime
    place: PlaceRow | None = None
    placed_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None


class ProposedRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What his positions say of his task, and he has not said: en_route or on_scene."""

    task: str
    state: str
    at: datetime


class UnitRow(Row, frozen=True, kw_only=True, gc=False):
    name: str
    agency: str
    seen_at: datetime | None = None
    #: his own last fact; readings are not kept over a restart, and `seen_at` is then this
    heard_at: datetime | None = None
    #: when the position in `place` was taken, by our clock; a pressed key is heard of him and no position
    placed_at: datetime | None = None
    busy_with: str | None = None
    #: when his last job was done
    worked_until: datetime | None = None
    watch: WatchRow | None = None
    #: the emergency first
    alarms: tuple[AlarmRow, ...] = ()
    proposed: ProposedRow | None = None
    #: the last pressed key, and when: it shows again when the task is over
    pressed: str = "unknown"
    pressed_at: datetime | None = None


class SignRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One sign of water, as far as the reasons need it."""

    at: datetime
    source: str
    witness: str
    depth_cm: int | None
    photo: bool
    through: str | None = None


class AreaRow(Row, frozen=True, kw_only=True, gc=False):
    name: str
    district: str
    #: what speaks for water now: of the newest signs, whatever the state was made by
    reasons: tuple[ReasonRow, ...] = ()
    #: live as soon as one sign is; else what its signs are (simulation, replay); None without a sign
    origin: str | None = None
    signs: tuple[SignRow, ...] = ()
    #: signs of water since the last time it was over
    reports: int = 0
    depth_cm: int | None = None
    declared_by: str | None = None
    heard_at: datetime | None = None


ROWS: Mapping[str, type[Row]] = {
    "reports": ReportRow,
    "incidents": IncidentRow,
    "tasks": TaskRow,
    "orders": OrderRow,
    "units": UnitRow,
    "areas": AreaRow,
}

PRIVATE = frozenset(
    {"refs", "streams", "pressed", "pressed_at", "closed_at", "vulnerable", "signs", "worked_until", "heard_at"}
    | {"merged_into"}
)

_DECODERS = {group: msgspec.json.Decoder(cls) for group, cls in ROWS.items()}


def public_fields(group: str) -> tuple[str, ...]:
    """The fields of a group's rows that may leave the server at all, by their JSON names."""
    return tuple(f.encode_name for f in msgspec.structs.fields(ROWS[group]) if f.name not in PRIVATE)


def stored(row: Row) -> bytes:
    """The whole row, private fields too, as it is kept in a table."""
    return msgspec.json.encode(row)


def restored(group: str, body: bytes | str) -> Any:
    return _DECODERS[group].decode(body)


def place_row(
    place: Place, *, lat: float | None = None, lon: float | None = None, words: str | None = None
) -> PlaceRow:
    """The place, with a better point if there is one, and words."""
    return PlaceRow(
        area=place.area,
        rw=place.rw,
        rt=place.rt,
        lat=place.lat if lat is None else lat,
        lon=place.lon if lon is None else lon,
        accuracy_m=place.accuracy_m,
        how=place.how,
        words=words,
        outside=place.outside,
    )


def reason_rows(reasons: tuple[Reason, ...]) -> tuple[ReasonRow, ...]:
    return tuple([ReasonRow(code=r.code, points=r.points, params=dict(r.params)) for r in reasons])
