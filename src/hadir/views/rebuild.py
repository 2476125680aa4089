"""The board's tables made anew from the first fact, beside the ones in use, which go on serving.

A picture of its own folds the journal in batches. A row is written when it is let go (over, and rarely heard of again)
or at the end; rows that come back later are replaced. When the end of the journal is near, the side is made as quick to
ask as the tables in use, catches up once more, and takes their place in one transaction. Deltas are not made: they stay
as they are. The next batch is asked for before the present one is folded, so that the database works meanwhile.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TypeAlias

from hadir.domain.city import City
from hadir.domain.people import Account
from hadir.ports.journal import FactWithContent, JournalReader
from hadir.ports.views import Side, ViewRow, ViewStore
from hadir.views.picture import Picture
from hadir.views.rows import Key
from hadir.views.shelf import Shelf

#: Called now and then with (position reached, newest position).
Progress: TypeAlias = Callable[[int, int], None]

BATCH = 4_000
#: Facts folded before other tasks get their turn: some ten milliseconds.
TURN = 250
#: Two batches with their events and contents, and several times as many: they come and go without a single cycle, and
#: when 200,000 of them were looked through again and again, that was a seventh of a rebuild.
YOUNG = 1_000_000


def silent(position: int, newest: int) -> None:
    """No progress is wanted."""


class Rebuild:
    """One rebuild; use it once."""

    def __init__(
        self, journal: JournalReader, store: ViewStore, city: City, officers: Iterable[Account], progress: Progress
    ) -> None:
        self._journal = journal
        self._store = store
        self._picture = Picture(city, officers)
        self._progress = progress
        self._finished = False
        self.position = 0

    async def swapped(self, folding: asyncio.Lock) -> int:
        """Build and take the place of the rows in use; the position reached.

        `folding` is held for the swap, so that this process stands still meanwhile.
        """
        async with self._side() as side, folding:
            while True:
                await self._catch_up(side, at_least=await self._store.position())
                if await side.swap(self.position):
                    return self.position

    async def compared(self, folding: asyncio.Lock) -> list[tuple[str, str]]:
        """Build, compare with the rows in use as of the same position, and give it up."""
        async with self._side() as side, folding:
            await self._catch_up(side, at_least=await self._store.position())
            return await side.differences()

    @asynccontextmanager
    async def _side(self) -> AsyncIterator[Side]:
        side = await self._store.side()
        try:
            with _resting_collector():
                await self._build(side)
            yield side
        finally:
            await side.drop()

    async def _build(self, side: Side) -> None:
        shelf = self._shelf = Shelf(self._picture, side)
        await self._fold_all(side)
        await self._flush(side, shelf.collect(), fresh_unless=shelf.taken)
        await side.finish()
        self._finished = True
        await self._catch_up(side)

    async def _catch_up(self, side: Side, at_least: int = 0) -> None:
        """What came meanwhile; another process may have stored a position that this one has not heard of yet."""
        while True:
            await self._fold_all(side)
            await side.replace(self._shelf.collect())
            if self.position >= at_least:
                return
            await self._journal.wait(self.position, 1.0)

    async def _fold_all(self, side: Side) -> None:
        newest = await self._journal.position()
        reading = asyncio.create_task(self._journal.read_with_contents(self.position, BATCH))
        writing: asyncio.Task[None] | None = None
        try:
            while batch := await reading:
                self.position = batch[-1][0].position
                reading = asyncio.create_task(self._journal.read_with_contents(self.position, BATCH))
                await self._fold(batch)
                if writing is not None:
                    await writing
                writing = asyncio.create_task(self._flush(side, self._shelf.left_rows(), self._shelf.taken))
                self._progress(self.position, max(newest, self.position))
            if writing is not None:
                await writing
        finally:
            await _ended(reading, writing)

    async def _fold(self, batch: list[FactWithContent]) -> None:
        shelf = self._shelf
        for number, (fact, content) in enumerate(batch):
            if number % TURN == 0:
                await asyncio.sleep(0)
            brought = await shelf.fetch(fact) if shelf.lacks(fact) else ()
            touched = shelf.fold(fact, content)
            shelf.let_go((*touched.rows, *brought))

    async def _flush(self, side: Side, rows: list[ViewRow], fresh_unless: set[Key]) -> None:
        """New rows by COPY; those that may be there already the slower way."""
        if self._finished:
            return await side.replace(rows)
        await side.add([row for row in rows if (row.group, row.id) not in fresh_unless])
        await side.replace([row for row in rows if (row.group, row.id) in fresh_unless])


@contextmanager
def _resting_collector() -> Iterator[None]:
    """The collector finds nothing in facts and rows, and looking for it costs a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], YOUNG), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


async def _ended(*tasks: asyncio.Task[object] | None) -> None:
    """After an error: nothing of it goes on behind one's back."""
    for task in tasks:
        if task is not None and not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
