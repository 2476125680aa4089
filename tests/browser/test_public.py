"""What everybody sees, in a real Chromium: the map lives, leads on without script, and is read without eyes."""

import json
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

LAT, LON = -8.0948, 112.1670


@pytest.fixture(scope="module")
def reported(city: City) -> City:
    """Two reports at one place and one elsewhere, and the open book has them."""
    city.report("Air selutut di gang", LAT, LON)
    city.report("Air selutut di depan pasar", LAT, LON)
    city.report("Lampu jalan mati", LAT + 0.02, LON + 0.02)
    pause, tries = threading.Event(), 200
    while count(city) < 3:
        tries -= 1
        assert tries, "the reports never came to be open data"
        pause.wait(0.1)
    return city


def count(city: City) -> int:
    with urllib.request.urlopen(f"{city.url}/data/laporan.geojson") as answer:
        return len(json.loads(answer.read())["features"])


@pytest.fixture
def page(chromium: Browser, reported: City) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID")  # type: ignore[arg-type]
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def test_a_finger_leads_from_the_city_to_one_report(page: Page, reported: City) -> None:
    page.goto(f"{reported.url}/peta?days=0")
    page.evaluate("window.same = true")
    for zoom in (1, 2):
        page.locator(".cluster", has_text=re.compile("^2$")).tap()
        expect(page).to_have_url(re.compile(f"zoom={zoom}&"))
        expect(page.get_by_role("link", name="Perkecil")).to_be_visible()
    assert page.evaluate("window.same"), "the page was loaded anew"
    page.go_back()
    expect(page).to_have_url(re.compile("zoom=1&"))
    page.get_by_role("link", name="Seluruh kota").tap()
    expect(page.locator(".cluster")).to_have_count(2)
    page.get_by_text("Saring").tap()
    page.select_option("select[name=kind]", "street_light")
    expect(page.locator(".cluster")).to_have_count(1)
    expect(page.locator("#dipilih")).to_have_text(re.compile("Lampu.* · Semua"))
    page.go_back()
    expect(page.locator(".cluster")).to_have_count(2)
    expect(page.locator("select[name=kind]")).to_have_value("")
    page.go_forward()
    expect(page.locator("select[name=kind]")).to_have_value("street_light")
    page.locator(".cluster.one").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lampu")


def test_what_happens_comes_without_a_reload(page: Page, reported: City) -> None:
    page.goto(f"{reported.url}/peta?days=0")
    expect(page.get_by_text("Belum ada kejadian yang sedang ditangani.")).to_be_visible()
    page.evaluate("window.same = true")
    reported.incident("Air selutut di gang", LAT, LON)
    expect(page.locator(".card", has_text="Menunggu petugas")).to_be_visible()
    expect(page.locator("#daftar")).to_contain_text("4")
    assert page.evaluate("window.same")


def test_times_are_the_city_s_wherever_the_phone_is(chromium: Browser, reported: City) -> None:
    context = chromium.new_context(viewport=PHONE, locale="id-ID", timezone_id="Pacific/Honolulu")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{reported.url}/peta?days=0")
    with page.expect_response("**/peta/kabar*"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    hour = datetime.now(ZoneInfo("Asia/Jakarta"))
    said = {f" {(hour - timedelta(minutes=m)):%H.}" for m in (0, 5)}
    expect(page.locator("#data-per")).to_contain_text(re.compile("|".join(map(re.escape, said))))
    expect(page.locator("#data-per")).not_to_contain_text(f" {datetime.now(ZoneInfo('Pacific/Honolulu')):%H.}")
    context.close()


def test_the_keyboard_stays_where_it_was(page: Page, reported: City) -> None:
    page.goto(f"{reported.url}/peta?days=0")
    page.locator(".map-keys a").first.focus()
    for zoom in (1, 2, 3):
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"zoom={zoom}&"))
        closer = page.get_by_role("link", name="Perbesar", exact=True)
        expect(closer).to_have_attribute("href", re.compile(f"zoom={zoom + 1}&"))
        expect(closer).to_be_focused()


def test_all_of_it_without_script(chromium: Browser, reported: City) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{reported.url}/peta")
    page.get_by_text("Saring").click()
    page.select_option("select[name=days]", "0")
    page.select_option("select[name=kind]", "street_light")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.locator(".reports li")).to_have_count(1)
    page.get_by_role("link", name="Perbesar", exact=True).click()
    page.get_by_role("link", name="Seluruh kota").click()
    page.locator(".reports a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lampu")
    page.get_by_role("link", name="Angka").click()
    page.locator(".figures a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Laporan")
    context.close()


def test_on_a_phone_the_whole_city_stands_above_the_thumb(page: Page, reported: City) -> None:
    page.goto(f"{reported.url}/peta")
    city = page.locator(".public-map").bounding_box()
    thumb = page.locator(".thumb").bounding_box()
    assert city and thumb and city["y"] + city["height"] <= thumb["y"]


def test_every_circle_has_a_name_of_its_own_and_says_what_it_is(page: Page, reported: City) -> None:
    page.goto(f"{reported.url}/peta?zoom=6&lat={LAT}&lon={LON}")
    circles = page.locator(".public-map a")
    names = circles.evaluate_all("all => all.map((it) => it.ariaLabel)")
    assert len(names) == len(set(names)) > 0
    page.goto(f"{reported.url}/peta")
    alone = page.locator(".public-map a.one")
    expect(alone).to_have_count(1)
    name = alone.get_attribute("aria-label") or ""
    kind, area, time = name.removesuffix(": lihat").split(", ")
    assert kind and area in {"Tanggung", "Sentul", "Ngadirejo", "Bendogerit", "Gedog"}
    # After midnight the day stands before it.
    assert re.search(r"\b\d{1,2}\.\d{2}$", time)


def test_what_is_written_on_the_map_grows_with_the_text(page: Page, reported: City) -> None:
    page.goto(f"{reported.url}/peta")
    name = page.locator(".public-map .names text").first
    before = name.evaluate("it => parseFloat(getComputedStyle(it).fontSize)")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert name.evaluate("it => parseFloat(getComputedStyle(it).fontSize)") >= 1.4 * before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_read_without_eyes_and_no_wider_than_the_screen(
    chromium: Browser, reported: City, axe: Callable[[Page], list[str]], scheme: str, size: dict[str, int]
) -> None:
    context = chromium.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{reported.url}/angka/laporan")
    one = page.locator(".reports a, .numbers th a").first.get_attribute("href") or ""
    for path in ("/peta?days=0", "/peta?days=0&zoom=3", "/angka?lang=en", "/angka/laporan?kind=flood", "/data", one):
        page.goto(reported.url + path)
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{path} in large type"
    context.close()
