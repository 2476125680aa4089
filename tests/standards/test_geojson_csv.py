"""GeoJSON and CSV: what was written is what is read, by us and by readers that we did not write."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.standards import csvfile, geojson
from hadir.standards.csvfile import NotCsv, disarmed, line
from hadir.standards.geojson import Collection, Feature, NotGeoJson

TEXT = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["=1+1", "-2", '"', 'a"b', "a,b", "a\r\nb", "\r", "\n", "'", " =x", "@SUM(A1)", "\uff1d1", ""]
)
DEGREES = st.integers(-90_000_000, 90_000_000).map(lambda micro: micro / 1_000_000)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
FEATURES = st.builds(
    Feature,
    id=TEXT,
    point=st.none() | st.tuples(DEGREES, DEGREES),
    properties=st.dictionaries(TEXT, PLAIN, max_size=3),
)
FOREIGN = st.dictionaries(TEXT.map(lambda name: f"x{name}"), PLAIN, max_size=3)


@given(st.lists(FEATURES, max_size=4).map(tuple), FOREIGN)
def test_a_collection_comes_back(features: tuple[Feature, ...], foreign: dict[str, object]) -> None:
    data = b"".join(geojson.write(features, foreign))
    assert geojson.read(data) == Collection(features=features, foreign=foreign)
    plain = json.loads(data)
    assert plain["type"] == "FeatureCollection" and len(plain["features"]) == len(features)


def test_longitude_comes_first() -> None:
    (feature,) = json.loads(b"".join(geojson.write([Feature(id="r", point=(-8.0948, 112.167))], {})))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [112.167, -8.0948]}


def test_a_member_of_the_standard_cannot_be_foreign() -> None:
    with pytest.raises(ValueError, match="geometry"):
        geojson.ending({"geometry": 1})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"type":"Feature"}',
        '{"type":"FeatureCollection","features":[{"type":"Point"}]}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1]},'
        '"properties":{}}]}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[999,1]},'
        '"properties":{}}]}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[]},'
        '"properties":{}}]}',
        '{"a":' * 50_000,
        "\ud800",
    ],
)
def test_what_is_no_collection_of_points_is_refused(text: str) -> None:
    with pytest.raises(NotGeoJson):
        geojson.read(text.encode(errors="surrogatepass"))


RECORDS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(PLAIN | DEGREES, min_size=width, max_size=width), min_size=1, max_size=5)
)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return disarmed(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)


@given(RECORDS)
def test_records_come_back_also_to_the_library_s_own_reader(records: list[list[csvfile.Value]]) -> None:
    data = b"".join(line(record) for record in records)
    wanted = [[_shown(value) for value in record] for record in records]
    assert csvfile.read(data) == wanted
    theirs = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    assert [row or [""] for row in theirs] == wanted


@given(TEXT)
def test_no_text_is_run_as_a_formula(text: str) -> None:
    (cell,) = csvfile.read(line([text]))[0]
    assert cell.lstrip(" ")[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")


def test_a_number_stays_a_number() -> None:
    assert line([-8.5, "-8.5", None, True]) == b"-8.5,'-8.5,,true\r\n"


@pytest.mark.parametrize("text", ['a"b\r\n', '"a', '"a"b\r\n', "a\nb", "a\rb", "a,b\r\nc\r\n", b"\xff"])
def test_what_is_no_csv_is_refused(text: str | bytes) -> None:
    with pytest.raises(NotCsv):
        csvfile.read(text if isinstance(text, bytes) else text.encode())
