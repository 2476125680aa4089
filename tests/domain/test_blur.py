"""A blurred point: near enough to be useful, the same for a whole square."""

from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.blur import METRES_PER_DEGREE, grid

SIDE = 150
GRID = grid(SIDE, -8.1)


@given(st.floats(-8.2, -8.0), st.floats(112.1, 112.2))
def test_it_stays_within_half_a_square(lat: float, lon: float) -> None:
    there = GRID.middle(lat, lon)
    assert abs(there[0] - lat) * METRES_PER_DEGREE <= SIDE / 2 + 0.1
    assert abs(there[1] - lon) <= GRID.step_lon / 2 + 1e-6


@given(st.floats(-8.2, -8.0), st.floats(112.1, 112.2))
def test_blurring_again_says_no_more(lat: float, lon: float) -> None:
    there = GRID.middle(lat, lon)
    assert GRID.middle(*there) == there


def test_neighbours_in_a_square_cannot_be_told_apart() -> None:
    lat, lon = GRID.middle(-8.1, 112.16)
    assert {GRID.middle(lat + d, lon - d) for d in (-0.0005, 0.0, 0.0005)} == {(lat, lon)}
