"""After «done», by rule: the photos are compared with all earlier ones, and what is found is put on record.

A follower of the journal, apart from the other rules: a photo takes some tens of milliseconds, and no flood may wait
for it. The officer's press never does: what is found is a fact of its own (`evidence.checked`), for whoever verifies.
«Earlier» means: on something whose fact has a lower position. The command's id is made of the position, so a crash or
a second node records it once. Why it is so: ADR 15.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hadir.actions import fingerprint, photos
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.execute import record
from hadir.actions.reactions import BATCH, BOARD_WAIT_S, CROWD, GATHER_S, RETRY_S, SYSTEM
from hadir.domain import events as e
from hadir.domain.evidence import Alike, Exhibit, Job, codes, judge, nearest_m
from hadir.domain.values import Reason
from hadir.ports.blobs import BlobMissing
from hadir.ports.cursors import Cursors
from hadir.ports.evidence import Near, Use
from hadir.ports.journal import DiskFull, Fact, NewContent, NewFact, Unavailable

log = logging.getLogger(__name__)

NAME = "proof"
# Facts without a photo move the saved position only every so many.
SAVE_EVERY = 1000
#: earlier photos shown beside one; more say nothing new
ALIKE_MOST = 3
#: things told of for one earlier photo, the newest
THINGS_MOST = 3


class Proof:
    """Notes what each photo was used for, and checks those that are to prove something."""

    def __init__(self, ctx: Context, cursors: Cursors) -> None:
        self.ctx = ctx
        self._cursors = cursors
        self._saved = 0
        self._zone = ZoneInfo(ctx.city.zone)

    async def follow(self) -> None:
        """For ever; survives the database going away."""
        after: int | None = None
        while True:
            try:
                after = await self.begin() if after is None else after
                newest = await self.ctx.journal.wait(after, 60.0)
                begun, after = after, await self.catch_up(after, newest)
                if after - begun >= CROWD:
                    await asyncio.sleep(GATHER_S)
            except (Unavailable, DiskFull, OSError):
                log.warning("the journal cannot be reached; proof waits", extra={"action": "proof.wait"})
                await asyncio.sleep(RETRY_S)

    async def begin(self) -> int:
        """The position to go on from."""
        self._saved = await self._cursors.get(NAME)
        return self._saved

    async def catch_up(self, after: int, newest: int | None = None) -> int:
        """Look at everything after a position, up to `newest` at least; the new position."""
        while (newest is None or after < newest) and (facts := await self.ctx.journal.read(after, BATCH)):
            shown = [fact for fact in facts if _photos_of(fact)]
            for fact in shown:
                await self._look(fact)
            after = facts[-1].position
            if shown or after - self._saved >= SAVE_EVERY:
                await self._cursors.set(NAME, after)
                self._saved = after
        return after

    async def _look(self, fact: Fact) -> None:
        names = await self._names(fact)
        for name in names:
            await self.ctx.evidence.use(Use(photo=name, thing=fact.stream, position=fact.position, at=fact.at))
        if names and isinstance(fact.event, e.TaskDone):
            await self._check(fact, names)

    async def _names(self, fact: Fact) -> tuple[str, ...]:
        """Ids of the photos that came with a fact; none when they were erased meanwhile."""
        body = (await self.ctx.journal.contents([fact.content or ""])).get(fact.content or "") or {}
        return tuple(dict.fromkeys(_named(body)))

    async def _check(self, fact: Fact, names: tuple[str, ...]) -> None:
        job = await self._job(fact)
        exhibits = [await self._exhibit(fact, name) for name in names]
        reasons = [judge(each, job, self.ctx.city.evidence) for each in exhibits]
        event = e.EvidenceChecked(photos=len(names), compared=await self.ctx.evidence.count(), flags=codes(reasons))
        body = {"photos": [_told(x, job, why) for x, why in zip(exhibits, reasons, strict=True)]}
        content = NewContent(id=self.ctx.ids.new(), kind="evidence.check", subject=fact.stream, body=body)
        new = NewFact(stream=fact.stream, expected=None, event=event, content=content)
        decision = Decision(id=job.task, facts=(new,))
        await record(self.ctx, SYSTEM, f"{NAME}-{fact.position}", decision, cause=f"fact:{fact.position}")

    # ── what the photo is to prove ───────────────────────────────────────────────────────────────────────────────

    async def _job(self, fact: Fact) -> Job:
        facts = await self.ctx.journal.read_stream(fact.stream)
        given: e.TaskGiven = facts[0].event
        await self.ctx.relations.wait(fact.position, BOARD_WAIT_S)
        comes = [each.event for each in facts if isinstance(each.event, e.TaskGiven | e.TaskMoved)]
        reports = self.ctx.relations.reports_of(comes[-1].incident_id)
        points = [(given.place.lat, given.place.lon), *(await self._points(reports))]
        return Job(
            task=given.task_id,
            given_at=facts[0].at,
            points=tuple((lat, lon) for lat, lon in points if lat is not None and lon is not None),
            reports=frozenset(f"report/{id}" for id in reports),
        )

    async def _points(self, reports: Iterable[str]) -> list[tuple[float | None, float | None]]:
        """Where the reporters said it is, exactly: the incident's own point is rounded."""
        told = [f for id in reports for f in await self.ctx.journal.read_stream(f"report/{id}") if f.content]
        bodies = await self.ctx.journal.contents([f.content for f in told if f.content])
        places = [(body or {}).get("place") or {} for body in bodies.values()]
        return [(place.get("lat"), place.get("lon")) for place in places]

    # ── one photo ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _exhibit(self, fact: Fact, name: str) -> Exhibit:
        kept = await self.ctx.evidence.kept(name, fact.actor)
        seen = await self._seen(name)
        alike = await self._alike(fact, name, seen)
        return Exhibit(
            photo=name,
            received_at=kept.received_at if kept else None,
            taken=kept.taken if kept else None,
            marks=kept.marks if kept else (seen.marks if seen else None),
            alike=alike,
            plain=seen is not None and seen.plain,
        )

    async def _seen(self, name: str) -> photos.Look | None:
        """None: the original is gone, or not one that we can read."""
        try:
            return await asyncio.to_thread(photos.look, await self.ctx.blobs.get(name), self._zone)
        except (BlobMissing, ValueError, photos.NotAPhoto):
            return None

    async def _alike(self, fact: Fact, name: str, seen: photos.Look | None) -> tuple[Alike, ...]:
        near = {name: Near(photo=name, bits=0, probe=0)}
        if seen is not None and not seen.plain:
            probes = await asyncio.to_thread(fingerprint.probes, seen.grey)
            near |= {each.photo: each for each in await self.ctx.evidence.near(probes) if each.photo != name}
        used: dict[str, list[Use]] = {}
        for use in await self.ctx.evidence.uses(near, fact.position):
            used.setdefault(use.photo, []).append(use)
        found: list[Alike] = []
        for photo in [photo for photo in near if photo in used]:
            same = await self._fields(seen, near[photo])
            if near[photo].sure if same is None else same.count("1") >= fingerprint.SAME_FIELDS:
                found += _told_of(near[photo], used[photo], same or "")
        return tuple(found[: ALIKE_MOST * THINGS_MOST])

    async def _fields(self, seen: photos.Look | None, near: Near) -> str | None:
        """Where both photos look the same; None: there are not two pictures to look at."""
        if near.bits == 0 and near.probe == 0:
            return "1" * fingerprint.FIELDS**2
        if seen is None or not near.small:
            return None
        return await asyncio.to_thread(fingerprint.same_fields, seen.grey, near.small, near.probe)


def _told_of(near: Near, uses: list[Use], same: str) -> list[Alike]:
    """One earlier photo, once for each thing that it was used for."""
    region, mirrored = fingerprint.window_of(near.probe)
    newest = {use.thing: use for use in reversed(uses)}
    things = sorted(newest.values(), key=lambda use: -use.position)[:THINGS_MOST]
    return [
        Alike(
            photo=near.photo,
            thing=use.thing,
            at=use.at,
            percent=_percent(near, same),
            mirrored=mirrored,
            here=region,
            there=fingerprint.MIDDLE,
            fields=same,
        )
        for use in things
    ]


def _percent(near: Near, same: str) -> int:
    """Fields that look the same; bits of the fingerprint where nobody could look."""
    return round(100 * same.count("1") / len(same)) if same else round(100 * (1 - near.bits / fingerprint.BITS))


def _photos_of(fact: Fact) -> int:
    return fact.event.photos if isinstance(fact.event, e.ReportReceived | e.TaskDone) else 0


def _named(body: Mapping[str, Any]) -> Iterable[str]:
    return (photo["id"] if isinstance(photo, dict) else photo for photo in body.get("photos") or ())


def _told(exhibit: Exhibit, job: Job, reasons: tuple[Reason, ...]) -> dict[str, Any]:
    """What the verifier gets of one photo. Distances, not points: where the officer stood is nobody's to keep."""
    taken, marks = exhibit.taken, exhibit.marks
    return msgspec.to_builtins(
        {
            "id": exhibit.photo,
            "received_at": exhibit.received_at,
            "device_at": taken.device_at if taken else None,
            "source": taken.source if taken else None,
            "distance_m": _round(nearest_m(job, taken.lat, taken.lon) if taken else None),
            "accuracy_m": _round(taken.accuracy_m if taken else None),
            "file_at": marks.at if marks else None,
            "file_distance_m": _round(nearest_m(job, marks.lat, marks.lon) if marks else None),
            "reasons": [{"code": r.code, "params": dict(r.params)} for r in reasons],
            "same": exhibit.alike,
        }
    )


def _round(metres: float | None) -> int | None:
    return None if metres is None else round(metres)
