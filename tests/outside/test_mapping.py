"""Rows of a CSV as reports: times, places moved onto another city, words, ids that stay."""

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.outside.mapping import Box, FileMapping, MappingError, Said, Skipped, load, moved, read, words

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("HADIR_TEST_DATA", ROOT.parent / "shared" / "data"))
CITY = Box(south=-8.14, west=112.13, north=-8.05, east=112.20)
PLAIN = FileMapping(title="test", time="at", lat="lat", lon="lon", text="{title} {text}", zone="Asia/Jakarta")


def one(row: dict[str, str], mapping: FileMapping = PLAIN) -> Said | Skipped:
    return next(iter(read([{"at": "2017-02-21T07:41:20", "lat": "", "lon": "", "title": "", **row}], mapping, CITY)))


def test_a_time_without_a_zone_is_the_mappings() -> None:
    said = one({"text": "Banjir"})
    assert isinstance(said, Said)
    assert said.said_at == datetime(2017, 2, 21, 0, 41, 20, tzinfo=UTC)


def test_the_same_row_has_the_same_id_and_another_row_another() -> None:
    first, again, other = one({"text": "Banjir"}), one({"text": "Banjir"}), one({"text": "banjir"})
    assert isinstance(first, Said) and isinstance(again, Said) and isinstance(other, Said)
    assert first.command_id == again.command_id != other.command_id
    assert len(first.command_id) <= 64


def test_depth_is_said_in_words() -> None:
    mapping = FileMapping(title="t", time="at", lat="lat", lon="lon", text="{text}", depth="cm")
    assert words({"text": "Banjir", "cm": "50.0"}, mapping) == "Banjir Tinggi air 50 cm."
    assert words({"text": "Banjir", "cm": ""}, mapping) == "Banjir"


def test_what_cannot_be_a_report_is_told_with_its_line() -> None:
    for row in ({"text": ""}, {"text": "?!"}, {"text": "x", "at": "soon"}, {"text": "x", "lat": "north", "lon": "1"}):
        said = one(row)
        assert isinstance(said, Skipped) and said.line == 2


def test_a_blurred_point_is_no_point() -> None:
    mapping = FileMapping(title="t", time="at", lat="lat", lon="lon", text="{text}", blurred=((39.0, -77.0),))
    said = one({"text": "x", "lat": "39", "lon": "-77.0"}, mapping)
    assert isinstance(said, Said) and said.lat is None


@given(st.floats(0, 1), st.floats(0, 1))
def test_moving_keeps_how_places_lie_to_each_other(up: float, right: float) -> None:
    source = Box(south=10.0, west=20.0, north=12.0, east=24.0)
    lat, lon = moved((10.0 + 2 * up, 20.0 + 4 * right), source, CITY)
    assert abs(lat - (CITY.south + up * (CITY.north - CITY.south))) < 1e-5
    assert abs(lon - (CITY.west + right * (CITY.east - CITY.west))) < 1e-5


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('title="t"\ntime="a"\nlat="b"\nlon="c"\ntext="d"\ncolour="red"\n')
    with pytest.raises(MappingError, match="colour"):
        load(path)


@pytest.mark.parametrize(
    ("mapping", "file", "rows"),
    [
        ("jakarta_2017_02", "flood/jakarta_2017_02_reports.csv", 641),
        ("nyc311_2026_06_27", "load/nyc311_2026_06_27_5k.csv", 5000),
        ("baltimore311", "load/baltimore311_5k.csv", 5000),
    ],
)
def test_the_shipped_mappings_fit_their_data(mapping: str, file: str, rows: int) -> None:
    if not (DATA / file).is_file():
        pytest.skip(f"no {DATA / file}; HADIR_TEST_DATA names the folder of the data sets")
    with (DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        found = list(read(csv.DictReader(lines), load(ROOT / "mappings" / f"{mapping}.toml"), CITY))
    said = [each for each in found if isinstance(each, Said)]
    assert len(found) == rows
    assert len(said) >= 0.99 * rows
    assert len({s.command_id for s in said}) == len(said)
    inside = [s for s in said if s.lat is not None and CITY.south <= s.lat <= CITY.north]
    assert len(inside) > 0.75 * len(said)


@pytest.mark.parametrize("mapping", sorted(p.stem for p in (ROOT / "mappings").glob("*.toml")))
def test_shipped_mappings_name_categories_of_the_pack(mapping: str) -> None:
    from hadir.storage.citypack import load_city

    known = load_city(ROOT / "cities" / "blitar").category_by_code
    assert set(load(ROOT / "mappings" / f"{mapping}.toml").categories.values()) <= set(known)
