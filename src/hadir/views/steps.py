"""One fact on one row: the row after it. Pure; derived fields (counts, who is on it) are `derive`'s matter.

The state comes from the tables of `hadir.domain`; each function below gives only the fields that its event changes, so
the whole fold of a noun can be read as a dict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from hadir.domain import deadlines, flood, incident, order, report, task
from hadir.domain import events as e
from hadir.domain.city import City
from hadir.domain.machine import after
from hadir.ports.journal import Fact
from hadir.views.rows import (
    AreaRow,
    CopyRow,
    IncidentRow,
    OrderRow,
    Overdue,
    Photo,
    PlaceRow,
    Proof,
    ProofPhoto,
    ReadBack,
    ReportRow,
    Row,
    SignRow,
    Step,
    TaskRow,
    UnitRow,
    Voice,
    Waits,
    place_row,
    reason_rows,
    ref_of,
)
from hadir.views.unitsteps import unit_after

#: The body of the content a fact brought in; empty when it brought none or it was erased.
Said: TypeAlias = Mapping[str, Any]
Fields: TypeAlias = dict[str, Any]
R = TypeVar("R", bound=Row)


_TELLING = re.compile(r"[\d@]")


def unmasked(text: str) -> str:
    return text


@dataclass(frozen=True, kw_only=True)
class Lens:
    """What the fold needs to know beside the facts."""

    city: City
    #: takes personal data out of what citizens wrote
    mask: Callable[[str], str] = unmasked

    def masked(self, text: str) -> str:
        """What a citizen wrote, without personal data. All of that has a digit or an @: most texts have neither."""
        return self.mask(text) if _TELLING.search(text) else text

    def title(self, category: str, area: str | None) -> str:
        """«Banjir – Plosokerep»: what an incident is called when nobody gave it a name."""
        known = self.city.category_by_code.get(category)
        name = known.name.id if known else category
        where = self.city.area_by_code.get(area or "")
        return f"{name} – {where.name}" if where else name


def _place(place: Any, said: Said, lens: Lens) -> PlaceRow:
    """The event's place, with the exact point and the words that stand in the content."""
    exact = said.get("place")
    if not isinstance(exact, dict):
        return place_row(place)
    words = exact.get("words") or exact.get("text")
    return place_row(place, lat=exact.get("lat"), lon=exact.get("lon"), words=lens.masked(words) if words else None)


def _refs(row: Row, part: str, fact: Fact, over: str = "") -> Fields:
    """Note that this part of the row is erasable content, or that it no longer is; the part `over` is not any more."""
    others = {name: content for name, content in row.refs.items() if name not in (part, over)}
    return {"refs": others if fact.content is None else {**others, part: fact.content}}


def _photos(said: Said) -> tuple[Photo, ...]:
    photos = said.get("photos")
    return tuple([Photo(p["id"] if isinstance(p, dict) else p) for p in photos]) if photos else ()


# ── the first fact of a thing ────────────────────────────────────────────────────────────────────────────────────


def received(fact: Fact, event: e.ReportReceived, said: Said, lens: Lens) -> ReportRow:
    return ReportRow(
        id=event.report_id,
        ref=ref_of(event.report_id),
        state=report.State.RECEIVED.value,
        version=fact.version,
        place=_place(event.place, said, lens),
        since=fact.at,
        state_at=fact.at,
        refs={"said": fact.content} if fact.content else {},
        channel=event.channel,
        origin=event.origin,
        text=lens.masked(said.get("text") or ""),
        photos=_photos(said),
        category=event.category,
        category_reasons=reason_rows(event.category_reasons),
        urgency=event.urgency,
        urgency_reasons=reason_rows(event.urgency_reasons),
        flood=event.flood,
        depth_cm=event.depth_cm,
        sensitive=event.sensitive,
        vulnerable=event.vulnerable,
        said_at=event.said_at,
    )


def opened(fact: Fact, event: e.IncidentOpened, said: Said, lens: Lens) -> IncidentRow:
    title = said.get("title")
    return IncidentRow(
        id=event.incident_id,
        ref=ref_of(event.incident_id),
        state=incident.State.OPEN.value,
        version=fact.version,
        place=_place(event.place, said, lens),
        since=fact.at,
        state_at=fact.at,
        refs={"title": fact.content} if fact.content else {},
        category=event.category,
        title=lens.masked(title) if title else lens.title(event.category, event.place.area),
        severity=event.severity,
        flood=event.flood,
        origin=event.origin,
        streams=(fact.stream,),
    )


def given(fact: Fact, event: e.TaskGiven, said: Said, lens: Lens) -> TaskRow:
    return TaskRow(
        id=event.task_id,
        ref=ref_of(event.task_id),
        state=task.State.GIVEN.value,
        version=fact.version,
        place=_place(event.place, said, lens),
        since=fact.at,
        state_at=fact.at,
        refs={"what": fact.content} if fact.content else {},
        incident=event.incident_id,
        agency=event.agency,
        category=event.category,
        what=said.get("text") or "",
        order=event.order_id,
    )


def sent(fact: Fact, event: e.OrderSent, said: Said, lens: Lens) -> OrderRow:
    return OrderRow(
        id=event.order_id,
        ref=ref_of(event.order_id),
        state=order.State.SENT.value,
        version=fact.version,
        place=_place(event.place, said, lens),
        since=fact.at,
        state_at=fact.at,
        refs={"text": fact.content} if fact.content else {},
        incident=event.incident_id,
        to=event.to,
        from_=fact.actor,
        agency=event.agency,
        on_behalf=event.on_behalf,
        action=event.action,
        within_min=event.within_min,
        due_at=fact.at + timedelta(minutes=event.within_min),
        text=said.get("text") or "",
        steps=(Step(state=order.State.SENT.value, at=fact.at),),
        replaces=event.replaces,
        voice=_voice(said),
        on_duty=event.on_duty,
        copies=_copies((), event.copies),
        waits=_waits(order.State.SENT, fact.at, event.on_duty, lens),
    )


def _voice(said: Said) -> Voice | None:
    voice = said.get("voice")
    return Voice(voice["id"], voice["type"]) if voice else None


def _copies(rows: tuple[CopyRow, ...], more: tuple[Any, ...]) -> tuple[CopyRow, ...]:
    """One row an account; the newest reason is the one that wants something of him."""
    known = {row.id: row for row in rows}
    known |= {c.account: CopyRow(id=c.account, audience=c.audience, why=c.why) for c in more}
    return tuple(known.values())


def _waits(state: order.State, since: datetime, on_duty: bool, lens: Lens) -> Waits | None:
    due = deadlines.step_due(state, since, on_duty, lens.city.order_rules_at(since))
    return None if due is None else Waits(step=due[0].value, due_at=due[1])


BORN: Mapping[type[e.Event], Callable[..., Any]] = {
    e.ReportReceived: received,
    e.IncidentOpened: opened,
    e.TaskGiven: given,
    e.OrderSent: sent,
}


# ── later facts: the fields each one changes ─────────────────────────────────────────────────────────────────────


class Told(msgspec.Struct, Generic[R], gc=False):
    """A row, a fact about it, and the words that came with the fact."""

    row: R
    fact: Fact
    said: Said
    lens: Lens


#: What an event changes: fields made from it, or always the same ones.
Change: TypeAlias = Callable[[Told[Any]], Fields] | Fields

_FREE: Fields = {"claimed_by": None, "claimed_at": None}


def _relocated(told: Told[ReportRow]) -> Fields:
    return {"place": _place(told.fact.event.place, told.said, told.lens), **_refs(told.row, "where", told.fact)}


def _recategorised(told: Told[ReportRow]) -> Fields:
    event = told.fact.event
    fields: Fields = {"category": event.category, "urgency": event.urgency, "flood": event.flood}
    return {**fields, "category_reasons": (), "urgency_reasons": ()}


REPORT: Mapping[type[e.Event], Change] = {
    e.ReportClaimed: lambda told: {"claimed_by": told.fact.actor, "claimed_at": told.fact.at},
    e.ReportReleased: _FREE,
    e.ReportDismissed: lambda told: {"disposition": told.fact.event.disposition, **_FREE},
    e.ReportRestored: {"disposition": None},
    e.ReportJoined: lambda told: {"incident": told.fact.event.incident_id, **_FREE},
    e.ReportLeft: {"incident": None},
    e.ReportRelocated: _relocated,
    e.ReportRecategorised: _recategorised,
    e.ReportPrioritised: lambda told: {"rank_points": told.row.rank_points + told.fact.event.points},
}


def _graded(told: Told[IncidentRow]) -> Fields:
    return {"severity": told.fact.event.severity or told.row.severity, "level": told.fact.event.level or told.row.level}


INCIDENT: Mapping[type[e.Event], Change] = {
    e.IncidentGraded: _graded,
    e.IncidentSeconded: lambda told: {"me_too": told.row.me_too + 1},
    e.IncidentClosed: lambda told: {"closed_at": told.fact.at},
    e.IncidentReopened: {"closed_at": None},
}


def _done(told: Told[TaskRow]) -> Fields:
    note = told.said.get("text")
    found: Fields = {"done_photos": _photos(told.said), "done_note": told.lens.masked(note) if note else None}
    refs = {name: content for name, content in told.row.refs.items() if name != "proof"}
    row = replace(told.row, refs=refs)
    return {**found, "proof": None, "sent_back_reason": None, **_refs(row, "done", told.fact, over="sent_back")}


def _checked(told: Told[TaskRow]) -> Fields:
    event: e.EvidenceChecked = told.fact.event
    photos = msgspec.convert(told.said.get("photos") or (), tuple[ProofPhoto, ...])
    proof = Proof(at=told.fact.at, compared=event.compared, flags=event.flags, photos=photos)
    return {"proof": proof, **_refs(told.row, "proof", told.fact)}


def _sent_back(told: Told[TaskRow]) -> Fields:
    return {"sent_back_reason": told.said.get("text") or "", **_refs(told.row, "sent_back", told.fact)}


TASK: Mapping[type[e.Event], Change] = {
    e.TaskOffered: lambda told: {"offered_to": told.fact.event.to_agency},
    e.TaskReturned: {"offered_to": None},
    e.TaskTaken: lambda told: {"agency": told.fact.event.agency, "offered_to": None, "officer": None},
    e.TaskAssigned: lambda told: {"officer": told.fact.event.officer},
    e.TaskDeclined: {"officer": None},
    e.TaskDone: _done,
    e.EvidenceChecked: _checked,
    e.TaskSentBack: _sent_back,
}


def _read_back(told: Told[OrderRow]) -> Fields:
    event = told.fact.event
    heard = ReadBack(
        place=event.area,
        action=event.action,
        within_min=event.within_min,
        spoken=event.spoken,
        voice=_voice(told.said),
    )
    return {"read_back": heard, "differs": _differs(told.row, event), **_refs(told.row, "heard", told.fact)}


def _differs(row: OrderRow, event: e.OrderReadBack) -> tuple[str, ...]:
    if event.spoken:
        return ()
    pairs = (
        ("area", row.place.area or "", event.area),
        ("action", row.action, event.action),
        ("within_min", row.within_min, event.within_min),
    )
    return tuple(name for name, meant, back in pairs if meant != back)


def _corrected(told: Told[OrderRow]) -> Fields:
    event = told.fact.event
    return {
        "action": event.action,
        "place": _place(event.place, told.said, told.lens),
        "within_min": event.within_min,
        "due_at": told.fact.at + timedelta(minutes=event.within_min),
        "said_version": event.said_version,
        "text": told.said.get("text") or "",
        "voice": _voice(told.said),
        "on_duty": event.on_duty,
        "state_at": told.fact.at,
        "read_back": None,
        "differs": (),
        **_refs(told.row, "text", told.fact, over="heard"),
    }


def _overdue(told: Told[OrderRow]) -> Fields:
    event, at = told.fact.event, told.fact.at
    missed = Overdue(
        step=event.step, due_at=event.due, at=at, consequence=event.consequence, said_version=event.said_version
    )
    return {"overdue": (*told.row.overdue, missed), "copies": _copies(told.row.copies, event.told)}


ORDER: Mapping[type[e.Event], Change] = {
    e.OrderReadBack: _read_back,
    e.OrderCorrected: _corrected,
    e.OrderAccepted: lambda told: {"task": told.fact.event.task_id},
    e.OrderOverdue: _overdue,
}


#: Signs kept with an area, the newest: more than a rule's window has in the worst hour is not needed for its reasons.
SIGNS_KEPT = 60


def _wet(told: Told[AreaRow]) -> Fields:
    row, event, at = told.row, told.fact.event, told.fact.at
    depths = [d for d in (row.depth_cm, event.depth_cm) if d is not None]
    sign = SignRow(at=at, source=event.source, witness=event.witness, depth_cm=event.depth_cm, photo=event.photo)
    signs = (*row.signs, sign)[-SIGNS_KEPT:]
    return {
        "reports": row.reports + 1,
        "depth_cm": max(depths, default=None),
        "heard_at": at,
        "origin": event.origin if row.origin is None or event.origin == "live" else row.origin,
        "signs": signs,
        "reasons": reason_rows(flood.reasons_for(signs, told.lens.city.flood, at)),
    }


def _declared(told: Told[AreaRow]) -> Fields:
    depth = told.row.depth_cm if told.fact.event.depth_cm is None else told.fact.event.depth_cm
    return {"declared_by": told.fact.actor, "depth_cm": depth, "heard_at": told.fact.at}


AREA: Mapping[type[e.Event], Change] = {
    e.AreaFloodReported: _wet,
    e.AreaFloodSuspected: {"declared_by": None},
    e.AreaFloodConfirmed: {"declared_by": None},
    e.AreaFloodDeclared: _declared,
    e.AreaFloodOver: {
        "reasons": (),
        "reports": 0,
        "depth_cm": None,
        "declared_by": None,
        "origin": None,
        "signs": (),
    },
}


def _changed(changes: Mapping[type[e.Event], Change], told: Told[Any]) -> Fields:
    change = changes.get(type(told.fact.event), {})
    return change(told) if callable(change) else change


def _moved(table: Any, states: Any, told: Told[Any]) -> Fields:
    """The next state by the table, and since when, if it is another one."""
    row, event = told.row, told.fact.event
    arrows = table[row.state]  # a state is its own name: looked up as it is, without making the enum's member again
    state = arrows[type(event)] if type(event) in arrows else after(table, states(row.state), event)
    return {"state": state.value, "state_at": told.fact.at} if state != row.state else {}


def _by(changes: Mapping[type[e.Event], Change], table: Any, states: Any) -> Callable[[Told[Any]], Any]:
    """The fold of a noun that has a table of states."""

    def fold(told: Told[Any]) -> Any:
        fields = _changed(changes, told)
        return replace(told.row, version=told.fact.version, **_moved(table, states, told), **fields)

    return fold


def order_after(told: Told[OrderRow]) -> OrderRow:
    """Every fact of an order but a missed deadline is a step that the commander sees with its times."""
    row, fact = told.row, told.fact
    fields = {**_moved(order.TABLE, order.State, told), **_changed(ORDER, told)}
    if isinstance(fact.event, e.OrderOverdue):
        return replace(row, version=fact.version, **fields)
    state, since = fields.get("state", row.state), fields.get("state_at", row.state_at)
    step = Step(
        state=state,
        at=fact.at,
        device_at=getattr(fact.event, "device_at", None),
        differs=fields.get("differs", ()),
    )
    waits = _waits(order.State(state), since, fields.get("on_duty", row.on_duty), told.lens)
    return replace(row, version=fact.version, steps=(*row.steps, step), waits=waits, **fields)


def area_after(told: Told[AreaRow]) -> AreaRow:
    """`since` is when the present state began; new reasons and a new declaration begin it anew."""
    row, fact = told.row, told.fact
    fields = _changed(AREA, told)
    state = after(flood.TABLE, flood.State(row.state), fact.event).value
    since = row.since if isinstance(fact.event, e.AreaFloodReported) else fact.at
    return replace(row, version=fact.version, state=state, since=since, **fields)


def _unit(told: Told[UnitRow]) -> UnitRow:
    return unit_after(told.row, told.fact, told.said)


AFTER: Mapping[str, Callable[[Told[Any]], Any]] = {
    "reports": _by(REPORT, report.TABLE, report.State),
    "incidents": _by(INCIDENT, incident.TABLE, incident.State),
    "tasks": _by(TASK, task.TABLE, task.State),
    "orders": order_after,
    "units": _unit,
    "areas": area_after,
}
"""group → the fold of one fact on one row."""
