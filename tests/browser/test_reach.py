"""How a person is reached when no phone answers: in everyone's own menu, and for all in the administration."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[str]]


def opened(page: Page) -> None:
    page.get_by_label("Menu", exact=True).click()
    page.get_by_role("button", name="Bila HP tidak menjawab").click()


@pytest.mark.parametrize(
    ("who", "face", "scheme"), [("petugas-1", "/petugas", "light"), ("pimpinan", "/pimpin", "dark")]
)
def test_everyone_sets_his_own(enter: Enter, city: City, axe: Axe, who: str, face: str, scheme: str) -> None:
    page = enter(who, face, PHONE, color_scheme=scheme, broken=True)
    opened(page)
    dialog = page.get_by_role("dialog", name="Bila HP tidak menjawab")
    number = dialog.get_by_label("Nomor SMS")
    expect(dialog.get_by_text("Kota ini belum memasang cara ini").first).to_be_visible()
    number.fill("belum ada")
    dialog.get_by_role("button", name="Simpan").click()
    expect(dialog.get_by_text("Nomor ini tidak terbaca")).to_be_visible()
    expect(number).to_be_focused()
    number.fill("0812 3456 789")
    dialog.get_by_label("Jam sendiri").check()
    dialog.get_by_label("dari").fill("23:00")
    dialog.get_by_label("sampai").fill("04:30")
    assert axe(page) == []
    dialog.get_by_role("button", name="Simpan").click()
    expect(dialog.get_by_text("Tersimpan.", exact=True)).to_be_visible()
    page.reload()
    opened(page)
    expect(number).to_have_value("0812 3456 789")
    expect(dialog.get_by_label("dari")).to_have_value("23:00")


def test_without_a_line_nothing_is_lost(enter: Enter, city: City) -> None:
    page = enter("petugas-2", "/petugas", PHONE, broken=True)
    opened(page)
    dialog = page.get_by_role("dialog", name="Bila HP tidak menjawab")
    dialog.get_by_label("Surel").fill("p2@kota.example")
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Simpan").click()
    expect(dialog.get_by_text("Belum tersimpan. Periksa sinyal")).to_be_visible()
    expect(dialog.get_by_label("Surel")).to_have_value("p2@kota.example")
    page.context.set_offline(False)
    dialog.get_by_role("button", name="Simpan").click()
    expect(dialog.get_by_text("Tersimpan.", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_administrator_sets_it_and_sees_the_end_only(
    enter: Enter, city: City, axe: Axe, size: dict[str, int]
) -> None:
    page = enter("admin", "/kelola", size)
    row = page.get_by_role("row", name=re.compile("petugas-3"))
    dialog = page.get_by_role("dialog", name="Cara menghubungi Petugas 3")
    number = dialog.get_by_label("Nomor WhatsApp")
    row.get_by_role("button", name="Atur").click()
    number.fill("0812 3456 789")
    dialog.get_by_role("button", name="Simpan").click()
    expect(dialog.get_by_text("Tersimpan.", exact=True)).to_be_visible()
    expect(number).to_have_value("")
    expect(number).to_have_attribute("placeholder", re.compile("••• 789"))
    assert axe(page) == []
    dialog.get_by_role("button", name="Hapus").click()
    dialog.get_by_role("button", name="Simpan").click()
    expect(dialog.get_by_role("button", name="Hapus")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(("who", "face"), [("operator", "/pusat"), ("admin", "/kelola"), ("auditor", "/kelola")])
def test_how_orders_were_understood_is_read_there_too(enter: Enter, city: City, axe: Axe, who: str, face: str) -> None:
    page = enter(who, face, DESK)
    page.get_by_text("Salah paham: bagaimana perintah dipahami").click()
    expect(page.get_by_role("button", name="7 hari")).to_be_visible()
    page.get_by_role("button", name="7 hari").click()
    expect(page.get_by_role("button", name="7 hari")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Belum ada perintah")).to_be_visible()
    assert axe(page) == []
