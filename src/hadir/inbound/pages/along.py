"""Which of the facts about incidents and tasks were a report's own, while it belonged here and there. Pure.

A report goes through merges and splits with its incident, and its reporter follows the one incident: what happened
where the report was, when it was there, and what the others had behind them when they met, as their last state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hadir.domain import events as e
from hadir.ports.journal import Fact

_COMES = (e.ReportJoined, e.ReportMoved, e.TaskGiven, e.TaskMoved)


class Along:
    """Where a report or a task was: (position, incident) in order."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._stays: list[tuple[int, str | None]] = []
        for fact in facts:
            if isinstance(fact.event, _COMES):
                self._stays.append((fact.position, fact.event.incident_id))
            elif isinstance(fact.event, e.ReportLeft):
                self._stays.append((fact.position, None))

    def at(self, position: int) -> str | None:
        """The incident it belonged to once this fact was there."""
        return next((incident for since, incident in reversed(self._stays) if since <= position), None)

    def met(self, other: Along) -> int | None:
        """Since when both belong to one incident; None where they do not now. What moves together has not parted."""
        marks = sorted({since for since, _ in (*self._stays, *other._stays)})
        together = [mark for mark in marks if self.at(mark) is not None and self.at(mark) == other.at(mark)]
        return together[0] if together and together[-1] == marks[-1] else None

    @property
    def incidents(self) -> tuple[str, ...]:
        """All it ever belonged to, in order."""
        return tuple(dict.fromkeys(incident for _, incident in self._stays if incident is not None))


def of_incidents(own: Along, facts: Iterable[Fact]) -> list[Fact]:
    """Facts of incidents while the report belonged to them."""
    return [fact for fact in facts if own.at(fact.position) == fact.stream.removeprefix("incident/")]


def moved(own: Sequence[Fact], incidents: Iterable[Fact]) -> tuple[Fact, str] | None:
    """(fact, «moved» or «split»): the last move, unless it only took an earlier one back."""
    moves = [fact for fact in own if isinstance(fact.event, e.ReportMoved)]
    if not moves or moves[-1].event.incident_id in Along(f for f in own if f.position < moves[-1].position).incidents:
        return None
    to = moves[-1].event.incident_id
    opened = (f.event for f in incidents if isinstance(f.event, e.IncidentOpened) and f.event.incident_id == to)
    return moves[-1], "split" if any(event.split_from == moves[-1].event.left for event in opened) else "moved"
