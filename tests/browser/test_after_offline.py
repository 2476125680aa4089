"""What a reporter says later, without a line: kept on his phone, shown as kept, sent by itself and once."""

import io
import json
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.browser.city import City
from tests.browser.conftest import PHONE
from tests.browser.test_after import Axe, reported

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(chromium: Browser, city: City) -> Iterator[BrowserContext]:
    # Without the worker, which no test's route can break the line of: it would send on while the page cannot.
    context = chromium.new_context(viewport=PHONE, locale="id-ID", service_workers="block")  # type: ignore[arg-type]
    yield context
    context.close()


def large() -> FilePayload:
    out = io.BytesIO()
    Image.effect_noise((1800, 1400), 40).convert("RGB").save(out, "JPEG", quality=95)
    return {"name": "besar.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def lines(city: City, report: str) -> list[dict]:
    (row,) = [row for row in city.board("operator")["reports"] if row["id"] == report]
    return (row["talk"] or {}).get("lines", [])


def kept(page: Page, text: str) -> None:
    expect(page.locator("#kotak")).to_contain_text(text)
    expect(page.locator("#kotak")).to_contain_text("Disimpan di telepon")


def test_words_and_a_photo_wait_for_a_line_and_go_by_themselves_once(
    phone: BrowserContext, city: City, axe: Axe
) -> None:
    page = phone.new_page()
    report, path = reported(city, page)
    page.goto(city.url + path)
    phone.set_offline(True)
    page.locator("#kabar-baru").fill("Air naik lagi")
    page.locator("#kabar-foto").set_input_files([large()])
    expect(page.locator("#susulan [data-said]")).to_contain_text("1 foto siap dikirim")
    page.locator("#susulan button").click()
    kept(page, "Air naik lagi")
    expect(page.locator("#kabar-baru")).to_have_value("")
    assert axe(page) == []
    phone.set_offline(False)
    expect(page.get_by_text("Kabar Anda sudah sampai")).to_be_visible()
    expect(page.locator("#kotak")).to_be_hidden()
    (line,) = lines(city, report)
    assert line["text"] == "Air naik lagi" and len(line["photos"]) == 1


def test_a_killed_tab_loses_nothing_and_an_answer_that_was_lost_doubles_nothing(
    phone: BrowserContext, city: City
) -> None:
    page = phone.new_page()
    report, path = reported(city, page)
    page.goto(city.url + path)
    # It arrives, but the answer does not: the phone cannot know.
    page.route("**/susulan", lambda route: (route.fetch(), route.abort()))
    page.locator("#kabar-baru").fill("Pompa macet")
    page.locator("#susulan button").click()
    kept(page, "Pompa macet")
    phone.set_offline(True)
    page.locator("#kabar-baru").fill("Anak-anak di atap")
    page.locator("#susulan button").click()
    kept(page, "Anak-anak di atap")
    page.locator("#kabar-baru").fill("Setengah kali")
    page.close()
    phone.set_offline(False)
    again = phone.new_page()
    again.goto(city.url + path)
    city.until("operator", lambda board: len(lines(city, report)) == 2)
    assert [line["text"] for line in lines(city, report)] == ["Pompa macet", "Anak-anak di atap"]
    expect(again.locator("#kabar-baru")).to_have_value("Setengah kali")


def test_the_first_page_shows_and_sends_what_was_said_later(phone: BrowserContext, city: City) -> None:
    page = phone.new_page()
    report, path = reported(city, page)
    page.goto(city.url + path)
    page.route("**/susulan", lambda route: route.abort())
    page.locator("#kabar-baru").fill("Jembatan retak")
    page.locator("#susulan button").click()
    kept(page, "Jembatan retak")
    page.close()
    first = phone.new_page()
    phone.set_offline(False)
    first.goto(city.url)
    city.until("operator", lambda board: len(lines(city, report)) == 1)
    expect(first.locator("#kotak")).to_be_hidden()


def test_discarded_words_are_one_press_from_being_back_and_refused_ones_come_back_into_the_form(
    phone: BrowserContext, city: City
) -> None:
    page = phone.new_page()
    report, path = reported(city, page)
    page.goto(city.url + path)
    phone.set_offline(True)
    page.locator("#kabar-baru").fill("Salah tulis")
    page.locator("#susulan button").click()
    kept(page, "Salah tulis")
    page.get_by_role("button", name="Buang", exact=True).click()
    expect(page.locator("#kotak")).to_contain_text("Dibuang dari telepon ini")
    page.get_by_role("button", name="Batal buang").click()
    kept(page, "Salah tulis")
    page.route("**/susulan", lambda route: route.fulfill(status=409, body=json.dumps({"says": "Sudah penuh."})))
    phone.set_offline(False)
    expect(page.locator("#kotak")).to_contain_text("Sudah penuh.")
    page.get_by_role("button", name="Perbaiki").click()
    expect(page.locator("#kabar-baru")).to_have_value("Salah tulis")
    assert lines(city, report) == []
