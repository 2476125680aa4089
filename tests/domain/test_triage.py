"""The rules of triage on an invented pack: what they do with words, whatever the words are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir import words
from hadir.domain.city import City
from hadir.domain.masking import mask, telling
from hadir.domain.phrases import lower
from hadir.domain.triage import SIGNS, marks, triage
from hadir.storage.citypack import load_city

TINY = load_city(Path(__file__).parents[1] / "packs" / "tiny")


def marked(text: str, kind: str, city: City = TINY) -> list[str]:
    return [text[m.start : m.end] for m in marks(text, city) if m.kind == kind]


def test_denial_reaches_over_fillers_only() -> None:
    assert triage("tidak ada banjir", TINY).category == "other"
    assert triage("tidak ada perahu banjir", TINY).category == "flood"
    assert triage("tidak, banjir", TINY).category == "flood"
    assert triage("tdk banjir", TINY).category == "other"


def test_a_hedge_lowers_and_never_makes_a_flood() -> None:
    feared, seen = triage("rawan banjir", TINY), triage("banjir", TINY)
    assert (feared.flood, seen.flood) == (False, True)
    assert feared.urgency < seen.urgency
    assert triage("rawan tapi banjir", TINY).flood


def test_gone_water_is_no_flood() -> None:
    gone = triage("Banjir selutut sudah surut", TINY)
    assert (gone.flood, gone.receding, gone.depth_cm) == (False, True, None)


def test_depth_alone_is_a_flood_only_where_there_is_water() -> None:
    assert triage("air selutut", TINY).category == "flood"
    assert triage("rumput selutut", TINY).depth_cm is None


@pytest.mark.parametrize(
    ("said", "cm"),
    [
        ("30 cm", 30), ("30cm", 30), ("30 - 40 cm", 40), ("30 s.d 40 cm", 40), ("1,5 m", 150), ("1.5 meter", 150),
        ("setengah meter", 50), ("semeter", 100), ("satu meter", 100), ("dua meter", 200), ("50an", None),
        ("500 meter", None), ("2 cm", None), ("100 m dari pasar", None), ("10 m2", None),
    ],
)  # fmt: skip
def test_depth_in_numbers(said: str, cm: int | None) -> None:
    assert triage(f"banjir {said}", TINY).depth_cm == cm


def test_a_length_is_no_depth_and_a_sure_depth_wins() -> None:
    assert triage("banjir panjang 3 m", TINY).depth_cm is None
    assert triage("banjir 2 m setinggi 30 cm", TINY).depth_cm == 30
    assert triage("banjir selutut di dekat tembok 3 m", TINY).depth_cm == 45


def test_a_sign_sets_a_floor() -> None:
    found = triage("saluran, ada yang terjebak", TINY)
    assert found.urgency == 4
    assert [r.code for r in found.urgency_reasons] == ["urgency.category", "sign.trapped"]
    assert triage("tidak ada terjebak di saluran", TINY).urgency == 2


def test_a_secret_matter_makes_the_whole_report_secret() -> None:
    assert triage("banjir banjir, juga pungli", TINY).sensitive
    assert not triage("tidak ada pungli, banjir", TINY).sensitive


def test_marks_are_places_in_the_original() -> None:
    text = "BANJIRNYA selutut, tdk pungli, ada yang Terjebak"
    assert marked(text, "category") == ["BANJIRNYA"]
    assert marked(text, "depth") == ["selutut"]
    assert marked(text, "sign") == ["Terjebak"]
    assert marked(text, "not") == ["pungli"]


def test_spelling_endings_doubling_and_stretching() -> None:
    for text in ("parit-parit", "salurannya", "saluran-saluran", "salurannn", "SALURAN"):
        assert triage(text, TINY).category == "drain", text


def test_reasons_never_hold_the_persons_own_words() -> None:
    """A reason goes into an event, which is never erased."""
    found = triage("banjir di rumah Pak Contoh, nomor 0812 3456 7890, saluran", TINY)
    said = {v for r in (*found.category_reasons, *found.urgency_reasons) for _, v in r.params}
    assert said == {"banjir", "3"}


@given(st.text(max_size=300))
def test_it_never_fails_and_marks_stay_inside(text: str) -> None:
    found = triage(text, TINY)
    assert 1 <= found.urgency <= 4
    assert found.category in TINY.category_by_code
    assert all(0 <= m.start < m.end <= len(text) for m in marks(text, TINY))
    assert len(lower(text)) == len(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "banjir",
                "tidak",
                "rawan",
                "tapi",
                "air",
                "selutut",
                "saluran",
                "pungli",
                "terjebak",
                "ada",
                ".",
                ",",
                "30",
                "cm",
            ]
        )
    )
)
def test_every_reason_has_words_and_they_add_up(parts: list[str]) -> None:
    found = triage(" ".join(parts), TINY)
    catalogue = words.load()
    for reason in (*found.category_reasons, *found.urgency_reasons):
        for lang in words.LANGUAGES:
            assert "{" not in catalogue.say(f"reason.{reason.code}", lang, **dict(reason.params))
            assert f"reason.{reason.code}" in catalogue
    floor = [int(dict(r.params)["level"]) for r in found.urgency_reasons if r.code == "urgency.at_least"]
    total = sum(r.points or 0 for r in found.urgency_reasons)
    assert found.urgency == max([min(max(int(total // 1), 1), 4), *floor])


def test_every_kind_of_sign_has_words() -> None:
    catalogue = words.load()
    codes = [f"sign.{s}" for s in SIGNS]
    codes += ["sign.maybe", "urgency.maybe", "urgency.depth", "category.depth", "category.denied", "category.none"]
    codes += ["sign.denied", "category.gone"]
    codes += ["category.words.maybe", "rank.urgency", "rank.reporters", "rank.me_too", "rank.vulnerable"]
    assert [c for c in (*codes, "rank.person") if f"reason.{c}" not in catalogue] == []


# ── masking ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("NIK 3572011203840001", "NIK [NIK/KK]"),
        ("kk 3572.0112.0384.0001 ya", "kk [NIK/KK] ya"),
        ("hub 081234567890", "hub [telepon]"),
        ("+62 812-3456-7890", "[telepon]"),
        ("(0342) 801171", "[telepon]"),
        ("wa 62812 3456 7890.", "wa [telepon]."),
        ("surat ke warga.satu@contoh.co.id", "surat ke [surel]"),
        ("mobil AG 1234 XY kabur", "mobil [pelat] kabur"),
        ("n1234abc", "[pelat]"),
        ("nama: contoh satu, RT 2", "nama: [nama], RT 2"),
        ("Nama saya Contoh Satu. Banjir", "Nama saya [nama]. Banjir"),
        ("tagihan a.n. CONTOH DUA belum dibayar", "tagihan a.n. [nama] belum dibayar"),
        ("atas nama warga kami mohon", "atas nama warga kami mohon"),
        ("nama jalan ini belum ada", "nama jalan ini belum ada"),
        ("RT 2 RW 1", "RT 2 RW 1"),
        ("air 30 cm, 5 KK, jam 14.30 WIB", "air 30 cm, 5 KK, jam 14.30 WIB"),
        ("banjir 7/1/2025 di 3 titik", "banjir 7/1/2025 di 3 titik"),
        # written without room, in a link, two at once, without the nought or with an O for it
        ("wa081234567890", "wa[telepon]"),
        ("https://wa.me/6281234567890", "https://wa.me/[telepon]"),
        ("081234567890/082234567890", "[telepon]/[telepon]"),
        ("RT 03/081234567890", "RT 03/[telepon]"),
        ("812-3456-7890 atau O812 3456 7890", "[telepon] atau [telepon]"),
        ("0062 812 3456 7890", "[telepon]"),
        # as messengers copy it: a hyphen that does not break, a space that does not, marks of direction, wide digits
        ("\u202a+62 812\u20113456\u20117890\u202c", "[telepon]"),
        ("0812\u00a03456\u00a07890", "[telepon]"),
        ("０８１２３４５６７８９０", "[telepon]"),
        ("35\u200b72011203840001", "[NIK/KK]"),
        ("NIK 3572/0112/0384/0001", "NIK [NIK/KK]"),
        ("npwp 12.345.678.9-012.000, rek 1234567890", "npwp [nomor], rek [nomor]"),
        ("warga.satu @ contoh.id", "[surel]"),
        ("plat AG 1234 kabur", "plat [pelat] kabur"),
        ("No. Pol: ag-1234-bc", "No. Pol: [pelat]"),
        ("Nama Ibu: Contoh Satu", "Nama Ibu: [nama]"),
        ("rekening a/n Contoh Satu", "rekening a/n [nama]"),
        ("n\u200bama: contoh", "nama: [nama]"),
        # what is made of digits and is nobody's stays
        ("rt 02/rw 01 0342 801171", "rt 02/rw 01 [telepon]"),
        ("sejak 05-02-2025 08.30, mati 08.00-09.30", "sejak 05-02-2025 08.30, mati 08.00-09.30"),
        ("08.12.3456.7890 dan 08-12-2034-5678", "[telepon] dan [telepon]"),
        ("di -8.114912345, 112.162912345", "di -8.114912345, 112.162912345"),
        ("nama jalan: Sumba, rugi Rp 812.345.678", "nama jalan: Sumba, rugi Rp 812.345.678"),
        ("air naik – 45 cm 👨\u200d👩\u200d👧", "air naik – 45 cm 👨\u200d👩\u200d👧"),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.from_regex(r"[1-9]\d{15}", fullmatch=True), st.sampled_from(["", " ", ".", "-"]))
def test_no_identity_number_comes_through(number: str, gap: str) -> None:
    written = gap.join(number[i : i + 4] for i in range(0, 16, 4))
    masked = mask(f"ini {written} milik saya")
    assert not any(len(run) > 3 for run in masked.split() if run.isdigit())


@given(
    st.lists(
        st.sampled_from(
            ["nama", "A.N. ", "an. ", "atas", "Korban:", "PELAPOR", "Pak ", "Contoh", "@", "＠", "\u200b", "x.id", "７"]
        )
    )
)
def test_a_text_that_is_not_looked_at_has_nothing_to_hide(parts: list[str]) -> None:
    text = "".join(parts)
    assert telling(text) or mask(text) == text


@given(st.text(max_size=200))
def test_mask_never_fails_and_is_stable(text: str) -> None:
    assert mask(mask(text)) == mask(text)
