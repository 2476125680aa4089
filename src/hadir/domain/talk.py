"""What is said between a reporter and the desks after the report: follow-ups, questions, the rating of the result.

None of it moves the report: it may come in any state, also after the end, because a person who still has something to
say must not be told that it is too late. What is limited is how much, so that one link cannot fill a desk.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.report import Report, State

#: Of one report. A neighbour in a flood writes a dozen; more is a conversation that belongs on the telephone.
FOLLOW_UPS_MOST = 30
#: In one hour, so that nobody sends thirty in a minute.
HOURLY_MOST = 8
HOUR = timedelta(hours=1)

RESULTS = ("good", "fair", "poor")
#: The work was said to be done: there is a result to speak of.
_RATED = frozenset({State.ASKED, State.CONFIRMED, State.DISPUTED})


def follow_up(report: Report, text: str, photos: int, answers: str | None, now: datetime) -> Refusal | None:
    """May this be added?"""
    if not text.strip() and not photos:
        return invalid("nothing_said")
    if answers is not None and answers != report.question:
        return conflict("no_question")
    if len(report.follow_ups) >= FOLLOW_UPS_MOST:
        return conflict("follow_ups_full", n=str(FOLLOW_UPS_MOST))
    if sum(now - at < HOUR for at in report.follow_ups) >= HOURLY_MOST:
        return conflict("follow_ups_fast", n=str(HOURLY_MOST))
    return None


def left(report: Report) -> int:
    """How many follow-ups the report still takes."""
    return max(0, FOLLOW_UPS_MOST - len(report.follow_ups))


def question(report: Report, text: str) -> Refusal | None:
    """May a desk ask this? One question waits at a time: a person with three open ones answers none."""
    if not text.strip():
        return invalid("nothing_said")
    return conflict("question_waits") if report.question else None


def rate(report: Report, result: str) -> Refusal | None:
    """May the reporter say this of the result?"""
    if result not in RESULTS:
        return invalid("unknown_result", result=result)
    return None if rateable(report) else conflict("nothing_to_rate")


def rateable(report: Report) -> bool:
    """Has there been work to speak of?"""
    return report.incident is not None and report.state in _RATED
