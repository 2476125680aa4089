"""What belonged to an incident, and when: read from the streams themselves, with all that was merged into it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hadir.domain import events as e
from hadir.domain.people import Role
from hadir.ports.journal import Fact

_INCIDENT = "incident/"
#: After one of these a thing belongs to the incident that it names.
_COMES = (e.ReportJoined, e.ReportMoved, e.TaskGiven, e.TaskMoved, e.OrderSent, e.OrderMoved)
_MOVES = (e.ReportMoved, e.TaskMoved, e.OrderMoved)


def parts(incident_id: str, told: Mapping[str, Sequence[Fact]]) -> frozenset[str]:
    """The incident, and those that are merged into it now, through others too."""
    into = {
        stream.removeprefix(_INCIDENT): _merged_into(f) for stream, f in told.items() if stream.startswith(_INCIDENT)
    }
    found = {incident_id}
    while more := {id for id, other in into.items() if other in found} - found:
        found |= more
    return frozenset(found)


def _merged_into(facts: Iterable[Fact]) -> str | None:
    into: str | None = None
    for fact in facts:
        if isinstance(fact.event, e.IncidentMerged):
            into = fact.event.incident_id
        elif isinstance(fact.event, e.IncidentUnmerged):
            into = None
    return into


def belonged(stream: str, facts: Iterable[Fact], its: frozenset[str], incident_id: str) -> Iterable[Fact]:
    """A thing's facts before it belonged to anything, and while it belonged to one of `its`.

    Of the merged ones all is told but the merge, which the one that goes on tells itself. That a thing moved with its
    incident is told there too, once for all of them; a move by rule stands for itself.
    """
    noun, _, id = stream.partition("/")
    if noun == "incident":
        return [
            fact for fact in facts if id == incident_id or (id in its and not isinstance(fact.event, e.IncidentMerged))
        ]
    return [fact for fact in _while_its(facts, its) if not isinstance(fact.event, _MOVES) or fact.role == Role.SYSTEM]


def _while_its(facts: Iterable[Fact], its: frozenset[str]) -> Iterable[Fact]:
    belongs: str | None = None
    for fact in facts:
        left = belongs
        if isinstance(fact.event, _COMES):
            belongs = fact.event.incident_id
        elif isinstance(fact.event, e.ReportLeft):
            belongs = None
        if belongs in its or left in its or belongs is left is None:
            yield fact
