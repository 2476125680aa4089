"""Two incidents that are one thing become one, and one that was two becomes two. Pure; the facts of both sides.

What belongs to an incident (its members: reports, tasks, orders) moves as it is: no state changes, no clock starts
anew, nobody is asked or told twice. The one that was merged is a link to the other, and everything can go back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from hadir.domain import events as e
from hadir.domain.incident import Absorbed, Incident, State, evolve
from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.task import WORKING, Task
from hadir.domain.task import State as TaskState
from hadir.domain.values import ref_of

#: Somebody has said yes to it, and has not given it back.
_TAKEN = WORKING | {TaskState.VERIFIED}
#: One answer, one append: more things than this are merged in several steps.
MEMBERS_MOST = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """Ids of what belongs to an incident, each kind sorted."""

    reports: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.reports) + len(self.tasks) + len(self.orders)

    def among(self, taken: Absorbed) -> Members:
        """Those that came with it, and are still here."""
        return Members(
            reports=_among(self.reports, taken.reports),
            tasks=_among(self.tasks, taken.tasks),
            orders=_among(self.orders, taken.orders),
        )


def _among(ids: Iterable[str], wanted: Collection[str]) -> tuple[str, ...]:
    return tuple(id for id in ids if id in wanted)


def mergeable(into: Incident, other: Incident) -> Refusal | None:
    """May `other` become a part of `into`? Both must be going on: what is solved is opened again first."""
    if other.id == into.id:
        return invalid("merge_with_itself")
    if other.merged_into is not None:
        return conflict("incident_merged", ref=ref_of(other.merged_into))
    if not other.live:
        return conflict("other_not_open", ref=ref_of(other.id))
    return None


def absorbed(into: Incident, other: Incident, members: Members, *, undoes: bool = False) -> e.IncidentAbsorbed:
    """The fact on the one that goes on. Who said «saya juga» to both is counted once."""
    return e.IncidentAbsorbed(
        incident_id=other.id,
        category=other.category,
        area=other.place.area,
        reports=members.reports,
        tasks=members.tasks,
        orders=members.orders,
        seconded=tuple(sorted(other.seconded - into.seconded)),
        severity=other.severity,
        level=other.level,
        undoes=undoes,
    )


def parted(into: Incident, other: Incident, taken: Absorbed, members: Members) -> e.IncidentParted:
    """The fact that undoes it: `members` go back."""
    event = e.IncidentParted(
        incident_id=other.id,
        category=other.category,
        area=other.place.area,
        reports=members.reports,
        tasks=members.tasks,
        seconded=taken.seconded,
    )
    return _holding(into, event)


def _holding(into: Incident, event: e.IncidentParted) -> e.IncidentParted:
    """With what holds once it is undone."""
    after = evolve(into, event)
    return replace(event, severity=after.severity, level=after.level)


def taken_from(into: Incident, other: Incident) -> Absorbed | Refusal:
    """What `other` brought, if it is still a part of this one."""
    found = next((taken for taken in reversed(into.absorbed) if taken.id == other.id), None)
    if found is None or other.merged_into != into.id:
        return conflict("not_merged_here", ref=ref_of(other.id))
    return found


def splittable(all_reports: Collection[str], chosen: Collection[str]) -> Refusal | None:
    """Some of its reports, not none and not all: an incident that everybody left is nothing any more."""
    if not chosen:
        return invalid("no_report_chosen")
    if missing := [id for id in chosen if id not in all_reports]:
        return conflict("report_elsewhere", ref=ref_of(missing[0]))
    return invalid("all_reports_chosen") if len(set(chosen)) == len(all_reports) else None


def worked_on(tasks: Iterable[Task]) -> bool:
    """Has somebody said yes to any of them?"""
    return any(task.state in _TAKEN for task in tasks)


def changed_pace(thing: Incident, tasks: Iterable[Task], *, may_stop: bool) -> e.Event | None:
    """Work has come to it or gone from it: the fact that its state follows, if it does."""
    if worked_on(tasks):
        return e.IncidentStarted() if thing.state is State.OPEN else None
    return e.IncidentStopped() if may_stop and thing.state is State.IN_PROGRESS else None
