"""When a category is given without a person: rules stand above what was learned; below the margin nobody is sure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.assign import AssignRules, choose, guesses
from hadir.domain.label import Label
from hadir.domain.language import Tongue, spoken
from hadir.domain.triage import triage
from hadir.storage.citypack import load_city

TINY = load_city(Path(__file__).parents[1] / "packs" / "tiny")


@dataclass
class Taught:
    """Says the same of every text."""

    says: Mapping[str, float]
    version: str = "t1"
    rows: int = 10_000
    rule_weight: float = 2.5
    evaluation: Mapping[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def shares(self, text: str) -> Mapping[str, float]:
        self.asked.append(text)
        return self.says


def test_where_the_rules_are_sure_nothing_else_is_asked() -> None:
    taught = Taught({"drain": 1.0})
    found = choose(triage("banjir", TINY), "banjir", TINY, taught)
    assert (found.category, found.assigned, taught.asked) == ("flood", True, [])


def test_what_was_learned_decides_only_from_the_margin_on() -> None:
    judged = triage("halo", TINY)
    sure, unsure = Taught({"flood": 0.9, "drain": 0.1}), Taught({"flood": 0.55, "drain": 0.45})
    found = choose(judged, "halo", TINY, sure)
    assert (found.category, found.assigned, found.reasons[-1].code) == ("flood", True, "category.learned")
    found = choose(judged, "halo", TINY, unsure)
    assert (found.category, found.assigned, found.reasons[-1].code) == ("other", False, "category.unsure")


def test_a_model_that_saw_too_little_is_not_asked() -> None:
    few = Taught({"flood": 1.0}, rows=TINY.assign.least_rows - 1)
    assert not choose(triage("halo", TINY), "halo", TINY, few).assigned
    assert few.asked == []


def test_the_margin_is_the_city_s() -> None:
    taught = Taught({"flood": 0.55, "drain": 0.45})
    bold = replace(TINY, assign=AssignRules(margin=0.05))
    assert choose(triage("halo", bold), "halo", bold, taught).category == "flood"


def test_what_was_learned_raises_urgency_and_never_lowers_it() -> None:
    judged = triage("halo, ada yang terjebak", TINY)
    assert judged.urgency == 4
    assert choose(judged, "halo", TINY, Taught({"drain": 1.0})).urgency == 4
    assert choose(triage("halo", TINY), "halo", TINY, Taught({"flood": 1.0})).urgency == 3


@given(
    st.text(max_size=60),
    st.dictionaries(st.sampled_from([c.code for c in TINY.categories]), st.floats(0, 1), max_size=4),
)
def test_shares_are_a_whole_and_in_order(text: str, says: dict[str, float]) -> None:
    found = guesses(triage(text, TINY), text, TINY, Taught(says))
    assert sum(g.share for g in found) == pytest.approx(1)
    assert [g.share for g in found] == sorted((g.share for g in found), reverse=True)
    assert {g.category for g in found} == set(TINY.category_by_code)
    assert all(g.agency == TINY.category_by_code[g.category].agency for g in found)


def test_languages_by_telling_words() -> None:
    tongues = (
        Tongue(code="id", name=Label(id="Indonesia", en="Indonesian"), words=("sudah", "rumah", "pohon")),
        Tongue(code="jv", name=Label(id="Jawa", en="Javanese"), words=("wis", "omah", "wit")),
    )
    assert spoken("wit ambruk, wis sak omah", tongues) == (("jv", 1.0),)
    assert spoken("Pohon SUDAH rubuh kena omah", tongues) == (("id", 2 / 3), ("jv", 1 / 3))
    assert spoken("banjir", tongues) == ()
