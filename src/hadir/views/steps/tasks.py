"""Facts on a task's row."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from hadir.domain import events as e
from hadir.domain import task
from hadir.ports.journal import Fact
from hadir.views.rows import Proof, ProofPhoto, TaskRow, ref_of
from hadir.views.steps.told import Change, Fields, Lens, Said, Told, photos_of, place_of, refs_with


def given(fact: Fact, event: e.TaskGiven, said: Said, lens: Lens) -> TaskRow:
    return TaskRow(
        id=event.task_id,
        ref=ref_of(event.task_id),
        state=task.State.GIVEN.value,
        version=fact.version,
        place=place_of(event.place, said, lens),
        since=fact.at,
        state_at=fact.at,
        refs={"what": fact.content} if fact.content else {},
        incident=event.incident_id,
        agency=event.agency,
        category=event.category,
        what=said.get("text") or "",
        action=event.action,
        order=event.order_id,
    )


def _done(told: Told[TaskRow]) -> Fields:
    note = told.said.get("text")
    found: Fields = {"done_photos": photos_of(told.said), "done_note": told.lens.masked(note) if note else None}
    refs = {name: content for name, content in told.row.refs.items() if name != "proof"}
    row = replace(told.row, refs=refs)
    return {**found, "proof": None, "sent_back_reason": None, **refs_with(row, "done", told.fact, over="sent_back")}


def _checked(told: Told[TaskRow]) -> Fields:
    event: e.EvidenceChecked = told.fact.event
    photos = msgspec.convert(told.said.get("photos") or (), tuple[ProofPhoto, ...])
    proof = Proof(at=told.fact.at, compared=event.compared, flags=event.flags, photos=photos)
    return {"proof": proof, **refs_with(told.row, "proof", told.fact)}


def _declined(told: Told[TaskRow]) -> Fields:
    reason = told.said.get("text") or ""
    return {"officer": None, "declined_reason": reason, **refs_with(told.row, "declined", told.fact)}


def _assigned(told: Told[TaskRow]) -> Fields:
    refs = {name: content for name, content in told.row.refs.items() if name != "declined"}
    return {"officer": told.fact.event.officer, "declined_reason": None, "refs": refs}


def _sent_back(told: Told[TaskRow]) -> Fields:
    return {"sent_back_reason": told.said.get("text") or "", **refs_with(told.row, "sent_back", told.fact)}


TASK: Mapping[type[e.Event], Change] = {
    e.TaskOffered: lambda told: {"offered_to": told.fact.event.to_agency},
    e.TaskReturned: {"offered_to": None},
    e.TaskTaken: lambda told: {"agency": told.fact.event.agency, "offered_to": None, "officer": None},
    e.TaskAssigned: _assigned,
    e.TaskDeclined: _declined,
    e.TaskUnassigned: {"officer": None},
    e.TaskMoved: lambda told: {"incident": told.fact.event.incident_id},
    e.TaskDone: _done,
    e.EvidenceChecked: _checked,
    e.TaskSentBack: _sent_back,
}
