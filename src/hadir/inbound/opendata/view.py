"""A rectangle of the city as a drawing: zoom, middle, and what stands where, in units of about a pixel.

Zoom 0 is the whole city, each step shows half as much each way. Squares that reports are counted by lie still, so that
a step to the side does not shuffle them; a view is made of whole squares, and a circle is kept inside its own: two
never lie on each other.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from hadir.domain.city import City
from hadir.inbound.pages.drawing import LETTER, WIDTH, Drawing, Shape, draw
from hadir.views.columns import Cluster, Squares

ZOOM_MOST = 6
#: Borders this many times finer from here on.
FINE, FINE_FROM = 8, 2
#: Squares across, at every zoom: on a small phone the largest circle fits into one, and a thumb finds the smallest.
ACROSS = 7
#: A step to the side, in squares.
STEP = 4
RADIUS_LEAST, RADIUS_MOST = 12, 20
#: A flood's sign: how far its middle stands above its area's point, half its size, and where it may step aside to.
SIGN_ABOVE, SIGN_HALF = 15, 8
#: Half of a circle's number: on its rim a sign may lie.
NUMBER_HALF = 11
SIGN_STEPS = ((0, 0), (0, -14), (0, 20), (-16, 0), (16, 0), (-20, -14), (20, -14), (-20, 16), (20, 16))
#: A circle of one report is drawn so large.
ONE_RADIUS = 6
#: What is farther than this from a name's place is never in its way.
NAME_REACH = 96
#: So far a name steps aside from circles, the nearest place first: rather up or down than to a side.
NAME_STEPS = tuple(
    sorted(
        ((dx, dy) for dx in (0, -12, 12, -24, 24) for dy in (0, 8, -8, 14, -14, 20, -20, 26, -26, 32)),
        key=lambda step: (math.hypot(1.5 * step[0], step[1]), step),
    )
)
#: Millionths of a degree, a tenth of a metre.
MICRO = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Circle:
    """A cluster as it is drawn."""

    x: float
    y: float
    r: float
    cluster: Cluster
    #: its number, short enough to stand in it
    text: str
    zoom: int


class Atlas:
    """Both drawings of the city, and where each area is."""

    def __init__(self, city: City, whole: Drawing) -> None:
        self.city = city
        self.whole = whole

    @cached_property
    def fine(self) -> Drawing:
        return draw(self.city, WIDTH * FINE)

    @cached_property
    def bounds(self) -> dict[str, tuple[float, float, float, float]]:
        """Area → west, south, east, north."""
        return {area.code: _bounds(area.polygons) for area in self.city.areas}

    @cached_property
    def down(self) -> int:
        """Squares from north to south, at every zoom."""
        return max(1, round(self.whole.height * ACROSS / self.whole.width))

    def at(self, zoom: int, lat: float | None, lon: float | None) -> View:
        """The view around a point: whole squares, and nothing beyond the city's rectangle."""
        whole, zoom = self.whole, max(0, min(zoom, ZOOM_MOST))
        first = View(atlas=self, zoom=zoom, col=0, row=0)
        if lat is None or lon is None:
            lat, lon = whole.place(whole.width / 2, whole.height / 2)
        col = round((lon - whole.west) * MICRO / first.wide - ACROSS / 2)
        row = round((whole.north - lat) * MICRO / first.high - self.down / 2)
        many = 2**zoom - 1
        return View(
            atlas=self,
            zoom=zoom,
            col=min(max(col, 0), ACROSS * many),
            row=min(max(row, 0), self.down * many),
        )


@dataclass(frozen=True, kw_only=True)
class View:
    """One rectangle: so many squares from the city's north-western corner."""

    atlas: Atlas
    zoom: int
    col: int
    row: int

    @property
    def width(self) -> int:
        return self.atlas.whole.width

    @property
    def height(self) -> int:
        return self.atlas.whole.height

    @cached_property
    def wide(self) -> int:
        """A square's width, millionths of a degree."""
        return max(1, round(self.width / ACROSS / self.kx * MICRO))

    @cached_property
    def high(self) -> int:
        return max(1, round(self.height / self.atlas.down / self.ky * MICRO))

    @cached_property
    def squares(self) -> Squares:
        """Counted from the north-western corner of the view."""
        return Squares(round(self.north * MICRO), round(self.west * MICRO), self.high, self.wide)

    @cached_property
    def west(self) -> float:
        return (round(self.atlas.whole.west * MICRO) + self.col * self.wide) / MICRO

    @cached_property
    def north(self) -> float:
        return (round(self.atlas.whole.north * MICRO) - self.row * self.high) / MICRO

    @cached_property
    def kx(self) -> float:
        """Units per degree of longitude."""
        return self.atlas.whole.kx * 2**self.zoom

    @cached_property
    def ky(self) -> float:
        return self.atlas.whole.ky * 2**self.zoom

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        down, across = self.atlas.down * self.high, ACROSS * self.wide
        return self.west, round(self.north - down / MICRO, 6), round(self.west + across / MICRO, 6), self.north

    @property
    def middle(self) -> tuple[float, float]:
        """(lat, lon), to about a metre."""
        west, south, east, north = self.box
        return round((south + north) / 2, 5), round((west + east) / 2, 5)

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        return round((lon - self.west) * self.kx, 1), round((self.north - lat) * self.ky, 1)

    def shows(self, lat: float, lon: float) -> bool:
        west, south, east, north = self.box
        return west <= lon <= east and south <= lat <= north

    def moved(self, east: float, north: float) -> tuple[float, float]:
        """The middle after steps to the side."""
        lat, lon = self.middle
        lat += north * STEP * self.high / MICRO
        lon += east * STEP * self.wide / MICRO
        return round(lat, 5), round(lon, 5)

    # ── what is drawn ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def drawing(self) -> Drawing:
        return self.atlas.fine if self.zoom >= FINE_FROM else self.atlas.whole

    @property
    def transform(self) -> str:
        """From the drawing's units to the view's."""
        drawing = self.drawing
        scale = self.kx / drawing.kx
        left, top = (self.west - drawing.west) * drawing.kx, (drawing.north - self.north) * drawing.ky
        return f"scale({scale:.5g}) translate({-left:.1f} {-top:.1f})"

    def shapes(self) -> Iterator[Shape]:
        """Areas that reach into the rectangle."""
        west, south, east, north = self.box
        for shape in self.drawing.shapes:
            w, s, e, n = self.atlas.bounds[shape.code]
            if w <= east and e >= west and s <= north and n >= south:
                yield shape

    @cached_property
    def marked(self) -> tuple[tuple[str, float, float], ...]:
        """Every area's name, and where its name stands in this view's units, in the rectangle or out of it."""
        whole = self.atlas.whole
        places = [(shape, self.point(*whole.place(shape.x, shape.y))) for shape in whole.shapes]
        return tuple((shape.name, x, y + shape.lower) for shape, (x, y) in places)

    def names(
        self, circles: Iterable[Circle] = (), signs: Iterable[tuple[float, float]] = (), first: Container[str] = ()
    ) -> list[tuple[str, float, float]]:
        """Names of areas whose mark is in the rectangle, and where they stand: beside circles and floods' signs.

        `first`: names that matter more, so that they get the better places.
        """
        things = [(c.x, c.y, c.r if c.cluster.reports > 1 else ONE_RADIUS) for c in circles]
        things += [(x, y - SIGN_ABOVE, SIGN_HALF) for x, y in signs]
        placed: list[tuple[str, float, float]] = []
        for name, x, y in sorted(self.marked, key=lambda mark: mark[0] not in first):
            if 0 <= x <= self.width and 0 <= y <= self.height:
                near = [t for t in things if abs(t[0] - x) < NAME_REACH and abs(t[1] - y) < NAME_REACH]
                tried = [(name, x + dx, y + dy) for dx, dy in NAME_STEPS]
                placed.append(next((one for one in tried if _readable(one, near, placed)), tried[0]))
        return placed

    def nearest(self, x: float, y: float) -> str:
        """The name of the area whose mark is nearest to a point of the view."""
        return min(self.marked, key=lambda mark: math.hypot(mark[1] - x, mark[2] - y))[0]

    def mark_of(self, code: str) -> tuple[float, float] | None:
        """Where the mark of an area stands, if it is in the rectangle."""
        for shape in self.atlas.whole.shapes:
            if shape.code == code:
                lat, lon = self.atlas.whole.place(shape.x, shape.y)
                return self.point(lat, lon) if self.shows(lat, lon) else None
        return None

    def circle(self, cluster: Cluster) -> Circle:
        """As it is drawn, inside its square."""
        radius = round(min(RADIUS_MOST, RADIUS_LEAST + 0.8 * math.log2(cluster.reports)), 1)
        squares = self.squares
        col = (math.floor(cluster.lon * MICRO + 0.5) - squares.lon) // squares.wide
        row = -((math.floor(cluster.lat * MICRO + 0.5) - squares.lat) // squares.high) - 1
        return Circle(
            x=_inside((cluster.lon - self.west) * self.kx, col, self.width / ACROSS, radius),
            y=_inside((self.north - cluster.lat) * self.ky, row, self.height / self.atlas.down, radius),
            r=radius,
            cluster=cluster,
            text=short(cluster.reports),
            zoom=min(ZOOM_MOST, self.zoom + 1),
        )


def aside(at: tuple[float, float], circles: Iterable[Circle]) -> tuple[float, float]:
    """Where a flood's sign lies on no number; where there is no such place, its own."""
    near = [c for c in circles if abs(c.x - at[0]) < WIDTH / ACROSS and abs(c.y - at[1]) < WIDTH / ACROSS]

    def free(x: float, y: float) -> bool:
        return all(math.hypot(c.x - x, c.y - (y - SIGN_ABOVE)) > min(c.r, NUMBER_HALF) + SIGN_HALF for c in near)

    places = [(at[0] + dx, at[1] + dy) for dx, dy in SIGN_STEPS]
    return next((place for place in places if free(*place)), at)


def _readable(
    name: tuple[str, float, float],
    things: Iterable[tuple[float, float, float]],
    others: Iterable[tuple[str, float, float]],
) -> bool:
    """Nothing round lies on the name, and no other name. A name's point is the middle of its foot."""
    (text, x, y), (letter, high) = name, LETTER
    half, middle = len(text) * letter / 2, y - high / 2 + 1
    for at_x, at_y, radius in things:
        beside, below = max(0.0, abs(at_x - x) - half), max(0.0, abs(at_y - middle) - high / 2)
        if math.hypot(beside, below) < radius:
            return False
    return all(abs(o[1] - x) >= half + len(o[0]) * letter / 2 or abs(o[2] - y) >= high for o in others)


def _inside(at: float, square: int, side: float, margin: float) -> float:
    """Moved inside its square so far that a circle does not reach out of it."""
    return min(max(at, square * side + margin), (square + 1) * side - margin)


def short(number: int) -> str:
    """«840», «1,2k», «34k»: four characters at most."""
    if number < 1000:
        return str(number)
    if number < 9950:
        return f"{number / 1000:.1f}k".replace(".", ",")
    return f"{round(number / 1000)}k" if number < 999_500 else f"{round(number / 1e6)}M"


def _bounds(polygons: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]) -> tuple[float, float, float, float]:
    points = [point for polygon in polygons for point in polygon[0]]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return min(lons), min(lats), max(lons), max(lats)
