"""A pack's dispatch.toml: every mistake is told with its place; a pack without one works."""

import shutil
from pathlib import Path

import pytest

from hadir.storage.citypack import PackError, load_city

ROOT = Path(__file__).parents[2]
TINY, BLITAR = ROOT / "tests" / "packs" / "tiny", ROOT / "cities" / "blitar"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BLITAR, tmp_path / "pack"))


def test_the_demo_city_knows_its_six_officers_and_what_dangers_ask_for() -> None:
    city = load_city(BLITAR)
    officers = {p.account for p in city.people if p.role == "officer"}
    assert set(city.fleet.crew_of) == officers
    assert city.fleet.dangerous("flood")
    assert not city.fleet.dangerous("garbage")
    assert all(code in city.fleet.names for need in city.fleet.needs for code in (*need.skills, *need.equipment))


def test_a_pack_without_dispatch_knows_distances_and_states_only() -> None:
    fleet = load_city(TINY).fleet
    assert (fleet.crews, fleet.default_speed, len(fleet.rules)) == ((), "", 1)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('default_speed = "foot"', 'default_speed = "broom"', "default_speed: broom is not known"),
        ('emergency_status = "urgent"', 'emergency_status = "help"', "emergency_status: help is not known"),
        ('speed = "pickup"', 'speed = "rocket"', "vehicle rescue_pickup.speed: rocket is not known"),
        ('vehicle = "pump_truck"', 'vehicle = "train"', "crew petugas-3.vehicle: train is not known"),
        ('category = "flood"', 'category = "dragon"', "need.category: dragon is not known"),
        ("kmh = 4.5", "kmh = 0.0", "speed foot.kmh"),
        ("begins = 360\nends = 840", "begins = 360\nends = 360", "shift morning"),
        ("stale_s = 180", "stale_s = 0", "stale_s must be more than nothing"),
        ("skill_min = 10.0", "skill_min = -1.0", "skill_min cannot be negative"),
        ('code = "night"', 'code = "evening"', "code evening is there twice"),
        ('account = "petugas-2"', 'account = "petugas-1"', "crew petugas-1 is there twice"),
        ("since = 2026-01-01", "sinc = 2026-01-01", "unknown key; did you mean since?"),
    ],
)
def test_a_mistake_is_told_with_its_place(pack: Path, old: str, new: str, says: str) -> None:
    file = pack / "dispatch.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(PackError, match=r"dispatch\.toml") as told:
        load_city(pack)
    assert says in str(told.value)


def test_later_numbers_may_stand_anywhere_in_the_file(pack: Path) -> None:
    file = pack / "dispatch.toml"
    file.write_text(file.read_text() + "\n[[rules]]\nsince = 2025-06-01\nstale_s = 60\n")
    assert [rules.stale_s for rules in load_city(pack).fleet.rules] == [60, 180]
