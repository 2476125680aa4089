"""From a point to the area it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """An area and how far its border is from the point; 0 inside."""

    area: str
    distance_m: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Located:
    """Where a point lies. A point in a gap between borders, or in two areas at once, gets the nearest."""

    #: The area's code; None outside the city.
    area: str | None
    #: To the area's border; 0 inside it.
    distance_m: float
    #: Farther from the outermost area than the pack's `outside_m`.
    outside: bool
    #: The border is not official: ask the person (`nearest` has what to choose among).
    approximate: bool


class Areas(Protocol):
    """The areas of one city."""

    def locate(self, lat: float, lon: float) -> Located:
        """WGS84 degrees. Raises ValueError for what is no place on the earth (NaN, latitude 91)."""
        ...

    def nearest(self, lat: float, lon: float) -> tuple[Near, ...]:
        """The nearest three areas, the nearest first. Raises ValueError as `locate` does."""
        ...
