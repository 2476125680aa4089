"""The held sentences: urgency and place as their writer wants them. docs/triage.md tells what they gave.

The numbers may only rise, and nothing that is a danger to life may be judged as waiting.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from hadir.domain import places
from hadir.domain.city import City
from hadir.domain.triage import triage
from hadir.storage.citypack import load_city

HERE = Path(__file__).parent
HELD: list[dict[str, Any]] = json.loads((HERE / "held_sentences.json").read_text(encoding="utf-8"))["sentences"]
#: how many are right today, of 60
URGENCIES, PLACES = 56, 58


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(HERE.parents[1] / "cities" / "blitar")


def test_there_are_sixty() -> None:
    assert len({each["text"] for each in HELD}) == 60


def test_urgency(city: City) -> None:
    wrong = [each["text"] for each in HELD if triage(each["text"], city).urgency != each["urgency"]]
    assert len(HELD) - len(wrong) >= URGENCIES, wrong


def test_a_danger_to_life_is_never_left_waiting(city: City) -> None:
    late = [each["text"] for each in HELD if each["urgency"] == 4 and triage(each["text"], city).urgency < 4]
    assert late == []


def test_place(city: City) -> None:
    names = {area.code: area.name for area in city.areas}
    wrong = []
    for each in HELD:
        said = places.find(each["text"], city)
        found = (names.get(said.area or ""), said.rt, said.rw)
        if found != (each["area"], each["rt"], each["rw"]):
            wrong.append((each["text"], found))
    assert len(HELD) - len(wrong) >= PLACES, wrong
