"""A task: what one agency, then one officer, does about an incident. One press, one fact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from hadir.domain import events as e
from hadir.domain.machine import Table, after, allowed, wrong_state
from hadir.domain.people import Account, Role, Subject, may
from hadir.domain.refusals import Refusal, conflict, forbidden, invalid
from hadir.domain.values import Actor, Place


class State(StrEnum):
    GIVEN = "given"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    DONE = "done"
    VERIFIED = "verified"
    CANCELLED = "cancelled"


def _desk(state: State) -> dict[type[e.Event], State]:
    """A hand-over changes the owner, not the state, until the other agency has taken it."""
    return {
        e.TaskOffered: state,
        e.TaskReturned: state,
        e.TaskTaken: State.GIVEN,
        e.TaskAssigned: State.ASSIGNED,
        e.TaskCancelled: State.CANCELLED,
    }


TABLE: Table[State] = {
    State.GIVEN: _desk(State.GIVEN),
    State.ASSIGNED: {
        **_desk(State.ASSIGNED),
        e.TaskAccepted: State.ACCEPTED,
        e.TaskDeclined: State.GIVEN,
        e.TaskUnassigned: State.GIVEN,
    },
    State.ACCEPTED: {
        e.TaskEnRoute: State.EN_ROUTE,
        e.TaskOnScene: State.ON_SCENE,  # he may already stand there
        e.TaskDone: State.DONE,
        e.TaskDeclined: State.GIVEN,
        e.TaskCancelled: State.CANCELLED,
        e.TaskAssigned: State.ASSIGNED,
    },
    State.EN_ROUTE: {
        e.TaskOnScene: State.ON_SCENE,
        e.TaskDone: State.DONE,
        e.TaskDeclined: State.GIVEN,
        e.TaskCancelled: State.CANCELLED,
        e.TaskAssigned: State.ASSIGNED,
    },
    State.ON_SCENE: {
        e.TaskDone: State.DONE,
        e.TaskDeclined: State.GIVEN,
        e.TaskCancelled: State.CANCELLED,
    },
    State.DONE: {e.TaskVerified: State.VERIFIED, e.TaskSentBack: State.ACCEPTED, e.TaskCancelled: State.CANCELLED},
    State.VERIFIED: {},
    State.CANCELLED: {},
}

ENDED = frozenset({State.VERIFIED, State.CANCELLED})
#: Somebody has it, and has not said that it is done.
TO_DO = frozenset({State.ASSIGNED, State.ACCEPTED, State.EN_ROUTE, State.ON_SCENE})
WORKING = frozenset({State.ACCEPTED, State.EN_ROUTE, State.ON_SCENE, State.DONE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What the rules remember of a task."""

    id: str
    state: State = State.GIVEN
    incident: str
    agency: str
    category: str
    place: Place
    offered_to: str | None = None
    officer: str | None = None
    #: accounts of everyone who ever worked on it: none of these people may verify, by whatever account
    workers: frozenset[str] = frozenset()
    #: officers it was ever given to
    had: frozenset[str] = frozenset()
    order: str | None = None

    def subject(self) -> Subject:
        owners = frozenset({self.officer}) if self.officer else frozenset()
        return Subject(owners=owners, agencies=frozenset({self.agency}), area=self.place.area)


def evolve(task: Task | None, event: e.Event) -> Task:
    """The task after one recorded fact."""
    if isinstance(event, e.TaskGiven):
        return Task(
            id=event.task_id,
            incident=event.incident_id,
            agency=event.agency,
            category=event.category,
            place=event.place,
            order=event.order_id,
        )
    assert task is not None
    moved = replace(task, state=after(TABLE, task.state, event))
    match event:
        case e.TaskOffered(to_agency=agency):
            return replace(moved, offered_to=agency)
        case e.TaskReturned():
            return replace(moved, offered_to=None)
        case e.TaskTaken(agency=agency):
            return replace(moved, agency=agency, offered_to=None, officer=None)
        case e.TaskAssigned(officer=officer):
            return replace(moved, officer=officer, had=moved.had | {officer})
        case e.TaskDeclined() | e.TaskUnassigned():
            return replace(moved, officer=None)
        case e.TaskMoved(incident_id=incident):
            return replace(moved, incident=incident)
        case e.TaskAccepted() if task.officer:
            return replace(moved, workers=moved.workers | {task.officer})
    return moved


def decide(
    task: Task,
    event: e.Event,
    verb: str,
    actor: Actor,
    officer: Account | None = None,
    same_person: frozenset[str] = frozenset(),
) -> Refusal | None:
    """May this fact be recorded? None, or the refusal.

    ``officer``: the account named by an assignment; ``same_person``: all accounts of whoever acts, asked for where
    somebody verifies.
    """
    if refusal := may(verb, actor, _subject_for(task, event)):
        return refusal
    if not allowed(TABLE, task.state, type(event)):
        return wrong_state("task", task.state, type(event))
    match event:
        case e.TaskAssigned():
            return _assign(task, officer)
        case e.TaskVerified() if task.workers & (same_person | {actor.id}):
            return forbidden("worker_does_not_verify")
        case e.TaskOffered() | e.TaskTaken() | e.TaskReturned():
            return _hand_over(task, event)
        case e.TaskDone(photos=photos, content=content) if photos == 0 and content is None:
            return invalid("evidence_needed")
    return None


def _subject_for(task: Task, event: e.Event) -> Subject:
    """Only the agency that was offered a task may take or return it."""
    if isinstance(event, e.TaskTaken | e.TaskReturned):
        offered = frozenset({task.offered_to}) if task.offered_to else frozenset()
        return replace(task.subject(), agencies=offered)
    return task.subject()


def _assign(task: Task, officer: Account | None) -> Refusal | None:
    if officer is None or officer.role is not Role.OFFICER:
        return invalid("unknown_officer")
    if officer.agency != task.agency:
        return invalid("officer_of_other_agency")
    if task.offered_to:
        return conflict("waits_for_hand_over", agency=task.offered_to)
    if task.officer == officer.id and task.state is not State.GIVEN:
        return conflict("already_assigned")
    return None


def _hand_over(task: Task, event: e.Event) -> Refusal | None:
    if isinstance(event, e.TaskOffered):
        if task.offered_to:
            return conflict("waits_for_hand_over", agency=task.offered_to)
        return invalid("own_agency") if event.to_agency == task.agency else None
    return None if task.offered_to else conflict("nothing_offered")
