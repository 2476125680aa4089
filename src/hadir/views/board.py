"""The board: follows the journal, keeps the picture and its tables, and tells the doors what each viewer has to know.

Life: `await board.start()` loads what is open and catches up; then one task runs `follow()` until it is cancelled.
Concurrency: one event loop; only `follow` folds. A batch is folded, its rows, deltas and position are written in one
transaction, and only then the position moves and the listeners are called, in order and without a gap. That
transaction is not waited for on the disk: where a killed server lost the last ones, the picture goes back to where the
tables stand and folds from there; listeners hear nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar

from hadir.domain.assign import Learned
from hadir.domain.city import City
from hadir.domain.people import Account, Sight, audience_of
from hadir.domain.values import Actor
from hadir.ports.journal import FactWithContent, JournalReader
from hadir.ports.views import Delta, ViewBatch, Viewport, ViewRow, ViewsBehind, ViewStore, ViewsUnavailable
from hadir.views.alike import alike
from hadir.views.audience import Renderer, fields_of, frames, sight_on, visible
from hadir.views.audience import board as rendered
from hadir.views.dispatch import Spot, dispatch, spot
from hadir.views.erase import blanked
from hadir.views.map import Mark, by_metres, stored_mark, within
from hadir.views.picture import ALWAYS, Picture, key_of
from hadir.views.rebuild import Progress, Rebuild, silent
from hadir.views.rows import GROUPS, PlaceRow, UnitRow, restored
from hadir.views.shelf import Shelf, view_row
from hadir.views.talk import photos_of
from hadir.views.timeline import Item, Speaker, timeline
from hadir.views.triage import SAME, around, opinion

T = TypeVar("T")

log = logging.getLogger(__name__)

#: Called after the commit with the deltas of a batch and the position it reaches. Must not block.
Listener: TypeAlias = Callable[[Sequence[Delta], int], None]

#: Facts folded and committed together: enough to catch up fast, few enough that a reader waits only milliseconds.
BATCH = 500
#: Further behind than this, making the tables anew by COPY is quicker than following.
FAR_BEHIND = 20_000
#: So many facts in one step are a burst: then facts gather for a moment, since a transaction for each handful of them
#: costs more than folding them. A viewer gets them by the live stream's tick, which is as long, all the same.
CROWD, GATHER_S = 3, 0.025
#: How long to wait for news before looking at the journal oneself.
LOOK_S = 5.0
#: Between two tries to reach the tables.
AGAIN_S = 1.0

_BEHIND = {"action": "board_tables_behind"}


class Overtaken(Exception):
    """Another process has stored more than this one has folded: what is asked back may be of a later moment."""


class _OwnTime:
    """The tables as of this process's position; raises Overtaken when they are past it."""

    def __init__(self, board: Board) -> None:
        self._board = board

    async def row(self, group: str, id: str) -> bytes | None:
        return await self._checked(await self._board.store.row(group, id))

    async def room(self, incident_id: str) -> list[tuple[str, bytes]]:
        return await self._checked(await self._board.store.room(incident_id))

    async def _checked(self, found: T) -> T:
        if await self._board.store.position() > self._board.position:
            raise Overtaken
        return found


class Board:
    """The one picture of this process."""

    def __init__(
        self, *, journal: JournalReader, store: ViewStore, city: City, officers: Iterable[Account] = ()
    ) -> None:
        self.city = city
        self.journal = journal
        self.store = store
        self.position = 0
        #: how far the listeners have been told
        self._told = 0
        self.picture = Picture(city, officers)
        self._officers = tuple(officers)
        self._renderer = Renderer(city)
        self._shelf = Shelf(self.picture, _OwnTime(self), self._renderer.stored)
        self._listeners: list[Listener] = []
        self._forgotten: list[Callable[[], None]] = []
        self._answers: dict[tuple[str, tuple[str, ...]], bytes] = {}
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._folding = asyncio.Lock()
        #: a step failed in the middle: the picture is ahead of what was stored and told, and must be loaded anew
        self._half_folded = False

    # ── following ────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self, progress: Progress = silent) -> int:
        """Load what is open, and catch up with the journal; the position reached."""
        newest = await self.journal.position()
        if newest - await self.store.position() > FAR_BEHIND:
            await self.rebuild(progress)
        await self._load()
        while await self.step():
            progress(self.position, newest)
        return self.position

    async def _load(self) -> None:
        """The picture as the tables have it now."""
        self.position, rows = await self.store.kept()
        loaded = [(group, restored(group, body)) for group, body in rows]
        self.picture.take_standing((g, row) for g, row in loaded if g in ALWAYS)
        self.picture.take(loaded)
        self.picture.position = self.position

    async def follow(self) -> None:
        """Until cancelled: fold what comes."""
        while True:
            await self.journal.wait(self.position, LOOK_S)
            if CROWD <= await self.step() < BATCH:
                await asyncio.sleep(GATHER_S)

    async def step(self) -> int:
        """Fold and store one batch; how many facts it had."""
        async with self._folding:
            if self._half_folded:
                await self._reload()
            batch = await self.journal.read_with_contents(self.position, BATCH)
            self._half_folded = bool(batch)
            try:
                if batch:
                    await self._take_in(batch)
                elif await self.store.position() < self.position:
                    raise ViewsBehind
            except (Overtaken, ViewsBehind):
                await self._jump()
            self._half_folded = False
            return len(batch)

    async def _reload(self) -> None:
        """The picture as the tables have it. Where officers are is no fact: that is kept from the old one."""
        units = self.picture.units
        self.picture = Picture(self.city, self._officers)
        self._shelf = Shelf(self.picture, _OwnTime(self), self._renderer.stored)
        await self._load()
        for unit in units.values():
            if unit.placed_at is not None:
                self.picture.moved(unit.id, unit.place, unit.placed_at)

    async def _jump(self) -> None:
        """To where the tables are: on to what another process wrote and told, or back to what a killed server kept."""
        came_from = self.position
        await self._reload()
        if self.position < came_from:
            log.warning("The tables lost %d facts; folding them again", came_from - self.position, extra=_BEHIND)
        deltas = [delta for delta in await self.store.told(came_from) if delta.position <= self.position]
        if came_from < await self.store.kept_after():
            self._forget()
        self._arrived(deltas)

    async def _take_in(self, batch: list[FactWithContent]) -> None:
        deltas = [delta for fact in batch if (delta := await self._fold(fact)).renderings]
        last = batch[-1][0]
        rows = self._shelf.collect()
        self._renderer.written()
        await self._write(ViewBatch(after=self.position, position=last.position, at=last.at, rows=rows, deltas=deltas))
        self.position = last.position
        self._arrived(deltas)

    def _arrived(self, deltas: Sequence[Delta]) -> None:
        self._answers.clear()
        self._wake()
        fresh = [delta for delta in deltas if delta.position > self._told]
        self._told = max(self._told, self.position)
        for listener in self._listeners:
            listener(fresh, self._told)

    def _forget(self) -> None:
        for listener in self._forgotten:
            listener()

    async def _fold(self, told: FactWithContent) -> Delta:
        fact, content = told
        brought = await self._shelf.fetch(fact)
        touched = self._shelf.fold(fact, content)
        delta = Delta(fact.position, frames(self.picture, touched, fact, self._renderer))
        self._renderer.forget(self._shelf.let_go(touched.rows.keys() | brought))
        return delta

    async def _write(self, batch: ViewBatch) -> None:
        """Until it is written: a follower that skips a batch has lost it."""
        while True:
            try:
                return await self.store.write(batch)
            except ViewsUnavailable:
                log.warning("The board's tables cannot be reached; trying again", extra={"action": "board_write_again"})
                await asyncio.sleep(AGAIN_S)

    # ── listeners and waiters ────────────────────────────────────────────────────────────────────────────────────

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hand the deltas of every batch from now on to the listener; the result ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def on_forgotten(self, listener: Callable[[], None]) -> None:
        """Call this when deltas were forgotten because something was erased: everyone has to fetch the board again."""
        self._forgotten.append(listener)

    async def wait(self, position: int, timeout: float) -> bool:
        """Has the board taken in everything up to `position`, at the latest after `timeout` seconds?"""
        if self.position >= position:
            return True
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((position, future))
        try:
            # Not wait_for: in Python 3.11 it swallows a cancellation that comes with the result.
            async with asyncio.timeout(timeout):
                await future
        except TimeoutError:
            self._waiting = [(wanted, other) for wanted, other in self._waiting if other is not future]
        return self.position >= position

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for wanted, future in waiting:
            if wanted > self.position:
                self._waiting.append((wanted, future))
            elif not future.done():
                future.set_result(None)

    # ── what doors ask ───────────────────────────────────────────────────────────────────────────────────────────

    async def board(self, audience: str, things: tuple[str, ...] | None = None) -> bytes:
        """{"epoch", "position", "board": {"reports": […], …}} as JSON. The position was taken before the rows."""
        groups = GROUPS if things is None else things
        answer = self._answers.get((audience, groups))
        if answer is None:
            head = b'{"epoch":"%s","position":%d,"board":' % (self.journal.epoch.encode(), self.position)
            answer = head + rendered(self.picture, audience, self._renderer, groups) + b"}"
            self._answers[audience, groups] = answer
        return answer

    def row(self, things: str, id: str) -> Any:
        """A row of the board that is in memory, as the server has it; None for what is over or never was."""
        return self.picture.groups[things].get(id)

    async def find(self, things: str, id: str) -> Any:
        """A row, also of what is over."""
        row = self.row(things, id)
        if row is None and (body := await self.store.row(things, id)) is not None:
            row = restored(things, body)
        return row

    async def goes_on_as(self, incident_id: str) -> str:
        """The incident that this id is a link to, since it was merged into that; or itself."""
        while (row := await self.find("incidents", incident_id)) is not None and row.merged_into is not None:
            incident_id = row.merged_into
        return incident_id

    async def shown(self, audience: str, things: str, id: str) -> bytes | None:
        """One row as this audience sees it, also what is over for those who see all; None: not his to see."""
        sight, row = self._sight(audience, things, id), await self.find(things, id)
        return None if sight is None or row is None else self._renderer.row(things, row, sight)

    def visible(self, actor: Actor, things: str, id: str) -> bool:
        """May this actor see this thing, a photo («photos») included?"""
        audience = audience_of(actor)
        if things == "photos":
            return audience == Sight.CITY or id in self._photos(audience)
        return self._sight(audience, things, id) is not None

    def _sight(self, audience: str, things: str, id: str) -> Sight | None:
        """Those who see all see what is over, too."""
        if audience == Sight.CITY:
            return Sight.CITY
        # A notice's stream stands on a timeline and is no row: how a person was reached is the city's to know.
        row = self.row(things, id) if things else None
        return None if row is None else sight_on(self.picture, audience, things, row)

    def _photos(self, audience: str) -> set[str]:
        """Photos that stand on something this audience sees."""
        rows = visible(self.picture, audience, ("reports", "tasks"))
        return {photo for group, row, sight in rows for photo in _shown_photos(group, row, sight)}

    async def timeline(self, actor: Actor, incident_id: str, speaker: Speaker) -> list[Item] | None:
        """What happened to an incident, as far as the actor may see it, by position.

        None: not his to read. What everybody may see of an incident is its state, not its story.
        """
        audience, incident_id = audience_of(actor), await self.goes_on_as(incident_id)
        sight = self._sight(audience, "incidents", incident_id)
        if sight is None or sight is Sight.PUBLIC:
            return None
        row = await self.find("incidents", incident_id)
        if row is None:
            return None
        return await timeline(self.journal, row, speaker, partial(self._sees_stream, audience), sight)

    def _sees_stream(self, audience: str, stream: str) -> bool:
        return self._sight(audience, *key_of(stream)) is not None

    async def viewport(self, audience: str, port: Viewport) -> list[Mark]:
        """Reports on the map, the newest first: for the city of any state, for others those of their board."""
        if audience == Sight.CITY:
            return [stored_mark(body) for body in await self.store.viewport(port)]
        return within(port, (row for _, row, _ in visible(self.picture, audience, ("reports",))))

    async def nearest(self, lat: float, lon: float, limit: int = 20) -> list[tuple[float, Mark]]:
        """(metres, report) of the nearest reports of any state. For those who see all."""
        # By degrees a little east seems nearer than it is: twice as many are asked for and ranked by metres.
        bodies = await self.store.nearest(lat, lon, limit * 2)
        return by_metres(lat, lon, map(stored_mark, bodies))[:limit]

    def dispatch(self, incident_id: str, audience: str, lang: str, now: datetime) -> dict[str, Any] | None:
        """Who can go to an incident, in order; None when it is not on the board."""
        row = self.row("incidents", incident_id)
        return None if row is None else dispatch(self.picture, row, audience, lang, now)

    async def triage(self, report_id: str, learned: Learned | None, lang: str, now: datetime) -> dict[str, Any] | None:
        """What triage makes of a report, worked out now; for those who see all. None: there is no such report."""
        row = await self.find("reports", report_id)
        if row is None:
            return None
        over = await self.store.lately_over(around(row, self.city, now)) if row.place.lat is not None else []
        same = self.picture.nearby.likeliest(row, [restored("reports", body) for body in over], SAME)
        return opinion(row, self.city, learned, same, lang)

    def alike(self, incident_id: str, lang: str) -> list[dict[str, Any]] | None:
        """Other open incidents that may be the same, with reasons; None when it is not on the board."""
        row = self.row("incidents", incident_id)
        return None if row is None else alike(self.picture, row, lang)

    def spot(self, incident_id: str) -> Spot | None:
        """Where an incident is, as well as is known."""
        row = self.row("incidents", incident_id)
        return None if row is None else spot(self.picture, row)

    # ── what hangs on an incident (ports.relations) ──────────────────────────────────────────────────────────────

    def reports_of(self, incident_id: str) -> tuple[str, ...]:
        return self._members(incident_id, "reports")

    def tasks_of(self, incident_id: str) -> tuple[str, ...]:
        return self._members(incident_id, "tasks")

    async def works_of(self, incident_id: str) -> tuple[str, ...]:
        row = await self.find("incidents", incident_id)
        return () if row is None else tuple(row.tasks)

    def orders_of(self, incident_id: str) -> tuple[str, ...]:
        return self._members(incident_id, "orders")

    def heard_at(self, person: str) -> datetime | None:
        row = self.picture.units.get(person)
        return None if row is None else row.seen_at

    def _members(self, incident_id: str, group: str) -> tuple[str, ...]:
        room = self.picture.rooms.get(incident_id)
        return () if room is None else tuple(sorted(getattr(room, group)))

    # ── people, readings, erasures, rebuilding ───────────────────────────────────────────────────────────────────

    def staff(self, officers: Iterable[Account]) -> None:
        """The accounts have changed. Screens learn of a new officer with the next board they fetch."""
        self._officers = tuple(officers)
        self.picture.staff(self._officers)
        self._answers.clear()

    def moved(self, person: str, place: PlaceRow, at: datetime) -> UnitRow | None:
        """An officer's position: a reading. The row as it is now; None if it is old or nobody's."""
        row = self.picture.moved(person, place, at)
        if row is not None:
            self._answers.clear()
        return row

    async def blank(self, contents: Iterable[str]) -> None:
        """These contents were erased in the journal: take them out of every row, and forget what was told of them."""
        async with self._folding:
            await self._blank(set(contents))
        self._forget()

    async def _blank(self, contents: set[str]) -> None:
        found = {
            (group, row.id): row
            for group, body in await self.store.showing(contents)
            for row in [restored(group, body)]
        }
        found |= {(g, row.id): row for g, rows in self.picture.groups.items() for row in rows.values()}
        changed: list[ViewRow] = []
        for (group, _), row in found.items():
            blank = blanked(group, row, contents)
            if blank is not row:
                self.picture.overwrite(group, blank)
                changed.append(view_row(self.picture, group, blank))
                self._renderer.forget([(group, blank.id)])
        await self.store.blank(changed)
        self._answers.clear()

    async def rebuild(self, progress: Progress = silent) -> int:
        """Make the tables anew from the first fact while the old ones go on serving; the position reached."""
        return await self._rebuild(progress).swapped(self._folding)

    async def compare(self, progress: Progress = silent) -> list[tuple[str, str]]:
        """(group, id) of rows that the journal would make otherwise; empty when the tables are right."""
        return await self._rebuild(progress).compared(self._folding)

    def _rebuild(self, progress: Progress) -> Rebuild:
        return Rebuild(self.journal, self.store, self.city, self._officers, progress)


def _shown_photos(group: str, row: Any, sight: Sight) -> Iterator[str]:
    """Ids of the photos that this sight shows of a row: also the ones that stand beside a proof, to be compared."""
    yield from (photo.id for photo in (row.photos if group == "reports" else row.done_photos))
    if group == "reports":
        yield from photos_of(row.talk)
    if group == "tasks" and row.proof is not None and "proof" in fields_of(sight, "tasks"):
        yield from (same.photo for photo in row.proof.photos for same in photo.same)
