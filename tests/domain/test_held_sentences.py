"""The held sentences: urgency and place as their writer wants them. docs/triage.md tells what they gave.

The numbers are exact, so that a change either way is seen and told; and nothing of the first list that is a danger to
life may be judged as waiting.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hadir.domain import places
from hadir.domain.city import City
from hadir.domain.triage import triage
from hadir.storage.citypack import load_city

HERE = Path(__file__).parent


class Held(NamedTuple):
    """A list, and how many of it are right today."""

    file: str
    size: int
    urgencies: int
    places: int

    def sentences(self) -> list[dict[str, Any]]:
        return json.loads((HERE / self.file).read_text(encoding="utf-8"))["sentences"]


LISTS = (
    Held("held_sentences.json", 60, urgencies=60, places=58),
    Held("fresh_sentences.json", 30, urgencies=26, places=30),
    Held("unseen_sentences.json", 20, urgencies=11, places=20),
)
HELD = pytest.mark.parametrize("held", LISTS, ids=lambda held: held.file)


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(HERE.parents[1] / "cities" / "blitar")


@HELD
def test_the_list_is_whole(held: Held) -> None:
    assert len({each["text"] for each in held.sentences()}) == held.size


@HELD
def test_urgency(city: City, held: Held) -> None:
    wrong = [each["text"] for each in held.sentences() if triage(each["text"], city).urgency != each["urgency"]]
    assert held.size - len(wrong) == held.urgencies, wrong


def test_a_danger_to_life_is_never_left_waiting(city: City) -> None:
    late = [
        each["text"] for each in LISTS[0].sentences() if each["urgency"] == 4 and triage(each["text"], city).urgency < 4
    ]
    assert late == []


@HELD
def test_place(city: City, held: Held) -> None:
    names = {area.code: area.name for area in city.areas}
    wrong = []
    for each in held.sentences():
        said = places.find(each["text"], city)
        found = (names.get(said.area or ""), said.rt, said.rw)
        if found != (each["area"], each["rt"], each["rw"]):
            wrong.append((each["text"], found))
    assert held.size - len(wrong) == held.places, wrong
