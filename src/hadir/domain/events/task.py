"""What happens to a task: an agency has it, an officer does it, somebody else sees that it is done."""

from __future__ import annotations

from datetime import datetime

from hadir.domain.events.base import Event, event
from hadir.domain.values import Place


@event("task.given")
class TaskGiven(Event):
    """An agency is to do something about an incident. Content: what."""

    task_id: str
    incident_id: str
    agency: str
    category: str
    place: Place
    #: the order that made it, if one did
    order_id: str | None = None
    #: what that order asks for, of the pack's vocabulary: whoever does it later reads it too
    action: str | None = None


@event("task.assigned")
class TaskAssigned(Event):
    """The agency gave it to one of its officers."""

    officer: str
    #: who had it until now, if somebody had: he is told that he need not go
    from_officer: str | None = None


@event("task.unassigned")
class TaskUnassigned(Event):
    """Taken back from its officer before he had taken it: pressed by mistake."""

    #: who had it until now, if somebody had: he is told that he need not go
    from_officer: str | None = None


@event("task.accepted")
class TaskAccepted(Event):
    """The officer takes it."""


@event("task.declined")
class TaskDeclined(Event):
    """The officer cannot. Content: the reason."""


@event("task.en_route")
class TaskEnRoute(Event):
    """The officer is under way."""

    device_at: datetime | None = None


@event("task.on_scene")
class TaskOnScene(Event):
    """The officer is there."""

    device_at: datetime | None = None


@event("task.done")
class TaskDone(Event):
    """The officer says it is done, with evidence. Content: note and photos."""

    photos: int
    device_at: datetime | None = None


@event("task.verified")
class TaskVerified(Event):
    """Somebody who did not do the work has seen that it is done."""


@event("task.sent_back")
class TaskSentBack(Event):
    """The verifier refuses the result. Content: the reason."""


@event("task.cancelled")
class TaskCancelled(Event):
    """No longer needed. Content: the reason."""


@event("task.offered")
class TaskOffered(Event):
    """A hand-over is offered; until it is taken the giver owns the task. Content: the reason."""

    to_agency: str


@event("task.taken")
class TaskTaken(Event):
    """The other agency accepts the hand-over and owns the task."""

    agency: str
    #: who had it until now, if somebody had: he is told that he need not go
    from_officer: str | None = None


@event("task.returned")
class TaskReturned(Event):
    """The other agency declines the hand-over. Content: the reason."""


@event("task.moved")
class TaskMoved(Event):
    """It belongs to another incident from now on; nothing else about it changes."""

    incident_id: str
    left: str
