"""«Salah paham»: how orders went in a time, from their rows: each hop's p50 and p90, read back, corrected. Pure.

A hop is the time between two steps that follow each other. An order was *misunderstood* when something was read back
otherwise than it was said, or when the commander corrected it after hearing it back. Orders taken back before anybody
had said them back are not counted: nobody was there to misunderstand them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from math import ceil
from typing import Any

from hadir.domain.order import State
from hadir.domain.task import State as TaskState
from hadir.views.rows import OrderRow

_WAY = (State.SENT, State.DELIVERED, State.SEEN, State.READ_BACK, State.CONFIRMED, State.ACCEPTED)
_WORK = (TaskState.EN_ROUTE, TaskState.ON_SCENE, TaskState.DONE)
_STATES = tuple(state.value for state in (*_WAY, *_WORK))
#: (from, to) of each hop → its name; `understood` goes from the first word to the first «right».
HOPS = {pair: pair[1] for pair in pairwise(_STATES)}
UNDERSTOOD = "understood"
NAMES = (*HOPS.values(), UNDERSTOOD)
_TAKEN_BACK = frozenset({State.CANCELLED.value, State.SUPERSEDED.value})

#: The list that a number opens to is for reading: so many, the newest.
LISTED_MOST = 500


def hops_of(row: OrderRow) -> dict[str, list[float]]:
    """Seconds of each hop, by name; a corrected order has gone the first ones more than once."""
    found: dict[str, list[float]] = {}
    for one, two in pairwise(row.steps):
        if name := HOPS.get((one.state, two.state)):
            found.setdefault(name, []).append((two.at - one.at).total_seconds())
    confirmed = next((step for step in row.steps if step.state == State.CONFIRMED.value), None)
    if confirmed is not None:
        found[UNDERSTOOD] = [(confirmed.at - row.steps[0].at).total_seconds()]
    return found


def marks_of(row: OrderRow) -> tuple[str, ...]:
    """Which of read_back, corrected, misunderstood, late, counted this order is."""
    backs = [step for step in row.steps if step.state == State.READ_BACK.value]
    after = any(
        one.state == State.READ_BACK.value and two.state == State.SENT.value for one, two in pairwise(row.steps)
    )
    marks = {
        "counted": bool(backs) or row.state not in _TAKEN_BACK,
        "read_back": bool(backs),
        "corrected": after,
        "misunderstood": after or any(step.differs for step in backs),
        "late": bool(row.overdue) or row.state == State.EXPIRED.value,
    }
    return tuple(name for name, is_so in marks.items() if is_so)


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of sorted values: one that was really measured."""
    return values[max(0, ceil(share * len(values)) - 1)]


def stats(rows: Iterable[OrderRow], since: datetime, until: datetime) -> dict[str, Any]:
    """The figure and what it is made of, as `GET /api/v1/orders/stats` answers it. Times in seconds."""
    told = [(row, marks_of(row), hops_of(row)) for row in sorted(rows, key=lambda row: row.id, reverse=True)]
    counted = sum("counted" in marks for _, marks, _ in told)
    back = sum("read_back" in marks for _, marks, _ in told)
    return {
        "from": since,
        "to": until,
        "given": len(told),
        "counted": counted,
        "read_back": _share(told, "read_back", counted),
        "corrected": _share(told, "corrected", back),
        "misunderstood": _share(told, "misunderstood", back),
        "late": _share(told, "late", len(told)),
        "hops": [_hop(name, [s for _, _, hops in told for s in hops.get(name, ())]) for name in NAMES],
        "orders": [_listed(row, marks, hops) for row, marks, hops in told[:LISTED_MOST]],
    }


def _share(told: Sequence[tuple[OrderRow, tuple[str, ...], Any]], mark: str, of: int) -> dict[str, Any]:
    n = sum(mark in marks for _, marks, _ in told)
    return {"n": n, "of": of, "share": round(n / of, 4) if of else None}


def _hop(name: str, values: list[float]) -> dict[str, Any]:
    values.sort()
    measured = {"p50_s": percentile(values, 0.5), "p90_s": percentile(values, 0.9)} if values else {}
    return {"name": name, "n": len(values), "p50_s": None, "p90_s": None, **measured}


def _listed(row: OrderRow, marks: tuple[str, ...], hops: dict[str, list[float]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "ref": row.ref,
        "since": row.since,
        "incident": row.incident,
        "from": row.from_,
        "to": row.to,
        "on_behalf": row.on_behalf,
        "action": row.action,
        "area": row.place.area,
        "within_min": row.within_min,
        "state": row.state,
        "task_state": row.task_state,
        "marks": marks,
        "hops": {name: max(seconds) for name, seconds in hops.items()},
    }
