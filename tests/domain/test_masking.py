"""Masks of what is written as it is spoken, and of names behind an honorific. Those of numbers: test_triage.py."""

import csv
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain import spoken
from hadir.domain.masking import mask, telling
from hadir.storage.citypack import load_city

ROOT = Path(__file__).parents[2]
CITY = load_city(ROOT / "cities" / "blitar")
DATA = Path(os.environ.get("HADIR_TEST_DATA", ROOT.parent / "shared" / "data"))
#: of the reports of Jakarta's flood, so many had a word hidden, rightly or not; docs/privacy.md
HIDDEN_MOST = 4
WORD_OF = {
    "0": ["nol", "kosong", "nul"],
    "1": ["satu", "siji", "setunggal"],
    "2": ["dua", "loro", "kalih"],
    "3": ["tiga", "telu"],
    "4": ["empat", "papat", "sekawan"],
    "5": ["lima", "limo", "gangsal"],
    "6": ["enam", "enem"],
    "7": ["tujuh", "pitu"],
    "8": ["delapan", "lapan", "wolu"],
    "9": ["sembilan", "sanga", "songo"],
}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hub nol delapan satu dua tiga empat lima enam tujuh delapan ya", "hub [telepon] ya"),
        ("WA kosong lapan siji loro telu papat limo enem pitu wolu songo.", "WA [telepon]."),
        ("Nol-Delapan-Satu-Dua-3456-7890", "[telepon]"),
        ("0812 tiga empat lima enam tujuh delapan", "[telepon]"),
        ("081234567 delapan sembilan nol", "[telepon]"),
        ("nol 8 satu 2 tiga 4 lima 6 tujuh 8", "[telepon]"),
        ("noldelapansatuduatigaempatlimaenam", "[telepon]"),
        ("nol delapan dua belas strip tiga empat lima enam strip tujuh strip depan", "[telepon] strip depan"),
        ("tiga lima tujuh dua nol satu satu dua nol tiga delapan empat nol nol nol satu", "[NIK/KK]"),
        ("rekening satu dua tiga empat lima enam tujuh delapan sembilan", "rekening [nomor]"),
        # what is counted, dated or named stays
        ("sanga kosong, satu dua tiga rumah", "sanga kosong, satu dua tiga rumah"),
        ("rugi dua puluh lima juta tiga ratus ribu", "rugi dua puluh lima juta tiga ratus ribu"),
        ("sejak 05-02-2025 dua belas rumah", "sejak 05-02-2025 dua belas rumah"),
        ("jam 08.30 dua puluh lima rumah", "jam 08.30 dua puluh lima rumah"),
        ("RT nol dua RW nol satu, rumah kosong tiga", "RT nol dua RW nol satu, rumah kosong tiga"),
        ("kelas satu dua tiga empat lima enam tujuh", "kelas satu dua tiga empat lima enam tujuh"),
    ],
)
def test_numbers_in_words(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("warga (at) contoh dot com", "[surel]"),
        ("warga.satu[at]contoh[dot]co[dot]id", "[surel]"),
        ("surel contoh at gmail titik com, tolong", "surel [surel], tolong"),
        ("contoh titik satu at gmail titik com", "[surel]"),
        ("contoh@gmail titik com", "[surel]"),
        ("contoh@gmail", "[surel]"),
        ("contoh@surat.contoh titik co titik id", "[surel]"),
        ("CONTOH { AT } CONTOH.COM", "[surel]"),
        ("air di titik ini, at home", "air di titik ini, at home"),
        ("tiga titik banjir (at least)", "tiga titik banjir (at least)"),
    ],
)
def test_addresses_in_words(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Pak Contoh jatuh. Bu Contoh Satu juga", "Pak [nama] jatuh. Bu [nama] juga"),
        ("rumah pak H. Contoh Dua RT 2", "rumah pak H. [nama] RT 2"),
        ("Bapak/Ibu Contoh, Sdr. Contoh", "Bapak/Ibu [nama], Sdr. [nama]"),
        ("Sdri.Contoh, Hj Contoh", "Sdri.[nama], Hj [nama]"),
        ("Bu dr. Contoh, Mas Contoh A. Satu", "Bu dr. [nama], Mas [nama]"),
        ("Pak Contoh Jalan rusak", "Pak [nama] Jalan rusak"),
        ("Tolong Mas Contoh dibantu", "Tolong Mas [nama] dibantu"),
        ("di Jl. Mastrip Pak Contoh jatuh", "di Jl. Mastrip Pak [nama] jatuh"),
        # offices, pleas, what is no name
        *((same, same) for same in (
            "Pak RT, Bu Lurah Bendo, Pak Camat, Bapak Wali Kota, Mas Wali, Ibu Guru",
            "Pak Tolong Jalan rusak, Bu Mohon dibantu",
            "pak lurah, PAK TOLONG, Bapak Ibu, Ibu Kota, ibu hamil",
            "Pak, Jalan Sumba rusak",
            # what is called after a person
            "Jl. Ir. Soekarno, Jl. H. Contoh, Jl. Ir. H. Contoh, Jl. Letjen H. Contoh, Jalan M. H. Contoh",
            "Makam Bung Karno, makam Mbah Contoh, Masjid H. Contoh, SD Ibu Contoh, stasiun MRT H. Contoh",
            "depan warung Bu Contoh, bakso Pak Contoh, Rumah Sakit Ibu Contoh",
            "Perumahan Griya Mas Indah, banjir Duta Mas Indah",
            "pada hari H. Panitia datang",
        )),
    ],
)  # fmt: skip
def test_names_behind_an_honorific(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_no_name_of_the_pack_is_taken_for_a_person() -> None:
    names = [*(a.name for a in CITY.areas), *(n for mark in CITY.landmarks for n in (mark.name, *mark.also))]
    names += [agency.name.id for agency in CITY.agencies]
    assert len(names) > 60
    for name in names:
        said = f"Banjir di {name}, {name.title()} tergenang"
        assert mask(said) == said


def test_real_reports_lose_hardly_a_word() -> None:
    file = DATA / "flood" / "jakarta_2017_02_reports.csv"
    if not file.exists():
        pytest.skip(f"no {file}: set HADIR_TEST_DATA to the folder of real data")
    with file.open(encoding="utf-8") as rows:
        texts = {text for row in csv.DictReader(rows) for text in (row["title"], row["text"])}
    assert len(texts) > 500
    hidden = [text for text in texts if mask(text) != text]
    assert len(hidden) <= HIDDEN_MOST, hidden


@given(st.data(), st.from_regex(r"08[1-9][0-9]{7,10}", fullmatch=True))
def test_no_telephone_in_words_comes_through(data: st.DataObject, number: str) -> None:
    pieces = [data.draw(st.sampled_from([*WORD_OF[digit], digit])) for digit in number]
    pieces[3], pieces[4] = WORD_OF[number[3]][0], WORD_OF[number[4]][0]  # else it may be all digits: test_triage.py
    gap = data.draw(st.sampled_from([" ", "-", ", ", ". ", "/"]))
    assert mask(f"hubungi {gap.join(pieces)} segera") == "hubungi [telepon] segera"


@given(
    st.from_regex(r"[a-z][a-z0-9]{1,10}", fullmatch=True),
    st.sampled_from([" (at) ", "(at)", "[at]", " [AT] ", " at ", " et ", "{at}"]),
    st.from_regex(r"[a-z]{3,10}", fullmatch=True),
    st.sampled_from([" dot ", "(dot)", "[dot]", " titik ", " Titik "]),
    st.sampled_from(["com", "co titik id", "net", "id"]),
)
def test_no_address_in_words_comes_through(who: str, at: str, house: str, dot: str, end: str) -> None:
    assert mask(f"surat: {who}{at}{house}{dot}{end}.") == "surat: [surel]."


@given(
    st.from_regex(r"[A-Z][bcdfg][aiueo][klmn][aiueo]x", fullmatch=True),
    st.sampled_from(["Pak", "bu", "Mbak", "Sdr.", "Hj."]),
)
def test_no_name_behind_an_honorific_comes_through(name: str, honorific: str) -> None:
    assert mask(f"kata {honorific} {name} itu benar") == f"kata {honorific} [nama] itu benar"


HONOURS = "Pak Bu H. Hj Mas Sdr. / Jl. Ir. Contoh A. nama"
SPOKEN = "satu nol delapan strip belas 0812 7 at (at) @ gmail dot titik com . [ ] 05-02-2025 KOSONG"
PIECES = [*HONOURS.split(), *SPOKEN.split(), " ", "  ", "\n", "Satu Dua"]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["", " "]))
def test_a_masked_text_stays_as_it_is_and_no_mask_is_skipped(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    masked = mask(text)
    assert mask(masked) == masked
    assert telling(text) or masked == text


def test_no_word_for_a_digit_begins_another() -> None:
    """So glued words have one way through, and no text makes the walk long."""
    words = list(spoken._WORTH)  # pyright: ignore[reportPrivateUsage]
    assert [(a, b) for a in words for b in words if a != b and b.startswith(a)] == []


UNITS = (
    "a|a |1 |satu |satudua|nol,|Pak |Pak/|Pak A. |Jl. H. |H.|Mas A |a titik |( at |a at a.a.a.|a@|(at)a|gmail |a.b-|"
    "Pak Contoh |Contoh Mas "
)


@pytest.mark.parametrize("unit", UNITS.split("|"))
def test_the_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def took(length: int) -> float:
        text = (unit * length)[:length]
        began = time.process_time()
        mask(text)
        return time.process_time() - began

    # ten times as long would take a hundred times as long where the work grows with the square; the least of three,
    # in time of the processor, so that a busy machine does not fail it
    small, large = (min(took(length) for _ in range(3)) for length in (6_000, 60_000))
    assert large < 35 * max(small, 0.001)


def test_what_is_hidden_is_named_as_the_staff_page_knows_it() -> None:
    shown = {"surel", "NIK/KK", "telepon", "nomor", "pelat", "nama"}
    text = mask("Pak Contoh, contoh at gmail titik com, nol delapan satu dua tiga empat lima enam")
    assert set(re.findall(r"\[([^]]+)\]", text)) == {"nama", "surel", "telepon"} <= shown
