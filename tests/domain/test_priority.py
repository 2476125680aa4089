"""The queue's formula and the likeness of two reports."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.city import PriorityWeights, SimilarWeights
from hadir.domain.priority import Facts, Sighting, alike, is_similar, metres, rank, similar
from hadir.domain.values import NaiveTime

WEIGHTS = PriorityWeights(
    urgency=(0.0, 100.0, 300.0, 1000.0),
    reporter=40.0,
    reporters_most=200.0,
    me_too=15.0,
    me_too_most=120.0,
    vulnerable=60.0,
    per_minute=0.05,
)
LIKE = SimilarWeights(
    distance=0.4, distance_m=400.0, time=0.2, time_min=240.0, kind=0.25, text=0.15, threshold=0.55
)  # fmt: skip
AT = datetime(2026, 1, 7, 6, 0, tzinfo=UTC)


def seen(**fields: Any) -> Sighting:
    """A report of water here and now, but for these fields."""
    here = {"at": AT, "category": "flood", "group": "water", "area": "a", "lat": -8.1, "lon": 112.16}
    return Sighting(**{**here, "text": "air selutut", **fields})


HERE = seen()

facts = st.builds(
    Facts,
    urgency=st.integers(1, 4),
    reporters=st.integers(1, 30),
    me_too=st.integers(0, 50),
    vulnerable=st.sampled_from([(), ("school",)]),
)
times = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(lambda t: t.replace(tzinfo=UTC))  # noqa: DTZ001


def points(f: Facts, at: datetime = AT) -> float:
    return rank(f, WEIGHTS, at)[0]


@given(facts, times)
def test_the_reasons_and_the_waiting_make_the_rank(f: Facts, at: datetime) -> None:
    value, reasons = rank(f, WEIGHTS, at)
    waited = (at - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds() / 60 * WEIGHTS.per_minute
    assert value == pytest.approx(sum(r.points or 0 for r in reasons) - waited, abs=0.001)


@given(facts, times, st.integers(1, 10_000))
def test_the_earlier_of_two_equal_ones_is_first(f: Facts, at: datetime, minutes: int) -> None:
    assert points(f, at) > points(f, at + timedelta(minutes=minutes))


@given(facts)
def test_more_of_anything_never_lowers(f: Facts) -> None:
    base = points(f)
    assert points(replace(f, reporters=f.reporters + 1)) >= base
    assert points(replace(f, me_too=f.me_too + 1)) >= base
    assert points(replace(f, vulnerable=("school",))) >= base
    assert points(replace(f, urgency=min(f.urgency + 1, 4))) >= base


@given(facts, facts)
def test_an_emergency_outweighs_all_the_rest_together(emergency: Facts, other: Facts) -> None:
    assert points(replace(emergency, urgency=4)) > points(replace(other, urgency=3))


def test_a_person_may_overrule() -> None:
    value, reasons = rank(Facts(urgency=1, person=-50.0), WEIGHTS, AT)
    assert (reasons[-1].code, reasons[-1].points) == ("rank.person", -50.0)
    assert value < points(Facts(urgency=1))


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(NaiveTime):
        rank(Facts(urgency=1), WEIGHTS, datetime(2026, 1, 7))  # noqa: DTZ001


# ── likeness ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_report_is_wholly_alike() -> None:
    assert similar(HERE, HERE, LIKE) == 1.0


def test_near_in_everything_is_suggested() -> None:
    there = seen(lat=-8.1007, at=AT + timedelta(minutes=20), text="banjir selutut di gang")
    assert is_similar(HERE, there, LIKE)


def test_radius_alone_is_not_enough() -> None:
    other = seen(category="garbage", group="waste", at=AT + timedelta(hours=9), text="sampah")
    assert not is_similar(HERE, other, LIKE)


def test_the_same_kind_far_away_is_something_else() -> None:
    assert not is_similar(HERE, seen(lat=-8.13, text="banjir"), LIKE)


def test_without_a_point_the_area_counts_by_half() -> None:
    nowhere = seen(lat=None, lon=None)
    assert similar(HERE, nowhere, LIKE) == pytest.approx(0.8)
    assert similar(HERE, seen(lat=None, lon=None, area="b"), LIKE) == pytest.approx(0.6)


moved = st.builds(
    lambda lat, lon, minutes, kind, text: seen(
        lat=lat and -8.1 + lat, lon=112.16 + lon, at=AT + timedelta(minutes=minutes), category=kind[0], group=kind[1],
        text=text,
    ),
    st.none() | st.floats(-0.01, 0.01),
    st.floats(-0.01, 0.01),
    st.integers(-500, 500),
    st.sampled_from([("flood", "water"), ("drain", "water"), ("garbage", "waste")]),
    st.sampled_from(["", "air selutut", "banjir selutut di gang", "SAMPAH di jalan 2"]),
)  # fmt: skip


@given(moved, moved)
def test_likeness_is_the_same_both_ways_and_between_0_and_1(a: Sighting, b: Sighting) -> None:
    assert similar(a, b, LIKE) == similar(b, a, LIKE)
    assert 0.0 <= similar(a, b, LIKE) <= 1.0


@given(moved, st.lists(moved, max_size=8), st.floats(0, 1))
def test_those_that_reach_the_least_are_found_and_no_others(me: Sighting, others: list[Sighting], least: float) -> None:
    """What the loop passes over early could not have reached it."""
    scores = [(number, similar(me, other, LIKE)) for number, other in enumerate(others)]
    clear = [(number, score) for number, score in scores if abs(score - least) > 0.0001]
    assert [found for found in alike(me, others, LIKE, least) if found in clear] == [p for p in clear if p[1] > least]


def test_the_parts_add_up_as_the_formula_says() -> None:
    """Written out: 100 m of 400, an hour of four, the same group, one of two words."""
    there = seen(lat=-8.1 + 100 / 111_195, at=AT + timedelta(hours=1), category="drain", text="selutut airnya")
    assert similar(seen(text="genangan selutut"), there, LIKE) == pytest.approx(
        0.4 * 0.75 + 0.2 * 0.75 + 0.25 * 0.5 + 0.15 * 0.5, abs=0.0001
    )


def test_words_are_letters_four_of_them_at_least() -> None:
    assert seen(text="Di Jl. MELATI2gang 12 airselutut_dalam").words == {"melati", "gang", "airselutut", "dalam"}


def test_metres_are_metres() -> None:
    assert metres(-8.1, 112.16, -8.109, 112.16) == pytest.approx(1000.8, abs=0.5)
    assert metres(-8.1, 112.16, -8.1, 112.169) == pytest.approx(990.8, abs=0.5)
