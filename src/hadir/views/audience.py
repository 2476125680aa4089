"""What each viewer is told of a fact: his own rows after it, and the ids he no longer sees.

One viewer has one audience key (`domain.people.audience_of`). A frame is made for each audience that has something to
be told, from the rows and viewers before and after the fact, so a thing that becomes visible comes whole and one that
does not stay so is named in `gone`. Renderings are encoded once.

The key "*" holds what everybody without a frame of his own gets: use `pick`. An empty frame of one's own means that
there is nothing for him although the others get something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec

from hadir.domain.people import SEES, Role, Sight
from hadir.ports.journal import Fact
from hadir.views.picture import Picture, Touched, key_of
from hadir.views.rows import GROUPS, ROWS, Key, public_fields
from hadir.views.viewers import CITY, IN_ROOMS, PUBLIC, REST, Viewers, sight_of, sights

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


class Renderer:
    """Rows as bytes. A row is encoded once for each set of fields, until it changes."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[Sight, str], tuple[str, ...]] = {}
        self._getters: dict[tuple[str, ...], Any] = {}
        self._done: dict[tuple[tuple[str, ...], str], tuple[Any, bytes]] = {}
        for sight in SEES:
            for group in SEES[sight]:
                self._learn(sight, group)

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
        data = _encode(dict(zip(names[1:], self._getters[names](row), strict=True)))
        self._done[names, row.id] = (row, data)
        return data

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
    named = {audience for _, _, _, before, after in changes for audience in (*before, *after)}
    parts = {audience: _share(audience, changes, renderer) for audience in sorted(named)}
    data = {audience: _frame(fact, part) for audience, part in parts.items()}
    return _shared(data)


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


def _concerned(picture: Picture, touched: Touched) -> list[Key]:
    """The changed rows, and everything in a room whose viewers changed. In a fixed order."""
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


def _head(fact: Fact, parts: _Parts) -> dict[str, Any]:
    """Who did it is told to staff; of a citizen only to the city; the stream to those who see the thing itself."""
    if Sight.CITY in parts.sights:
        actor, role = fact.actor, fact.role
    elif parts.sights <= {Sight.PUBLIC}:
        actor, role = "", ""
    else:
        actor, role = "" if fact.role == Role.CITIZEN else fact.actor, fact.role
    known = key_of(fact.stream) in parts.keys
    return {
        "position": fact.position,
        "at": fact.at,
        "kind": fact.event.kind,
        "actor": actor,
        "role": role,
        "stream": fact.stream if known else "",
        "version": fact.version if known else 0,
    }


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
    return (rows[member] for room in rooms for member in sorted(getattr(room, group)))
