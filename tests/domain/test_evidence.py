"""What is told of a photo of proof, and by whom it is said."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain import events as e
from hadir.domain import task
from hadir.domain.evidence import STRONG, Alike, EvidenceRules, Exhibit, Job, Marks, Taken, codes, judge
from hadir.domain.people import PERMISSIONS, Role
from hadir.domain.values import Actor, Place

GIVEN = datetime(2026, 1, 7, 7, 0, tzinfo=UTC)
HERE = (-8.1, 112.16)
RULES = EvidenceRules()
JOB = Job(task="T1", given_at=GIVEN, points=(HERE,), reports=frozenset({"report/R1"}))
GOOD = Taken(device_at=GIVEN + timedelta(minutes=30), lat=HERE[0], lon=HERE[1], source="camera", reduced=True)
SEEN = Exhibit(photo="p", received_at=GIVEN + timedelta(minutes=31), taken=GOOD)


def told(**fields: object) -> list[str]:
    from dataclasses import replace

    return [reason.code for reason in judge(replace(SEEN, **fields), JOB, RULES)]


def alike(thing: str) -> tuple[Alike, ...]:
    return (Alike(photo="q", thing=thing, at=GIVEN, percent=97),)


def test_nothing_is_said_of_a_good_photo() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"alike": alike("report/R1")}, "proof_same_report"),
        ({"alike": alike("report/R9")}, "proof_same_other"),
        ({"alike": alike("task/T9")}, "proof_same_task"),
        ({"alike": alike("task/T1")}, "proof_same_sent_back"),
        ({"plain": True}, "proof_plain"),
        ({"taken": Taken(lat=HERE[0] + 0.01, lon=HERE[1])}, "proof_far_phone"),
        ({"marks": Marks(lat=HERE[0] + 0.01, lon=HERE[1])}, "proof_far_file"),
        ({"taken": Taken(device_at=GIVEN - timedelta(hours=1), lat=HERE[0], lon=HERE[1])}, "proof_early_phone"),
        ({"marks": Marks(at=GIVEN - timedelta(days=3))}, "proof_early_file"),
        ({"taken": Taken(device_at=GIVEN + timedelta(hours=9), lat=HERE[0], lon=HERE[1])}, "proof_clock"),
        ({"taken": Taken(lat=HERE[0], lon=HERE[1], source="gallery")}, "proof_gallery"),
        ({"taken": Taken(lat=HERE[0], lon=HERE[1], source="camera")}, "proof_no_camera"),
        ({"marks": Marks(software="GIMP 2.10")}, "proof_edited"),
        ({"taken": None}, "proof_no_place"),
    ],
)
def test_each_oddity_has_its_reason_and_no_other(fields: dict[str, object], code: str) -> None:
    assert told(**fields) == [code]


def test_an_offline_phone_is_not_suspected_for_sending_late() -> None:
    assert told(received_at=GIVEN + timedelta(days=3)) == []


def test_a_wide_fix_is_taken_as_wide() -> None:
    far = Taken(lat=HERE[0] + 0.01, lon=HERE[1], accuracy_m=1200.0)
    assert "proof_far_phone" not in told(taken=far)


def test_an_incident_without_a_point_is_far_from_nowhere() -> None:
    job = Job(task="T1", given_at=GIVEN)
    exhibit = Exhibit(photo="p", taken=Taken(lat=0.0, lon=0.0))
    assert judge(exhibit, job, RULES) == ()


@given(st.lists(st.sampled_from(["report/R1", "report/R9", "task/T1", "task/T9"]), max_size=6), st.booleans())
def test_strong_reasons_stand_first_and_no_code_twice(things: list[str], plain: bool) -> None:
    exhibit = Exhibit(photo="p", alike=tuple(a for t in things for a in alike(t)), plain=plain)
    found = codes([judge(exhibit, JOB, RULES)])
    assert len(set(found)) == len(found)
    assert [code in STRONG for code in found] == sorted((code in STRONG for code in found), reverse=True)


@pytest.mark.parametrize(
    "fields",
    [
        {"device_at": datetime(2026, 1, 7)},  # noqa: DTZ001 - naive on purpose
        {"lat": 1.0},
        {"lat": 91.0, "lon": 0.0},
        {"accuracy_m": float("nan")},
        {"accuracy_m": -1.0},
        {"source": "scanner"},
    ],
)
def test_a_phone_says_it_right_or_not_at_all(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"zone|lat|accuracy|source"):
        Taken(**fields)  # type: ignore[arg-type]


# ── verifier ≠ worker ────────────────────────────────────────────────────────────────────────────────────────────


def finished(*workers: str, order: str | None = None) -> task.Task:
    given_task = e.TaskGiven(
        task_id="T1", incident_id="I1", agency="bpbd", category="flood", place=Place(area="a1"), order_id=order
    )
    thing = task.evolve(None, given_task)
    for worker in workers:
        for event in (e.TaskAssigned(officer=worker), e.TaskAccepted()):
            thing = task.evolve(thing, event)
    return task.evolve(thing, e.TaskDone(photos=1))


@pytest.mark.parametrize("order", [None, "O1"])
@pytest.mark.parametrize("role", [role for role in Role if role in PERMISSIONS["task.verify"]])
def test_who_ever_worked_on_it_verifies_it_in_no_role(role: Role, order: str | None) -> None:
    """Also by a desk's account of the same person, after another took over, and where an order made the task."""
    thing = finished("p1", "p2", order=order)
    for worker in ("p1", "p2"):
        refused = task.decide(thing, e.TaskVerified(), "task.verify", Actor(id=worker, role=role, agency="bpbd"))
        assert refused is not None and refused.code == "worker_does_not_verify"
    assert task.decide(thing, e.TaskVerified(), "task.verify", Actor(id="other", role=role, agency="bpbd")) is None


def test_a_second_account_of_a_worker_verifies_nothing_either() -> None:
    thing, desk = finished("p1"), Actor(id="desk", role=Role.DESK, agency="bpbd")

    def verified(same_person: frozenset[str]) -> str | None:
        refused = task.decide(thing, e.TaskVerified(), "task.verify", desk, same_person=same_person)
        return refused and refused.code

    assert verified(frozenset({"desk", "p1"})) == "worker_does_not_verify"
    assert verified(frozenset({"desk", "p2"})) is None
