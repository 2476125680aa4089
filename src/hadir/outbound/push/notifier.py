"""Follows the journal and turns facts into notices, by the one table in `table`.

At least once: the position is saved after the notices are stored, and a notice made twice is one (its position, its
receiver and what it says name it). Whoever does something with a thing has been told of it: his fact ends his notices.
"""

from collections.abc import Callable, Sequence
from typing import Any

from hadir.domain.notice import Notice
from hadir.domain.people import Role
from hadir.outbound.kit import cursor
from hadir.outbound.push.table import NOTICES, Scene, notices_of
from hadir.ports.cursors import Cursors
from hadir.ports.ids import Ids
from hadir.ports.journal import Fact, JournalReader
from hadir.ports.notices import Notices
from hadir.ports.people import People
from hadir.views.board import Board
from hadir.views.picture import key_of

NAME = "notices"
# Opened for the first time, or after long: what is older than so many facts wakes nobody.
BACK_MOST = 20_000
BOARD_WAIT_S = 5.0
#: by these, nothing is pressed that would end a notice
_NOT_PEOPLE = frozenset({Role.CITIZEN, Role.SYSTEM, Role.INTEGRATOR})
_GROUPS = frozenset({"orders", "tasks", "incidents", "units"})
#: one of those who were told has it in hand, or it was taken back: nobody else has to be woken
TAKEN = frozenset({"unit.alarm_acknowledged", "unit.alarm_closed", "task.unassigned"})


class Notifier:
    """Facts in, notices out."""

    def __init__(
        self,
        *,
        journal: JournalReader,
        cursors: Cursors,
        board: Board,
        people: People,
        notices: Notices,
        ids: Ids,
        wake: Callable[[], None],
    ) -> None:
        """`wake`: called when there is something to bring."""
        self._journal = journal
        self._cursors = cursors
        self._board = board
        self._people = people
        self._notices = notices
        self._ids = ids
        self._wake = wake

    async def follow(self) -> None:
        """For ever."""
        await cursor.follow(self._journal, self._cursors, NAME, self.take, back_most=BACK_MOST)

    async def take(self, facts: Sequence[Fact]) -> None:
        """What follows from these facts, in order."""
        for fact in facts:
            group, id = key_of(fact.stream)
            if fact.role not in _NOT_PEOPLE and group in _GROUPS:
                await self._notices.delivered(fact.actor, f"{group}/{id}", fact.at, fact.event.kind)
            if fact.event.kind in TAKEN:
                await self._over(f"{group}/{id}", fact)
            if fact.event.kind in NOTICES and (found := await self._follows(fact, group, id)):
                await self._notices.add(found)
                self._wake()
            if getattr(fact.event, "consequence", None) == "channel":
                await self._notices.hasten(fact.event.to, f"{group}/{id}", fact.at)
                self._wake()

    async def _over(self, about: str, fact: Fact) -> None:
        for to in {standing.notice.to for standing in await self._notices.about(about)}:
            await self._notices.delivered(to, about, fact.at, fact.event.kind)

    async def _follows(self, fact: Fact, group: str, id: str) -> list[Notice]:
        await self._board.wait(fact.position, BOARD_WAIT_S)
        row = await self._board.find(group, id)
        if row is None:
            return []
        incident_id = id if group == "incidents" else getattr(row, "incident", None)
        scene = Scene(
            fact=fact,
            row=row,
            incident=self._board.row("incidents", incident_id) if incident_id else None,
            accounts=await self._people.accounts(),
            city=self._board.city,
            orders=self._carried_out(id, incident_id) if group == "tasks" and incident_id else (),
        )
        return notices_of(scene, f"{group}/{id}", self._ids.new)

    def _carried_out(self, task: str, incident: str) -> tuple[Any, ...]:
        """The orders that this task carries out."""
        rows = [self._board.row("orders", id) for id in self._board.orders_of(incident)]
        return tuple(row for row in rows if row is not None and row.task == task)
