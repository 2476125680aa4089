"""The faces at the sizes people have: a narrow phone, a tablet, text twice as large. Nothing is cut, nothing covers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

TABLET = {"width": 900, "height": 700}
FLOOD = ("Air selutut di gang, RT 2 RW 1 Plosokerep", -8.1149, 112.1629)
FLOOD_AGAIN = ("Banjir selutut di gang RT 2 RW 1, tolong", -8.1150, 112.1630)
#: neighbours, whose names are long
WET = ("35.72.03.1002", "35.72.03.1006", "35.72.02.1005", "35.72.02.1003")
FACES = [("pimpinan", "/pimpin"), ("petugas-1", "/petugas"), ("operator", "/pusat"), ("opd-bpbd", "/opd")]
#: what of its text an element does not show
CUT = "all => all.filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.textContent)"
#: text twice as large, as a reader sets it in his browser: before the page is drawn
LARGE = """addEventListener("DOMContentLoaded", () => { document.documentElement.style.fontSize = "200%" })"""


@pytest.fixture(scope="module")
def work(city: City) -> str:
    """An incident with a task for an officer, and a report beside it that is like its own."""
    incident = city.incident(*FLOOD)
    task = city.task(incident, "bpbd", "Bantu warga Plosokerep yang terjebak banjir")
    city.send("opd-bpbd", f"tasks/{task}/assign", officer="petugas-1")
    city.report(*FLOOD_AGAIN)
    return incident


def large(enter: Enter, who: str, path: str, size: dict[str, int]) -> Page:
    page = enter(who, path, size)
    page.context.add_init_script(LARGE)
    page.reload()
    return page


@pytest.mark.parametrize(("who", "face"), FACES)
def test_the_title_stays_whole_whatever_the_line_does(enter: Enter, work: str, who: str, face: str) -> None:
    page = enter(who, face, PHONE, broken=True)
    page.get_by_text("langsung").wait_for()
    page.context.set_offline(True)
    expect(page.get_by_text("tanpa sinyal")).to_be_visible()
    head = page.locator("header").first
    assert head.locator("b, h1, .bar, .bar *").evaluate_all(CUT) == []
    box = head.bounding_box()
    assert box and box["height"] <= 56


@pytest.mark.parametrize(
    ("who", "face"), [*FACES, ("petugas-1", "/petugas#/status"), ("petugas-1", "/petugas#/water"), ("admin", "/kelola")]
)
def test_text_twice_as_large_is_no_wider_than_the_phone(enter: Enter, work: str, who: str, face: str) -> None:
    page = large(enter, who, face, PHONE)
    page.locator("main").first.wait_for()
    page.get_by_role("button").first.wait_for()
    assert page.evaluate("document.documentElement.clientWidth") == PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_officer_s_keys_leave_room_for_the_task_in_large_text(enter: Enter, work: str) -> None:
    page = large(enter, "petugas-1", "/petugas", PHONE)
    page.get_by_role("article", name="Tugas berikut").wait_for()
    key = page.get_by_role("button", name="DARURAT")
    expect(key).to_be_in_viewport()
    top = key.bounding_box()
    assert top and top["y"] > PHONE["height"] / 2
    # To the very end of the page nothing stays under the bar.
    last = page.get_by_role("button", name="Ada air di sini")
    last.focus()
    box = last.bounding_box()
    assert box and box["y"] + box["height"] <= top["y"]


@pytest.mark.parametrize("size", [TABLET, DESK])
def test_why_and_what_is_alike_stand_where_it_is_decided(
    enter: Enter, work: str, axe: Callable[[Page], list[str]], size: dict[str, int]
) -> None:
    page = enter("operator", "/pusat", size)
    page.get_by_role("region", name="Antrean laporan").get_by_role("button").filter(has_text=FLOOD_AGAIN[0]).click()
    report = page.get_by_role("article", name="Laporan terpilih")
    for seen in (
        report.get_by_text("Disebut:").first,
        report.get_by_text("Mirip, di dekat sini"),
        report.get_by_role("button", name="Gabung ke"),
    ):
        expect(seen).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("region", name="Peta kota")).to_be_in_viewport()
    assert axe(page) == []
    # The body's own edge hides what is not seen: the words of the first that is alike are above it.
    alike = report.locator(".pairs button, .pairs .card").first.bounding_box()
    keys = report.get_by_role("button", name="Gabung ke").bounding_box()
    assert alike and keys and alike["y"] + 24 <= keys["y"]


def test_on_a_tablet_a_press_on_the_map_s_incident_brings_it_into_sight(enter: Enter, work: str) -> None:
    page = enter("operator", f"/pusat#/incident/{work}", TABLET)
    panel = page.get_by_role("region", name="Yang dipilih")
    expect(panel.get_by_role("heading").first).to_be_in_viewport()


def test_on_a_phone_a_report_opens_under_its_own_line(
    enter: Enter, work: str, axe: Callable[[Page], list[str]]
) -> None:
    page = enter("operator", "/pusat", PHONE)
    line = page.get_by_role("region", name="Antrean laporan").get_by_role("button").filter(has_text=FLOOD_AGAIN[0])
    expect(line).to_have_attribute("aria-expanded", "false")
    line.click()
    report = page.get_by_role("article", name="Laporan terpilih")
    expect(report).to_be_visible()
    above, below = line.bounding_box(), report.bounding_box()
    assert above and below and 0 <= below["y"] - (above["y"] + above["height"]) < 8
    assert axe(page) == []
    line.click()
    expect(report).to_have_count(0)


@pytest.mark.parametrize("size", [TABLET, DESK, {"width": 1920, "height": 1080}], ids=["900", "1440", "1920"])
def test_on_the_wall_nothing_touches_anything(enter: Enter, city: City, work: str, size: dict[str, int]) -> None:
    for area in WET:
        city.send("petugas-1", f"areas/{area}/sign", depth_cm=45)
    wall = enter("operator", "/pusat/dinding", size)
    names = wall.locator(".label .wet")
    expect(names).to_have_count(len(WET))
    assert wall.locator("dl div, dl dt, ol b, header > *").evaluate_all(CUT) == []
    city_map = wall.locator(".map svg").first.bounding_box()
    boxes = [name.bounding_box() for name in names.all()]
    assert city_map and all(boxes)
    for n, one in enumerate(boxes):
        assert one and one["x"] >= city_map["x"] and one["x"] + one["width"] <= city_map["x"] + city_map["width"]
        assert all(apart(one, other) for other in boxes[n + 1 :] if other)
    assert not wall.evaluate("document.documentElement.scrollWidth > innerWidth")


def apart(one: FloatRect, other: FloatRect) -> bool:
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    return beside or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


def test_the_citizen_s_key_stands_at_the_end_where_the_text_is_large(chromium: Browser, city: City) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.goto(city.url)
    key = page.locator("#kirim")
    expect(key).to_be_in_viewport()
    page.add_init_script(LARGE)
    page.reload()
    page.locator("#text").wait_for()
    expect(key).not_to_be_in_viewport()
    key.scroll_into_view_if_needed()
    expect(key).to_be_in_viewport()
    page.close()
