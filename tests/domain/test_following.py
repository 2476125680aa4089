"""Circles, areas, and how finely a chosen point is kept."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.following import RADII, Change, Kind, Subscription, box, coarse, covers, metres

NOW = datetime(2026, 1, 7, tzinfo=UTC)
lats, lons = st.floats(-60, 60), st.floats(-179, 179)
near = st.floats(-0.05, 0.05)


def wish(**more: object) -> Subscription:
    return Subscription(id="w", subscriber="s", made_at=NOW, confirmed_at=NOW, **more)  # type: ignore[arg-type]


def change(**more: object) -> Change:
    return Change(about="incidents/i", says="opened", position=1, at=NOW, began_at=NOW, category="flood", **more)  # type: ignore[arg-type]


@given(lat=lats, lon=lons, up=near, side=near, radius=st.sampled_from(RADII))
def test_whatever_lies_in_the_circle_lies_in_its_square(
    lat: float, lon: float, up: float, side: float, radius: int
) -> None:
    other_lat, other_lon = lat + up, lon + side
    south, west, north, east = box(lat, lon, radius)
    inside = south <= other_lat <= north and west <= other_lon <= east
    # 1 m: the square is made of degrees, the distance of a sphere.
    assert inside or metres(lat, lon, other_lat, other_lon) > radius - 1


@given(lat=lats, lon=lons, up=near, side=near)
def test_distance_is_the_same_both_ways_and_none_to_oneself(lat: float, lon: float, up: float, side: float) -> None:
    there = metres(lat, lon, lat + up, lon + side)
    assert abs(there - metres(lat + up, lon + side, lat, lon)) < 1e-6
    assert metres(lat, lon, lat, lon) == 0


@given(lat=lats)
def test_a_chosen_point_is_kept_to_a_block(lat: float) -> None:
    assert metres(lat, 112.0, coarse(lat), 112.0) < 56


def test_a_degree_is_as_long_as_it_is() -> None:
    assert 111_000 < metres(0, 0, 1, 0) < 111_400


def test_an_area_is_followed_by_its_code_and_a_circle_by_its_point() -> None:
    here = change(area="a1", lat=-8.1, lon=112.16)
    assert covers(wish(kind=Kind.AREA, area="a1"), here)
    assert not covers(wish(kind=Kind.AREA, area="a2"), here)
    assert covers(wish(kind=Kind.AROUND, lat=-8.1, lon=112.161, radius_m=500), here)
    assert not covers(wish(kind=Kind.AROUND, lat=-8.1, lon=112.17, radius_m=500), here)
    assert not covers(wish(kind=Kind.AROUND, lat=-8.1, lon=112.16, radius_m=500), change(area="a1"))
    assert not covers(wish(kind=Kind.REPORT, report="r1"), here)
