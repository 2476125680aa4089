"""Orders with all that belongs to them: ready orders, voices, copies, mandates, replacement, the figure."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.city import City
from tests.browser.conftest import DESK, QUIET, Enter, chromium_path
from tests.browser.test_pimpin import address, hold

pytestmark = pytest.mark.browser

AREA = "35.72.03.1002"
FLOOD = ("Air selutut di gang, RT 2 RW 1 Plosokerep", -8.1149, 112.1629)
PLACE = {"area": AREA, "how": "list"}
# A microphone that beeps, and nobody asks for leave.
MICROPHONE = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
# Plays the last recording of the page to its end; the listener was there before.
PLAY = """async () => {
    const audio = [...document.querySelectorAll("audio")].at(-1);
    const ended = new Promise((resolve) => audio.addEventListener("ended", resolve));
    await audio.play();
    await ended;
    return audio.duration;
}"""
FIRST = PLAY.replace(".at(-1)", ".at(0)")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*QUIET, *MICROPHONE])
        yield browser
        browser.close()


@pytest.fixture
def flood(city: City) -> str:
    return city.incident(*FLOOD)


def record(page: Page) -> None:
    """A second at least. The first press brings the recorder, which has a key of the same name."""
    key = page.get_by_role("button", name="Rekam suara")
    bringing = key.element_handle()
    key.click()
    bringing.wait_for_element_state("hidden")
    key.click()
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^\s*[1-9]\d* detik"))).to_be_visible()


def speak(page: Page) -> None:
    """Record, and wait until all of it is on the server."""
    record(page)
    page.get_by_role("button", name="Berhenti merekam").click()
    expect(page.get_by_text("Rekaman tersimpan utuh di server")).to_be_visible()


def test_a_spoken_order_is_said_back_aloud_and_confirmed_by_who_listened(
    enter: Enter, city: City, flood: str, axe: Callable[[Page], list[str]]
) -> None:
    leader = enter("pimpinan", f"/pimpin#/compose/{flood}", permissions=["microphone"])
    leader.get_by_role("button", name="Evakuasi warga · 30 menit").click()
    expect(leader.get_by_role("radio", name="Evakuasi warga", exact=True)).to_be_checked()
    expect(leader.get_by_label("Kata tambahan")).to_have_value("Dahulukan lansia, anak, dan orang sakit.")
    address(leader, "Petugas 1 BPBD")
    speak(leader)
    leader.get_by_text("Tambah tembusan").click()
    leader.get_by_role("checkbox", name="Petugas 3 DPUPR").check()
    hold(leader, "Tahan untuk mengirim")
    expect(leader.get_by_text("Admin BPBD (demo) (atasan)")).to_be_visible()

    officer = enter("petugas-1", "/petugas", permissions=["microphone"])
    expect(officer.get_by_text("Suara pemberi perintah")).to_be_visible()
    assert officer.evaluate(PLAY) > 0.5
    officer.get_by_role("button", name="Ulangi perintah").click()
    officer.get_by_role("button", name="Ulangi dengan suara").click()
    speak(officer)
    officer.get_by_role("button", name="Kirim ulangan").click()

    right = leader.get_by_role("button", name="Benar", exact=True)
    expect(leader.get_by_text("mengulang dengan suara").first).to_be_visible()
    expect(right).to_be_disabled()
    assert axe(leader) == []
    assert leader.evaluate(FIRST) > 0.5
    expect(right).to_be_enabled()
    right.click()
    expect(officer.get_by_role("button", name="Laksanakan")).to_be_visible()


def test_a_read_back_spoken_without_a_line_is_kept_and_goes_whole(enter: Enter, city: City, flood: str) -> None:
    body = {"incident_id": flood, "to": "petugas-2", "action": "pump", "within_min": 30, "place": PLACE}
    order = city.send("pimpinan", "orders", **body)["order_id"]
    officer = enter("petugas-2", "/petugas", permissions=["microphone"], broken=True)
    officer.get_by_role("button", name="Ulangi perintah").click()
    officer.get_by_role("button", name="Ulangi dengan suara").click()
    record(officer)
    officer.context.set_offline(True)
    officer.get_by_role("button", name="Berhenti merekam").click()
    expect(officer.get_by_text("Rekaman ada di HP ini")).to_be_visible()
    officer.get_by_role("button", name="Kirim ulangan").click()
    expect(officer.get_by_role("button", name="Ulangi dengan suara")).to_have_count(0)
    officer.context.set_offline(False)
    city.becomes("pimpinan", "orders", order, state="read_back")
    leader = enter("pimpinan", f"/pimpin#/order/{order}")
    expect(leader.get_by_text("mengulang dengan suara").first).to_be_visible()
    assert leader.evaluate(FIRST) > 0.5


def test_an_order_spoken_without_a_line_is_kept_and_goes_once_and_whole(enter: Enter, city: City) -> None:
    incident = city.incident("Pohon tumbang di jalan, RT 1 RW 2 Plosokerep", -8.1151, 112.1633)
    leader = enter("pimpinan", f"/pimpin#/compose/{incident}", permissions=["microphone"], broken=True)
    address(leader, "Petugas 5")
    leader.get_by_label("Tindakan lain").select_option(index=1)
    record(leader)
    leader.context.set_offline(True)
    leader.get_by_role("button", name="Berhenti merekam").click()
    expect(leader.get_by_text("Rekaman ada di HP ini")).to_be_visible()
    hold(leader, "Tahan untuk mengirim")
    # The form is closed: what waits would be a second order if it were pressed again.
    expect(leader.get_by_text("Tahan untuk mengirim")).to_have_count(0)
    expect(leader.get_by_text("untuk Petugas 5 DLH: menunggu sinyal")).to_be_visible()
    assert [o for o in city.board("pimpinan")["orders"] if o["incident"] == incident] == []
    leader.context.set_offline(False)
    officer = enter("petugas-5", "/petugas", permissions=["microphone"])
    expect(officer.get_by_text("Suara pemberi perintah")).to_be_visible()
    assert officer.evaluate(PLAY) > 0.5
    expect(leader.get_by_text("menunggu sinyal, terkirim sendiri")).to_have_count(0)
    assert len([o for o in city.board("pimpinan")["orders"] if o["incident"] == incident]) == 1


def test_a_copy_is_shown_and_cannot_be_answered(enter: Enter, city: City, flood: str) -> None:
    body = {"incident_id": flood, "to": "petugas-1", "action": "pump", "within_min": 30, "place": PLACE}
    city.send("pimpinan", "orders", **body, copies=["petugas-3"])
    copied = enter("petugas-3", "/petugas").get_by_label("Tembusan: perintah untuk petugas BPBD")
    expect(copied.get_by_text("Pasang pompa")).to_be_visible()
    expect(copied.get_by_role("button")).to_have_count(0)
    desk = enter("opd-bpbd", "/opd", DESK).get_by_label("Tembusan: perintah untuk Petugas 1 BPBD").first
    expect(desk.get_by_text("Hanya Petugas 1 BPBD yang menjawab.")).to_be_visible()


def test_a_deputy_orders_in_the_mayor_s_name_and_replaces_his_order(enter: Enter, city: City, flood: str) -> None:
    body = {"incident_id": flood, "to": "petugas-4", "action": "pump", "within_min": 30, "place": PLACE}
    first = city.send("wakil", "orders", **body, on_behalf="Wali Kota")["order_id"]
    officer = enter("petugas-4", "/petugas")
    expect(officer.get_by_text("a.n. Wali Kota")).to_be_visible()

    deputy = enter("wakil", f"/pimpin#/order/{first}")
    expect(deputy.get_by_role("timer").first).to_be_visible()
    deputy.get_by_role("button", name="Ganti perintah").click()
    expect(deputy.get_by_label("Atas nama")).to_have_value("Wali Kota")
    deputy.get_by_role("radio", name="60", exact=True).check(force=True)
    hold(deputy, "Tahan untuk mengganti")
    city.becomes("wakil", "orders", first, state="superseded")
    expect(officer.get_by_text("dalam 60 menit")).to_be_visible()


def test_the_figure_opens_to_its_orders(enter: Enter, city: City, flood: str, axe: Callable[[Page], list[str]]) -> None:
    body = {"incident_id": flood, "to": "petugas-6", "action": "guard", "within_min": 30, "place": PLACE}
    order = city.send("pimpinan", "orders", **body)["order_id"]
    city.send("petugas-6", f"orders/{order}/see")
    city.send("petugas-6", f"orders/{order}/read-back", area=AREA, action="secure", within_min=30)
    city.becomes("pimpinan", "orders", order, state="read_back")
    leader = enter("pimpinan", "/pimpin#/stats")
    leader.get_by_role("button", name="salah paham").click()
    expect(leader.get_by_text("Jaga lokasi · Plosokerep")).to_be_visible()
    assert axe(leader) == []
    leader.get_by_role("button", name="Jaga lokasi · Plosokerep").click()
    expect(leader.get_by_text("beda", exact=True)).to_be_visible()
