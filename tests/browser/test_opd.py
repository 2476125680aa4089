"""The agency's desk and the administration: assigning, handing over and answering, checking, all by keyboard too."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

TREE = ("Pohon tumbang menutup jalan", -8.0760, 112.186)


@pytest.fixture
def task(city: City) -> str:
    return city.task(city.incident(*TREE), "dlh", "Potong pohon")


def test_a_task_is_assigned_by_keyboard_and_shows_on_the_officers_phone(enter: Enter, city: City, task: str) -> None:
    desk = enter("opd-dlh", "/opd", DESK)
    officer = enter("petugas-5", "/petugas")
    expect(desk.get_by_role("button", name="Potong pohon").first).to_be_visible()
    desk.keyboard.press("j")
    expect(desk.get_by_role("heading", name="Potong pohon")).to_be_visible()
    desk.keyboard.press("a")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Menunggu petugas").first).to_be_visible()
    expect(officer.get_by_role("heading", name="Potong pohon")).to_be_visible()


def test_an_offer_that_waits_is_not_an_offer_taken(enter: Enter, city: City, task: str) -> None:
    giver = enter("opd-dlh", f"/opd#/task/{task}", DESK)
    taker = enter("opd-bpbd", "/opd", DESK)
    giver.get_by_role("button", name="Limpahkan").click()
    giver.get_by_label("Limpahkan kepada").select_option("bpbd")
    giver.get_by_role("button", name="Alatnya ada di sana").click()
    giver.get_by_role("button", name="Tawarkan").click()
    expect(giver.get_by_text("Menunggu jawaban BPBD.").first).to_be_visible()
    expect(giver.get_by_text("Sampai diterima, tugas ini masih milik Anda.")).to_be_visible()

    row = taker.get_by_role("button", name="ditawarkan DLH, menunggu Anda").first
    expect(row).to_be_visible()
    row.click()
    expect(taker.get_by_text("DLH melimpahkan tugas ini kepada Anda.")).to_be_visible()
    taker.keyboard.press("t")
    expect(taker.get_by_text("Tugas ini sekarang milik Anda.")).to_be_visible()
    expect(giver.get_by_text("Menunggu jawaban BPBD.")).to_have_count(0)
    city.becomes("operator", "tasks", task, agency="bpbd", offered_to=None)


def test_an_offer_is_declined_with_a_reason(enter: Enter, city: City, task: str) -> None:
    city.send("opd-dlh", f"tasks/{task}/offer", agency="bpbd", reason="Alatnya ada di sana")
    taker = enter("opd-bpbd", f"/opd#/task/{task}", DESK)
    taker.get_by_role("button", name="Tolak pelimpahan").click()
    taker.get_by_role("button", name="Bukan urusan dinas kami").click()
    taker.get_by_role("button", name="Tolak pelimpahan").click()
    expect(taker.get_by_text("Pelimpahan ditolak.")).to_be_visible()
    city.becomes("operator", "tasks", task, agency="dlh", offered_to=None)


def test_done_is_sent_back_and_verified(enter: Enter, city: City, task: str) -> None:
    city.send("opd-dlh", f"tasks/{task}/assign", officer="petugas-6")
    city.send("petugas-6", f"tasks/{task}/accept")
    city.send("petugas-6", f"tasks/{task}/finish", note="Sudah dipotong.")
    desk = enter("opd-dlh", f"/opd#/task/{task}", DESK)
    desk.get_by_role("button", name="Kembalikan").click()
    desk.get_by_role("button", name="Belum tuntas").click()
    desk.get_by_role("button", name="Kembalikan").click()
    expect(desk.get_by_text("Dikembalikan: Belum tuntas")).to_be_visible()
    city.becomes("operator", "tasks", task, state="accepted")
    city.send("petugas-6", f"tasks/{task}/finish", note="Sekarang tuntas.")
    expect(desk.get_by_text("«Sekarang tuntas.»")).to_be_visible()
    desk.locator("body").press("v")
    expect(desk.get_by_text("Diperiksa", exact=True).first).to_be_visible()
    city.until("operator", lambda board: task not in {t["id"] for t in board["tasks"] if t["state"] == "done"})


def test_the_filter_stands_in_the_address(enter: Enter, city: City, task: str) -> None:
    desk = enter("opd-dlh", "/opd", DESK)
    desk.get_by_role("group", name="Saring").get_by_role("button", name="Baru").click()
    expect(desk).to_have_url(re.compile("lane=new"))
    desk.keyboard.press("/")
    desk.keyboard.type("tidak ada yang begini")
    expect(desk.get_by_text("Tidak ada yang cocok dengan saringan.")).to_be_visible()
    expect(desk).to_have_url(re.compile("q=tidak.+begini"))
    again = enter("opd-dlh", desk.url.removeprefix(city.url), DESK)
    expect(again.get_by_text("Tidak ada yang cocok dengan saringan.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_for_axe(
    enter: Enter, axe: Callable[[Page], list[str]], task: str, size: dict[str, int], scheme: str
) -> None:
    desk = enter("opd-dlh", "/opd", size, color_scheme=scheme)
    desk.get_by_role("button", name="Potong pohon").first.wait_for()
    assert axe(desk) == []
    desk.get_by_role("button", name="Potong pohon").first.click()
    desk.get_by_role("heading", name="Potong pohon").wait_for()
    assert axe(desk) == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_administration(enter: Enter, axe: Callable[[Page], list[str]], size: dict[str, int]) -> None:
    admin = enter("admin", "/kelola", size)
    expect(admin.get_by_text("Siap melayani")).to_be_visible()
    expect(admin.get_by_role("cell", name="petugas-6")).to_be_visible()
    admin.get_by_role("searchbox").fill("DLH")
    expect(admin.get_by_role("cell", name="opd-bpbd")).to_have_count(0)
    assert axe(admin) == []
