"""The open book: follows the journal, keeps the public's row of every report, and answers whoever asks.

A follower of its own, far from the intake: what is new is taken in about once a second, by batches. When the pack's
rules for points have changed, the rows are made anew first, while the old ones go on serving.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from msgspec.structs import replace

from hadir.domain import events as e
from hadir.domain.city import City
from hadir.ports.journal import Fact, FactWithContent, JournalReader, Unavailable
from hadir.ports.opendata import OpenRow, OpenSide, OpenStore
from hadir.views.columns import Asked, Columns, Figures, Look, Squares
from hadir.views.openfold import ERASED, TELL_PLACE, Blur, Point, after, point_of, public_kinds, received, rules_of

T = TypeVar("T")

log = logging.getLogger(__name__)

BATCH = 2_000
#: Whoever looks at the public map does not look at seconds: facts gather meanwhile, and cost less together.
GATHER_S = 1.0
LOOK_S = 10.0
RETRY_S = 1.0
#: Rows read into memory at a time: some ten milliseconds of the server.
PAGE = 20_000
#: Questions of more than so many rows are thought about beside the loop.
ASIDE_FROM = 20_000


class _Rows(Protocol):
    async def rows(self, ids: Collection[str]) -> list[OpenRow]: ...


class OpenBook:
    """One per process."""

    def __init__(self, *, journal: JournalReader, store: OpenStore, city: City) -> None:
        self.city = city
        self.kinds = public_kinds(city)
        self.areas = tuple(area.code for area in city.areas)
        self._journal = journal
        self._store = store
        self._maker = _Maker(journal, city)
        self._columns = Columns(self.kinds, self.areas)
        self._tick = 0
        self._generation = 0
        self._position = 0
        self._reading = asyncio.Lock()

    # ── following ────────────────────────────────────────────────────────────────────────────────────────────────

    async def follow(self) -> None:
        """For ever; survives the database going away."""
        await self.start()
        while True:
            try:
                await self._journal.wait(self._position, LOOK_S)
                while await self.step() == BATCH:
                    pass
            except (Unavailable, OSError):
                log.warning("the journal cannot be reached; the open book waits", extra={"action": "open.wait"})
                await asyncio.sleep(RETRY_S)
            await asyncio.sleep(GATHER_S)

    async def start(self) -> None:
        """By the pack's present rules, and in memory."""
        if (await self._store.reached()).rules != rules_of(self.city):
            await self.rebuild()
        await self.refresh()

    async def step(self) -> int:
        """Take in one batch; how many facts it had."""
        self._position = (await self._store.reached()).position
        batch = await self._journal.read_with_contents(self._position, BATCH)
        if batch:
            position = batch[-1][0].position
            if await self._store.write(self._position, position, await self._maker.made(self._store, batch)):
                self._position = position
        await self.refresh()
        return len(batch)

    async def refresh(self) -> None:
        """What this process or another has written, into memory."""
        async with self._reading:
            generation = (await self._store.reached()).generation
            if generation != self._generation:
                self._columns, self._tick, self._generation = Columns(self.kinds, self.areas), 0, generation
            parts: list[bytes] = []
            while True:
                self._tick, lines = await self._store.packed(self._tick, self.kinds, self.areas, PAGE)
                if not lines:
                    break
                parts.append(lines)
            if parts:
                self._columns.take(parts)

    async def rebuild(self, progress: Callable[[int, int], None] = lambda _position, _newest: None) -> int:
        """Make the rows anew from the first fact while the old ones go on serving; the position reached."""
        side = await self._store.side()
        position = 0
        try:
            while True:
                position = await self._fill(side, position, progress)
                if await side.swap(position, rules_of(self.city)):
                    return position
        finally:
            await side.drop()

    async def compare(self, progress: Callable[[int, int], None] = lambda _position, _newest: None) -> list[str]:
        """Ids of rows that the journal would make otherwise; empty when they are right."""
        side = await self._store.side()
        try:
            reached = (await self._store.reached()).position
            await self._fill(side, 0, progress, most=reached)
            return await side.differences()
        finally:
            await side.drop()

    async def _fill(
        self, side: OpenSide, position: int, progress: Callable[[int, int], None], most: int | None = None
    ) -> int:
        newest = await self._journal.position() if most is None else most
        while position < newest:
            batch = await self._journal.read_with_contents(position, min(BATCH, newest - position))
            await side.put(await self._maker.made(side, batch))
            position = batch[-1][0].position
            progress(position, newest)
        return position

    # ── questions ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def version(self) -> tuple[int, int]:
        """Changes when any row does."""
        return self._generation, self._tick

    @property
    def changed(self) -> int:
        """When a row last changed, seconds since 1970; 0: never."""
        return self._columns.changed

    async def look(self, asked: Asked, squares: Squares, *, before: int | None = None, limit: int) -> Look:
        """What a rectangle of the map shows."""
        return await self._ask(lambda columns: columns.look(asked, squares, before=before, limit=limit))

    async def count(self, asked: Asked) -> int:
        return await self._ask(lambda columns: columns.count(asked))

    async def figures(self, asked: Asked) -> Figures:
        return await self._ask(lambda columns: columns.figures(asked))

    async def figures_by(self, asked: Asked, by: str) -> dict[str, Figures]:
        """By «kind» or «area»; an area that is not known is «»."""
        return await self._ask(lambda columns: columns.figures_by(asked, by))

    async def figures_by_agency(self, asked: Asked) -> dict[str, Figures]:
        """By the agency that acts first on a kind."""
        owner = {code: self.city.category_by_code[code].agency for code in self.kinds}
        return await self._ask(lambda columns: columns.figures_by_owner(asked, owner))

    async def figures_by_time(self, asked: Asked, edges: Sequence[datetime]) -> dict[datetime, Figures]:
        """By when they were received: from each edge up to the next."""
        return await self._ask(lambda columns: columns.figures_by_time(asked, edges))

    async def span(self, asked: Asked) -> tuple[int, int] | None:
        return await self._ask(lambda columns: columns.span(asked))

    async def positions(self, asked: Asked, *, before: int | None = None, limit: int) -> list[int]:
        """The newest that were asked for, below a position."""
        return await self._ask(lambda columns: columns.positions(asked, before=before, limit=limit))

    async def rows(self, positions: Sequence[int]) -> list[OpenRow]:
        """These reports, the newest first; one whose kind is not public any more is passed over."""
        found = await self._store.at(positions)
        return [row for row in found if row.kind in self.kinds and row.state != "held"]

    async def _ask(self, question: Callable[[Columns], T]) -> T:
        columns = self._columns
        if len(columns) < ASIDE_FROM:
            return question(columns)
        return await asyncio.to_thread(question, columns)


class _Maker:
    """Makes rows of facts."""

    def __init__(self, journal: JournalReader, city: City) -> None:
        self._journal = journal
        self._blur = Blur(city)

    async def made(self, store: _Rows, batch: Sequence[FactWithContent]) -> list[OpenRow]:
        """The rows that these facts changed, as they are after them."""
        told = [(fact, content) for fact, content in batch if fact.stream.startswith("report/")]
        new = {fact.stream for fact, _ in told if isinstance(fact.event, e.ReportReceived)}
        old = {fact.stream.partition("/")[2] for fact, _ in told if fact.stream not in new}
        rows = {row.id: row for row in await store.rows(old)} if old else {}
        before, points = dict(rows), dict[str, Point | None]()
        for fact, content in told:
            _fold(rows, points, fact, content)
        moved = {id for id, row in rows.items() if id in points or _is_of_other_kind(before.get(id), row)}
        await self._find(points, [rows[id] for id in moved - points.keys()])
        for id in moved:
            lat, lon = self._blur.shown(rows[id].kind, points.get(id))
            rows[id] = replace(rows[id], lat=lat, lon=lon)
        return [row for id, row in rows.items() if row is not before.get(id)]

    async def _find(self, points: dict[str, Point | None], rows: Sequence[OpenRow]) -> None:
        """The exact points of rows whose kind, and with it the blur, became another one."""
        wanted = [row.place_content for row in rows if row.place_content]
        contents: Mapping[str, Any] = await self._journal.contents(wanted) if wanted else {}
        for row in rows:
            points[row.id] = point_of(contents.get(row.place_content or ""))


def _is_of_other_kind(before: OpenRow | None, row: OpenRow) -> bool:
    return before is not None and before.kind != row.kind


def _fold(
    rows: dict[str, OpenRow], points: dict[str, Point | None], fact: Fact, content: Mapping[str, Any] | None
) -> None:
    """The row after one fact, and its exact point where the fact told or took one."""
    id, event = fact.stream.partition("/")[2], fact.event
    row = rows.get(id)
    if isinstance(event, e.ReportReceived):
        if event.sensitive:
            return
        changed = received(fact, event)
    elif row is None:
        return
    else:
        changed = after(row, fact)
    if changed is row:
        return
    rows[id] = changed
    if event.kind in TELL_PLACE or event.kind == ERASED:
        # a row without the content's name is of a place outside the city, and has no point
        points[id] = None if event.kind == ERASED or changed.place_content is None else point_of(content)
