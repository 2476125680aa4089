"""What speaks for and against a photo of proof, in words for whoever verifies. Hints, never a verdict: nothing blocks.

Who vouches is kept apart: the server for when it received a photo, the phone for when and where it was taken (no server
can check a phone that was offline), the file for what its camera wrote into it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hadir.domain.position import metres
from hadir.domain.values import Reason

#: Codes that a verifier has to look at before anything else; the others are hints beside them.
STRONG = frozenset(
    {
        "proof_same_report",
        "proof_same_task",
        "proof_same_other",
        "proof_same_sent_back",
        "proof_far_phone",
        "proof_far_file",
        "proof_early_phone",
        "proof_early_file",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceRules:
    """From where on something is told to the verifier."""

    #: metres between the photo and the incident, beyond the accuracy that the phone states
    place_m: float = 250.0
    #: minutes that a phone's clock may go wrong before it is told
    clock_min: float = 10.0
    #: programs that change pictures, as they name themselves in a file (lower case)
    editors: tuple[str, ...] = (
        "photoshop", "lightroom", "gimp", "snapseed", "picsart", "pixlr", "canva", "facetune", "remini", "photopea",
        "affinity", "polarr", "b612", "beautyplus", "meitu", "inshot",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What the phone says of a photo that it sends. All of it is only its word."""

    #: by the phone's clock
    device_at: datetime | None = None
    #: where the phone was then; WGS84 degrees, both or neither
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    #: camera (taken inside the application), gallery (chosen from what was there), None (not said)
    source: str | None = None
    #: the phone made it smaller: what its camera wrote into the file is gone then
    reduced: bool = False

    def __post_init__(self) -> None:
        if self.device_at is not None and self.device_at.tzinfo is None:
            raise ValueError("device_at needs a zone")
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon come together")
        if self.lat is not None and self.lon is not None and not (abs(self.lat) <= 90 and abs(self.lon) <= 180):
            raise ValueError("lat, lon: not a place on the earth")
        if self.accuracy_m is not None and not 0 <= self.accuracy_m < math.inf:
            raise ValueError("accuracy_m is not a radius")
        if self.source not in (None, "camera", "gallery"):
            raise ValueError("source is camera or gallery")


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """What a camera or a program wrote into the file. Read once; never shown to the public."""

    at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    #: it names the camera's maker or model
    camera: bool = False
    #: the program that wrote the file last
    software: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """An earlier photo that shows the same, and one thing that it was used for."""

    photo: str
    #: «task/…» or «report/…»
    thing: str
    at: datetime
    #: how many of a hundred fields look the same (bits of the fingerprint, where only that is left); 100: the bytes are
    percent: int
    mirrored: bool = False
    #: the same region on this photo and on the other: left, top, right, bottom as shares of the side
    here: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    there: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    #: 64 fields of that region, row by row, "1" where they look the same
    fields: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exhibit:
    """One photo of proof with all that is known of it."""

    photo: str
    #: by the server's clock; None: it came before this was kept
    received_at: datetime | None = None
    taken: Taken | None = None
    marks: Marks | None = None
    alike: tuple[Alike, ...] = ()
    #: too even (a dark lens, a wall) to be told from another
    plain: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What the photo is to prove."""

    task: str
    given_at: datetime
    #: points known of the incident: its own and those of its reports
    points: tuple[tuple[float, float], ...] = ()
    #: «report/…» of the incident
    reports: frozenset[str] = frozenset()


def nearest_m(job: Job, lat: float | None, lon: float | None) -> float | None:
    """Metres to the nearest known point of the incident; None when either is not known."""
    if lat is None or lon is None or not job.points:
        return None
    return min(metres(lat, lon, *point) for point in job.points)


def judge(exhibit: Exhibit, job: Job, rules: EvidenceRules) -> tuple[Reason, ...]:
    """Everything a verifier should know of one photo, the strong reasons first."""
    every = (*_same(exhibit, job), *_where(exhibit, job, rules), *_when(exhibit, job, rules), *_file(exhibit, rules))
    return tuple(sorted(every, key=lambda reason: reason.code not in STRONG))


def codes(every: Iterable[Iterable[Reason]]) -> tuple[str, ...]:
    """The codes of several photos' reasons, once each, the strong ones first."""
    found = dict.fromkeys(reason.code for reasons in every for reason in reasons)
    return tuple(sorted(found, key=lambda code: code not in STRONG))


def _same(exhibit: Exhibit, job: Job) -> Iterator[Reason]:
    told: set[tuple[str, str]] = set()
    for alike in exhibit.alike:
        code = _kinship(alike.thing, job)
        if (code, alike.thing) not in told:
            told.add((code, alike.thing))
            yield Reason(code=code, params=(("ref", alike.thing[-5:]), ("percent", str(alike.percent))))
    if exhibit.plain:
        yield Reason(code="proof_plain")


def _kinship(thing: str, job: Job) -> str:
    if thing == f"task/{job.task}":
        return "proof_same_sent_back"
    if thing.startswith("task/"):
        return "proof_same_task"
    return "proof_same_report" if thing in job.reports else "proof_same_other"


def _where(exhibit: Exhibit, job: Job, rules: EvidenceRules) -> Iterator[Reason]:
    taken, marks = exhibit.taken, exhibit.marks
    if taken is not None:
        distance = nearest_m(job, taken.lat, taken.lon)
        if distance is not None and distance - (taken.accuracy_m or 0) > rules.place_m:
            yield _far("proof_far_phone", distance)
    if marks is not None:
        distance = nearest_m(job, marks.lat, marks.lon)
        if distance is not None and distance > rules.place_m:
            yield _far("proof_far_file", distance)
    if (taken is None or taken.lat is None) and (marks is None or marks.lat is None):
        yield Reason(code="proof_no_place")


def _far(code: str, distance: float) -> Reason:
    return Reason(code=code, params=(("distance_m", str(round(distance))),))


def _when(exhibit: Exhibit, job: Job, rules: EvidenceRules) -> Iterator[Reason]:
    slack = timedelta(minutes=rules.clock_min)
    told = exhibit.taken.device_at if exhibit.taken else None
    written = exhibit.marks.at if exhibit.marks else None
    for code, at in (("proof_early_phone", told), ("proof_early_file", written)):
        if at is not None and at < job.given_at - slack:
            yield _minutes(code, job.given_at - at)
    if told is not None and exhibit.received_at is not None and told > exhibit.received_at + slack:
        yield _minutes("proof_clock", told - exhibit.received_at)


def _minutes(code: str, span: timedelta) -> Reason:
    return Reason(code=code, params=(("minutes", str(round(span.total_seconds() / 60))),))


def _file(exhibit: Exhibit, rules: EvidenceRules) -> Iterator[Reason]:
    taken, marks = exhibit.taken, exhibit.marks
    if taken is not None and taken.source == "gallery":
        yield Reason(code="proof_gallery")
    software = (marks.software if marks else None) or ""
    if any(editor in software.lower() for editor in rules.editors):
        yield Reason(code="proof_edited", params=(("software", software),))
    said_camera = taken is not None and taken.source == "camera" and not taken.reduced
    if said_camera and (marks is None or not marks.camera):
        yield Reason(code="proof_no_camera")
