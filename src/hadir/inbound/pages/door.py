"""The pages' desk on the real system: commands through the registry, reading from the journal and the public board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

import msgspec

from hadir.actions import commands as c
from hadir.actions import photos
from hadir.actions.context import Context
from hadir.actions.loading import load_report
from hadir.actions.registry import execute
from hadir.domain import assign, report, talk, task, triage
from hadir.domain import events as e
from hadir.domain.people import Role
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor
from hadir.inbound.kit.doors import BoardView
from hadir.inbound.pages import story
from hadir.inbound.pages.along import Along
from hadir.inbound.pages.desk import Draft, Happening, Line, Picture, Refused, Tracked, Water
from hadir.ports.journal import DiskFull, Fact, Unavailable

CHANNEL = "citizen-web"
REF_LENGTH = 5
# What is suggested while somebody types: three to choose among, and none that is a mere possibility.
SUGGESTED_MOST, SUGGESTED_FROM = 3, 0.05


class _Place(msgspec.Struct):
    area: str | None = None
    lat: float | None = None
    lon: float | None = None
    outside: bool = False


class _Photo(msgspec.Struct):
    id: str


class _Incident(msgspec.Struct):
    id: str
    state: str
    category: str
    since: datetime
    place: _Place
    people: int = 0
    origin: str = "live"
    #: covered and approved ones
    photos: list[_Photo] = []


class _Area(msgspec.Struct):
    id: str
    state: str
    since: datetime | None = None
    depth_cm: int | None = None
    reports: int = 0
    origin: str | None = None


class _Rows(msgspec.Struct):
    incidents: list[_Incident] = []
    areas: list[_Area] = []


class _Board(msgspec.Struct):
    """The public board's JSON, as far as the pages need it."""

    epoch: str
    position: int
    board: _Rows


_BOARD = msgspec.json.Decoder(_Board)


class CitizensDesk:
    """One per process."""

    def __init__(self, ctx: Context, board: BoardView) -> None:
        self._ctx = ctx
        self._board = board
        self._seen: tuple[bytes, Picture] | None = None

    async def receive(self, draft: Draft, device: str) -> str | Refused:
        actor = replace(self._device(device), doubts=draft.doubts)
        done = await self._do(actor, "reports", "", "", command_of(draft))
        return done if isinstance(done, Refused) else str(done["secret"])

    async def add_photo(self, data: bytes, device: str) -> str | Refused:
        try:
            got = await photos.add(self._ctx, self._device(device), data)
        except DiskFull:
            return Refused(code="disk_full")
        return _refused(got) if isinstance(got, Refusal) else got

    async def answer(
        self, secret: str, solved: bool, text: str, command_id: str, photos: tuple[str, ...] = ()
    ) -> Refused | None:
        if solved:
            return await self._own(secret, "confirm", c.Plain(command_id=command_id))
        return await self._own(secret, "dispute", c.Dispute(command_id=command_id, text=text or None, photos=photos))

    async def follow_up(self, secret: str, said: Line, command_id: str) -> Refused | None:
        command = c.FollowUp(command_id=command_id, text=said.text, photos=said.photos, answers=said.id or None)
        return await self._own(secret, "follow-up", command)

    async def rate(self, secret: str, result: str, text: str, command_id: str) -> Refused | None:
        return await self._own(secret, "rate", c.Rate(command_id=command_id, result=result, text=text))

    async def _own(self, secret: str, verb: str, command: c.Command) -> Refused | None:
        """A press of the reporter on the own report."""
        report_id = self._report_of(secret)
        if report_id is None:
            return Refused(code="no_report")
        actor = Actor(id=f"reporter/{report_id}", role=Role.CITIZEN, channel=CHANNEL)
        done = await self._do(actor, "reports", verb, report_id, command)
        return done if isinstance(done, Refused) else None

    def suggest(self, text: str) -> tuple[str, ...]:
        city, learned = self._ctx.city, self._ctx.learned()
        judged = triage.triage(text, city)
        choice = assign.choose(judged, text, city, learned)
        if not (judged.points or choice.assigned):
            return ()
        others = assign.guesses(judged, text, city, learned)[:SUGGESTED_MOST]
        likely = [guess.category for guess in others if guess.share >= SUGGESTED_FROM]
        return tuple(dict.fromkeys((choice.category, *likely)))[:SUGGESTED_MOST]

    async def add_photos(self, secret: str, photos: tuple[str, ...], command_id: str) -> Refused | None:
        refused = await self._own(secret, "add-photos", c.AddPhotos(command_id=command_id, photos=photos))
        # Nothing is to come any more: they are here.
        return None if refused is not None and refused.code == "no_photos_announced" else refused

    async def _do(
        self, actor: Actor, things: str, verb: str, id: str, command: c.Command
    ) -> Mapping[str, Any] | Refused:
        try:
            outcome = await execute(self._ctx, actor, things, verb, id, command)
        except DiskFull:
            return Refused(code="disk_full")
        except Unavailable:
            return Refused(code="unavailable")
        return _refused(outcome) if isinstance(outcome, Refusal) else outcome.answer

    def _device(self, device: str) -> Actor:
        return Actor(id=f"device/{self._ctx.secrets.pseudonym(device)}", role=Role.CITIZEN, channel=CHANNEL)

    def _report_of(self, secret: str) -> str | None:
        return self._ctx.secrets.report_of(secret) if secret.isascii() else None

    async def tracked(self, secret: str) -> Tracked | None:
        """Read from the streams themselves, so that a press is on the page the moment it is answered."""
        report_id = self._report_of(secret)
        if report_id is None:
            return None
        loaded = await load_report(self._ctx.journal, report_id)
        if isinstance(loaded, Refusal):
            return None
        own = await self._ctx.journal.read_stream(f"report/{report_id}")
        incident, tasks = await self._work_on(loaded.thing.incident, Along(own).incidents)
        bodies = await self._ctx.journal.contents([f.content for f in (*own, *chain(*tasks)) if f.content])
        return _tracked(loaded.thing, own, incident, tasks, bodies)

    async def _work_on(self, incident: str | None, ever: Sequence[str]) -> tuple[list[Fact], list[list[Fact]]]:
        """Facts of the incidents that it `ever` belonged to, and of the tasks of the one it belongs to."""
        if incident is None:
            return [], []
        journal = self._ctx.journal
        tasks = [await journal.read_stream(f"task/{id}") for id in await self._ctx.relations.works_of(incident)]
        incidents = [await journal.read_stream(f"incident/{id}") for id in ever]
        return list(chain(*incidents)), tasks

    async def photo(self, secret: str, photo: str, small: bool) -> bytes | None:
        tracked = await self.tracked(secret)
        if tracked is None or photo not in (*tracked.own_photos, *tracked.after_photos):
            return None
        return await photos.shown(self._ctx, photo, "thumb" if small else "page")

    async def picture(self) -> Picture:
        """Decoded once per position: the board hands out the same bytes until something changes."""
        data = await self._board.board("public")
        if self._seen is None or self._seen[0] is not data:
            self._seen = (data, _picture(_BOARD.decode(data)))
        return self._seen[1]


def command_of(draft: Draft) -> c.ReceiveReport:
    """The command that a form means."""
    place = c.Where(
        lat=draft.lat,
        lon=draft.lon,
        accuracy_m=draft.accuracy_m,
        how=draft.how,
        area=draft.area,
        rt=draft.rt,
        rw=draft.rw,
        text=draft.words or None,
    )
    contact = c.Contact(name=draft.name or None, phone=draft.phone or None) if draft.name or draft.phone else None
    return c.ReceiveReport(
        command_id=draft.command_id,
        text=draft.text,
        place=place,
        photos=draft.photos,
        contact=contact,
        secret=draft.secret,
        category=draft.kind,
        same_as=draft.same,
        voice=draft.voice,
        to_come=draft.to_come,
        said_at=draft.said_at,
    )


def _refused(refusal: Refusal) -> Refused:
    return Refused(code=refusal.code, params=refusal.params)


def _tracked(
    thing: report.Report,
    own: list[Fact],
    incident: list[Fact],
    tasks: list[list[Fact]],
    bodies: Mapping[str, Mapping[str, Any] | None],
) -> Tracked:
    said = _said(own, bodies)
    where = _where(own, bodies)
    folded = [_task(facts) for facts in tasks if facts]
    return Tracked(
        ref=thing.id[-REF_LENGTH:],
        stage=story.stage(thing.state, [t.state for t in folded]),
        text=said.get("text") or "",
        area=thing.place.area,
        rt=thing.place.rt,
        rw=thing.place.rw,
        place_words=where.get("words"),
        outside=thing.place.outside,
        origin=thing.origin,
        steps=story.steps(own, incident, tasks),
        photos=_told_photos(own, bodies),
        to_come=thing.to_come,
        voice="voice" in said,
        same=any(isinstance(f.event, e.ReportJoined) and f.role == Role.CITIZEN for f in own),
        after_photos=_after(tasks, bodies),
        lines=story.lines(own, bodies),
        question=story.waiting(thing, own, bodies),
        rating=story.rating(own),
        rateable=talk.rateable(thing),
        left=talk.left(thing),
        ended=_ended(thing, incident),
    )


def _ended(thing: report.Report, facts: list[Fact]) -> bool:
    """Dismissed, or its incident is closed: nobody works on it."""
    last = next((f.event for f in reversed(facts) if isinstance(f.event, e.IncidentClosed | e.IncidentReopened)), None)
    return thing.state is report.State.DISMISSED or isinstance(last, e.IncidentClosed)


def _said(own: list[Fact], bodies: Mapping[str, Mapping[str, Any] | None]) -> Mapping[str, Any]:
    """The report's words as they stand: a correction takes the place of what was there."""
    told = [_body(f, bodies) for f in own if isinstance(f.event, e.ReportReceived | e.ReportCorrected)]
    return next((said for said in reversed(told) if said), {})


def _body(fact: Fact, bodies: Mapping[str, Mapping[str, Any] | None]) -> Mapping[str, Any]:
    """The words that came with a fact; empty when they were erased."""
    return bodies.get(fact.content or "") or {}


def _where(own: list[Fact], bodies: Mapping[str, Mapping[str, Any] | None]) -> Mapping[str, Any]:
    """The last place that was told; a correction of words is not one of the place."""
    told = [_body(f, bodies).get("place") for f in own if isinstance(f.event, e.ReportRelocated)]
    return next((place for place in reversed(told) if place), _said(own, bodies).get("place") or {})


def _told_photos(own: list[Fact], bodies: Mapping[str, Mapping[str, Any] | None]) -> tuple[str, ...]:
    """Those that came with the words, and those that followed."""
    first = (f for f in own if isinstance(f.event, e.ReportReceived | e.ReportCorrected | e.ReportPhotosCame))
    return tuple(dict.fromkeys(chain(*(_body(f, bodies).get("photos") or () for f in first))))


def _task(facts: list[Fact]) -> task.Task:
    thing: task.Task | None = None
    for fact in facts:
        thing = task.evolve(thing, fact.event)
    assert thing is not None
    return thing


def _after(tasks: list[list[Fact]], bodies: Mapping[str, Mapping[str, Any] | None]) -> tuple[str, ...]:
    """Photos of work that somebody else has seen to be done; before that they are only the officer's word."""
    found: list[str] = []
    for facts in tasks:
        if facts and _task(facts).state is task.State.VERIFIED:
            done = [f for f in facts if isinstance(f.event, e.TaskDone)]
            found += _body(done[-1], bodies).get("photos") or () if done else ()
    return tuple(dict.fromkeys(found))


def _picture(board: _Board) -> Picture:
    return Picture(
        cursor=f"{board.epoch}-{board.position}",
        waters=tuple(
            Water(
                area=a.id,
                state=a.state,
                since=a.since,
                depth_cm=a.depth_cm,
                reports=a.reports,
                origin=a.origin or "live",
            )
            for a in board.board.areas
        ),
        happenings=tuple(_happening(i) for i in board.board.incidents),
    )


def _happening(row: _Incident) -> Happening:
    return Happening(
        id=row.id,
        category=row.category,
        state=row.state,
        area=row.place.area,
        lat=row.place.lat,
        lon=row.place.lon,
        outside=row.place.outside,
        people=row.people,
        since=row.since,
        origin=row.origin,
        photo=f"/foto/{row.id}/{row.photos[0].id}" if row.photos else None,
    )
