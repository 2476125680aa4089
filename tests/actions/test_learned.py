"""What closed reports teach: the numbers in the file and out of it, and how a training is examined."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.actions.learned import BUCKETS, FEATURES_MOST, Model, ModelError, features, trained, unpacked
from hadir.actions.learning import Lesson, TooFew, learn
from hadir.storage.citypack import load_city
from hadir.views.triage import measured

CITY = load_city(Path(__file__).parents[1] / "packs" / "tiny")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
#: Made up: words that the pack does not know.
SAYS = {"flood": "kecipak kecipuk", "drain": "mampat kresek"}


def lessons(n: int, says: dict[str, str] = SAYS) -> list[Lesson]:
    codes = list(says)
    return [
        Lesson(at=BEGAN + timedelta(hours=i), text=f"{says[codes[i % 2]]} x{i % 7}", category=codes[i % 2])
        for i in range(n)
    ]


def silent(_: str) -> None:
    """Nobody listens."""


def test_it_learns_what_rules_cannot_know() -> None:
    model = learn(lessons(200), CITY, version="v", say=silent)
    likely = model.shares("ada kecipak kecipuk")
    assert max(likely, key=lambda code: likely[code]) == "flood"
    assert model.evaluation["right"]["rules"] < 0.1
    assert model.evaluation["right"]["both"] == 1.0
    assert model.evaluation["assigned"] == {"share": 1.0, "precision": 1.0}


def test_what_is_frequent_is_no_guess_about_unknown_words() -> None:
    assert learn(lessons(200), CITY, version="v", say=silent).shares("selamat pagi semuanya") == {}


def test_the_examination_is_of_a_later_time_and_sees_what_changed() -> None:
    """Half-way through the words change their meaning; a random split would not notice."""
    early = [x for x in lessons(400) if x.at < BEGAN + timedelta(hours=320)]
    turned = {"flood": SAYS["drain"], "drain": SAYS["flood"]}
    late = [x for x in lessons(400, turned) if x.at >= BEGAN + timedelta(hours=320)]
    found = learn([*late, *early], CITY, version="v", say=silent).evaluation
    assert found["right"]["learned"] == 0.0
    assert found["taught"]["until"] < found["examined"]["since"]
    assert {(c["wanted"], c["given"]) for c in found["confused"]} == {("flood", "drain"), ("drain", "flood")}


def test_of_nothing_nothing_was_measured() -> None:
    """An agency of which no report was among the later ones is neither right nor wrong."""
    gone = [Lesson(at=BEGAN, text=f"kecipak kecipuk {n}", category="flood") for n in range(50)]
    later = lessons(200, {"drain": "mampat kresek", "other": "bising gaduh"})
    found = learn([*gone, *later], CITY, version="v", say=silent).evaluation
    row = next(a for a in found["agencies"] if a["agency"] == "sar")
    assert (row["n"], row["found"], row["found_newer"], row["share_since"]) == (0, None, None, 0.0)


def test_the_measured_precision_is_that_of_the_margin_the_city_has_now() -> None:
    model = learn(lessons(200), CITY, version="v", say=silent)
    tried = [{"margin": 0.5, "share": 0.4, "precision": 0.97}]
    model = replace(model, evaluation={**model.evaluation, "margins": tried})
    now = replace(CITY, assign=replace(CITY.assign, margin=0.5))
    told, before = measured(model, now), measured(model, CITY)
    assert told and (told["precision"], told["margin"]) == (0.97, 0.5)
    assert before and before["precision"] == 1.0


def test_sensitive_reports_do_not_teach() -> None:
    secret = next(c.code for c in CITY.categories if c.sensitive)
    taught = learn(
        [*lessons(200), *[Lesson(at=BEGAN, text="rahasia", category=secret)] * 50], CITY, version="v", say=silent
    )
    assert secret not in taught.categories
    assert taught.rows == 200


def test_too_few_or_only_one_kind_teach_nothing() -> None:
    with pytest.raises(TooFew):
        learn(lessons(30), CITY, version="v", say=silent)
    with pytest.raises(TooFew):
        learn([x for x in lessons(400) if x.category == "flood"], CITY, version="v", say=silent)


def test_a_model_survives_its_file_and_nothing_else_is_taken_for_one() -> None:
    model = learn(lessons(200), CITY, version="v", say=silent)
    again = unpacked(model.packed())
    assert (again.version, again.rows, again.categories) == (model.version, model.rows, model.categories)
    assert again.evaluation == model.evaluation
    assert again.shares("kecipak kecipuk") == pytest.approx(model.shares("kecipak kecipuk"), abs=1e-2)
    packed = model.packed()
    for broken in (b"", b"\x80pickle", packed[:-1], packed.replace(b'"rows"', b'"rowz"'), packed[: len(packed) // 2]):
        with pytest.raises(ModelError):
            unpacked(broken)


def test_training_twice_gives_the_same() -> None:
    texts, labels = [x.text for x in lessons(100)], [i % 2 for i in range(100)]
    assert np.array_equal(trained(texts, labels, 2), trained(texts, labels, 2))


@given(st.text(max_size=3_000))
def test_features_are_buckets_each_once_and_not_more_than_a_report_needs(text: str) -> None:
    found = features(text)
    assert len(found) == len(set(found.tolist())) <= FEATURES_MOST
    assert all(0 <= bucket < BUCKETS for bucket in found.tolist())


@given(st.text(max_size=100))
def test_shares_are_a_whole_or_nothing(text: str) -> None:
    weights = np.random.default_rng(1).normal(size=(BUCKETS + 1, 3)).astype(np.float32)
    made = Model(
        version="v", rows=1, rule_weight=1, temperature=1, categories=("a", "b", "c"), weights=weights, evaluation={}
    )
    shares = made.shares(text)
    assert shares == {} or sum(shares.values()) == pytest.approx(1, abs=1e-5)
