"""The city's areas as one small SVG drawing: borders simplified together, so that neighbours keep meeting.

The drawing is a flat projection around the city's middle, good to a few metres over a city; `Drawing.point` and
`Drawing.place` convert between degrees and units. About 2 KB compressed for twenty areas.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import shapely
from shapely.affinity import affine_transform
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polylabel

from hadir.domain.city import Area, City

# The drawing is as wide as a small phone's page, so that one unit is about one pixel there.
WIDTH = 328
MARGIN = 6
# Border points nearer than this to the line they leave behind are dropped (units of the drawing).
COARSE = 2.0
# A letter of a name in a wide font, width and height in units.
LETTER = (6.2, 9)
# How far a name may stand from its place, so that it can be read.
NUDGES = (0, 4, -4, 7, -7, 10, -10)
# Sliver holes of real border files are smaller than this (square units).
SLIVER = 4.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """One area on the drawing."""

    code: str
    name: str
    path: str
    #: where its mark stands, and its name so much lower
    x: int
    y: int
    lower: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """All areas, the size in units, and the projection: x = (lon - west)·kx, y = (north - lat)·ky."""

    width: int
    height: int
    west: float
    north: float
    kx: float
    ky: float
    shapes: tuple[Shape, ...]

    def point(self, lat: float, lon: float) -> tuple[int, int]:
        return round((lon - self.west) * self.kx), round((self.north - lat) * self.ky)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """(lat, lon) of a point of the drawing, rounded to about a metre."""
        return round(self.north - y / self.ky, 5), round(self.west + x / self.kx, 5)


def _shape(area: Area) -> MultiPolygon:
    polygons = [Polygon(part[0], part[1:]) for part in area.polygons]
    return MultiPolygon(polygons)


def draw(city: City, width: int = WIDTH) -> Drawing:
    """The drawing of a city pack's areas; the wider, the finer its borders."""
    shapes = [_shape(area) for area in city.areas]
    west, south, east, north = shapely.total_bounds(shapes)
    squeeze = math.cos(math.radians((south + north) / 2))
    kx = (width - 2 * MARGIN) / (east - west)
    ky = kx / squeeze
    height = math.ceil((north - south) * ky) + 2 * MARGIN
    drawing = Drawing(
        width=width, height=height, west=west - MARGIN / kx, north=north + MARGIN / ky, kx=kx, ky=ky, shapes=()
    )
    drawn = _simplified([_projected(shape, drawing) for shape in shapes])
    marks = tuple(_drawn(area, shape) for area, shape in zip(city.areas, drawn, strict=True))
    return replace(drawing, shapes=_apart(marks))


def _apart(shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    """Names moved up or down a little where they would stand on another; one that finds no room stays."""
    placed: list[Shape] = []
    for shape in sorted(shapes, key=lambda shape: (shape.y, shape.x)):
        tried = [replace(shape, lower=nudge) for nudge in NUDGES]
        placed.append(next((one for one in tried if not any(_meet(one, other) for other in placed)), shape))
    by_code = {shape.code: shape for shape in placed}
    return tuple(by_code[shape.code] for shape in shapes)


def _meet(one: Shape, other: Shape) -> bool:
    wide, high = LETTER
    beside = abs(one.x - other.x) >= (len(one.name) + len(other.name)) / 2 * wide
    return not beside and abs(one.y + one.lower - other.y - other.lower) < high


def _projected(shape: MultiPolygon, drawing: Drawing) -> MultiPolygon:
    """Degrees → units; y grows downwards."""
    kx, ky = drawing.kx, drawing.ky
    return affine_transform(shape, [kx, 0, 0, -ky, -drawing.west * kx, drawing.north * ky])


def _simplified(shapes: list[MultiPolygon]) -> list[BaseGeometry]:
    """Shared borders stay shared; a pack whose borders overlap is simplified area by area instead."""
    if shapely.coverage_is_valid(shapes):
        return list(shapely.coverage_simplify(shapes, COARSE))
    return [shape.simplify(COARSE / 2) for shape in shapes]


def _drawn(area: Area, shape: BaseGeometry) -> Shape:
    parts = shapely.get_parts(shape)
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors) if Polygon(ring).area > SLIVER]
    middle = polylabel(max(parts, key=lambda part: part.area), tolerance=1.0)
    x, y = round(middle.x), round(middle.y)
    return Shape(code=area.code, name=area.name, path="".join(_path(r.coords) for r in rings), x=x, y=y)


def _path(coords: Iterable[tuple[float, ...]]) -> str:
    """Whole units, each step relative to the last: half the bytes of absolute ones."""
    points = [(round(x), round(y)) for x, y, *_ in coords][:-1]
    steps = [f"M{points[0][0]} {points[0][1]}l"]
    for (x0, y0), (x1, y1) in pairwise(points):
        if (x0, y0) != (x1, y1):
            steps.append(f"{x1 - x0} {y1 - y0} ")
    return "".join(steps).rstrip().replace(" -", "-") + "z"
