"""What a row shows of other rows: an incident's counts and people, a unit's task, an order's task. Pure.

Always made anew from the members, never counted up: a fact that is applied twice, or a room loaded again, gives the
same row.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from hadir.domain.city import City
from hadir.domain.report import State as ReportState
from hadir.domain.task import ENDED
from hadir.domain.task import State as TaskState
from hadir.views.rows import IncidentRow, OrderRow, ReportRow, Step, TaskRow, UnitRow

_ENDED = frozenset(state.value for state in ENDED)
#: The officer is at it: taken, under way, there. Not «done»: then he may get the next one.
_AT_WORK = frozenset({TaskState.ACCEPTED.value, TaskState.EN_ROUTE.value, TaskState.ON_SCENE.value})
#: Task states that an officer's row shows as his own state.
_SHOWN = frozenset({TaskState.EN_ROUTE.value, TaskState.ON_SCENE.value})
#: Task states that «accepted» of its order has said already: one press makes the task, gives it to him and takes it.
_UNTIL_ACCEPTED = frozenset({TaskState.GIVEN.value, TaskState.ASSIGNED.value, TaskState.ACCEPTED.value})

#: photos on a public page: more say nothing new
PHOTOS_MOST = 12


def incident_of(row: IncidentRow, reports: list[ReportRow], tasks: list[TaskRow]) -> IncidentRow:
    """The incident with what its reports and tasks make of it. Reports and tasks in any order."""
    live = [t for t in tasks if t.state != TaskState.CANCELLED]
    return replace(
        row,
        reports=len(reports),
        people=len(reports) + row.me_too,
        last_report_at=max((r.since for r in reports if r.since), default=None),
        tasks=tuple(sorted(t.id for t in tasks)),
        officers=tuple(sorted({t.officer for t in live if t.officer and t.state not in _ENDED})),
        agencies=tuple(sorted({t.agency for t in live})),
        disputed=any(r.state == ReportState.DISPUTED for r in reports),
        sensitive=bool(reports) and all(r.sensitive for r in reports),
        photos=tuple([photo for r in reports if r.open_photos for photo in r.open_photos][:PHOTOS_MOST]),
    )


def order_of(row: OrderRow, task: TaskRow | None, device_at: object = None) -> OrderRow:
    """The order with its task's state; each new one is a step on the commander's screen."""
    if task is None or task.state == row.task_state:
        return row
    if row.task_state is None or _told_by_accepting(row, task):
        return replace(row, task_state=task.state)
    step = Step(state=task.state, at=task.state_at, device_at=device_at)  # pyright: ignore[reportArgumentType]
    return replace(row, task_state=task.state, steps=(*row.steps, step))


def _told_by_accepting(row: OrderRow, task: TaskRow) -> bool:
    accepted = TaskState.ACCEPTED.value
    if not row.steps or row.steps[-1].state != accepted or row.task_state == accepted:
        return False
    return {row.task_state, task.state} <= _UNTIL_ACCEPTED


def unit_of(row: UnitRow, tasks: Iterable[TaskRow], city: City) -> UnitRow:
    """The officer with the task he is at, and the state that is newer: the key he pressed, or his task's."""
    tasks = list(tasks)
    at_work = [t for t in tasks if t.state in _AT_WORK]
    busy = max(at_work, key=lambda t: (t.state_at, t.id), default=None)
    state, since = row.pressed, row.pressed_at or row.since
    if busy and busy.state in _SHOWN and (row.pressed_at is None or busy.state_at > row.pressed_at):
        known = city.status_by_key.get(busy.state)
        if known and known.by_task:
            state, since = busy.state, busy.state_at
    done = [t.state_at for t in tasks if t.state == TaskState.DONE]
    worked_until = max(filter(None, [row.worked_until, *done]), default=None)
    return replace(
        row,
        busy_with=busy.id if busy else None,
        state=state,
        since=since,
        worked_until=worked_until,
        proposed=row.proposed if _still_open(row, at_work) else None,
    )


#: What may still be proposed of a task in this state.
_AHEAD = {TaskState.ACCEPTED.value: _SHOWN, TaskState.EN_ROUTE.value: frozenset({TaskState.ON_SCENE.value})}


def _still_open(row: UnitRow, at_work: list[TaskRow]) -> bool:
    """He has not said himself what his positions say."""
    said = row.proposed
    return said is not None and any(t.id == said.task and said.state in _AHEAD.get(t.state, ()) for t in at_work)
