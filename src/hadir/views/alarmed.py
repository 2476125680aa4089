"""Of an officer's facts, what was of alarm while he was at an incident: an emergency, a word that did not come. Pure.

An officer's stream is as old as he is in the city, and goes on from one incident to the next. To this incident belongs
what names one of its tasks, an emergency pressed while he was at one of them, and how those ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from hadir.domain import events as e
from hadir.domain.unit import CHECK_IN, EMERGENCY
from hadir.ports.journal import Fact

_BEGINS = frozenset({e.TaskAccepted, e.TaskEnRoute, e.TaskOnScene, e.TaskSentBack})
_ENDS = frozenset({e.TaskDone, e.TaskDeclined, e.TaskCancelled, e.TaskVerified, e.TaskTaken, e.TaskAssigned})


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when (None: still) an officer was at one of the incident's tasks."""

    officer: str
    begun: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """Who was at the incident, and when; and its tasks."""

    tasks: frozenset[str]
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Work:
        """From the facts of its tasks, those of one task by version."""
        officer: dict[str, str] = {}
        running: dict[str, Span] = {}
        over: list[Span] = []
        for fact in facts:
            task = fact.stream.removeprefix("task/")
            kind = type(fact.event)
            if kind in _ENDS and (span := running.pop(task, None)):
                over.append(Span(span.officer, span.begun, fact.at))
            if kind is e.TaskGiven or kind is e.TaskAssigned:
                officer[task] = getattr(fact.event, "officer", "")
            elif kind in _BEGINS and officer.get(task) and task not in running:
                running[task] = Span(officer[task], fact.at)
        return cls(frozenset(officer), (*over, *running.values()))

    def at_it(self, officer: str, at: datetime) -> bool:
        mine = (span for span in self.spans if span.officer == officer)
        return any(span.begun <= at and (span.ended is None or at <= span.ended) for span in mine)


def alarms(facts: Iterable[Fact], work: Work) -> Iterator[Fact]:
    """The facts of one officer that this incident's timeline tells. `facts`: his stream, by version."""
    ringing: frozenset[str] = frozenset()
    for fact in facts:
        its, ringing = _step(fact, work, ringing)
        if its:
            yield fact


def _step(fact: Fact, work: Work, ringing: frozenset[str]) -> tuple[bool, frozenset[str]]:
    """Does it belong here, and which of his alarms that belong here ring after it?"""
    match fact.event:
        case e.UnitEmergencyRaised():
            its = work.at_it(fact.stream.removeprefix("unit/"), fact.at)
            # Pressed again elsewhere: how that ends is not told here.
            return its, ringing | {EMERGENCY} if its else ringing - {EMERGENCY}
        case e.UnitCheckInMissed(task_id=task):
            return task in work.tasks, ringing | {CHECK_IN} if task in work.tasks else ringing
        case e.UnitWatchBegun(task_id=task):
            return task in work.tasks, ringing
        case e.UnitWatchEnded(task_id=task):
            return task in work.tasks, ringing - {CHECK_IN}
        case e.UnitCheckedIn():
            return CHECK_IN in ringing, ringing - {CHECK_IN}
        case e.UnitAlarmAcknowledged(alarm=alarm):
            return alarm in ringing, ringing
        case e.UnitAlarmClosed(alarm=alarm):
            return alarm in ringing, ringing - {alarm}
    return False, ringing
