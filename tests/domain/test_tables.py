"""Each life cycle is a table: walked whole, so that no arrow is dead and no state a trap by accident."""

from enum import StrEnum

import pytest

from hadir.domain import flood, incident, order, report, task
from hadir.domain.events import ASIDE, KINDS
from hadir.domain.machine import Impossible, Table, after

MACHINES: dict[str, tuple[Table, StrEnum, frozenset]] = {
    "report": (report.TABLE, report.State.RECEIVED, frozenset()),
    "incident": (incident.TABLE, incident.State.OPEN, frozenset()),
    "task": (task.TABLE, task.State.GIVEN, task.ENDED),
    "order": (order.TABLE, order.State.SENT, order.ENDED | {order.State.ACCEPTED}),
    "area": (flood.TABLE, flood.State.NO_NEWS, frozenset()),
}


def reachable(table: Table, start: StrEnum) -> set[StrEnum]:
    found, todo = {start}, [start]
    while todo:
        for state in table[todo.pop()].values():
            if state not in found:
                found.add(state)
                todo.append(state)
    return found


@pytest.mark.parametrize("noun", MACHINES)
def test_every_state_has_a_row_and_can_be_reached(noun: str) -> None:
    table, start, _ = MACHINES[noun]
    assert set(table) == set(type(start))
    assert reachable(table, start) == set(type(start))


@pytest.mark.parametrize("noun", MACHINES)
def test_only_the_named_ends_have_no_way_out(noun: str) -> None:
    """An accepted order may be late, and stays what it is: the way on is its task's."""
    table, _, ends = MACHINES[noun]
    assert {state for state, row in table.items() if set(row.values()) <= {state}} == set(ends)


def test_each_event_but_the_first_ones_moves_some_machine() -> None:
    moved = {event for table, _, _ in MACHINES.values() for row in table.values() for event in row}
    starting = {"report.received", "incident.opened", "task.given", "order.sent", "unit.status_set"}
    starting |= {kind for kind, _ in KINDS if kind.startswith("unit.")}  # a person has keys and alarms, no life cycle
    starting |= {"notice.channel_changed"}  # says that somebody was reached otherwise; it moves nothing
    assert {cls.kind for cls in KINDS.values()} - {cls.kind for cls in moved | ASIDE} == starting


def test_a_journal_that_breaks_the_table_is_not_read_as_if_nothing_were_wrong() -> None:
    from hadir.domain.events import TaskVerified

    with pytest.raises(Impossible, match=r"task\.verified in state given"):
        after(task.TABLE, task.State.GIVEN, TaskVerified())
