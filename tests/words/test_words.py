"""The catalogue: complete in both languages, one place for each key, gaps that fit."""

import pytest

from hadir import words


def test_the_shipped_catalogue_is_whole() -> None:
    catalogue = words.load()
    assert "citizen.title" in catalogue
    assert catalogue.say("citizen.title", "id") == "Ada apa?"


def test_gaps_are_filled_and_missing_ones_stay() -> None:
    catalogue = words.Words({"a": {"id": "{n} orang di {place}", "en": "{n} people at {place}"}})
    assert catalogue.say("a", "id", n=3, place="Gedog") == "3 orang di Gedog"
    assert catalogue.say("a", "en", n=3) == "3 people at {place}"


def test_unknown_keys_show_themselves_and_unknown_languages_are_indonesian() -> None:
    catalogue = words.Words({"a": {"id": "satu", "en": "one"}})
    assert catalogue.say("b", "id") == "b"
    assert catalogue.say("a", "jv") == "satu"


@pytest.mark.parametrize(
    ("catalogues", "says"),
    [
        ({"x.json": {"a": {"id": "s", "en": "o"}}, "y.json": {"a": {"id": "s", "en": "o"}}}, "two files"),
        ({"x.json": {"a": {"id": "s"}}}, "needs exactly"),
        ({"x.json": {"a": {"id": "s", "en": ""}}}, "needs exactly"),
        ({"x.json": {"a": {"id": "{n}", "en": "{m}"}}}, "other gaps"),
    ],
)
def test_a_bad_catalogue_is_refused_with_its_place(catalogues: dict, says: str) -> None:
    with pytest.raises(words.BadCatalogue, match=says):
        words.join(catalogues)


def test_a_refusal_names_things_in_words() -> None:
    catalogue = words.load()
    said = catalogue.refusal("wrong_state", "id", noun="task", state="task.verified", verb="task.done")
    assert said == "Tidak bisa sekarang: tugas ini sudah diverifikasi."
    assert catalogue.refusal("no_such_code", "en") == catalogue.say("problem.bad_request", "en")
