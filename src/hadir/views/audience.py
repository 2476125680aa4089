"""What each viewer is told of a fact: his own rows after it, and the ids he no longer sees.

One viewer has one audience key (`domain.people.audience_of`). A frame is made for each audience that has something to
be told, from the rows and viewers before and after the fact, so a thing that becomes visible comes whole and one that
does not stay so is named in `gone`. Renderings are encoded once.

The key "*" holds what everybody without a frame of his own gets: use `pick`. An empty frame of one's own means that
there is nothing for him although the others get something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from hadir.domain.blur import grid
from hadir.domain.city import City
from hadir.domain.people import SEES, Role, Sight
from hadir.ports.journal import Fact
from hadir.views.picture import Picture, Touched, key_of
from hadir.views.rows import GROUPS, ROWS, Key, ReportRow, public_fields, stored
from hadir.views.talk import unread_by
from hadir.views.viewers import CITY, CITY_ONLY, IN_ROOMS, PUBLIC, REST, Viewers, sight_of, sights

#: audience → bytes of the fact's data (JSON).
Frames: TypeAlias = dict[str, bytes]

_encode = msgspec.json.Encoder().encode


def pick(frames: Mapping[str, bytes], audience: str) -> bytes | None:
    """The frame of one audience: its own, or everybody's; None when there is nothing for it."""
    return frames.get(audience, frames.get(REST)) or None


def fields_of(sight: Sight, group: str) -> tuple[str, ...]:
    """The fields of a row that one sight gives, in the row's order, by their JSON names."""
    allowed = SEES[sight].get(group, frozenset())
    return tuple(name for name in public_fields(group) if "*" in allowed or name in allowed)


def report_shown(whole: bytes) -> bytes:
    """A stored report without its private fields: what those get who see all of a report.

    Encoding a report is the dearest thing that is done for it, and both the tables and the screens want it: so it is
    done once. A quotation mark inside a string has a backslash in front, so none of these marks can stand in one;
    `refs` comes right before `ref`, and after `vulnerable` there is nothing but its strings.
    """
    refs = whole.index(b',"refs":{')
    ref = whole.index(b',"ref":', refs)
    return b"%b%b}" % (whole[:refs], whole[ref : whole.rindex(b',"vulnerable":[')])


class Renderer:
    """Rows as bytes. A row is encoded once for each set of fields, until it changes."""

    def __init__(self, city: City | None = None) -> None:
        kinds = () if city is None else city.categories
        self._grids = {kind.code: grid(kind.blur_m, city.lat) for kind in kinds if city and kind.blur_m}
        self._shapes: dict[tuple[Sight, str], tuple[str, ...]] = {}
        self._getters: dict[tuple[str, ...], Any] = {}
        self._done: dict[tuple[tuple[str, ...], str], tuple[Any, bytes]] = {}
        #: reports that were encoded whole since the tables got the last ones
        self._whole: dict[str, tuple[ReportRow, bytes]] = {}
        for sight in SEES:
            for group in SEES[sight]:
                self._learn(sight, group)
        self._all_of_report = self._shapes[Sight.CITY, "reports"]

    def _learn(self, sight: Sight, group: str) -> None:
        names = (group, *fields_of(sight, group))
        attributes = {f.encode_name: f.name for f in msgspec.structs.fields(ROWS[group])}
        self._shapes[sight, group] = names
        self._getters[names] = attrgetter(*(attributes[name] for name in names[1:]))

    def row(self, group: str, row: Any, sight: Sight) -> bytes:
        names = self._shapes[sight, group]
        known = self._done.get((names, row.id))
        if known is not None and known[0] is row:
            return known[1]
        if names is self._all_of_report:
            whole = stored(row)
            self._whole[row.id] = (row, whole)
            data = report_shown(whole)
        else:
            told = self._blurred(group, row) if sight is Sight.PUBLIC else row
            data = _encode(dict(zip(names[1:], self._getters[names](told), strict=True)))
        self._done[names, row.id] = (row, data)
        return data

    def _blurred(self, group: str, row: Any) -> Any:
        """An incident with its point as its kind lets the public know it: the middle of a square that lies still."""
        squares = self._grids.get(row.category) if group == "incidents" else None
        if squares is None:
            return row
        place = replace(row.place, rt=None, words=None, accuracy_m=None)
        if place.lat is not None and place.lon is not None:
            lat, lon = squares.middle(place.lat, place.lon)
            place = replace(place, lat=lat, lon=lon)
        return replace(row, place=place)

    def stored(self, row: Any) -> bytes:
        """As `rows.stored`, once more for what has just been shown."""
        known = self._whole.get(row.id)
        return known[1] if known is not None and known[0] is row else stored(row)

    def written(self) -> None:
        """The tables have it all."""
        self._whole.clear()

    def forget(self, keys: Iterable[Key]) -> None:
        """These rows have left the memory."""
        for group, id in keys:
            for names in {names for (_, of), names in self._shapes.items() if of == group}:
                self._done.pop((names, id), None)


class _Parts:
    """One audience's share of one fact."""

    def __init__(self) -> None:
        self.put: dict[str, list[bytes]] = {}
        self.gone: dict[str, list[str]] = {}
        self.sights: set[Sight] = set()
        self.keys: set[Key] = set()

    def add(self, key: Key, sight: Sight, row: bytes | None) -> None:
        group, id = key
        self.keys.add(key)
        self.sights.add(sight)
        if row is None:
            self.gone.setdefault(group, []).append(id)
        else:
            self.put.setdefault(group, []).append(row)


def frames(picture: Picture, touched: Touched, fact: Fact, renderer: Renderer) -> Frames:
    """What each audience has to be told of a fact that has just been applied."""
    changes = list(_changes(picture, touched))
    if len(changes) == 1 and changes[0][1] is None and changes[0][4] is CITY_ONLY:
        return {CITY: _first_told(fact, changes[0], renderer)}
    named = {audience for _, _, _, before, after in changes for audience in (*before, *after)}
    parts = {audience: _share(audience, changes, renderer) for audience in sorted(named)}
    data = {audience: _frame(fact, part) for audience, part in parts.items()}
    return _shared(data)


def _first_told(fact: Fact, change: _Change, renderer: Renderer) -> bytes:
    """A frame of the city for its new row, and nobody else's: on a busy day nearly all of them are."""
    (group, _), _, row, _, _ = change
    head = _encode(_Head(fact.position, fact.at, fact.event.kind, fact.actor, fact.role, fact.stream, fact.version))
    return b'%b,"put":{"%b":[%b]},"gone":{}}' % (head[:-1], group.encode(), renderer.row(group, row, Sight.CITY))


_Change: TypeAlias = tuple[Key, Any, Any, Mapping[str, Sight], Mapping[str, Sight]]


def _changes(picture: Picture, touched: Touched) -> Iterator[_Change]:
    """(key, row before, row after, who saw it, who sees it), for all that somebody may see otherwise now."""
    for key in _concerned(picture, touched):
        group, id = key
        after = picture.groups[group].get(id)
        before = touched.rows.get(key, after)
        seen = sights(group, before, _room(picture, touched.rooms, group, before))
        sees = sights(group, after, _room(picture, {}, group, after))
        if before is not after or seen != sees:
            yield key, before, after, seen, sees


def _concerned(picture: Picture, touched: Touched) -> Iterable[Key]:
    """The changed rows, and everything in a room whose viewers changed. In a fixed order."""
    if not touched.rooms and len(touched.rows) == 1:
        return touched.rows
    keys = set(touched.rows)
    for incident_id, before in touched.rooms.items():
        room = picture.rooms[incident_id]
        if room.viewers != before:
            keys |= {("incidents", incident_id), *room.members()}
    return sorted(keys)


def _room(picture: Picture, before: Mapping[str, Viewers | None], group: str, row: Any) -> Viewers | None:
    incident_id = None if row is None else picture.room_of(group, row)
    if incident_id is None:
        return None
    if incident_id in before:
        return before[incident_id]
    room = picture.rooms.get(incident_id)
    return room.viewers if room else None


def _share(audience: str, changes: Iterable[_Change], renderer: Renderer) -> _Parts:
    parts = _Parts()
    for key, before, after, seen, sees in changes:
        was, now = sight_of(audience, seen), sight_of(audience, sees)
        if now is None:
            if was is not None:
                parts.add(key, was, None)
            continue
        old = None if was is None or before is None else renderer.row(key[0], before, was)
        new = renderer.row(key[0], after, now)
        if old != new:
            parts.add(key, now, new)
    return parts


def _frame(fact: Fact, parts: _Parts) -> bytes:
    """The data of a `fact` event; empty when there is nothing to tell."""
    if not parts.put and not parts.gone:
        return b""
    put = b",".join(_list(group, parts.put[group]) for group in GROUPS if group in parts.put)
    gone = {group: parts.gone[group] for group in GROUPS if group in parts.gone}
    return _encode(_head(fact, parts))[:-1] + b',"put":{' + put + b'},"gone":' + _encode(gone) + b"}"


def _list(group: str, rows: Iterable[bytes]) -> bytes:
    return b'"' + group.encode() + b'":[' + b",".join(rows) + b"]"


class _Head(msgspec.Struct, gc=False):
    """What every frame begins with."""

    position: int
    at: datetime
    kind: str
    actor: str
    role: str
    stream: str
    version: int


def _head(fact: Fact, parts: _Parts) -> _Head:
    """Who did it is told to staff; of a citizen only to the city; the stream to those who see the thing itself."""
    if Sight.CITY in parts.sights:
        actor, role = fact.actor, fact.role
    elif parts.sights <= {Sight.PUBLIC}:
        actor, role = "", ""
    else:
        actor, role = "" if fact.role == Role.CITIZEN else fact.actor, fact.role
    known = key_of(fact.stream) in parts.keys
    stream, version = (fact.stream, fact.version) if known else ("", 0)
    return _Head(fact.position, fact.at, fact.event.kind, actor, role, stream, version)


def _shared(data: Frames) -> Frames:
    """Without the empty ones, and without those that say the same as everybody's."""
    everybody = data.get(REST, b"")
    if not everybody:
        return {audience: frame for audience, frame in data.items() if frame}
    return {audience: frame for audience, frame in data.items() if audience == REST or frame != everybody}


# ── the whole board of one audience ──────────────────────────────────────────────────────────────────────────────


def board(picture: Picture, audience: str, renderer: Renderer, groups: Iterable[str] = GROUPS) -> bytes:
    """Everything one audience sees: {"reports": […], …}, all groups asked for, empty ones too."""
    rows: dict[str, list[bytes]] = {group: [] for group in GROUPS if group in set(groups)}
    for group, row, sight in visible(picture, audience, rows):
        rows[group].append(renderer.row(group, row, sight))
    return b"{" + b",".join(_list(group, found) for group, found in rows.items()) + b"}"


def visible(picture: Picture, audience: str, groups: Iterable[str] = GROUPS) -> Iterator[tuple[str, Any, Sight]]:
    """(group, row, sight) of everything one audience sees now."""
    for group in groups:
        for row in _candidates(picture, audience, group):
            if (sight := sight_on(picture, audience, group, row)) is not None:
                yield group, row, sight


def sight_on(picture: Picture, audience: str, group: str, row: Any) -> Sight | None:
    """How much this audience sees of this row now."""
    sight = sight_of(audience, sights(group, row, _room(picture, {}, group, row)))
    return sight if sight is not None and group in SEES[sight] else None


def _candidates(picture: Picture, audience: str, group: str) -> Iterable[Any]:
    """Rows worth asking about: for all but the city, reports and tasks are those of the incidents he is on."""
    rows = picture.groups[group]
    if audience == CITY or group not in IN_ROOMS or group == "orders":
        return rows.values()
    kind, _, id = audience.partition(":")
    if kind == PUBLIC:
        return ()
    on_it = attrgetter("agencies" if kind == "agency" else "officers")
    rooms = (room for room in picture.rooms.values() if room.viewers and id in on_it(room.viewers))
    theirs = (rows[member] for room in rooms for member in sorted(getattr(room, group)))
    return theirs if group == "tasks" else {row.id: row for row in chain(theirs, _late(picture, id))}.values()


def _late(picture: Picture, agency: str) -> Iterator[Any]:
    """Reports with something that this agency has not read: also of incidents that are not in memory any more."""
    talked = (picture.reports[id] for id in sorted(picture.talked))
    return (row for row in talked if agency in unread_by(row.talk))
