"""The loader: what it takes, and that every mistake is told with its file and key."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from hadir.domain.people import Role
from hadir.storage.citypack import FILES, PackError, load_city

ROOT = Path(__file__).parents[2]
TINY, BLITAR = ROOT / "tests" / "packs" / "tiny", ROOT / "cities" / "blitar"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "pack"))


def change(pack: Path, file: str, old: str, new: str) -> None:
    text = (pack / file).read_text()
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1))


# ── the demo city ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_demo_city_is_whole() -> None:
    city = load_city(BLITAR)
    assert len(city.areas) == 21
    assert len({a.district_code for a in city.areas}) == 3
    assert sum(not a.partner for a in city.agencies) == 30
    assert sum("Kali Lahar" in a.crossed_by_river for a in city.areas) == 8
    assert len(city.statuses) == 10


def test_the_demo_people_are_the_ones_outside_tools_rely_on() -> None:
    people = {p.account: p for p in load_city(BLITAR).people}
    officers = [f"petugas-{i}" for i in range(1, 7)]
    desks = ["operator", "operator-2", "opd-bpbd", "opd-dpupr", "opd-dlh"]
    named = ["pimpinan", "wakil", *desks, *officers, "admin", "auditor"]
    assert [*people] == [*named, "replay", "open311-test"]
    assert [people[o].agency for o in officers] == ["bpbd", "bpbd", "dpupr", "dpupr", "dlh", "dlh"]
    assert all(people[o].lat is not None and people[o].lon is not None for o in officers)
    assert {p.role for p in people.values()} <= {r.value for r in Role}


@pytest.mark.parametrize("folder", [BLITAR, TINY], ids=lambda f: f.name)
def test_every_category_can_be_worked_on(folder: Path) -> None:
    city = load_city(folder)
    assert all(c.actions for c in city.categories)
    assert all(a.near and a.code not in a.near for a in city.actions)
    assert all(not c.public for c in city.categories if c.sensitive)
    assert city.triage.fallback in city.category_by_code
    assert any(c.flood for c in city.categories)


def test_the_demo_city_has_words_for_every_category() -> None:
    city = load_city(BLITAR)
    silent = {c.code for c in city.categories} - {t.code for t in city.triage.categories}
    assert silent == {city.triage.fallback}


def test_every_read_back_has_alternatives() -> None:
    assert all(len(a.near) >= 2 for a in load_city(BLITAR).actions)


def test_deadlines_hold_from_their_date_on() -> None:
    flood = load_city(TINY).category_by_code["flood"]
    before, first, later = date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1)
    assert flood.clocks_on(before) is None
    assert (flood.clocks_on(first), flood.clocks_on(later)) == flood.clocks
    assert [c.respond_min for c in flood.clocks] == [10, 5]


# ── mistakes ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("city.toml", 'name = "Contoh"', "name = 3", "city.toml: name: expected words in quotes, found 3"),
        ("city.toml", "outside_m", "outside_metres", "city.toml: outside_metres: unknown key"),
        ("city.toml", "outside_m = 1500", "", "city pack: outside_m: missing"),
        ("city.toml", "outside_m", 'outside_agency = "nobody"\noutside_m', "outside_agency: nobody is not known"),
        ("city.toml", "Asia/Makassar", "Asia/Nowhere", "city.toml: zone"),
        ("city.toml", 'code = "99.01"', 'code = "99.01', "city.toml: "),
        ("agencies.toml", "contact", "contcat", "agencies[0].contcat: unknown key; did you mean contact?"),
        ("agencies.toml", 'code = "works"', 'code = "sar"', "agencies.toml: agencies: sar is there twice"),
        ("agencies.toml", 'id = "Dinas Prasarana", ', "", "agencies.toml: agencies[1].name.id: missing"),
        ("categories.toml", "urgency = 3", "urgency = 5", "categories.toml: flood.urgency: 5 is not 1, 2, 3 or 4"),
        ("categories.toml", "urgency = 3", "urgency = true", "categories[0].urgency: expected a whole"),
        ("categories.toml", 'agency = "sar"', 'agency = "army"', "categories.toml: flood.agency: army is not known"),
        ("categories.toml", 'clocks = "fast"', 'clocks = "slow"', "flood.clocks: there is no clock_sets.slow"),
        ("categories.toml", "respond_min = 5", "respond_min = 5.5", "respond_min: expected a whole number"),
        ("categories.toml", '"real"', '"lunar"', "clocks.calendar: «lunar»"),
        ("categories.toml", '"pump", "check"', '"pump", "dance"', "categories.toml: flood.actions: dance is not known"),
        ("orders.toml", 'near = ["pump"]', 'near = ["pumps"]', "orders.toml: check.near: pumps is not known"),
        ("people.toml", 'agency = "sar"', 'agency = "x"', "people.toml: petugas-a.agency: x is not known"),
        ("places.toml", "99.01.01", "99.01.09", "places.toml: Kali Bening.areas: 99.01.09 is not known"),
        ("words.toml", 'code = "trapped"', 'code = "tired"', "words.toml: triage.signs: tired is not known"),
        ("words.toml", 'code = "secret"', 'code = "sercet"', "words.toml: triage.categories: sercet is not known"),
        ("words.toml", 'fallback = "other"', 'fallback = "none"', "words.toml: triage.fallback: none is not known"),
        ("rules.toml", "[0, 10, 30, 100]", "[0, 10, 30]", "rules.toml: priority.urgency: expected 4 values, found 3"),
        ("rules.toml", "text = 0.2", "text = 0.3", "rules.toml: similar: the weights"),
        ("calendar.toml", "2026-08-17", '"17 August"', "calendar.toml: calendar.holidays[0][0]: expected a date"),
        ("desk.toml", "statuses = [{", "statuses = {a = 1} #", "desk.toml: statuses: expected a list"),
        ("desk.toml", "statuses", "phones", "desk.toml: phones is already given by city.toml"),
        ("areas.geojson", '"Polygon"', '"Point"', "areas.geojson: features[0].geometry: Point is neither"),
        ("areas.geojson", "[119.99,-2.0]", "[119.99]", "areas.geojson: features[0].geometry.coordinates"),
        ("areas.geojson", '"99.01.02"', '"99.01.01"', "areas.geojson: 99.01.01 is there twice"),
        ("areas.geojson", '"features":[', '"features":[],"x":[', "areas.geojson: no features"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_and_key(pack: Path, file: str, old: str, new: str, said: str) -> None:
    change(pack, file, old, new)
    with pytest.raises(PackError, match=re.escape(said)):
        load_city(pack)


@pytest.mark.parametrize("file", [*(f"{name}.toml" for name in FILES), "areas.geojson"])
def test_a_missing_file_is_named(pack: Path, file: str) -> None:
    (pack / file).unlink()
    with pytest.raises(PackError, match=re.escape(file)):
        load_city(pack)


def test_all_wrong_references_are_told_at_once(pack: Path) -> None:
    change(pack, "categories.toml", 'agency = "sar"', 'agency = "army"')
    change(pack, "orders.toml", 'near = ["pump"]', 'near = ["pumps"]')
    with pytest.raises(PackError) as told:
        load_city(pack)
    assert len(told.value.problems) == 2


def test_every_file_of_the_demo_pack_is_explained() -> None:
    manual = (ROOT / "docs" / "city-pack.md").read_text()
    shipped = {f.name for f in BLITAR.iterdir()}
    assert {name for name in shipped if name not in manual} == set()
    assert all((BLITAR / f"{name}.toml").read_text().startswith("#") for name in FILES)
