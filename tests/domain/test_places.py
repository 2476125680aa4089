"""Places in words, on the invented pack: «Tengah» is an area's and a district's name, «Contoh» is the city's."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.city import Landmark
from hadir.domain.places import Said, find
from hadir.storage.citypack import load_city

TINY = load_city(Path(__file__).parents[1] / "packs" / "tiny")
NORTH, MIDDLE = TINY.areas
LONG = replace(TINY, areas=(replace(NORTH, name="Karangsari"), replace(MIDDLE, name="Sidomulyo Wetan")))


@pytest.mark.parametrize(
    ("text", "rt", "rw"),
    [
        ("RT 2 RW 1", 2, 1), ("rt02/rw01", 2, 1), ("RT.02 RW.01", 2, 1), ("RT 002/001", 2, 1), ("Rt.2Rw.1", 2, 1),
        ("rt: 3, rw: 11", 3, 11), ("RT 2 / RW 1", 2, 1), ("RT/RW 5/12", 5, 12), ("RT/RW 005/012", 5, 12),
        ("RW/RT 4/7", 7, 4), ("rw 3 rt 4", 4, 3), ("RT-09 RW-10", 9, 10), ("RW 1", None, 1), ("rt 7 saja", 7, None),
        ("RT 2 RW", 2, None), ("art 5", None, None), ("RT 0 RW 100", None, None), ("sportrt 5", None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_rt_and_rw(text: str, rt: int | None, rw: int | None) -> None:
    found = find(text, TINY)
    assert (found.rt, found.rw) == (rt, rw)


@given(st.integers(1, 99), st.integers(1, 99), st.sampled_from(["RT {} RW {}", "rt{:02}/rw{:02}", "RT.{:03} RW.{:03}"]))
def test_every_number_and_form(rt: int, rw: int, form: str) -> None:
    found = find(f"banjir di {form.format(rt, rw)}, tolong", TINY)
    assert (found.rt, found.rw) == (rt, rw)


def test_a_clear_name_is_the_area() -> None:
    assert find("banjir di utara pasar", TINY).area == NORTH.code
    assert find("UTARA!", TINY).area == NORTH.code


def test_a_name_of_several_levels_is_asked_about() -> None:
    unclear = find("banjir di Tengah", TINY)
    assert (unclear.area, unclear.candidates) == (None, (MIDDLE.code,))
    assert find("kel. Tengah", TINY).area == MIDDLE.code
    assert find("kelurahan tengah", TINY).area == MIDDLE.code
    assert find("Kecamatan Tengah", TINY).candidates == ()


def test_two_areas_are_asked_about() -> None:
    found = find("dari Utara sampai kelurahan Tengah", TINY)
    assert found.area is None
    assert set(found.candidates) == {NORTH.code, MIDDLE.code}


def test_a_street_of_that_name_is_no_area() -> None:
    assert find("jalan Utara", TINY).area is None
    assert find("tumbang di pinggir jalan, Utara", TINY).area == find("tumbang, Utara", TINY).area is not None


@pytest.mark.parametrize("text", ["karangsri", "karangsarri", "karnagsari", "karangsaru"])
def test_one_slip_is_forgiven(text: str) -> None:
    assert find(f"banjir {text}", LONG).area == NORTH.code


@pytest.mark.parametrize("text", ["karang", "kerangsaru", "sarikarang", "karangasem"])
def test_two_slips_are_not(text: str) -> None:
    assert find(f"banjir {text}", LONG).area is None


def test_a_name_of_two_words() -> None:
    assert find("banjir Sidomulyo wetan", LONG).area == MIDDLE.code
    assert find("banjir sidomulyo", LONG).area is None


def test_a_building_stands_in_one_area_unless_another_is_named() -> None:
    marks = (Landmark(name="Balai Contoh", kind="office", areas=(NORTH.code,)),)
    city = replace(TINY, landmarks=marks)
    assert find("lampu mati dekat balai contoh", city).area == NORTH.code
    assert find("balai contoh, kel. Tengah", city).area == MIDDLE.code


def test_a_river_helps_to_ask_but_decides_nothing() -> None:
    found = find("Kali Bening meluap", TINY)
    assert (found.area, found.candidates, found.landmarks) == (None, (NORTH.code,), ("Kali Bening",))


def test_a_lane() -> None:
    assert find("air masuk gang melati 3, tolong", TINY).lane == "gang melati 3"


@given(st.text(max_size=200))
def test_it_never_fails(text: str) -> None:
    assert isinstance(find(text, TINY), Said)
