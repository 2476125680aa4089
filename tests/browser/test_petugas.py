"""The officer's phone: a task from the desk, water where he stands, the keys, and a line that breaks."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.city import City
from tests.browser.conftest import PATIENCE_S, Enter, tap, wait

pytestmark = pytest.mark.browser

DRAIN = ("Saluran tersumbat di Jl Sumba", -8.1136, 112.1736)


@pytest.fixture
def task(city: City) -> Iterator[str]:
    """A task of BPBD's first officer, his only one."""
    task = city.task(city.incident(*DRAIN), "bpbd", "Bersihkan saluran")
    city.send("opd-bpbd", f"tasks/{task}/assign", officer="petugas-1")
    yield task
    city.send("operator", f"tasks/{task}/cancel", reason="Akhir uji")


ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"


def test_four_keys_one_press_each(enter: Enter, city: City, task: str) -> None:
    officer = enter("petugas-1", "/petugas", user_agent=ANDROID)
    card = officer.get_by_role("article", name="Tugas berikut")
    expect(card.get_by_role("heading", name="Bersihkan saluran")).to_be_visible()
    expect(card.get_by_role("link", name="Navigasi")).to_have_attribute(
        "href", "geo:-8.1136,112.1736?q=-8.1136,112.1736"
    )
    for key, word in (("TERIMA", "Diterima petugas"), ("JALAN", "Dalam perjalanan"), ("TIBA", "Di lokasi")):
        box = card.get_by_role("button", name=key).bounding_box()
        assert box and box["height"] >= 64
        card.get_by_role("button", name=key).click()
        expect(card.get_by_text(word)).to_be_visible()
    card.get_by_role("button", name="SELESAI").click()
    done = officer.get_by_role("button", name="Nyatakan selesai")
    expect(done).to_be_disabled()
    officer.get_by_label("Catatan").fill("Saluran sudah lancar.")
    done.click()
    expect(officer.get_by_text("Selesai, belum diperiksa")).to_be_visible()
    city.becomes("operator", "tasks", task, state="done")


def test_a_task_declined_goes_back_with_its_reason(enter: Enter, city: City, task: str) -> None:
    officer = enter("petugas-1", "/petugas")
    officer.get_by_role("button", name="Tidak bisa").click()
    send = officer.get_by_role("button", name="Kembalikan tugas")
    expect(send).to_be_disabled()
    officer.get_by_role("button", name="Kurang alat").click()
    send.click()
    expect(officer.get_by_text("Belum ada tugas untuk Anda.")).to_be_visible()
    city.becomes("operator", "tasks", task, state="given")


def test_a_task_given_to_somebody_else_does_not_just_vanish(enter: Enter, city: City, task: str) -> None:
    officer = enter("petugas-1", "/petugas")
    officer.get_by_role("button", name="TERIMA").click()
    city.becomes("operator", "tasks", task, state="accepted")
    city.send("opd-bpbd", f"tasks/{task}/assign", officer="petugas-2")
    expect(officer.get_by_text("Bukan tugas Anda lagi: Bersihkan saluran")).to_be_visible()
    expect(officer.get_by_text("Belum ada tugas untuk Anda.")).to_be_visible()


def test_water_where_he_stands_confirms_alone(enter: Enter, city: City) -> None:
    officer = enter("petugas-3", "/petugas")
    officer.get_by_role("button", name="Ada air di sini").click()
    officer.get_by_label("Di kelurahan mana?").select_option(label="Rembang")
    officer.get_by_role("radio", name="Pinggang").check(force=True)
    officer.get_by_role("button", name="Kabarkan air di sini").click()
    expect(officer.get_by_role("button", name="Ada air di sini")).to_be_visible()
    city.becomes("pimpinan", "areas", "35.72.03.1005", state="confirmed", depth_cm=90)


def test_the_keys_and_the_emergency_held_for_three_seconds(enter: Enter, city: City) -> None:
    officer = enter("petugas-4", "/petugas")
    officer.get_by_role("button", name="Status saya").click()
    keys = officer.get_by_role("group", name="Status saya").get_by_role("button")
    expect(keys).to_have_count(10)
    officer.get_by_role("button", name="Siap di pos").click()
    expect(officer.get_by_role("button", name="Siap di pos")).to_be_visible()
    emergency = officer.get_by_role("button", name="tahan 3 detik")
    tap(emergency)
    expect(officer.get_by_text("DARURAT terkirim")).to_have_count(0)
    emergency.dispatch_event("pointerdown")
    expect(officer.get_by_role("alertdialog", name="DARURAT terkirim")).to_be_visible()
    city.becomes("operator", "units", "petugas-4", state="urgent")


def test_where_he_is_goes_to_the_leaders_map_without_a_reload(enter: Enter) -> None:
    leader = enter("pimpinan", "/pimpin#/unit/petugas-6")
    expect(leader.get_by_text("posisi belum ada")).to_be_visible()
    here = {"latitude": -8.0905, "longitude": 112.1712, "accuracy": 8}
    officer = enter("petugas-6", "/petugas", geolocation=here, permissions=["geolocation"])
    expect(officer.get_by_text("Posisi ± 8 m")).to_be_visible()
    expect(leader.get_by_text("± 8 m")).to_be_visible()
    expect(leader.get_by_text(re.compile(r"baterai \d+ %"))).to_be_visible()
    expect(leader.locator("svg").get_by_role("button", name="Petugas 6 DLH")).to_be_visible()


def test_a_new_order_is_heard_without_push(enter: Enter, city: City) -> None:
    officer = enter("petugas-6", "/petugas")
    officer.evaluate(LISTEN)
    officer.get_by_role("button", name="Status saya").click()
    officer.get_by_role("button", name="Siap di pos").click()
    incident = city.incident("Pohon tumbang menutup jalan", -8.0760, 112.186)
    said = {"action": "cut_tree", "within_min": 30, "place": {"area": "35.72.01.1003", "how": "list"}}
    city.send("pimpinan", "orders", incident_id=incident, to="petugas-6", **said)
    assert officer.evaluate(HEARD, PATIENCE_S * 1000)


# Was there a tone within so many milliseconds?
HEARD = "(ms) => Promise.race([window.heard.then(() => true), new Promise((done) => setTimeout(done, ms))])"
# `window.heard` resolves with the first tone.
LISTEN = """() => {
    const start = OscillatorNode.prototype.start;
    window.heard = new Promise((done) => {
        OscillatorNode.prototype.start = function (...when) {
            done();
            return start.apply(this, when);
        };
    });
}"""


def test_an_order_under_another_page_was_not_seen(enter: Enter, city: City) -> None:
    """Delivered is said by the phone that has stored it; seen only after a second on the screen."""
    officer = enter("petugas-2", "/petugas#/status")
    officer.get_by_role("group", name="Status saya").wait_for()
    incident = city.incident("Pohon tumbang menutup jalan", -8.0760, 112.186)
    said = {"action": "cut_tree", "within_min": 30, "place": {"area": "35.72.01.1003", "how": "list"}}
    order = city.send("pimpinan", "orders", incident_id=incident, to="petugas-2", **said)["id"]
    wait(officer, f"localStorage.getItem('hadir.order.{order}') !== null")
    leader = enter("pimpinan", f"/pimpin#/order/{order}")
    expect(leader.locator("li:not(.ahead)", has_text="Sampai di HP")).to_be_visible()
    expect(leader.locator("li.ahead", has_text="Dibaca")).to_be_visible()
    officer.get_by_role("button", name="Kembali").click()
    expect(leader.locator("li:not(.ahead)", has_text="Dibaca")).to_be_visible()


def test_a_press_without_a_line_is_kept_and_counts_once(enter: Enter, city: City, task: str) -> None:
    officer = enter("petugas-1", "/petugas", broken=True)
    card = officer.get_by_role("article", name="Tugas berikut")
    card.get_by_role("button", name="TERIMA").wait_for()
    # The server has it, but its answer is lost on the way: the worst case for counting twice.
    seen: list[str] = []

    def lose(route: object) -> None:
        seen.append(str(route.request.post_data_json["command_id"]))  # type: ignore[attr-defined]
        route.fetch()  # type: ignore[attr-defined]
        route.fulfill(status=502)  # type: ignore[attr-defined]

    officer.route("**/accept", lose, times=2)
    card.get_by_role("button", name="TERIMA").click()
    expect(card.get_by_text("Diterima petugas")).to_be_visible()
    expect(officer.get_by_label("tersimpan di server")).to_be_visible()
    assert len(seen) == 2
    assert len(set(seen)) == 1
    city.becomes("operator", "tasks", task, state="accepted")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("spot", ["", "#/status", "#/water"])
def test_nothing_for_axe(enter: Enter, axe: Callable[[Page], list[str]], task: str, spot: str, scheme: str) -> None:
    officer = enter("petugas-1", f"/petugas{spot}", color_scheme=scheme)
    officer.get_by_role("button", name="Kembali" if spot else "Ada air di sini").wait_for()
    assert axe(officer) == []


def test_the_read_back_and_the_proof_by_axe(
    enter: Enter, axe: Callable[[Page], list[str]], city: City, task: str
) -> None:
    incident = city.incident("Pohon tumbang menutup jalan", -8.0760, 112.186)
    said = {"action": "cut_tree", "within_min": 30, "place": {"area": "35.72.01.1003", "how": "list"}}
    city.send("pimpinan", "orders", incident_id=incident, to="petugas-1", **said)
    officer = enter("petugas-1", "/petugas")
    officer.get_by_role("button", name="Ulangi perintah").first.click()
    officer.get_by_role("heading", name="Ulangi perintah").wait_for()
    assert axe(officer) == []
    officer = enter("petugas-1", f"/petugas#/finish/{task}")
    officer.get_by_role("heading", name="Tugas selesai").wait_for()
    assert axe(officer) == []
