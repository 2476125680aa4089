"""Who can go: the order's rules, by examples and by Hypothesis; and what readings may propose."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.city import City
from hadir.domain.dispatch import Candidate, Recommendation, Standing, Suggestion, recommend
from hadir.domain.fleet import Crew, Fleet, OnCall, Rules, Shift
from hadir.domain.label import Label
from hadir.domain.position import Anchor, Fix, age_at_sending, judged, metres, proposal
from hadir.domain.values import Place
from tests.world import CITY

# 14:00 in the city, a Wednesday.
NOW = datetime(2026, 1, 7, 7, tzinfo=UTC)
PLACE = Place(area="35.72.02.1004", lat=-8.1149, lon=112.1629)
FRESH = NOW - timedelta(seconds=20)
M = 1 / 111_320  # a metre, in degrees of latitude


def candidate(id: str = "petugas-1", away_m: float | None = 500, **more: object) -> Candidate:
    lat = None if away_m is None else PLACE.lat + away_m * M
    lon = None if away_m is None else PLACE.lon
    given: dict = {"agency": "bpbd", "status": "available_radio", "placed_at": FRESH, "accuracy_m": 10.0} | more
    return Candidate(id=id, lat=lat, lon=lon, **given)


def ranked(*candidates: Candidate, category: str = "flood", city: City = CITY, place: Place = PLACE) -> Recommendation:
    return recommend(city, place, category, candidates, NOW)


def ids(found: Recommendation) -> list[str]:
    return [s.id for s in found.suggestions]


def codes(suggestion: Suggestion) -> list[str]:
    return [reason.code.removeprefix("dispatch.") for reason in suggestion.reasons]


@cache
def plain() -> City:
    """Everybody goes at the same pace, with nothing that tells one from another."""
    from copy import copy

    city = copy(CITY)
    object.__setattr__(city, "fleet", Fleet(speeds=CITY.fleet.speeds, default_speed="pickup"))
    return city


# ── the order ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_nearer_of_two_alike_goes_first_and_is_called_nearest() -> None:
    found = ranked(candidate("b", 900), candidate("a", 1500), city=plain())
    assert ids(found) == ["b", "a"]
    assert [s.nearest for s in found.suggestions] == [True, False]
    # 900 m at 20 km/h
    assert round(found.suggestions[0].minutes, 1) == 2.7


def test_the_speed_of_his_vehicle_counts_and_not_the_metres() -> None:
    """Petugas 2 rides a motorcycle, Petugas 6 walks."""
    found = ranked(candidate("petugas-6", 500, agency="dlh"), candidate("petugas-2", 1500, agency="dlh"))
    assert ids(found) == ["petugas-2", "petugas-6"]
    assert found.suggestions[1].nearest, "nearest is said of the metres"


def test_the_free_come_before_the_silent_and_those_before_who_cannot() -> None:
    found = ranked(
        candidate("busy", 10, busy_with="AB123"),
        candidate("no", 10, status="not_available"),
        candidate("silent", 50, status="unknown"),
        candidate("free", 5000),
        city=plain(),
    )
    assert ids(found) == ["free", "silent", "busy", "no"]
    assert [s.standing for s in found.suggestions] == [0, 1, 2, 2]
    assert not any(s.nearest for s in found.suggestions[2:])


def test_who_has_the_skill_is_worth_ten_minutes_of_way() -> None:
    skilled, near = candidate("petugas-1", 3000), candidate("petugas-2", 2000)
    assert ids(ranked(skilled, near)) == ["petugas-1", "petugas-2"]
    assert "no_skill" in codes(ranked(near).suggestions[0])
    assert "skill" in codes(ranked(skilled).suggestions[0])


def test_what_nobody_who_can_go_has_is_said() -> None:
    rescuer, other = candidate("petugas-1"), candidate("petugas-6", agency="dlh")
    assert ranked(other).missing_skills == ("water_rescue",)
    assert ranked(other).missing_equipment == ("rubber_boat", "life_vest")
    assert ranked(other, rescuer).missing_skills == ()
    busy = replace(rescuer, busy_with="AB123")
    assert ranked(other, busy).missing_skills == ("water_rescue",)


def test_a_position_older_than_three_minutes_is_never_nearest() -> None:
    old = candidate("old", 10, placed_at=NOW - timedelta(seconds=181))
    far = candidate("far", 8000)
    found = ranked(old, far, city=plain())
    assert ids(found) == ["far", "old"]
    assert [s.nearest for s in found.suggestions] == [True, False]
    assert found.suggestions[1].stale
    alone = ranked(old, city=plain())
    assert not alone.suggestions[0].nearest
    assert {"way_stale", "old"} <= set(codes(alone.suggestions[0]))
    just = candidate("just", 10, placed_at=NOW - timedelta(seconds=180))
    assert ranked(just, city=plain()).suggestions[0].nearest


def test_without_a_position_or_a_point_the_rest_still_counts() -> None:
    assert "no_position" in codes(ranked(candidate(away_m=None)).suggestions[0])
    found = ranked(candidate("petugas-2"), candidate("petugas-1"), place=Place(area="x"))
    assert ids(found) == ["petugas-1", "petugas-2"]
    assert "no_point" in codes(found.suggestions[0])
    assert not any(s.nearest for s in found.suggestions)


def test_hours_on_call_and_rest_are_told() -> None:
    """Office hours are over at 16:00; Petugas 4 is on call, Petugas 6 after hours is not... but he is."""
    evening = NOW + timedelta(hours=5)
    late = recommend(CITY, PLACE, "flood", [candidate("petugas-4", placed_at=evening)], evening)
    assert "on_call" in codes(late.suggestions[0])
    assert "on_shift" in codes(ranked(candidate("petugas-4")).suggestions[0])
    tired = ranked(candidate(worked_until=NOW - timedelta(minutes=8)))
    assert next(r for r in tired.suggestions[0].reasons if r.code == "dispatch.tired").points == 3.0
    assert "tired" not in codes(ranked(candidate(worked_until=NOW - timedelta(minutes=20))).suggestions[0])


def test_the_reasons_add_up_to_the_minutes() -> None:
    found = ranked(*(candidate(f"petugas-{n}", 300 * n, worked_until=FRESH) for n in range(1, 7)))
    for suggestion in found.suggestions:
        assert suggestion.minutes == sum(reason.points or 0 for reason in suggestion.reasons)
        assert suggestion.reasons[0].code.startswith("dispatch.")


def test_a_shift_that_goes_past_midnight_belongs_to_the_day_it_began() -> None:
    night = Shift(code="n", name=Label(id="n", en="n"), begins=1320, ends=360, days=(5,))
    fleet = Fleet(shifts=(night,), crews=(Crew(account="x", shifts=("n",)),))
    crew = fleet.crew_of["x"]
    friday = datetime(2026, 1, 9, 23, tzinfo=UTC)
    assert fleet.on_shift(crew, friday)
    assert fleet.on_shift(crew, friday + timedelta(hours=6))
    assert not fleet.on_shift(crew, friday + timedelta(hours=8))
    assert not fleet.on_shift(crew, friday + timedelta(days=1))
    assert fleet.on_shift(None, friday) is None


def test_the_numbers_that_hold_are_the_latest_that_have_begun() -> None:
    early, later = Rules(since=date(2026, 1, 1)), Rules(since=date(2026, 6, 1), stale_s=60)
    fleet = Fleet(rules=(early, later), on_call=(OnCall(accounts=("a",), since=early.since, until=early.since),))
    assert fleet.rules_on(date(2026, 5, 31)) is early
    assert fleet.rules_on(date(2026, 6, 1)) is later
    assert fleet.rules_on(date(2020, 1, 1)) is early
    assert fleet.is_on_call("a", date(2026, 1, 1))
    assert not fleet.is_on_call("a", date(2026, 1, 2))


statuses = st.sampled_from([s.key for s in CITY.statuses] + ["unknown"])


@st.composite
def crowds(draw: st.DrawFn) -> list[Candidate]:
    def one(n: int) -> Candidate:
        return candidate(
            f"petugas-{n}",
            draw(st.none() | st.floats(0, 9000)),
            agency=draw(st.sampled_from(["bpbd", "dlh"])),
            status=draw(statuses),
            busy_with=draw(st.none() | st.just("AB123")),
            placed_at=NOW - timedelta(seconds=draw(st.integers(0, 900))),
            worked_until=draw(st.none() | st.just(FRESH)),
        )

    return [one(n) for n in range(1, draw(st.integers(1, 8)) + 1)]


@given(crowds(), st.data())
def test_coming_nearer_never_puts_anybody_back(crowd: list[Candidate], data: st.DataObject) -> None:
    who = data.draw(st.integers(0, len(crowd) - 1))
    before = crowd[who]
    if before.lat is None:
        return
    share = data.draw(st.floats(0, 1))
    nearer = replace(before, lat=PLACE.lat + (before.lat - PLACE.lat) * share)
    moved = [nearer if c is before else c for c in crowd]
    assert ids(ranked(*moved)).index(before.id) <= ids(ranked(*crowd)).index(before.id)


@given(crowds())
def test_what_is_old_or_unknown_is_never_nearest(crowd: list[Candidate]) -> None:
    found = ranked(*crowd)
    nearest = [s for s in found.suggestions if s.nearest]
    assert len(nearest) <= 1
    for suggestion in nearest:
        assert not suggestion.stale
        assert suggestion.standing is not Standing.NOT_NOW
        able = [s for s in found.suggestions if s.way_min is not None and s.standing is not Standing.NOT_NOW]
        assert suggestion.distance_m == min(s.distance_m for s in able if s.distance_m is not None)


@given(crowds(), st.floats(0, 9000), st.integers(181, 900))
def test_what_is_old_never_precedes_a_fresh_one_that_is_otherwise_the_same(
    crowd: list[Candidate], away_m: float, seconds: int
) -> None:
    fresh = candidate("fresh", away_m)
    old = candidate("a-old", 0, placed_at=NOW - timedelta(seconds=seconds))
    order = ids(ranked(*crowd, old, fresh))
    assert order.index("fresh") < order.index("a-old")


@given(crowds())
def test_nobody_is_lost_and_the_order_does_not_depend_on_the_list(crowd: list[Candidate]) -> None:
    assert ids(ranked(*crowd)) == ids(ranked(*reversed(crowd)))
    assert sorted(ids(ranked(*crowd))) == sorted(c.id for c in crowd)


# ── readings ─────────────────────────────────────────────────────────────────────────────────────────────────────

RULES = Rules()


def fix(seconds: float = 0, away_m: float = 0, accuracy_m: float | None = 10) -> Fix:
    lat = (PLACE.lat or 0) + away_m * M
    return Fix(unit="u", at=NOW + timedelta(seconds=seconds), lat=lat, lon=PLACE.lon or 0, accuracy_m=accuracy_m)


TARGET = (PLACE.lat or 0.0, PLACE.lon or 0.0)
HOME = Anchor(lat=(PLACE.lat or 0) + 2000 * M, lon=PLACE.lon or 0, accuracy_m=10)


def test_a_batch_is_timed_by_how_old_each_was_when_it_was_sent() -> None:
    wrong = datetime(2001, 1, 1, tzinfo=UTC)
    assert age_at_sending(wrong, wrong + timedelta(seconds=40)) == timedelta(seconds=40)
    assert age_at_sending(wrong, wrong - timedelta(seconds=40)) == timedelta()
    assert age_at_sending(None, wrong) == timedelta()


def test_late_ones_go_to_history_and_never_to_live() -> None:
    marked, present = judged([fix(-5), fix(-61), fix(-3600), fix(-1)], None, NOW, RULES)
    assert [f.late for f in marked] == [True, True, False, False]
    assert present == fix(-1)
    marked, present = judged([fix(-5), fix(-9)], NOW - timedelta(seconds=5), NOW, RULES)
    assert [f.late for f in marked] == [True, True]
    assert present is None


@given(st.lists(st.integers(-7200, 0), max_size=20), st.none() | st.integers(-300, 0))
def test_the_present_is_the_newest_that_counts(seconds: list[int], last: int | None) -> None:
    last_at = None if last is None else NOW + timedelta(seconds=last)
    marked, present = judged([fix(s) for s in seconds], last_at, NOW, RULES)
    live = [f for f in marked if not f.late]
    assert len(marked) == len(seconds)
    assert present == max(live, key=lambda f: f.at, default=None)
    assert all(f.at >= NOW - timedelta(seconds=RULES.late_s) and (last_at is None or f.at > last_at) for f in live)


def test_two_sure_readings_propose_and_one_does_not() -> None:
    there, away = fix(away_m=100), fix(away_m=400)
    assert proposal("en_route", TARGET, HOME, (there, there), RULES) == "on_scene"
    assert proposal("accepted", TARGET, HOME, (there, there), RULES) == "on_scene"
    assert proposal("en_route", TARGET, HOME, (away, there), RULES) is None
    assert proposal("accepted", TARGET, HOME, (away, away), RULES) == "en_route"
    assert proposal("accepted", TARGET, HOME, (fix(away_m=1990), away), RULES) is None
    assert proposal("en_route", TARGET, HOME, (away, away), RULES) is None
    for state in ("given", "assigned", "on_scene", "done", "verified", "cancelled"):
        assert proposal(state, TARGET, HOME, (there, there), RULES) is None


@given(st.floats(0, 3000), st.none() | st.floats(0, 2000))
def test_a_reading_that_may_lie_elsewhere_proposes_nothing(away_m: float, accuracy_m: float | None) -> None:
    one = fix(away_m=away_m, accuracy_m=accuracy_m)
    said = proposal("accepted", TARGET, HOME, (one, one), RULES)
    if accuracy_m is None or accuracy_m > RULES.accuracy_most_m:
        assert said is None
    if said == "on_scene":
        assert metres(one.lat, one.lon, *TARGET) + (accuracy_m or 0) <= RULES.arrive_m + 1e-6
    if said == "en_route":
        assert metres(one.lat, one.lon, HOME.lat, HOME.lon) - (accuracy_m or 0) > RULES.depart_m
