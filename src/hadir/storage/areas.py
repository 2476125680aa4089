"""The areas of a city in memory: a tree over their borders, in metres.

Borders are projected once onto a plane that touches the earth at the city's centre (a degree of longitude is shorter
than one of latitude by the cosine of the latitude); over a city of tens of kilometres that is right to a metre, and
the nearest area is then the nearest on the ground, which it is not in degrees.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import shapely
from shapely import Point, STRtree
from shapely.geometry.base import BaseGeometry

from hadir.domain.city import Area, City
from hadir.ports.areas import Located, Near

METRES_PER_DEGREE = 111_195.0  # mean radius 6,371,009 m
_CANDIDATES = 3
_FIRST_LOOK_M = 500.0  # reaches the neighbours from nearly everywhere in an area of a square kilometre
_EARTH_M = 2.1e7  # half way round


# Most points lie in a square that lies in one area: once that is known of a square, a look-up is a dictionary's (2 us,
# where asking the tree takes 35). On a border the two or three areas of the square are asked (6 us).
CELL_M = 50.0
_CELLS_KEPT = 100_000  # a city of 250 square kilometres; some 10 MB


class _Cell(NamedTuple):
    """What is known of a square: the one area it lies in, or else those that it touches."""

    whole: int | None
    touched: tuple[int, ...]


class ShapelyAreas:
    """Fulfils `ports.areas.Areas`."""

    def __init__(self, city: City) -> None:
        self._areas = city.areas
        self._outside_m = city.outside_m
        self._lat, self._lon = city.lat, city.lon
        self._east = METRES_PER_DEGREE * math.cos(math.radians(city.lat))
        self._shapes = np.array([self._shape(area) for area in city.areas], dtype=object)
        self._centres = [Point(self._metres(a.inner_lat, a.inner_lon)) for a in city.areas]
        self._tree = STRtree(self._shapes)
        self._inside = [self._located(index, 0.0) for index in range(len(city.areas))]
        self._cells: dict[tuple[int, int], _Cell] = {}

    def locate(self, lat: float, lon: float) -> Located:
        x, y = self._metres(*_checked(lat, lon))
        cell = int(x // CELL_M), int(y // CELL_M)
        known = self._cells.get(cell) or self._cell(*cell)
        index = known.whole
        if index is None:
            inside = [each for each in known.touched if shapely.contains_xy(self._shapes[each], x, y)]
            index = inside[0] if len(inside) == 1 else None
        # Outside of all, or where two overlap: the nearest.
        return self._located(*self._ranked(Point(x, y))[0]) if index is None else self._inside[index]

    def _cell(self, column: int, row: int) -> _Cell:
        """What a square touches, remembered while there is room."""
        west, south = column * CELL_M, row * CELL_M
        box = shapely.box(west, south, west + CELL_M, south + CELL_M)
        touched = tuple(int(index) for index in self._tree.query(box, predicate="intersects"))
        whole = len(touched) == 1 and bool(shapely.contains_properly(self._shapes[touched[0]], box))
        cell = _Cell(touched[0] if whole else None, touched)
        if len(self._cells) < _CELLS_KEPT:
            self._cells[column, row] = cell
        return cell

    def _located(self, index: int, distance: float) -> Located:
        outside, area = distance > self._outside_m, self._areas[index]
        return Located(
            area=None if outside else area.code,
            distance_m=round(distance, 1),
            outside=outside,
            approximate=area.approximate,
        )

    def nearest(self, lat: float, lon: float) -> tuple[Near, ...]:
        ranked = self._ranked(Point(self._metres(*_checked(lat, lon))))[:_CANDIDATES]
        return tuple(Near(area=self._areas[i].code, distance_m=round(d, 1)) for i, d in ranked)

    def _ranked(self, point: Point) -> list[tuple[int, float]]:
        """Areas by distance to their border; several at 0 (overlaps) by distance to their inner point."""
        near = self._near(point)
        distances = shapely.distance(self._shapes[near], point)
        ranked = zip(near.tolist(), distances.tolist(), strict=True)
        return sorted(ranked, key=lambda item: (item[1], self._centres[item[0]].distance(point)))

    def _near(self, point: Point) -> np.ndarray:
        """At least as many areas as candidates are wanted, by looking around in growing circles."""
        wanted = min(_CANDIDATES, len(self._areas))
        reach = _FIRST_LOOK_M
        while reach < _EARTH_M:
            near = self._tree.query(point, predicate="dwithin", distance=reach)
            if len(near) >= wanted:
                return near
            reach *= 4
        return np.arange(len(self._areas))

    def _metres(self, lat: float, lon: float) -> tuple[float, float]:
        # The short way round, so that a point beyond the 180th meridian is far east of a city, not west of it.
        east = (lon - self._lon + 180.0) % 360.0 - 180.0
        return east * self._east, (lat - self._lat) * METRES_PER_DEGREE

    def _shape(self, area: Area) -> BaseGeometry:
        parts = [shapely.Polygon(part[0], part[1:]) for part in area.polygons]
        shape = shapely.transform(shapely.union_all(parts), self._project)
        shapely.prepare(shape)
        return shape

    def _project(self, points: np.ndarray) -> np.ndarray:
        return np.column_stack(
            ((points[:, 0] - self._lon) * self._east, (points[:, 1] - self._lat) * METRES_PER_DEGREE)
        )


def _checked(lat: float, lon: float) -> tuple[float, float]:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # also false for NaN
        raise ValueError(f"{lat}, {lon} is no place on the earth")
    return lat, lon
