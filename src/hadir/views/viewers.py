"""Who sees a thing: one answer for a moment, from the row and its incident. Pure.

There are viewers that are named (an agency on the incident, an officer with a task on it) and the *rest*: every other
agency and officer, who see what everybody may. The city sees all that is on the board, the public what is public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hadir.domain.city import City
from hadir.domain.incident import GONE
from hadir.domain.order import ENDED as ORDER_ENDED
from hadir.domain.order import State as OrderState
from hadir.domain.people import Sight
from hadir.domain.report import State as ReportState
from hadir.domain.task import State as TaskState
from hadir.views.rows import IncidentRow, TaskRow
from hadir.views.talk import unread_by

CITY = Sight.CITY.value
PUBLIC = Sight.PUBLIC.value
#: Every agency and officer that is not named.
REST = "*"

#: Groups whose rows belong to an incident.
IN_ROOMS = frozenset({"reports", "tasks", "orders"})
#: Reports of these states are off the board, whatever their incident does.
OFF = frozenset({ReportState.CONFIRMED.value, ReportState.DISMISSED.value})
#: Reports of these states are on it, whatever their incident does.
_WAITING = frozenset({ReportState.RECEIVED.value, ReportState.HELD.value, ReportState.DISPUTED.value})
#: Orders of these states stay only as long as their incident: from accepted on the task says how it goes.
_ORDER_RESTS = frozenset({state.value for state in ORDER_ENDED} | {OrderState.ACCEPTED.value})


class Viewers(msgspec.Struct, frozen=True):
    """Who sees one incident and what belongs to it."""

    #: neither closed nor merged into another one
    open: bool
    public: bool
    agencies: frozenset[str]
    officers: frozenset[str]


def viewers_of(row: IncidentRow, tasks: Iterable[TaskRow], city: City) -> Viewers:
    """Agencies with a task that is not cancelled or an offer that waits; officers with a task."""
    agencies: set[str] = set()
    officers: set[str] = set()
    for task in tasks:
        if task.officer:
            officers.add(task.officer)
        if task.state != TaskState.CANCELLED:
            agencies.add(task.agency)
            agencies |= {task.offered_to} if task.offered_to else set()
    category = city.category_by_code.get(row.category)
    public = category is not None and category.public and not category.sensitive and not row.sensitive
    is_open = row.state not in GONE
    return Viewers(open=is_open, public=public, agencies=frozenset(agencies), officers=frozenset(officers))


def shown(group: str, row: Any, incident_open: bool) -> bool:
    """Is the row on the board? `incident_open`: of an incident itself, or of the one it belongs to."""
    if group == "reports":
        # What was added after the end stays on the board until every desk that it concerns has read it.
        late = row.talk is not None and (row.talk.new or unread_by(row.talk))
        return row.state in _WAITING or (incident_open and row.state not in OFF) or bool(late)
    match group:
        case "incidents" | "tasks":
            return incident_open
        case "orders":
            return incident_open or row.state not in _ORDER_RESTS
    return True


def sights(group: str, row: Any, room: Viewers | None) -> Mapping[str, Sight]:
    """audience → how much of the row it sees; REST stands for all agencies and officers that are not named."""
    if row is None or not shown(group, row, room is not None and room.open):
        return {}
    match group:
        case "areas":
            return _AREAS
        case "units":
            return {CITY: Sight.CITY, f"agency:{row.agency}": Sight.AGENCY, f"person:{row.id}": Sight.PERSON}
        case "orders":
            return {**_copied(row), f"agency:{row.agency}": Sight.AGENCY, f"person:{row.to}": Sight.PERSON}
    if room is None or not room.open:
        return CITY_ONLY if group != "reports" or row.talk is None else _late(row)
    return _in_room(group, row, room)


def _late(row: Any) -> Mapping[str, Sight]:
    """A report that nothing goes on about: those who have yet to read what was added, each until he has."""
    seen = {f"agency:{code}": Sight.AGENCY for code in unread_by(row.talk)}
    return {CITY: Sight.CITY, **seen} if row.state in _WAITING or row.talk.new else seen


def _copied(row: Any) -> Mapping[str, Sight]:
    """Those who have a copy of an order, by the audience that was theirs when they got it."""
    audiences = {copy.audience for copy in row.copies}
    sights = {a: Sight.AGENCY if a.startswith("agency:") else Sight.PERSON for a in audiences}
    return {**sights, CITY: Sight.CITY}


CITY_ONLY: Mapping[str, Sight] = {CITY: Sight.CITY}
_AREAS: Mapping[str, Sight] = {CITY: Sight.CITY, PUBLIC: Sight.PUBLIC, REST: Sight.AGENCY}


def _in_room(group: str, row: Any, room: Viewers) -> Mapping[str, Sight]:
    named = {CITY: Sight.CITY, **{f"agency:{code}": Sight.AGENCY for code in room.agencies}}
    if group == "tasks":
        return {**named, f"person:{row.officer}": Sight.PERSON} if row.officer else named
    named |= {f"person:{id}": Sight.PERSON for id in room.officers}
    if group == "incidents" and room.public:
        named |= {PUBLIC: Sight.PUBLIC, REST: Sight.PUBLIC}
    return named


def sight_of(audience: str, seen: Mapping[str, Sight]) -> Sight | None:
    """What one audience sees, the rest's share included."""
    if audience in seen:
        return seen[audience]
    return None if audience in (CITY, PUBLIC) else seen.get(REST)
