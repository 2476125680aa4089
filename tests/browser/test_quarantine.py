"""The quarantine as its people see it: the operator's list, and a phone that works for its report unnoticed."""

import json
import os
import re
import secrets
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

FREE = 5
DULL = "Lampu taman di depan kantor mati"
SHOTS = os.environ.get("HADIR_SHOTS", "")


def flood(city: City, device: str, count: int) -> list[dict]:
    """So many reports of one phone."""
    told = []
    for n in range(count):
        body = {"command_id": secrets.token_hex(12), "text": f"{DULL} nomor {n}", "place": {"how": "words"}}
        head = {"content-type": "application/json", "x-hadir-device": device}
        request = urllib.request.Request(f"{city.url}/api/v1/reports", json.dumps(body).encode(), head)
        with urllib.request.urlopen(request) as answer:
            told.append(json.load(answer))
    return told


def shot(page: Page, name: str) -> None:
    """For somebody's eyes, when they are asked for."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def test_an_operator_looks_and_lets_through(enter: Enter, city: City, axe: Callable[[Page], list[str]]) -> None:
    flood(city, secrets.token_hex(12), FREE + 2)
    page = enter("operator", "/pusat", DESK)
    page.get_by_text("langsung").wait_for()
    queue = page.get_by_role("region", name="Antrean laporan")
    expect(queue.get_by_role("button").filter(has_text=f"{DULL} nomor {FREE}")).to_have_count(0)
    queue.get_by_role("button", name="Karantina: 2").click()
    expect(queue.get_by_role("heading", name="Karantina")).to_be_visible()
    held = queue.get_by_role("button").filter(has_text=f"{DULL} nomor {FREE}")
    expect(held).to_contain_text("Terlalu banyak dari satu perangkat")
    held.click()
    assert axe(page) == []
    shot(page, "quarantine")
    page.get_by_role("button", name="Loloskan").first.click()
    expect(held).to_have_count(0)
    # Exactly: the list's own words say «belum masuk antrean».
    expect(page.get_by_text("Masuk antrean.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Urungkan").first.click()
    expect(held).to_have_count(1)
    held.click()
    page.keyboard.press("y")
    expect(held).to_have_count(0)
    page.keyboard.press("g")
    expect(queue.get_by_role("button").filter(has_text=f"{DULL} nomor {FREE}")).to_be_visible()


def test_in_the_dark_and_in_english(enter: Enter, city: City, axe: Callable[[Page], list[str]]) -> None:
    flood(city, secrets.token_hex(12), FREE + 1)
    page = enter("operator-2", "/pusat?lang=en", DESK, color_scheme="dark")
    button = page.get_by_role("button", name=re.compile("Quarantine: "))
    button.click()
    expect(page.get_by_role("heading", name="Quarantine")).to_be_visible()
    expect(page.get_by_text("Too many from one device").first).to_be_visible()
    assert axe(page) == []
    shot(page, "quarantine-dark")


def test_a_phone_over_its_limit_works_while_its_owner_types(chromium: Browser, city: City) -> None:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="id-ID")
    device = secrets.token_hex(12)
    context.add_cookies([{"name": "hadir_device", "value": device, "url": city.url}])
    flood(city, device, FREE)
    page = context.new_page()
    page.goto(city.url + "/")
    page.get_by_label("Ada apa?").fill("Bangku taman patah di sisi utara")
    expect(page.locator("input[name=effort]")).to_have_value(re.compile(r"^[0-9a-f]{30}:\d+$"))
    page.get_by_label("Kelurahan", exact=True).select_option("?")
    page.locator("#kirim").click()
    page.wait_for_url("**/l/*")
    assert "petugas melihatnya dulu" not in page.content()
    shot(page, "worked")
    context.close()
