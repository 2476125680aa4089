"""Between the picture and the tables: rows on their way in, rows asked back, and the fold that needs both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from msgspec.structs import replace

from hadir.ports.journal import Fact
from hadir.ports.views import ViewRow
from hadir.views.picture import Picture, Touched
from hadir.views.rows import Key, PlaceRow, restored, stored


class Tables(Protocol):
    """Where rows can be asked back from."""

    async def row(self, group: str, id: str) -> bytes | None: ...

    async def room(self, incident_id: str) -> list[tuple[str, bytes]]: ...


def view_row(picture: Picture, group: str, row: Any, stored: Callable[[Any], bytes] = stored) -> ViewRow:
    """The row as it is stored: without readings, which are no facts. `stored`: who may have its bytes already."""
    if group == "units":
        row = replace(row, place=PlaceRow(), placed_at=None, seen_at=row.heard_at)
    return ViewRow(
        group=group,
        id=row.id,
        body=stored(row),
        room=picture.room_of(group, row),
        kept=picture.kept(group, row),
        at=row.since,
        area=row.place.area,
        state=row.state,
        category=getattr(row, "category", None),
        lat=row.place.lat,
        lon=row.place.lon,
        contents=tuple(row.refs.values()),
    )


class Shelf:
    """Folds facts into a picture, fetches what was let go, and gathers the rows that the tables have to learn.

    `dirty` holds rows that are in memory and newer than the tables; `left` those that were let go since.
    """

    def __init__(self, picture: Picture, tables: Tables, stored: Callable[[Any], bytes] = stored) -> None:
        self.picture = picture
        self._tables = tables
        self._stored = stored
        self.dirty: set[Key] = set()
        self.left: dict[Key, ViewRow] = {}
        #: rows that came back from the tables: they are there already
        self.taken: set[Key] = set()

    def lacks(self, fact: Fact) -> bool:
        """Does the fact need something that is not in memory?"""
        return self.picture.missing(fact) is not None

    async def fetch(self, fact: Fact) -> set[Key]:
        """Bring into memory what the fact needs; what was brought."""
        brought: set[Key] = set()
        while (key := self.picture.missing(fact)) is not None:
            rows = await self._rows(*key)
            self.picture.take(rows)
            keys = {(group, row.id) for group, row in rows}
            if not keys - brought:
                raise LookupError(f"the journal names {key[1]} of {key[0]}, which never began")
            brought |= keys
            self.taken |= keys
        return brought

    async def _rows(self, group: str, id: str) -> list[tuple[str, Any]]:
        """One row or, for an incident, its room; newer ones on their way to the tables go before those in them."""
        if group == "incidents":
            found = {(g, row.id): row for g, body in await self._tables.room(id) for row in [restored(g, body)]}
            found = {key: row for key, row in found.items() if key not in self.left}
            found |= {key: restored(key[0], row.body) for key, row in self.left.items() if row.room == id}
        else:
            waiting = self.left.get((group, id))
            body = waiting.body if waiting else await self._tables.row(group, id)
            found = {} if body is None else {(group, id): restored(group, body)}
        return [(g, row) for (g, _), row in found.items()]

    def fold(self, fact: Fact, content: Mapping[str, Any] | None) -> Touched:
        """Apply one fact whose needs are in memory."""
        touched = self.picture.apply(fact, content)
        self.dirty.update(touched.rows)
        for incident_id, before in touched.rooms.items():
            room = self.picture.rooms[incident_id]
            # Closed or opened again: all of the room is to be kept from now on, or not any more.
            if before is not None and room.viewers is not None and before.open != room.viewers.open:
                self.dirty.update(room.members())
        return touched

    def let_go(self, keys: Iterable[Key]) -> list[Key]:
        """Drop what is not kept any more, remembering it for the tables; what was dropped."""
        if not (gone := self.picture.let_go(keys)):
            return []
        for key, row in gone:
            if key in self.dirty:
                self.dirty.discard(key)
                self.left[key] = view_row(self.picture, key[0], row)
        return [key for key, _ in gone]

    def left_rows(self) -> list[ViewRow]:
        """Rows that were let go and the tables do not have yet; from now on they are supposed to."""
        rows = [row for key, row in self.left.items() if key not in self.dirty]
        self.left = {}
        return rows

    def collect(self) -> list[ViewRow]:
        """Everything the tables do not have yet; from now on they are supposed to."""
        groups = self.picture.groups
        rows = [view_row(self.picture, group, groups[group][id], self._stored) for group, id in sorted(self.dirty)]
        rows += self.left_rows()
        self.dirty = set()
        return rows
