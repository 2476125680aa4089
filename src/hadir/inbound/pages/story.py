"""What happened to one report, told to the person who made it: facts → steps in plain words. Pure.

Of all that is known only this is told: that it was read, which agency has it, how far the work is. No person's name, no
other reporter's words, no note, no reason that staff wrote to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hadir.domain import events as e
from hadir.domain import report, task
from hadir.inbound.pages import along
from hadir.inbound.pages.desk import Line, Step
from hadir.ports.journal import Fact

_REPORT: Mapping[type[e.Event], str] = {
    e.ReportReceived: "received",
    e.ReportClaimed: "read",
    e.ReportJoined: "joined",
    e.ReportAsked: "asked",
    e.ReportConfirmed: "confirmed",
    e.ReportDisputed: "disputed",
    e.ReportDismissed: "dismissed",
    e.ReportRestored: "restored",
    e.ReportHeld: "held",
    e.ReportAdmitted: "admitted",
}
_INCIDENT: Mapping[type[e.Event], str] = {e.IncidentReopened: "reopened", e.IncidentClosed: "closed"}
_TASK: Mapping[type[e.Event], str] = {
    e.TaskGiven: "given",
    e.TaskTaken: "given",
    e.TaskAccepted: "accepted",
    e.TaskEnRoute: "en_route",
    e.TaskOnScene: "on_scene",
    e.TaskDone: "done",
    e.TaskSentBack: "sent_back",
}
# Said once is enough: that three operators looked in turn tells a citizen nothing.
_ONCE = frozenset({"read"})

_WORKING = frozenset({task.State.ACCEPTED, task.State.EN_ROUTE, task.State.ON_SCENE})


def stage(state: report.State, tasks: Iterable[task.State]) -> str:
    """Where the report is, in one of the words of `Tracked.stage`."""
    if state is not report.State.JOINED:
        return state.value
    states = set(tasks)
    if states & _WORKING:
        return "working"
    return "checking" if task.State.DONE in states else "joined"


def steps(own: Sequence[Fact], incident: Sequence[Fact], tasks: Sequence[Sequence[Fact]]) -> tuple[Step, ...]:
    """All steps in order. What the incident had behind it when the report was joined to it stands after the joining,
    with its true time, and only its last state. `incident`: facts of all that it ever belonged to."""
    mine = along.Along(own)
    told = [(f.position, f, code) for f in own if (code := _REPORT.get(type(f.event)))]
    their = along.of_incidents(mine, incident)
    told += [(f.position, f, code) for f in their if (code := _INCIDENT.get(type(f.event)))]
    for facts in tasks:
        if (met := mine.met(along.Along(facts))) is not None:
            told += _of_task(facts, met)
    if last := along.moved(own, incident):
        told.append((last[0].position, *last))
    # By position, not by time: facts of one command have the same time.
    told.sort(key=lambda each: each[0])
    return tuple(_once(_step(fact, code) for _, fact, code in told))


_SAID: Mapping[type[e.Event], str] = {
    e.ReportFollowedUp: "follow_up",
    e.ReportQuestioned: "question",
    e.ReportDisputed: "dispute",
    e.ReportRated: "rating",
}
Bodies = Mapping[str, Mapping[str, Any] | None]


def lines(own: Sequence[Fact], bodies: Bodies) -> tuple[Line, ...]:
    """What was said since the report, in order. A withdrawn question is not shown; erased words are empty."""
    gone = {f.event.question_id for f in own if isinstance(f.event, e.ReportQuestionWithdrawn)}
    told = [f for f in own if type(f.event) in _SAID and f.content]
    return tuple(_line(f, bodies) for f in told if getattr(f.event, "question_id", None) not in gone)


def waiting(thing: report.Report, own: Sequence[Fact], bodies: Bodies) -> Line | None:
    """The question that nobody has answered yet."""
    return next((line for line in lines(own, bodies) if line.id and line.id == thing.question), None)


def rating(own: Sequence[Fact]) -> str:
    """The newest counts."""
    return next((f.event.result for f in reversed(own) if isinstance(f.event, e.ReportRated)), "")


def _line(fact: Fact, bodies: Bodies) -> Line:
    said, event = bodies.get(fact.content or "") or {}, fact.event
    kind = "answer" if getattr(event, "answers", None) else _SAID[type(event)]
    return Line(
        kind=kind,
        at=fact.at,
        text=said.get("text") or "",
        photos=tuple(said.get("photos") or ()),
        agency=getattr(event, "agency", None) or "",
        id=getattr(event, "question_id", ""),
    )


def _of_task(facts: Sequence[Fact], joined: int) -> list[tuple[int, Fact, str]]:
    told = [(f, code) for f in facts if (code := _TASK.get(type(f.event)))]
    before = [(joined, f, code) for f, code in told if f.position < joined][-1:]
    after = [(f.position, f, code) for f, code in told if f.position >= joined]
    agency = _agency(facts)
    return [(at, f, f"{code}/{agency}" if code == "accepted" else code) for at, f, code in before + after]


def _agency(facts: Sequence[Fact]) -> str:
    """The agency that owns the task now."""
    owners = [f.event.agency for f in facts if isinstance(f.event, e.TaskGiven | e.TaskTaken)]
    return owners[-1] if owners else ""


def _step(fact: Fact, code: str) -> Step:
    code, _, agency = code.partition("/")
    match fact.event:
        case e.TaskGiven(agency=to) | e.TaskTaken(agency=to):
            return Step(code=code, at=fact.at, params=(("agency", to),))
        case e.ReportDismissed(disposition=disposition):
            return Step(code=code, at=fact.at, params=(("why", disposition),))
        case e.ReportRated(result=result):
            return Step(code=code, at=fact.at, params=(("result", result),))
        case e.ReportFollowedUp(answers=str()):
            return Step(code="answered", at=fact.at)
    return Step(code=code, at=fact.at, params=(("agency", agency),) if agency else ())


def _once(told: Iterable[Step]) -> Iterable[Step]:
    """Without a repetition of what needs saying once, and without the same line twice in a row."""
    seen: set[str] = set()
    last = ("", ())
    for step in told:
        if (step.code in _ONCE and step.code in seen) or (step.code, step.params) == last:
            continue
        seen.add(step.code)
        last = (step.code, step.params)
        yield step
