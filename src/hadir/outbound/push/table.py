"""What makes a phone ring: one table, fact → whom, how loud, for how long. The words are in words/notices.json.

Nobody is told of what he did himself. A notice lives as long as it is of use: an order until it was to be done, a
read-back until then too. What is `loud` (and everything about an incident of siaga 1, or of a kind that is an
emergency) rings by night; `further` goes on to the person's next channel when no device answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hadir.domain.city import City
from hadir.domain.notice import Notice, Urgency
from hadir.domain.people import Account, Role
from hadir.ports.journal import Fact

#: also an order of two minutes is of use for so long: its officer must hear that it is over
SHORTEST = timedelta(minutes=15)
SIAGA_1, EMERGENCY = 1, 4
#: what is told to somebody whose the thing is no more
NOT_HIS = "task_not_yours"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A fact, and what the rules may ask about it."""

    fact: Fact
    #: the row of the thing that the fact is about, after the fact
    row: Any
    #: the row of its incident, or None
    incident: Any
    accounts: Sequence[Account]
    city: City
    #: of a task's fact: rows of the orders that it carries out
    orders: tuple[Any, ...] = ()

    def having(self, *roles: Role, agency: str | None = None) -> tuple[str, ...]:
        """Accounts with one of these roles; of one agency, if it is named."""
        return tuple(a.id for a in self.accounts if a.role in roles and (agency is None or a.agency == agency))

    @property
    def emergency(self) -> bool:
        """Siaga 1, or a kind of incident that is an emergency by itself: the night does not matter."""
        if self.incident is None:
            return False
        category = self.city.category_by_code.get(self.incident.category)
        return self.incident.level == SIAGA_1 or (category is not None and category.urgency == EMERGENCY)


Who = Callable[[Scene], Iterable[str | None]]
Until = Callable[[Scene], datetime]


def addressee(scene: Scene) -> Iterable[str | None]:
    return (scene.row.to,)


def commander(scene: Scene) -> Iterable[str | None]:
    return (scene.row.from_,)


def copied(scene: Scene) -> Iterable[str | None]:
    return [copy.account for copy in scene.fact.event.copies if copy.account != scene.row.to]


def told(scene: Scene) -> Iterable[str | None]:
    return [copy.account for copy in scene.fact.event.told]


def commander_and_told(scene: Scene) -> Iterable[str | None]:
    return [*commander(scene), *told(scene)]


def officer(scene: Scene) -> Iterable[str | None]:
    return (scene.row.officer,)


def officer_before(scene: Scene) -> Iterable[str | None]:
    """Whose it was until now; not he who only gets it again."""
    return [had for had in (scene.fact.event.from_officer,) if had != scene.row.officer]


def desk(scene: Scene) -> Iterable[str | None]:
    return scene.having(Role.DESK, Role.AGENCY_HEAD, agency=scene.row.agency)


def other_desk(scene: Scene) -> Iterable[str | None]:
    return scene.having(Role.DESK, Role.AGENCY_HEAD, agency=scene.fact.event.to_agency)


def command_centre(scene: Scene) -> Iterable[str | None]:
    """The operators, and the desk and head of the officer's agency."""
    return (*scene.having(Role.OPERATOR), *desk(scene))


def leaders_at_siaga_1(scene: Scene) -> Iterable[str | None]:
    return scene.having(Role.LEADER) if scene.fact.event.level == SIAGA_1 else ()


def officers_on_it(scene: Scene) -> Iterable[str | None]:
    """Whoever has a task that is not done: what a reporter adds may change what he walks into."""
    return scene.incident.officers if scene.incident else ()


def leaders(scene: Scene) -> Iterable[str | None]:
    return scene.having(Role.LEADER)


def due(scene: Scene) -> datetime:
    """Until the order was to be done."""
    return max(scene.row.due_at, scene.fact.at + SHORTEST)


def hours(count: int) -> Until:
    return lambda scene: scene.fact.at + timedelta(hours=count)


def _nothing(_scene: Scene) -> str:
    return ""


def _step(scene: Scene) -> str:
    return scene.fact.event.step


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One line of the table."""

    #: words: «notice.<says>.title» and «notice.<says>.body»
    says: str
    who: Who
    urgency: Urgency
    until: Until
    #: the newest of a topic and thing replaces the older ones on the phone and at the push service
    topic: str
    loud: bool = False
    further: bool = False
    #: the next channel comes when the order's own timer says so, not after the city's patience
    timed: bool = False
    detail: Callable[[Scene], str] = _nothing
    #: it is told of each order that the task carries out, not of the task
    of_orders: bool = False


H, N, L = Urgency.HIGH, Urgency.NORMAL, Urgency.LOW
_ORDER = Rule(
    says="order_sent", who=addressee, urgency=H, until=due, topic="order", loud=True, further=True, timed=True
)
# He was under way or about to: it replaces the order on his phone, and no SMS has to follow.
_TAKEN_BACK = replace(_ORDER, says="order_cancelled", further=False)
_ANSWER = Rule(says="order_read_back", who=commander, urgency=H, until=due, topic="answer", loud=True, further=True)
# Somebody's life: every operator, whoever of them is at the desk, and his own agency.
_ALARM = Rule(says="emergency", who=command_centre, urgency=H, until=hours(2), topic="alarm", loud=True, further=True)
# His order is what the commander knows of; whatever becomes of its task is told of that.
_GIVEN_BACK = replace(_ANSWER, says="order_given_back", of_orders=True)
_TASK = Rule(says="task_assigned", who=officer, urgency=H, until=hours(12), topic="task")
# He may be on his way: it replaces the task on his phone.
_NOT_HIS = replace(_TASK, says=NOT_HIS, who=officer_before)

NOTICES: Mapping[str, tuple[Rule, ...]] = {
    "order.sent": (_ORDER, Rule(says="order_copied", who=copied, urgency=N, until=due, topic="copy")),
    "order.corrected": (replace(_ORDER, says="order_corrected"),),
    "order.cancelled": (_TAKEN_BACK,),
    "order.superseded": (_TAKEN_BACK,),
    "order.overdue": (replace(_ANSWER, says="order_overdue", who=commander_and_told, further=False, detail=_step),),
    "order.read_back": (_ANSWER,),
    "order.refused": (replace(_ANSWER, says="order_refused"),),
    "order.expired": (
        replace(_ANSWER, says="order_expired", further=False),
        replace(_TAKEN_BACK, says="order_ran_out"),
    ),
    "task.given": (Rule(says="task_given", who=desk, urgency=N, until=hours(12), topic="task"),),
    "task.assigned": (replace(_TASK, further=True), _NOT_HIS),
    "task.unassigned": (_NOT_HIS,),
    "task.taken": (_NOT_HIS,),
    "task.sent_back": (replace(_TASK, says="task_sent_back"),),
    "task.cancelled": (
        replace(_TASK, says="task_cancelled"),
        replace(_GIVEN_BACK, says="order_called_off", further=False),
    ),
    "task.declined": (Rule(says="task_declined", who=desk, urgency=H, until=hours(4), topic="task"), _GIVEN_BACK),
    "task.offered": (Rule(says="task_offered", who=other_desk, urgency=N, until=hours(12), topic="offer"),),
    "task.done": (
        Rule(says="task_done", who=desk, urgency=L, until=hours(24), topic="task"),
        Rule(says="order_done", who=commander, urgency=N, until=hours(24), topic="answer", of_orders=True),
    ),
    "report.followed_up": (Rule(says="reporter_added", who=officers_on_it, urgency=N, until=hours(4), topic="talk"),),
    "incident.graded": (
        Rule(
            says="siaga_1",
            who=leaders_at_siaga_1,
            urgency=H,
            until=hours(6),
            topic="siaga",
            loud=True,
            further=True,
        ),
    ),
    "unit.emergency_raised": (_ALARM,),
    "unit.check_in_missed": (replace(_ALARM, says="check_in_missed"),),
    "area.flood_confirmed": (Rule(says="flood_confirmed", who=leaders, urgency=N, until=hours(2), topic="flood"),),
}
"""kind of fact → what is told of it."""


def notices_of(scene: Scene, about: str, new_id: Callable[[], str]) -> list[Notice]:
    """All notices that follow from one fact."""
    made = []
    for rule in NOTICES.get(scene.fact.event.kind, ()):
        for told, thing in _things(rule, scene, about):
            for to in dict.fromkeys(rule.who(told)):
                if to is not None and to != scene.fact.actor:
                    made.append(_notice(rule, told, to, thing, new_id()))
    return made


def _things(rule: Rule, scene: Scene, about: str) -> list[tuple[Scene, str]]:
    """What a rule tells of, each as the scene that its questions are asked of."""
    if not rule.of_orders:
        return [(scene, about)]
    return [(replace(scene, row=order), f"orders/{order.id}") for order in scene.orders]


def _notice(rule: Rule, scene: Scene, to: str, about: str, id: str) -> Notice:
    return Notice(
        id=id,
        position=scene.fact.position,
        to=to,
        says=rule.says,
        about=about,
        topic=f"{rule.topic}/{about}",
        urgency=rule.urgency,
        made_at=scene.fact.at,
        expires_at=rule.until(scene),
        loud=rule.loud or scene.emergency,
        further=rule.further,
        timed=rule.timed,
        detail=rule.detail(scene),
    )
