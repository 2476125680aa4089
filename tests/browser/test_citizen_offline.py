"""The citizen's page without a line, on a real server: nothing is lost, nothing comes twice, the photo follows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, Enter, wait

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def phone(chromium: Browser, city: City) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, locale="id-ID")  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "besar.jpg"
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(path, quality=95)
    return path


def reports(city: City, text: str) -> list[dict]:
    return [row for row in city.board("operator")["reports"] if row["text"] == text]


def written(phone: BrowserContext, city: City, text: str, photo: Path | None = None) -> Page:
    page = phone.new_page()
    page.goto(city.url)
    page.fill("#text", text)
    page.select_option("#area", "?")
    if photo is not None:
        page.set_input_files("#photo", photo)
        expect(page.locator("#photo-shown canvas")).to_be_visible()
    return page


def test_the_words_go_first_and_the_photo_follows_in_pieces(phone: BrowserContext, city: City, photo: Path) -> None:
    page = written(phone, city, "Jalan berlubang di depan pasar", photo)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(f"{r.method} {r.url.removeprefix(city.url).split('/')[1]}"))
    page.click("#kirim")
    page.wait_for_url("**/l/**")
    # The words' own help may still be asked for meanwhile.
    sent = [what for what in asked if what in ("POST lapor", "POST api", "PATCH api")]
    assert sent[0] == "POST lapor" and sent.count("PATCH api") >= 2, asked
    (row,) = reports(city, "Jalan berlubang di depan pasar")
    assert len(row["photos"]) == 1 and row["to_come"] == 0


def test_a_killed_tab_loses_nothing_and_doubles_nothing(chromium: Browser, city: City, photo: Path) -> None:
    # Without the worker, which would go on by itself: here the next page has to.
    phone = chromium.new_context(viewport=PHONE, locale="id-ID", service_workers="block")  # type: ignore[arg-type]
    page = written(phone, city, "Tanggul jebol di belakang sekolah", photo)
    # The words arrive, then the line breaks in the middle of the photo, and the tab is gone.
    page.route("**/api/v1/uploads/**", lambda route: route.abort())
    page.click("#kirim")
    expect(page.locator("#kirim")).to_contain_text("menyusul")
    page.close()
    (row,) = reports(city, "Tanggul jebol di belakang sekolah")
    assert row["to_come"] == 1 and row["photos"] == []
    phone.new_page().goto(city.url)
    pages = phone.pages[-1]
    expect(pages.locator("#kotak")).to_contain_text("Laporan Anda diterima")
    (row,) = reports(city, "Tanggul jebol di belakang sekolah")
    assert row["to_come"] == 0 and len(row["photos"]) == 1
    phone.close()


def test_the_page_opens_without_a_line_and_what_is_kept_goes_when_it_is_back(phone: BrowserContext, city: City) -> None:
    page = phone.new_page()
    page.goto(city.url)
    page.evaluate("navigator.serviceWorker.register('/warga-sw.js')")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    wait(page, "navigator.serviceWorker.controller !== null")
    phone.set_offline(True)
    page.reload()
    page.fill("#text", "Pohon miring di jalan raya")
    page.select_option("#area", "?")
    page.click("#kirim")
    expect(page.locator("#kotak")).to_contain_text("Disimpan di telepon")
    page.close()
    phone.set_offline(False)
    again = phone.new_page()
    again.goto(city.url)
    expect(again.locator("#kotak")).to_contain_text("Laporan Anda diterima")
    assert len(reports(city, "Pohon miring di jalan raya")) == 1


def test_what_the_server_refuses_comes_back_to_its_writer(phone: BrowserContext, city: City) -> None:
    page = written(phone, city, "Air naik")
    page.evaluate("document.querySelector('.contact').open = true")
    page.fill("#phone", "12")
    page.click("#kirim")
    expect(page.locator(".contact .wrong")).to_contain_text("8 sampai 15 angka")
    expect(page.locator("#text")).to_have_value("Air naik")
    page.fill("#phone", "")
    page.click("#kirim")
    page.wait_for_url("**/l/**")


def test_a_voice_is_recorded_heard_and_played_at_the_command_centre(
    chromium: Browser, city: City, enter: Enter
) -> None:
    context = chromium.new_context(viewport=PHONE, permissions=["microphone"])  # type: ignore[arg-type]
    page = context.new_page()
    # No microphone here: a tone stands in for one.
    page.add_init_script(
        """navigator.mediaDevices.getUserMedia = async () => {
          const sound = new AudioContext(), tone = sound.createOscillator(), out = sound.createMediaStreamDestination();
          tone.connect(out); tone.start(); return out.stream; }"""
    )
    page.goto(city.url)
    page.click("#rekam")
    expect(page.locator("#rekam")).to_have_text(re.compile(r"Berhenti merekam · [1-9]\d* s"))
    page.click("#rekam")
    expect(page.locator("#suara audio")).to_be_visible()
    page.select_option("#area", "?")
    page.click("#kirim")
    page.wait_for_url("**/l/**")
    expect(page.locator("main")).to_contain_text("Pesan suara")
    context.close()
    desk = enter("operator", "/pusat", DESK)
    row = desk.locator("[data-row]", has_text="Pesan suara").first
    row.click()
    expect(desk.locator("figure", has_text="Pesan suara").locator("audio")).to_be_visible()
    source = desk.locator("figure audio source").get_attribute("src")
    heard = desk.request.get(f"{city.url}{source}")
    assert heard.status == 200 and heard.headers["content-type"].startswith("audio/") and len(heard.body()) > 500


def test_a_phone_of_the_staff_keeps_the_staff_s_worker(phone: BrowserContext, city: City) -> None:
    page = phone.new_page()
    page.goto(city.url)
    page.evaluate("navigator.serviceWorker.register('/warga-sw.js').then(() => 1)")
    wait(page, "navigator.serviceWorker.ready.then(() => true)")
    phone.add_cookies([{"name": "hadir_session", "value": city.sign_in("petugas-1"), "url": city.url}])
    page.goto(f"{city.url}/petugas")
    wait(page, "(navigator.serviceWorker.controller || { scriptURL: '' }).scriptURL.endsWith('/sw.js')")
    wait(page, "caches.has('hadir-pages')")
    page.goto(city.url)
    script = page.evaluate("navigator.serviceWorker.getRegistration('/').then((r) => r.active.scriptURL)")
    assert script.endswith("/sw.js")
