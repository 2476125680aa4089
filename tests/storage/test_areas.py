"""A point finds its area, in metres; the city's own borders replace the pack's, however they are drawn."""

import json
import math
import os
import random
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.city import City
from hadir.domain.priority import metres
from hadir.storage.area_import import import_areas
from hadir.storage.areas import ShapelyAreas
from hadir.storage.citypack import PackError, areas_at, load_city

ROOT = Path(__file__).parents[2]
TINY_FOLDER, BLITAR_FOLDER = ROOT / "tests" / "packs" / "tiny", ROOT / "cities" / "blitar"
TINY, BLITAR = load_city(TINY_FOLDER), load_city(BLITAR_FOLDER)
DATA = Path(os.environ.get("HADIR_TEST_DATA", ROOT.parent / "shared" / "data")) / "blitar"
NORTH, MIDDLE = (a.code for a in TINY.areas)


def geometry(city: City) -> list[shapely.Geometry]:
    return [shapely.MultiPolygon([shapely.Polygon(p[0], p[1:]) for p in a.polygons]) for a in city.areas]


# ── locating ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_inside() -> None:
    found = ShapelyAreas(TINY).locate(-1.995, 120.0)
    assert (found.area, found.distance_m, found.outside, found.approximate) == (NORTH, 0.0, False, True)
    assert [near.area for near in ShapelyAreas(TINY).nearest(-1.995, 120.0)] == [NORTH, MIDDLE]


def test_an_official_border_says_so() -> None:
    assert not ShapelyAreas(TINY).locate(-2.005, 120.0).approximate


@pytest.mark.parametrize(
    ("north_of_border_m", "area", "outside"), [(10, NORTH, False), (1490, NORTH, False), (1510, None, True)]
)
def test_outside_begins_at_the_packs_distance(north_of_border_m: int, area: str | None, outside: bool) -> None:
    found = ShapelyAreas(TINY).locate(-1.99 + north_of_border_m / 111_195, 120.0)
    assert (found.area, found.outside) == (area, outside)
    assert found.distance_m == pytest.approx(north_of_border_m, abs=1)


def test_metres_east_are_metres_too() -> None:
    """A degree of longitude at 60° is half as long: in degrees the wrong area would be nearer."""
    found = ShapelyAreas(TINY).locate(-1.995, 120.01 + 1000 / 111_195)
    assert found.distance_m == pytest.approx(metres(-1.995, 120.01, -1.995, 120.01 + 1000 / 111_195), abs=1)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_on_earth_has_an_answer(lat: float, lon: float) -> None:
    found = ShapelyAreas(TINY).locate(lat, lon)
    assert math.isfinite(found.distance_m)
    assert len(ShapelyAreas(TINY).nearest(lat, lon)) == 2
    assert found.outside == (found.area is None)


@pytest.mark.parametrize(("lat", "lon"), [(math.nan, 0.0), (91.0, 0.0), (0.0, 181.0), (0.0, math.inf)])
def test_no_place_on_earth_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="no place on the earth"):
        ShapelyAreas(TINY).locate(lat, lon)


# ── the approximate areas of the demo city ───────────────────────────────────────────────────────────────────────


def test_the_drawn_areas_hold_their_own_points_and_are_small() -> None:
    areas = ShapelyAreas(BLITAR)
    assert all(areas.locate(a.inner_lat, a.inner_lon).area == a.code for a in BLITAR.areas)
    assert all(a.approximate for a in BLITAR.areas)
    assert (BLITAR_FOLDER / "areas.geojson").stat().st_size <= 12 * 1024
    assert all(shape.is_valid for shape in geometry(BLITAR))


def test_the_drawn_areas_fit_without_gap_or_overlap() -> None:
    shapes = geometry(BLITAR)
    whole = shapely.union_all(shapes)
    # Rounding to a metre leaves crumbs: a thousandth of the city is the most that may be in two areas or in none.
    assert sum(s.area for s in shapes) == pytest.approx(whole.area, rel=1e-3)
    assert sum(shapely.Polygon(hole).area for hole in getattr(whole, "interiors", [])) < whole.area * 1e-3


def test_the_right_area_is_nearly_always_among_the_three_offered() -> None:
    """Against official borders: 80 % first, 97 % among three, so the citizen's confirmation is one tap."""
    if not DATA.is_dir():
        pytest.skip("real borders are not here; set HADIR_TEST_DATA")
    file = json.loads((DATA / "blitar_kelurahan_kemendagri.geojson").read_text())
    real = {f["properties"]["kode"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in file["features"]}
    areas, west_south_east_north = ShapelyAreas(BLITAR), shapely.total_bounds(list(real.values()))
    w, s, e, n = west_south_east_north
    draw = random.Random(72)
    points = [(draw.uniform(s, n), draw.uniform(w, e)) for _ in range(1500)]
    inside = [(lat, lon, k) for lat, lon in points for k, b in real.items() if b.contains(shapely.Point(lon, lat))]
    offered = [k in [near.area for near in areas.nearest(lat, lon)] for lat, lon, k in inside]
    first = [k == areas.locate(lat, lon).area for lat, lon, k in inside]
    assert sum(offered) / len(offered) > 0.95
    assert sum(first) / len(first) > 0.75


# ── official borders ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def real() -> Path:
    if not DATA.is_dir():
        pytest.skip("real borders are not here; set HADIR_TEST_DATA")
    return DATA


@pytest.mark.parametrize(
    ("name", "by", "slivers"),
    [("blitar_kelurahan_kemendagri.geojson", "kode", 75), ("blitar_kelurahan_hdx_bps2020.geojson", "village", 0)],
)
def test_the_real_files_come_in_without_a_gap(real: Path, tmp_path: Path, name: str, by: str, slivers: int) -> None:
    done = import_areas(real / name, tmp_path, BLITAR)
    assert (done.areas, done.by, done.slivers, done.ignored) == (21, by, slivers, 0)
    city = load_city(BLITAR_FOLDER, areas_at(tmp_path))
    shapes = geometry(city)
    assert shapely.coverage_is_valid(shapes)
    assert len(shapely.union_all(shapes).interiors) == 0
    assert not any(a.approximate for a in city.areas)
    assert [(a.code, a.name, a.crossed_by_river) for a in city.areas] == [
        (a.code, a.name, a.crossed_by_river) for a in BLITAR.areas
    ]


def test_a_point_in_a_sliver_or_in_two_areas_has_one_area(real: Path, tmp_path: Path) -> None:
    file = json.loads((real / "blitar_kelurahan_kemendagri.geojson").read_text())
    raw = [shapely.from_geojson(json.dumps(f["geometry"])) for f in file["features"]]
    holes = [shapely.Polygon(h).representative_point() for h in shapely.union_all(raw).interiors]
    both = [a.intersection(b).representative_point() for i, a in enumerate(raw) for b in raw[:i] if a.overlaps(b)]
    import_areas(real / "blitar_kelurahan_kemendagri.geojson", tmp_path, BLITAR)
    city = load_city(BLITAR_FOLDER, areas_at(tmp_path))
    areas, shapes = ShapelyAreas(city), geometry(city)
    assert len(holes) == 75
    assert both
    for point in (*holes, *both):
        assert areas.locate(point.y, point.x).distance_m == 0.0
        assert sum(shape.contains(point) for shape in shapes) == 1


@pytest.mark.parametrize("name", ["blitar_kecamatan_dissolved.geojson", "blitar_kota_kemendagri.geojson"])
def test_districts_of_the_same_names_do_not_pass_for_areas(real: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(PackError, match="Plosokerep"):
        import_areas(real / name, tmp_path, BLITAR)
    assert not areas_at(tmp_path).exists()


def square(name: object, west: float, south: float, **more: object) -> dict[str, object]:
    ring = [[west, south], [west + 0.02, south], [west + 0.02, south + 0.01], [west, south + 0.01], [west, south]]
    return {
        "type": "Feature",
        "properties": {"NAMOBJ": name, **more},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def put(folder: Path, *features: object) -> Path:
    path = folder / "borders.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8-sig")
    return path


def test_names_are_told_from_districts_by_the_district_beside_them(tmp_path: Path) -> None:
    """«Tengah» is an area, its district, and a place of a neighbouring district too."""
    file = put(
        tmp_path,
        square("KEL. UTARA", 119.99, -2.0, kec="Tengah"),
        square("Tengah", 119.99, -2.01, kec="Kecamatan Tengah"),
        square("Tengah", 121.0, -2.01, kec="Jauh"),
    )
    done = import_areas(file, tmp_path, TINY)
    assert (done.by, done.areas, done.ignored) == ("NAMOBJ", 2, 1)
    assert load_city(TINY_FOLDER, areas_at(tmp_path)).areas[1].polygons[0][0][0][0] < 120.5


def test_a_code_may_be_written_without_dots_and_an_area_in_parts(tmp_path: Path) -> None:
    file = put(
        tmp_path,
        square("a", 119.99, -2.0, kode="990101"),
        square("b", 119.99, -2.01, kode=990102),
        square("c", 120.02, -2.01, kode="99.01.02"),
    )
    assert import_areas(file, tmp_path, TINY).by == "kode"
    shapes = geometry(load_city(TINY_FOLDER, areas_at(tmp_path)))
    assert shapes[1].area == pytest.approx(2 * shapes[0].area, rel=1e-3)


def test_overlap_and_gap_are_settled(tmp_path: Path) -> None:
    file = put(tmp_path, square("Utara", 119.99, -2.0001, kec="Tengah"), square("Tengah", 119.99, -2.01, kec="Tengah"))
    assert import_areas(file, tmp_path, TINY).overlaps == 1
    assert shapely.coverage_is_valid(geometry(load_city(TINY_FOLDER, areas_at(tmp_path))))


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([], "not a GeoJSON FeatureCollection"),
        ([square("Utara", 119.99, -2.0)], "Tengah"),
        ([square("Utara", -2.0, 60.0), square("Tengah", -2.01, 60.0)], "longitude, latitude"),
        (
            [square("Utara", 119.99, -2.0), {"type": "Feature", "properties": {"NAMOBJ": "Tengah"}, "geometry": None}],
            "geometry cannot be read",
        ),
    ],
)
def test_a_wrong_file_is_refused_and_leaves_nothing(tmp_path: Path, features: list[object], said: str) -> None:
    with pytest.raises(PackError, match=said):
        import_areas(put(tmp_path, *features), tmp_path, TINY)
    assert not areas_at(tmp_path).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"features": 3}', "\x00"])
def test_what_is_no_geojson_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(text)
    with pytest.raises(PackError, match=r"x\.geojson"):
        import_areas(path, tmp_path, TINY)
