"""A unit: one officer in the field and his state. His position is a reading, not a fact."""

from __future__ import annotations

from dataclasses import dataclass

from hadir.domain import events as e


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """What the rules remember: the last pressed key."""

    id: str
    status: str | None = None


def evolve(unit: Unit, event: e.Event) -> Unit:
    """The unit after one recorded fact."""
    return Unit(id=unit.id, status=event.status) if isinstance(event, e.UnitStatusSet) else unit
