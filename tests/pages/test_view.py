"""The map's rectangles: whole squares inside the city's, and circles that never lie on each other."""

import math
from dataclasses import replace
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from hadir.inbound.opendata.charts import bars, nice
from hadir.inbound.opendata.view import ACROSS, MICRO, RADIUS_MOST, ZOOM_MOST, Atlas, View, aside, short
from hadir.inbound.pages.drawing import _meet, draw
from hadir.views.columns import Cluster
from tests.world import CITY

ATLAS = Atlas(CITY, draw(CITY))
VIEWS = st.builds(ATLAS.at, st.integers(-1, 9), st.none() | st.floats(-90, 90), st.none() | st.floats(-180, 180))


@given(VIEWS)
def test_a_view_lies_inside_the_city_s_rectangle_and_is_made_of_whole_squares(view: View) -> None:
    whole = ATLAS.at(0, None, None)
    west, south, east, north = view.box
    slack = 20 / MICRO * 2**ZOOM_MOST
    assert whole.box[0] <= west + slack and east <= whole.box[2] + slack
    assert whole.box[1] <= south + slack and north <= whole.box[3] + slack
    again = ATLAS.at(view.zoom, *view.middle)
    assert (again.col, again.row) == (view.col, view.row)


def test_no_name_stands_on_another() -> None:
    shapes = draw(CITY).shapes
    assert [(a.name, b.name) for a, b in combinations(shapes, 2) if _meet(a, b)] == []
    assert any(shape.lower for shape in shapes), "else this city proves nothing"


@given(VIEWS, st.data())
def test_circles_keep_to_their_squares(view: View, data: st.DataObject) -> None:
    squares, high = view.squares, ATLAS.down
    col, row = data.draw(st.integers(0, ACROSS - 1)), data.draw(st.integers(0, high - 1))
    lat = (squares.lat - row * squares.high - data.draw(st.integers(1, squares.high))) / MICRO
    lon = (squares.lon + col * squares.wide + data.draw(st.integers(0, squares.wide - 1))) / MICRO
    circle = view.circle(Cluster(data.draw(st.integers(1, 10**7)), 0, lat, lon, 1))
    side_x, side_y = view.width / ACROSS, view.height / high
    assert side_x >= 2 * RADIUS_MOST and side_y >= 2 * RADIUS_MOST
    assert col * side_x <= circle.x - circle.r + 0.05 and circle.x + circle.r <= (col + 1) * side_x + 0.05
    assert row * side_y <= circle.y - circle.r + 0.05 and circle.y + circle.r <= (row + 1) * side_y + 0.05
    assert len(circle.text) <= 4


def test_a_flood_s_sign_lies_on_no_number_where_there_is_room() -> None:
    view = ATLAS.at(0, None, None)
    at = view.mark_of("35.72.03.1002")
    assert at is not None
    assert aside(at, []) == at
    lat, lon = CITY.area_by_code["35.72.03.1002"].lat, CITY.area_by_code["35.72.03.1002"].lon
    over = replace(view.circle(Cluster(12, 0, lat, lon, 1)), x=at[0], y=at[1] - 15)
    x, y = aside(at, [over])
    assert math.hypot(over.x - x, over.y - (y - 15)) > 19
    everywhere = [replace(over, x=at[0] + dx, y=at[1] - 15 + dy) for dx in (-20, 0, 20) for dy in (-16, 0, 18)]
    assert aside(at, everywhere) == at


def test_a_name_steps_aside_from_a_circle_and_is_found_from_it() -> None:
    view = ATLAS.at(0, None, None)
    name, x, y = next(mark for mark in view.marked if mark[0] == "Gedog")
    assert {n: (x, y) for n, x, y in view.names()}[name] == (x, y)
    over = replace(view.circle(Cluster(12, 0, CITY.lat, CITY.lon, 1)), x=x, y=y)
    moved = {n: (x, y) for n, x, y in view.names([over])}[name]
    assert moved != (x, y) and math.dist(moved, (x, y)) <= 40
    assert abs(moved[0] - x) > 20 or abs(moved[1] - 4 - y) >= over.r
    assert view.nearest(x + 3, y - 5) == name


def test_a_step_to_the_side_and_back_is_the_same_view() -> None:
    view = ATLAS.at(3, CITY.lat, CITY.lon)
    beside = ATLAS.at(3, *view.moved(1, 0))
    assert beside.col > view.col and beside.row == view.row
    assert ATLAS.at(3, *beside.moved(-1, 0)).col == view.col


def test_borders_are_finer_where_one_looks_closely() -> None:
    far, near = ATLAS.at(0, None, None), ATLAS.at(3, CITY.lat, CITY.lon)
    assert len(list(near.shapes())) < len(list(far.shapes())) == len(CITY.areas)
    assert near.drawing.width > far.drawing.width
    assert list(far.names()) and math.isclose(far.kx * 8, near.kx)


def test_numbers_in_circles_are_short() -> None:
    assert [short(n) for n in (7, 999, 1200, 9949, 9950, 123_456, 999_600)] == [
        "7", "999", "1,2k", "9,9k", "10k", "123k", "1M",
    ]  # fmt: skip


@given(st.lists(st.integers(0, 10**7), max_size=30))
def test_bars_stand_between_the_lines(values: list[int]) -> None:
    drawn = bars([(str(n), all, all // 2) for n, all in enumerate(values)], str)
    assert len(drawn.bars) == len(values)
    assert all(left.x + left.width <= right.x for left, right in pairwise(drawn.bars))
    assert all(0 <= bar.y <= bar.part_y <= drawn.base for bar in drawn.bars)
    assert nice(max(values, default=0)) * 4 >= max(values, default=0)
