"""The command centre and its wall: what an operator sees and presses, with two operators and no reload anywhere."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

TREE = ("Pohon sudah tumbang menimpa kabel listrik, jalan tertutup", -8.0781, 112.1929)
TREE_AGAIN = ("Pohon tumbang menimpa kabel, jalan tidak bisa lewat", -8.0782, 112.1930)
SENTUL = "35.72.01.1003"
HOLE = ("Jalan berlubang di depan pasar", -8.0985, 112.1650)
# In Sananwetan, where no other test has water.
POND = (-8.0990, 112.1800)
WALL = {"width": 1920, "height": 1080}


def queue(page: Page):
    return page.get_by_role("region", name="Antrean laporan")


def row(page: Page, text: str):
    return queue(page).get_by_role("button").filter(has_text=text)


@pytest.fixture
def operator(enter: Enter) -> Page:
    page = enter("operator", "/pusat", DESK)
    page.get_by_text("langsung").wait_for()
    return page


def test_a_report_becomes_an_incident_with_a_task_by_keyboard(operator: Page, city: City) -> None:
    city.report(*TREE)
    row(operator, TREE[0]).click()
    chosen = operator.get_by_role("article", name="Laporan terpilih")
    expect(chosen).to_contain_text("Darurat")
    expect(chosen).to_contain_text("Disebut:")

    operator.keyboard.press("n")
    expect(operator.get_by_text("Kejadian dibuat.")).to_be_visible()
    expect(row(operator, TREE[0])).to_have_count(0)
    operator.keyboard.press("t")
    expect(operator.get_by_label("Kepada dinas")).to_have_value("bpbd")
    # from the list, too: in Chromium Enter would only open it
    operator.keyboard.press("Enter")
    panel = operator.get_by_role("region", name="Yang dipilih")
    expect(panel).to_contain_text("Menunggu dinas")
    city.until("operator", lambda board: [t["agency"] for t in board["tasks"]] == ["bpbd"])


def test_a_similar_report_is_joined_with_one_key_and_taken_out_again(operator: Page, city: City) -> None:
    incident = city.incident(*TREE)
    city.report(*TREE_AGAIN)
    row(operator, TREE_AGAIN[0]).click()
    expect(operator.get_by_role("button", name="Gabung ke")).to_be_enabled()
    operator.keyboard.press("Enter")
    expect(row(operator, TREE_AGAIN[0])).to_have_count(0)
    expect(operator.get_by_text("Digabung ke kejadian.")).to_be_visible()
    expect(operator.get_by_role("region", name="Yang dipilih")).to_contain_text(TREE_AGAIN[0])
    city.until("operator", lambda b: incident in {r["incident"] for r in b["reports"] if r["text"] == TREE_AGAIN[0]})

    operator.get_by_role("button", name="Urungkan").click()
    expect(row(operator, TREE_AGAIN[0])).to_be_visible()


def test_a_new_incident_beside_one_of_the_same_name_takes_a_second_press(operator: Page, city: City) -> None:
    first = city.incident("Banjir setinggi lutut di jalan depan rumah", *POND)
    here = {"how": "gps", "lat": POND[0] + 0.002, "lon": POND[1], "accuracy_m": 10}
    texts = [f"Banjir {deep} sudah masuk rumah kami" for deep in ("semata kaki", "sepaha")]
    reports = [city.send(None, "reports", text=text, place=here)["report_id"] for text in texts]

    row(operator, texts[0]).click()
    operator.keyboard.press("n")
    asked = operator.get_by_role("group", name="Sudah ada kejadian yang sama di sini")
    expect(asked).to_contain_text(first[-5:])
    operator.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    operator.keyboard.press("n")
    operator.keyboard.press("Enter")
    city.until("operator", lambda b: first in {r["incident"] for r in b["reports"] if r["id"] == reports[0]})
    operator.get_by_role("button", name="Urungkan").click()
    expect(row(operator, texts[0])).to_be_visible()

    row(operator, texts[1]).click()
    operator.keyboard.press("n")
    asked.get_by_role("button", name="Tetap kejadian baru").wait_for()
    operator.keyboard.press("n")
    expect(operator.get_by_text("Kejadian dibuat.")).to_be_visible()
    is_new = {None, first}.isdisjoint
    city.until("operator", lambda b: is_new(r["incident"] for r in b["reports"] if r["id"] == reports[1]))


def test_a_notice_s_address_opens_that_thing_on_the_desk(enter: Enter, city: City) -> None:
    incident = city.incident("Pohon tumbang menutup jalan", -8.0760, 112.186)
    said = {"action": "cut_tree", "within_min": 30, "place": {"area": SENTUL, "how": "list"}}
    order = city.send("operator", "orders", incident_id=incident, to="petugas-5", **said)["id"]
    city.becomes("operator", "orders", order, state="sent")
    desk = enter("operator", f"/pusat#/order/{order}", DESK)
    card = desk.locator(f"#order-{order}")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    expect(desk).to_have_url(f"{city.url}/pusat")
    desk.evaluate("(area) => { location.hash = `#/area/${area}` }", SENTUL)
    expect(desk.get_by_role("region", name="Yang dipilih").get_by_role("heading", name="Sentul")).to_be_visible()
    desk.evaluate("location.hash = '#/order/01ZZZ'")
    expect(desk.get_by_text("Ini sudah tidak ada di papan.")).to_be_visible()


def test_what_one_operator_opens_the_other_sees(operator: Page, enter: Enter, city: City) -> None:
    city.report(*HOLE)
    second = enter("operator-2", "/pusat", DESK)
    row(second, HOLE[0]).click()
    second.keyboard.press("c")
    expect(row(second, HOLE[0])).to_contain_text("Anda sedang membuka")
    expect(row(operator, HOLE[0])).to_contain_text("Operator 2 sedang membuka")
    second.keyboard.press("c")
    expect(row(operator, HOLE[0])).not_to_contain_text("sedang membuka")


def test_a_report_is_dismissed_with_one_digit_and_restored(operator: Page, city: City) -> None:
    city.report("Halo coba coba saja ini", -8.0985, 112.1650)
    row(operator, "Halo coba coba").click()
    operator.keyboard.press("x")
    operator.keyboard.press("4")
    expect(row(operator, "Halo coba coba")).to_have_count(0)
    operator.get_by_role("button", name="Urungkan").click()
    expect(row(operator, "Halo coba coba")).to_be_visible()


def test_a_report_is_put_in_its_place_and_to_the_front_by_a_named_person(operator: Page, city: City) -> None:
    city.report("Genangan kecil di dekat makam", -8.0985, 112.1650)
    row(operator, "Genangan kecil").click()
    operator.keyboard.press("l")
    dialog = operator.get_by_role("dialog", name="Betulkan tempat")
    dialog.get_by_label("Wilayah").select_option(label="Sentul")
    dialog.get_by_label("RW").fill("4")
    dialog.get_by_role("button", name="Betulkan tempat").click()
    expect(row(operator, "Genangan kecil")).to_contain_text("Sentul · RW 4")

    operator.keyboard.press("u")
    dialog = operator.get_by_role("dialog", name="Ubah urutan")
    dialog.get_by_role("radio", name="Dahulukan").check(force=True)
    expect(dialog.get_by_role("button", name="Ubah urutan")).to_be_disabled()
    dialog.get_by_label("Alasan").fill("Ada acara warga")
    dialog.get_by_role("button", name="Ubah urutan").click()
    operator.get_by_text("Mengapa di urutan ini").click()
    expect(operator.get_by_role("article", name="Laporan terpilih")).to_contain_text("+1000")


def test_the_operator_corrects_confirms_and_takes_back_his_own_orders(operator: Page, city: City) -> None:
    incident = city.incident(TREE[0], -8.127443, 112.163483)  # a place where no other test has left one
    first, second = [order_to(city, incident, officer) for officer in ("petugas-5", "petugas-6")]
    operator.get_by_role("region", name="Yang dipilih").get_by_role("button", name="Klampok").first.click()
    panel = operator.get_by_role("region", name="Yang dipilih")
    mine = panel.get_by_role("article").filter(has_text="Petugas 5 DLH")
    other = panel.get_by_role("article").filter(has_text="Petugas 6 DLH")

    said_back(city, first, "petugas-5", minutes=30)
    expect(mine).to_contain_text("beda")
    expect(mine.get_by_role("button", name="Benar")).to_have_count(0)
    mine.get_by_role("button", name="Koreksi").click()
    form = panel.get_by_role("form", name="Koreksi perintah")
    form.get_by_label("Dalam waktu").select_option("120")
    hold = form.get_by_role("button", name="Koreksi")
    hold.focus()
    operator.keyboard.down("Enter")
    expect(mine).to_contain_text("Koreksi terkirim")
    operator.keyboard.up("Enter")
    said_back(city, first, "petugas-5", minutes=120)
    mine.get_by_role("button", name="Benar").click()
    expect(mine).to_contain_text("Ulangan benar")

    other.get_by_role("button", name="Tarik perintah").click()
    other.get_by_role("button", name="Salah orang").click()
    other.get_by_role("button", name="Tarik perintah").click()
    expect(other).to_contain_text("Dibatalkan")
    city.becomes("operator", "orders", first, state="confirmed")
    city.until("operator", lambda b: all(o["state"] == "cancelled" for o in b["orders"] if o["id"] == second))


def order_to(city: City, incident: str, officer: str) -> str:
    place = {"how": "list", "area": SENTUL}
    order = {"incident_id": incident, "to": officer, "action": "check", "place": place, "within_min": 60, "text": ""}
    return str(city.send("operator", "orders", **order)["id"])


def said_back(city: City, order: str, officer: str, minutes: int) -> None:
    now = datetime.now(UTC).isoformat()
    for verb in ("deliver", "see"):
        city.send(officer, f"orders/{order}/{verb}", device_at=now)
    back = {"area": SENTUL, "action": "check", "within_min": minutes, "device_at": now}
    city.send(officer, f"orders/{order}/read-back", **back)


def test_the_filter_is_in_the_url_and_survives_a_reload(operator: Page, city: City) -> None:
    city.report(*HOLE)
    city.report("Lampu jalan mati di tikungan", -8.0801, 112.2001)
    operator.keyboard.press("f")
    operator.keyboard.type("lampu")
    expect(row(operator, HOLE[0])).to_have_count(0)
    expect(operator).to_have_url(re.compile("q=lampu"))
    operator.reload()
    expect(row(operator, "Lampu jalan mati").first).to_be_visible()
    expect(row(operator, HOLE[0])).to_have_count(0)


def test_an_area_is_declared_by_a_named_person_after_a_held_second(operator: Page) -> None:
    operator.keyboard.press("/")
    operator.keyboard.type("Ngadirejo")
    operator.keyboard.press("Enter")
    button = operator.get_by_role("button", name="Tetapkan banjir")
    button.click()
    panel = operator.get_by_role("region", name="Yang dipilih")
    expect(panel).to_contain_text("Tahan 1 detik")
    expect(panel).to_contain_text("Belum ada kabar")
    button.focus()
    operator.keyboard.down("Enter")
    expect(panel).to_contain_text("Ditetapkan")
    operator.keyboard.up("Enter")
    expect(panel).to_contain_text("ditetapkan Operator 1")
    operator.get_by_role("button", name="Nyatakan surut").click()
    expect(panel).to_contain_text("Surut")


def test_on_a_phone_nothing_runs_out_of_the_screen(enter: Enter, city: City) -> None:
    """A long kind beside a long place; the head is one line."""
    city.report("Tanggul jebol di RT 3 RW 5, warga mulai mengungsi", -8.0985, 112.1650)
    page = enter("operator", "/pusat", PHONE)
    row(page, "Tanggul jebol").first.wait_for()
    page.get_by_role("heading", name="Pusat komando").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    wide = "all => all.filter((it) => it.scrollWidth > it.clientWidth || it.getBoundingClientRect().right > innerWidth)"
    texts = page.locator("header .bar, ol button time")
    assert texts.evaluate_all(f"all => ({wide})(all).map((it) => it.textContent)") == []
    head = page.locator("header").first.bounding_box()
    assert head and head["height"] <= 60


def test_the_wall_shows_what_nobody_has_in_hand(enter: Enter, city: City) -> None:
    wall = enter("operator", "/pusat/dinding", WALL)
    five = wall.get_by_role("list", name="Lima hal terpenting")
    five.wait_for()
    city.report("Rumah terbakar, ada orang terjebak di dalam", -8.0985, 112.1650)
    expect(five).to_contain_text("darurat, belum dibuka")
    size = five.locator("b").first.evaluate("b => getComputedStyle(b).fontSize")
    assert float(size.removesuffix("px")) >= 40
    assert not wall.evaluate("document.documentElement.scrollHeight > innerHeight")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_rule_is_broken(
    enter: Enter, city: City, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    city.incident(*TREE)
    city.report(*TREE_AGAIN)
    page = enter("operator", "/pusat", DESK, color_scheme=scheme)
    row(page, TREE_AGAIN[0]).first.click()
    page.keyboard.press("n")
    page.get_by_role("button", name="Tetap kejadian baru").wait_for()
    assert axe(page) == []
    page.keyboard.press("n")
    page.get_by_role("region", name="Yang dipilih").get_by_role("button", name="Tugaskan").wait_for()
    assert axe(page) == []
    assert axe(enter("operator", "/pusat/dinding", WALL, color_scheme=scheme)) == []
