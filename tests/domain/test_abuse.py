"""What speaks against a report, and what is done then."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.abuse import (
    ADVERT,
    BUSY_ADDRESS,
    LINKS,
    SAME_TEXT,
    TOO_FAST,
    AbuseRules,
    bits_for,
    held,
    of_text,
    print_of,
    solves,
)
from hadir.domain.values import Reason
from tests.world import CITY

RULES = CITY.abuse


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Air selutut di gang, RT 2 RW 1", []),
        ("Main SLOT-gacor di sini, pasti maxwin", [ADVERT]),
        ("Pinjaman   online cepat, hubungi kami", [ADVERT]),
        # Complaints about such things are no advertisements for them.
        ("Di warung itu ada judi slot, tolong ditertibkan", []),
        ("Tetangga diteror pinjol, petugas mohon bantu", []),
        ("Saya kira ini promosi", []),
        ("Lokasi: https://maps.app.goo.gl/abc dan https://www.google.com/maps/x dan https://maps.google.co.id/y", []),
        ("Beritanya di https://contoh.id/berita", []),
        ("https://satu.example/a dan www.dua.example/b", [LINKS]),
    ],
)
def test_words_that_only_advertisements_say(text: str, codes: list[str]) -> None:
    assert [reason.code for reason in of_text(text, RULES)] == codes


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    of_text(text, RULES)
    print_of(text, RULES)


@given(st.lists(st.sampled_from([TOO_FAST, BUSY_ADDRESS, ADVERT, LINKS, SAME_TEXT]), max_size=4), st.integers(1, 4))
def test_what_may_be_urgent_is_never_held(codes: list[str], urgency: int) -> None:
    doubts = [Reason(code=code) for code in codes]
    is_held = held(doubts, urgency, RULES)
    assert not (is_held and urgency >= RULES.urgent_from)
    # One text from many phones alone holds nothing: neighbours pass on what is true.
    assert not (is_held and set(codes) <= {SAME_TEXT})


def test_one_text_is_one_whatever_its_signs_and_letters() -> None:
    assert print_of("Lampu jalan mati di Jl. Melati!", RULES) == print_of("LAMPU  jalan mati, di jl melati", RULES)
    assert print_of("Lampu jalan mati di Jl. Melati", RULES) != print_of("Lampu jalan mati di Jl. Mawar", RULES)
    assert print_of("lampu mati", RULES) is None


@given(st.floats(-1, 2))
def test_work_grows_with_what_is_spent_and_stays_bounded(spent: float) -> None:
    assert RULES.bits <= bits_for(RULES, spent) <= RULES.bits_most
    assert bits_for(RULES, spent) <= bits_for(RULES, spent + 0.3)


def test_work_is_checked() -> None:
    number = next(n for n in range(100_000) if hashlib.sha256(f"t:{n}".encode()).digest()[0] == 0)
    assert solves("t", str(number), 8)
    assert not solves("u", str(number), 8) or hashlib.sha256(f"u:{number}".encode()).digest()[0] == 0
    assert not solves("t", "", 8)
    assert not solves("t", "9" * 21, 0)


def test_a_pack_without_numbers_has_the_programs_own() -> None:
    assert AbuseRules().adverts == ()
    assert of_text("slot gacor maxwin", AbuseRules()) == ()
