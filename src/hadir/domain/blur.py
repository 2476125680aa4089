"""A reporter's point as the public may know it: the middle of a fixed square.

The squares lie still, so asking often, or comparing answers, says no more than asking once; whoever filters by place
has to filter by the blurred point too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, floor, radians

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Squares of `step_lat` by `step_lon` degrees, from the equator and Greenwich on."""

    step_lat: float
    step_lon: float

    def middle(self, lat: float, lon: float) -> tuple[float, float]:
        """(lat, lon) of the middle of the square that the point lies in, to about 10 cm."""
        return _middle(lat, self.step_lat), _middle(lon, self.step_lon)


def grid(metres: int, lat: float) -> Grid:
    """Squares of about this side where the city lies (its latitude, degrees)."""
    step = metres / METRES_PER_DEGREE
    return Grid(step, step / cos(radians(lat)))


def _middle(degrees: float, step: float) -> float:
    return round((floor(degrees / step) + 0.5) * step, 6)
