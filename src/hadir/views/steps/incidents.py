"""Facts on an incident's row."""

from __future__ import annotations

from collections.abc import Mapping

from hadir.domain import events as e
from hadir.domain import incident
from hadir.ports.journal import Fact
from hadir.views.rows import IncidentRow, MergedRow, ref_of
from hadir.views.steps.told import Change, Fields, Lens, Said, Told, place_of


def opened(fact: Fact, event: e.IncidentOpened, said: Said, lens: Lens) -> IncidentRow:
    title = said.get("title")
    return IncidentRow(
        id=event.incident_id,
        ref=ref_of(event.incident_id),
        state=incident.State.OPEN.value,
        version=fact.version,
        place=place_of(event.place, said, lens),
        since=fact.at,
        state_at=fact.at,
        refs={"title": fact.content} if fact.content else {},
        category=event.category,
        title=lens.masked(title) if title else "",
        severity=event.severity,
        flood=event.flood,
        origin=event.origin,
        streams=(fact.stream,),
        split_from=event.split_from,
    )


def _graded(told: Told[IncidentRow]) -> Fields:
    return {"severity": told.fact.event.severity or told.row.severity, "level": told.fact.event.level or told.row.level}


def _absorbed(told: Told[IncidentRow]) -> Fields:
    row, event = told.row, told.fact.event
    merged = MergedRow(
        id=event.incident_id,
        ref=ref_of(event.incident_id),
        at=told.fact.at,
        category=event.category,
        area=event.area,
        reports=len(event.reports),
    )
    return {
        "severity": incident.gravest(row.severity, event.severity),
        "level": incident.highest(row.level, event.level),
        "me_too": row.me_too + len(event.seconded),
        "merged": row.merged if event.undoes else (*row.merged, merged),
    }


def _parted(told: Told[IncidentRow]) -> Fields:
    row, event = told.row, told.fact.event
    return {
        "severity": event.severity,
        "level": event.level,
        "me_too": row.me_too - len(event.seconded),
        "merged": tuple(other for other in row.merged if other.id != event.incident_id),
    }


INCIDENT: Mapping[type[e.Event], Change] = {
    e.IncidentGraded: _graded,
    e.IncidentSeconded: lambda told: {"me_too": told.row.me_too + 1},
    e.IncidentClosed: lambda told: {"closed_at": told.fact.at},
    e.IncidentReopened: {"closed_at": None},
    e.IncidentMerged: lambda told: {"merged_into": told.fact.event.incident_id},
    e.IncidentUnmerged: {"merged_into": None},
    e.IncidentAbsorbed: _absorbed,
    e.IncidentParted: _parted,
}
