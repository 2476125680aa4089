"""After the report, in a real browser: more words and a photo, the desk's question, before and after, the rating,
«sekitar saya»; with script and without, on a 360-pixel phone, light and dark."""

import io
import json
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter

Axe = Callable[[Page], list[str]]
PLOSOKEREP = "35.72.03.1002"


def jpeg(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def citizen(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A phone of somebody without an account."""
    contexts: list[BrowserContext] = []

    def opened(script: bool = True, scheme: str = "light") -> Page:
        context = chromium.new_context(
            viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=script, color_scheme=scheme
        )  # type: ignore[arg-type]
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def reported(city: City, page: Page) -> tuple[str, str]:
    """(report id, path of its page), sent by the plain form."""
    page.goto(city.url)
    sent = page.request.post(
        f"{city.url}/lapor",
        multipart={
            "command_id": f"after-{id(page)}",
            "text": "Air selutut di gang dekat musala",
            "area": PLOSOKEREP,
            "same": "lain",
            "photo": {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg("green")},
        },
        headers={"origin": city.url},
        max_redirects=0,
    )
    assert sent.status == 303, sent.text()[:500]
    path = sent.headers["location"].partition("?")[0]
    return path.rpartition("/")[2][:26].upper(), path


def fits_in_large_type(page: Page) -> None:
    """Twice the size of letters, and nothing stands beside the screen (WCAG 1.4.4)."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    page.evaluate("document.documentElement.style.fontSize = ''")


def worked(city: City, incident: str) -> None:
    """Done, with a photo, and seen to be done."""
    task = city.send("operator", "tasks", incident_id=incident, agency="bpbd", what="Pompa")["id"]
    city.send("opd-bpbd", f"tasks/{task}/assign", officer="petugas-1")
    for verb in ("accept", "arrive"):
        city.send("petugas-1", f"tasks/{task}/{verb}")
    cookie = f"hadir_session={city.sign_in('petugas-1')}"
    headers = {"content-type": "image/jpeg", "origin": city.url, "cookie": cookie}
    request = urllib.request.Request(f"{city.url}/api/v1/photos", data=jpeg("blue"), headers=headers)
    with urllib.request.urlopen(request) as answer:
        photo = json.loads(answer.read())["photo_id"]
    city.send("petugas-1", f"tasks/{task}/finish", note="Surut", photos=[photo])
    city.send("opd-bpbd", f"tasks/{task}/verify")


def test_the_whole_way_after_the_report(city: City, citizen: Callable[..., Page], enter: Enter, axe: Axe) -> None:
    page = citizen()
    report, path = reported(city, page)
    page.goto(city.url + path)
    page.get_by_label("Kabar Anda").fill("Sudah masuk rumah")
    photo = {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")}
    page.locator("#kabar-foto").set_input_files([photo])
    expect(page.locator("#susulan [data-said]")).to_contain_text("1 foto siap dikirim")
    page.get_by_role("button", name="Kirim kabar").click()
    expect(page.get_by_text("Kabar Anda sudah sampai")).to_be_visible()
    expect(page.locator(".talk img")).to_have_count(1)

    desk = enter("operator", "/pusat", DESK)
    expect(desk.get_by_text("1 kabar baru").first).to_be_visible()
    desk.get_by_role("button", name="Tanya pelapor").click()
    desk.get_by_label("Pertanyaan untuk pelapor").fill("Dekat rumah siapa?")
    desk.get_by_role("button", name="Kirim pertanyaan").click()
    city.until("operator", lambda board: any((r["talk"] or {}).get("question") for r in board["reports"]))

    page.goto(city.url + path)
    expect(page.get_by_text("Dekat rumah siapa?").first).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Jawaban Anda").fill("Dekat musala")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("sampai ke yang bertanya")).to_be_visible()

    incident = city.send("operator", "incidents", report_id=report)["incident_id"]
    worked(city, incident)
    city.becomes("operator", "reports", report, state="asked")
    opd = enter("opd-bpbd", "/opd", DESK)
    page.goto(city.url + path)
    before, after = page.get_by_alt_text("Sebelum: foto Anda, 1 dari 1"), page.get_by_alt_text("Sesudah: foto petugas")
    one, two = before.bounding_box(), after.bounding_box()
    assert one and two and one["y"] == two["y"] and one["x"] + one["width"] <= two["x"], "side by side at 360 px"
    assert axe(page) == [] and axe(opd) == []
    fits_in_large_type(page)
    expect(page.get_by_text("Kabari saya tentang laporan ini")).to_be_visible()
    page.get_by_role("button", name="Sudah", exact=True).click()
    expect(page.get_by_label("Memuaskan")).to_be_visible()
    fits_in_large_type(page)
    page.get_by_label("Memuaskan").check()
    page.get_by_role("button", name="Kirim penilaian").click()
    expect(page.get_by_text("Penilaian Anda: Memuaskan")).to_be_visible()

    page.get_by_label("Kabar Anda").fill("Terima kasih")
    page.get_by_role("button", name="Kirim kabar").click()
    expect(page.get_by_text("Kabar Anda sudah sampai")).to_be_visible()
    expect(desk.get_by_text("Masuk setelah selesai")).to_be_visible()
    desk.get_by_role("button", name="Sudah dibaca").first.click()
    expect(desk.get_by_text("Masuk setelah selesai")).to_have_count(0)
    desk.get_by_text("Penilaian warga").click()
    expect(desk.get_by_role("row", name="BPBD")).to_contain_text("100 %")
    assert axe(desk) == []


def test_without_script_words_and_a_photo_go_in_and_not_yet_opens_it_again(
    city: City, citizen: Callable[..., Page]
) -> None:
    page = citizen(script=False)
    report, path = reported(city, page)
    page.goto(city.url + path)
    page.locator("#kabar-baru").fill("Masih naik")
    page.locator("#kabar-foto").set_input_files([{"name": "b.jpg", "mimeType": "image/jpeg", "buffer": jpeg("red")}])
    page.locator("#susulan button").click()
    expect(page.get_by_text("Kabar Anda sudah sampai")).to_be_visible()
    # This city sends no letters, and a push needs a script: nothing is offered that could not be done.
    expect(page.get_by_text("Kabari saya tentang laporan ini")).to_be_hidden()
    incident = city.send("operator", "incidents", report_id=report)["incident_id"]
    worked(city, incident)
    city.becomes("operator", "reports", report, state="asked")
    page.goto(city.url + path)
    page.get_by_text("Tulis atau foto yang masih salah").click()
    page.locator("#why").fill("Masih ada genangan")
    page.get_by_role("button", name="Belum").click()
    expect(page.get_by_text("Kami buka lagi")).to_be_visible()
    city.becomes("operator", "incidents", incident, state="open")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_around_me_is_for_everybody(city: City, citizen: Callable[..., Page], axe: Axe, scheme: str) -> None:
    page = citizen(scheme=scheme)
    page.goto(f"{city.url}/sekitar")
    assert axe(page) == []
    page.get_by_label("Kelurahan").select_option(PLOSOKEREP)
    expect(page.get_by_role("heading", name="Yang terjadi di sini: Plosokerep")).to_be_visible()
    assert axe(page) == []
    feed = page.request.get(f"{city.url}/sekitar/atom?area={PLOSOKEREP}")
    assert feed.ok and feed.headers["content-type"].startswith("application/atom+xml")
    page.goto(f"{city.url}/sekitar?area={PLOSOKEREP}&lang=en")
    expect(page.get_by_role("heading", name="Around me")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
