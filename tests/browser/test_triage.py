"""What an operator sees of triage, and what the administrator sees of a training: in Chromium, clean by axe."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hadir.actions.learning import Lesson, learn
from hadir.storage import models
from hadir.storage.citypack import load_city
from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter, served

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SPOT = (-8.1149, 112.1628)


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    """A demo city with a model that learned from made-up sentences."""
    home = Path(tempfile.mkdtemp(prefix="hadir-browser-"))
    models.install(home, learn(lessons(), load_city(ROOT / "cities/blitar"), version="20260101T000000Z", say=print))
    with served(home) as city:
        yield city


def lessons() -> list[Lesson]:
    """Synthetic: words that the pack's rules do not know, so that only what was learned can tell them apart."""
    began = datetime(2025, 1, 1, tzinfo=UTC)
    says = (("aspal gronjal pertigaan", "road_damage"), ("kresek berserakan", "garbage"), ("gronjal kresek", "garbage"))
    return [
        Lesson(at=began + timedelta(hours=n), text=f"{says[n % 3][0]} {n % 17}", category=says[n % 3][1])
        for n in range(900)
    ]


def chosen(page: Page, text: str):
    page.get_by_role("region", name="Antrean laporan").get_by_role("button").filter(has_text=text).click()
    return page.get_by_role("article", name="Laporan terpilih")


def test_the_words_that_were_read_are_marked(enter: Enter, city: City, axe: Callable[[Page], list[str]]) -> None:
    text = "Pohon sudah tumbang menimpa kabel, tidak ada korban jiwa, hub 0812 3456 7890"
    city.report("Pohon tumbang menimpa kabel di pertigaan", *SPOT)
    city.report(text, *SPOT)
    page = enter("operator", "/pusat", DESK)
    report = chosen(page, "tidak ada korban")
    # The kinds of mark are told in words, too.
    expect(report.locator("mark.sign", has_text="menimpa kabel")).to_have_attribute("title", "tanda bahaya")
    expect(report.locator("mark.not", has_text="korban jiwa")).to_have_attribute("title", "disangkal")
    expect(report).to_contain_text("Disamarkan: telepon")
    likely = report.get_by_role("group", name="Kemungkinan perihal")
    expect(likely.get_by_role("button").first).to_contain_text("Pohon tumbang (sekarang)")
    report.get_by_text("Mungkin laporan yang sama").click()
    expect(report).to_contain_text("perihal sama · kata sama: kabel, menimpa")
    assert axe(page) == []


def test_a_doubtful_kind_is_chosen_with_one_press(enter: Enter, city: City) -> None:
    id = city.report("halo selamat pagi pak", *SPOT)
    page = enter("operator", "/pusat", DESK)
    report = chosen(page, "halo selamat pagi")
    expect(report).to_contain_text("Belum pasti, pilih perihal:")
    report.get_by_role("group", name="Kemungkinan perihal").get_by_role("button", disabled=False).first.click()
    city.until("operator", lambda board: any(r["id"] == id and r["category"] != "other" for r in board["reports"]))


def test_what_was_learned_decides_and_says_how_often_it_is_right(enter: Enter, city: City) -> None:
    city.report("aspal gronjal pertigaan sini", *SPOT)
    page = enter("operator", "/pusat", DESK)
    report = chosen(page, "aspal gronjal")
    expect(report).to_contain_text("Seperti laporan lama yang serupa")
    expect(report).to_contain_text("benar pada 180 laporan uji terbaru")


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_administrator_sees_the_examination(
    enter: Enter, axe: Callable[[Page], list[str]], size: dict[str, int]
) -> None:
    page = enter("admin", "/kelola", size)
    section = page.get_by_role("region", name="Pelatihan penilaian")
    expect(section).to_contain_text("belajar dari 900 laporan selesai")
    expect(section).to_contain_text("tidak pernah acak")
    expect(section.get_by_role("row").filter(has_text="DPUPR")).to_have_count(1)
    assert axe(page) == []
