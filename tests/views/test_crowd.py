"""What comes first in a hot spot: never another than the formula itself would put there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.priority import Sighting, alike
from hadir.storage.citypack import load_city
from hadir.views.crowd import CHANGED_MOST, Crowd

CITY = load_city(Path(__file__).parents[1] / "packs" / "tiny")
WEIGHTS = CITY.similar
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ("banjir selutut gang", "lampu jalan mati", "pohon tumbang jalan", "")

sightings = st.builds(
    lambda minutes, category, area, metres, text: Sighting(
        at=BEGAN + timedelta(minutes=minutes),
        category=category.code,
        group=category.group,
        area=area,
        lat=None if metres is None else -8.1 + metres / 111_195,
        lon=None if metres is None else 112.16,
        text=text,
    ),
    st.integers(0, 300),
    st.sampled_from(CITY.categories),
    st.sampled_from([None, *(a.code for a in CITY.areas)]),
    st.one_of(st.none(), st.integers(0, 500)),
    st.sampled_from(WORDS),
)


def known_of(found: list[Sighting]) -> dict[str, Any]:
    return {f"{n:04}": (None, sighting) for n, sighting in enumerate(found)}


@given(sightings, st.lists(sightings, max_size=40), st.lists(sightings, max_size=10))
def test_nothing_that_the_formula_finds_is_missed(me: Sighting, early: list[Sighting], late: list[Sighting]) -> None:
    crowd, known = Crowd(), known_of(early)
    crowd.first(me, known, WEIGHTS)
    for n, sighting in enumerate(late):  # some are new, some take the place of earlier ones
        known[f"{n * 7:04}"] = (None, sighting)
        crowd.touch(f"{n * 7:04}")
    if early:
        known.pop("0000")
        crowd.touch("0000")
    names = list(known)
    wanted = {names[n] for n, _ in alike(me, [s for _, s in known.values()], WEIGHTS, WEIGHTS.threshold)}
    found = crowd.first(me, known, WEIGHTS)
    assert wanted <= set(found) <= known.keys()
    assert len(found) == len(set(found))


def test_in_a_hot_spot_the_nearest_come_first() -> None:
    def at(metres: float) -> Sighting:
        return Sighting(at=BEGAN, category="flood", group="water", lat=-8.1 + metres / 111_195, lon=112.16)

    known = known_of([at(n / 50) for n in range(10_000)])
    found = Crowd().first(at(0), known, WEIGHTS)
    assert sorted(found) == [f"{n:04}" for n in range(len(found))]


def test_much_change_makes_the_columns_anew() -> None:
    crowd, me = Crowd(), Sighting(at=BEGAN, category="flood", group="water", lat=-8.1, lon=112.16)
    known = known_of([me])
    crowd.first(me, known, WEIGHTS)
    for n in range(CHANGED_MOST + 1):
        known[f"{n:04}"] = (None, me)
        crowd.touch(f"{n:04}")
    assert len(crowd.first(me, known, WEIGHTS)) == len(known) or len(known) > 128
    assert crowd.first(me, known, replace(WEIGHTS, threshold=2.0)) == []
