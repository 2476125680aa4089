"""The picture of the city: all open things, folded from the facts. Pure: no clock, no I/O; only `Board` holds one.

In memory is what is *kept*: reports that wait, incidents that are not closed with all that belongs to them (their
*room*), orders that still want an answer, every unit and area. A fact may come for something that was let go long ago
(a closed incident is opened again): `missing` names it, and whoever owns the tables gives it back through `take`.

`apply` returns what it touched: rows as they were before, and who could see each touched room before. Rows are frozen,
so this costs nothing, and `audience.frames` makes from it what each viewer has to be told. A fact whose version a row
already has changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import force_setattr

from hadir.domain import events as e
from hadir.domain.city import City
from hadir.domain.incident import GONE
from hadir.domain.masking import mask
from hadir.domain.people import Account
from hadir.domain.report import State as ReportState
from hadir.ports.journal import Fact
from hadir.views.derive import incident_of, order_of, unit_of
from hadir.views.erase import emptied
from hadir.views.queue import Nearby, Ranking, ranks_the_same
from hadir.views.rows import (
    GROUPS,
    AreaRow,
    IncidentRow,
    Key,
    OrderRow,
    PlaceRow,
    ReportRow,
    Row,
    TaskRow,
    UnitRow,
)
from hadir.views.standing import area_rows, named_units, renamed, strange_area, strange_unit
from hadir.views.steps import AFTER, BORN, Lens, Told
from hadir.views.talk import belongs
from hadir.views.viewers import IN_ROOMS, OFF, Viewers, shown, viewers_of

_NOTHING: Mapping[str, Any] = {}
_GROUP_OF = {"report": "reports", "incident": "incidents", "task": "tasks", "order": "orders", "unit": "units"}
_GROUP_OF["area"] = "areas"

#: What tells of an officer in need: it stands in the story of the incident that he is at.
ALARMING = frozenset({e.UnitEmergencyRaised, e.UnitWatchBegun, e.UnitCheckInMissed})

#: In the quarantine: no witness of anything yet.
_HELD = ReportState.HELD.value
#: Always in memory, never let go.
ALWAYS = frozenset({"units", "areas"})


class Missing(LookupError):
    """The fact is about something that is not in memory: ask `missing` first, and `take` what it names."""


class Room:
    """What belongs to one incident."""

    __slots__ = ("orders", "reports", "tasks", "viewers")

    def __init__(self) -> None:
        self.reports: set[str] = set()
        self.tasks: set[str] = set()
        self.orders: set[str] = set()
        self.viewers: Viewers | None = None

    def members(self) -> Iterator[Key]:
        yield from (("reports", id) for id in self.reports)
        yield from (("tasks", id) for id in self.tasks)
        yield from (("orders", id) for id in self.orders)


class Touched(msgspec.Struct, gc=False):
    """What one fact changed: rows as they were (None: there was none), and who saw each touched room before."""

    rows: dict[Key, Row | None] = {}
    rooms: dict[str, Viewers | None] = {}


def key_of(stream: str) -> Key:
    """The row of a stream: «report/01J…» → ("reports", "01J…"); group "" for what the board does not show."""
    noun, _, id = stream.partition("/")
    return _GROUP_OF.get(noun, ""), id


class Picture:
    """All open things. Not for several threads."""

    def __init__(self, city: City, officers: Iterable[Account] = (), mask: Callable[[str], str] = mask) -> None:
        self.city = city
        self.position = 0
        self.reports: dict[str, ReportRow] = {}
        self.incidents: dict[str, IncidentRow] = {}
        self.tasks: dict[str, TaskRow] = {}
        self.orders: dict[str, OrderRow] = {}
        self.units: dict[str, UnitRow] = {}
        self.areas: dict[str, AreaRow] = {}
        self.groups: dict[str, dict[str, Any]] = {group: getattr(self, group) for group in GROUPS}
        self.rooms: dict[str, Room] = {}
        #: reports that somebody said more about
        self.talked: set[str] = set()
        self._officer_tasks: dict[str, set[str]] = {}
        self._nearby = Nearby(city)
        self._ranking = Ranking(city)
        self.lens = Lens(city=city, mask=mask)
        self._touched = Touched()
        self.areas |= {row.id: row for row in area_rows(city)}
        self.staff(officers)

    # ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def apply(self, fact: Fact, content: Mapping[str, Any] | None) -> Touched:
        """Fold one fact. Raises Missing, and `domain.machine.Impossible` for a journal that is none."""
        self._touched = touched = Touched(rows={}, rooms={})
        group, id = key_of(fact.stream)
        if not group:
            self._told_elsewhere(fact)
            self.position = max(self.position, fact.position)
            return touched
        row = self.groups[group].get(id)
        said = _NOTHING if content is None else content
        if row is None:
            row = self._first(group, id, fact, said)
        elif fact.version > row.version:
            row = self._next(group, row, fact, said)
        else:
            self.position = max(self.position, fact.position)
            return touched
        self._put(group, id, row)
        _SETTLE[group](self, id, touched.rows[group, id], fact)
        if touched.rooms:
            self._look_round()
        self.position = max(self.position, fact.position)
        return touched

    def _next(self, group: str, row: Any, fact: Fact, said: Mapping[str, Any]) -> Any:
        if type(fact.event) is e.ContentsErased:
            return emptied(group, row, fact)
        return AFTER[group](Told(row, fact, said, self.lens))

    def _first(self, group: str, id: str, fact: Fact, said: Mapping[str, Any]) -> Row:
        if born := BORN.get(type(fact.event)):
            return born(fact, fact.event, said, self.lens)
        if group == "units":
            return AFTER[group](Told(strange_unit(id, fact.event.agency), fact, said, self.lens))
        if group == "areas":
            return AFTER[group](Told(strange_area(id), fact, said, self.lens))
        raise Missing(fact.stream)

    def _put(self, group: str, id: str, row: Any) -> None:
        rows = self.groups[group]
        old = rows.get(id)
        if old != row:
            self._touched.rows.setdefault((group, id), old)
            rows[id] = row

    def _touch_room(self, incident_id: str) -> Room:
        room = self.rooms.get(incident_id)
        if room is None or incident_id not in self.incidents:
            raise Missing(f"incident/{incident_id}")
        self._touched.rooms.setdefault(incident_id, room.viewers)
        return room

    def _look_round(self) -> None:
        """Counts and people of the touched incidents, and who sees them now."""
        for incident_id in self._touched.rooms:
            room, row = self.rooms[incident_id], self.incidents[incident_id]
            tasks = [self.tasks[id] for id in room.tasks]
            row = incident_of(row, [self.reports[id] for id in room.reports], tasks)
            self._put("incidents", incident_id, row)
            room.viewers = viewers_of(row, tasks, self.city)
            for id in sorted(room.reports & self.talked):
                self._put("reports", id, self._with_desks(self.reports[id], room.viewers))

    def _with_desks(self, row: ReportRow, viewers: Viewers) -> ReportRow:
        """Whose it is to read what was added, as of now: remembered for when the incident is closed."""
        talk = None if row.talk is None else belongs(row.talk, viewers.agencies)
        return row if talk is row.talk else msgspec.structs.replace(row, talk=talk)

    def _follow(self, incident_id: str, stream: str) -> None:
        """The stream now belongs to the incident's story, for good."""
        row = self.incidents[incident_id]
        if stream not in row.streams:
            self._put("incidents", incident_id, msgspec.structs.replace(row, streams=(*row.streams, stream)))

    def _report_settled(self, id: str, old: ReportRow | None, fact: Fact) -> None:
        row = self.reports[id]
        left, now = old.incident if old else None, row.incident
        if left is not None:
            room = self._touch_room(left)
            if left != now:
                room.reports.discard(id)
        if now is not None:
            self._touch_room(now).reports.add(id)
            self._follow(now, fact.stream)
        if old is None:
            self._judge(row)
        elif not ranks_the_same(old, row):
            rank, reasons = self._ranking.of(row)
            row = msgspec.structs.replace(row, rank=rank, rank_reasons=reasons)
            self._put("reports", id, row)
        self._index(row)
        if row.talk is not None:
            self.talked.add(id)
            if now is None and row.talk.desks:
                self._put("reports", id, msgspec.structs.replace(row, talk=belongs(row.talk, ())))

    def _judge(self, row: ReportRow) -> None:
        """The similar ones and the place in the queue of a report that nobody has seen yet: into the row itself."""
        force_setattr(row, "similar", self._nearby.like(row))
        rank, reasons = self._ranking.of(row)
        force_setattr(row, "rank", rank)
        force_setattr(row, "rank_reasons", reasons)

    def _index(self, row: ReportRow) -> None:
        if row.state in OFF or row.state == _HELD:
            self._nearby.remove(row.id)
        else:
            self._nearby.put(row)

    def _incident_settled(self, id: str, old: IncidentRow | None, fact: Fact) -> None:
        if old is None:
            self.rooms[id] = Room()
        room = self._touch_room(id)
        if isinstance(fact.event, e.IncidentAbsorbed):
            for stream in self.incidents[fact.event.incident_id].streams:
                self._follow(id, stream)
        if old is not None and (old.state in GONE) != (self.incidents[id].state in GONE):
            for task_id in room.tasks:
                self._unit_looks(self.tasks[task_id].officer)

    def _task_settled(self, id: str, old: TaskRow | None, fact: Fact) -> None:
        row = self.tasks[id]
        if old is not None and old.incident != row.incident:
            self._touch_room(old.incident).tasks.discard(id)
        room = self._touch_room(row.incident)
        room.tasks.add(id)
        self._follow(row.incident, fact.stream)
        self._tell_orders(room, row, getattr(fact.event, "device_at", None))
        officers = {old.officer if old else None, row.officer}
        for officer in sorted(o for o in officers if o):
            self._give(officer, id, theirs=officer == row.officer)
            self._unit_looks(officer)

    def _tell_orders(self, room: Room, task: TaskRow, device_at: object) -> None:
        """Every order that is done through this task: the one that made it, and those that joined it."""
        for order in [self.orders[id] for id in room.orders]:
            if order.task == task.id:
                self._put("orders", order.id, order_of(order, task, device_at))

    def _give(self, officer: str, task_id: str, *, theirs: bool) -> None:
        tasks = self._officer_tasks.setdefault(officer, set())
        tasks.add(task_id) if theirs else tasks.discard(task_id)

    def _unit_looks(self, officer: str | None) -> None:
        if officer and (row := self.units.get(officer)):
            self._put("units", officer, unit_of(row, self._works_of(officer), self.city))

    def _works_of(self, officer: str) -> Iterator[TaskRow]:
        for id in self._officer_tasks.get(officer, ()):
            if self.on_board_incident(self.tasks[id].incident):
                yield self.tasks[id]

    def _order_settled(self, id: str, old: OrderRow | None, fact: Fact) -> None:
        row = self.orders[id]
        if old is not None and old.incident != row.incident:
            self._touch_room(old.incident).orders.discard(id)
        self._touch_room(row.incident).orders.add(id)
        self._follow(row.incident, fact.stream)
        if row.task and row.task in self.tasks:
            self._put("orders", id, order_of(row, self.tasks[row.task]))

    def _unit_settled(self, id: str, _old: UnitRow | None, fact: Fact) -> None:
        self._unit_looks(id)
        busy_with = self.units[id].busy_with
        if type(fact.event) in ALARMING and busy_with is not None:
            self._follow(self.tasks[busy_with].incident, fact.stream)

    def _told_elsewhere(self, fact: Fact) -> None:
        """Somebody was not reached about a thing of an open incident: that belongs to its story."""
        if type(fact.event) is not e.NoticeChannelChanged:
            return
        group, _, id = fact.event.about.partition("/")
        row = self.groups.get(group, {}).get(id)
        incident_id = None if row is None else self.room_of(group, row)
        if incident_id is not None and self.on_board_incident(incident_id):
            self._follow(incident_id, fact.stream)

    def _area_settled(self, _id: str, _old: AreaRow | None, _fact: Fact) -> None:
        """Nothing else shows an area."""

    # ── what is on the board, what is kept ───────────────────────────────────────────────────────────────────────

    def on_board_incident(self, incident_id: str | None) -> bool:
        row = None if incident_id is None else self.incidents.get(incident_id)
        return row is not None and row.state not in GONE

    def on_board(self, group: str, row: Any) -> bool:
        """Is it shown to those who may see all? `viewers.shown` says the same of a moment in the past."""
        return shown(group, row, row.state not in GONE if group == "incidents" else self._with_room(group, row))

    def _with_room(self, group: str, row: Any) -> bool:
        return group not in IN_ROOMS or self.on_board_incident(row.incident)

    def kept(self, group: str, row: Any) -> bool:
        """Does it stay in memory: on the board itself, or its incident is?"""
        if group in IN_ROOMS and row.incident is None:
            return shown(group, row, False)
        return self.on_board(group, row) or (group in IN_ROOMS and self.on_board_incident(row.incident))

    def room_of(self, group: str, row: Any) -> str | None:
        if group == "incidents":
            return row.id
        return row.incident if group in IN_ROOMS else None

    @property
    def nearby(self) -> Nearby:
        """The reports on the board, for «similar»."""
        return self._nearby

    # ── memory ───────────────────────────────────────────────────────────────────────────────────────────────────

    def missing(self, fact: Fact) -> Key | None:
        """One thing that `apply` will need and that is not in memory; ask again after `take`."""
        event = fact.event
        if type(event) is e.ReportReceived:
            return None
        group, id = key_of(fact.stream)
        incident_id = getattr(event, "incident_id", None)
        if group in IN_ROOMS and type(event) not in BORN:
            row = self.groups[group].get(id)
            if row is None:
                return group, id
            incident_id = incident_id or row.incident
            if row.incident is not None and row.incident not in self.rooms:
                return "incidents", row.incident
        if group == "incidents":
            if type(event) is e.IncidentAbsorbed and incident_id not in self.rooms:
                return "incidents", event.incident_id
            incident_id = None if isinstance(event, e.IncidentOpened) else id
        if incident_id is not None and incident_id not in self.rooms:
            return "incidents", incident_id
        return None

    def take(self, rows: Iterable[tuple[str, Any]]) -> None:
        """Put stored rows into memory, whole rooms at a time; what is there already stays as it is."""
        current = [(group, self.groups[group].setdefault(row.id, row)) for group, row in rows if group not in ALWAYS]
        fresh = {row.id for group, row in current if group == "incidents" and row.id not in self.rooms}
        self.rooms |= {incident_id: Room() for incident_id in fresh}
        for group, row in current:
            self._place(group, row)
        for incident_id in fresh:
            self._see(incident_id)

    def take_standing(self, rows: Iterable[tuple[str, Any]]) -> None:
        """Units and areas as they were stored: over the blank ones, with today's names."""
        for group, row in rows:
            known = self.groups[group].get(row.id)
            self.groups[group][row.id] = row if known is None else renamed(row, known)

    def overwrite(self, group: str, row: Any) -> None:
        """The same row without what was erased, if it is in memory."""
        if row.id in self.groups[group]:
            self.groups[group][row.id] = row
            if group == "reports":
                self._index(row)

    def _place(self, group: str, row: Any) -> None:
        if group == "reports":
            self._index(row)
            self.talked |= {row.id} if row.talk is not None else set()
        if group == "tasks" and row.officer:
            self._give(row.officer, row.id, theirs=True)
        if group in IN_ROOMS and (room := self.rooms.get(row.incident or "")):
            getattr(room, group).add(row.id)

    def _see(self, incident_id: str) -> None:
        room = self.rooms[incident_id]
        tasks = [self.tasks[id] for id in room.tasks]
        room.viewers = viewers_of(self.incidents[incident_id], tasks, self.city)

    def let_go(self, keys: Iterable[Key]) -> list[tuple[Key, Any]]:
        """Drop from memory what is not kept any more among `keys` and their rooms. Gives what was dropped."""
        asked: set[Key] = set()
        for group, id in keys:
            if not self._stays(group, id):
                asked |= {(group, id), *self._closed_room(self.room_of(group, self.groups[group][id]))}
        if not asked:
            return []
        gone = [((g, id), row) for g, id in asked if (row := self.groups[g].get(id)) and not self.kept(g, row)]
        for (group, _), row in gone:
            self._drop(group, row)
        return gone

    def _closed_room(self, incident_id: str | None) -> Iterator[Key]:
        """All of a room that is in memory and whose incident is closed."""
        if incident_id in self.rooms and not self.on_board_incident(incident_id):
            yield "incidents", incident_id
            yield from self.rooms[incident_id].members()

    def _stays(self, group: str, id: str) -> bool:
        """It is kept, and so is whatever hangs on it: the common case, told quickly."""
        row = self.groups[group].get(id)
        if row is None or group in ALWAYS:
            return True
        if group == "incidents":
            return row.state not in GONE
        return self.kept(group, row) if row.incident is None else self.on_board_incident(row.incident)

    def _drop(self, group: str, row: Any) -> None:
        if group == "reports":
            self._nearby.remove(row.id)
            self.talked.discard(row.id)
        if group == "tasks" and row.officer:
            self._give(row.officer, row.id, theirs=False)
        if group == "incidents":
            self.rooms.pop(row.id, None)
        elif room := self.rooms.get(row.incident or ""):
            getattr(room, group).discard(row.id)
        del self.groups[group][row.id]

    # ── people and readings ──────────────────────────────────────────────────────────────────────────────────────

    def staff(self, officers: Iterable[Account]) -> None:
        """Every officer is a unit, pressed or not; names and agencies as they are today."""
        self.units |= {row.id: row for row in named_units(self.units, officers)}

    def moved(self, person: str, place: PlaceRow, at: datetime) -> UnitRow | None:
        """A reading: where an officer is. Not a fact; older than the last one is ignored."""
        row = self.units.get(person)
        if row is None or (row.placed_at is not None and at < row.placed_at):
            return None
        seen_at = at if row.seen_at is None else max(at, row.seen_at)
        self.units[person] = moved = msgspec.structs.replace(row, place=place, placed_at=at, seen_at=seen_at)
        return moved


_SETTLE: Mapping[str, Callable[[Picture, str, Any, Fact], None]] = {
    "reports": Picture._report_settled,
    "incidents": Picture._incident_settled,
    "tasks": Picture._task_settled,
    "orders": Picture._order_settled,
    "units": Picture._unit_settled,
    "areas": Picture._area_settled,
}
"""group → what a changed row of it changes elsewhere."""
