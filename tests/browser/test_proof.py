"""Proof as its people see it: the verifier side by side, the leader on the phone, the reporter without a script."""

import io
import json
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.actions.pictures import brightened, cropped, jpeg, scene
from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

#: the lane of the report, and a place two kilometres away
LANE, FAR = (-8.1045, 112.1652), (-8.0900, 112.1800)


def upload(city: City, who: str | None, data: bytes, **taken: Any) -> str:
    headers = {"content-type": "image/jpeg", "origin": city.url}
    if taken:
        headers["x-hadir-taken"] = json.dumps(taken)
    if who:
        headers["cookie"] = f"hadir_session={city.sign_in(who)}"
    request = urllib.request.Request(f"{city.url}/api/v1/photos", data=data, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return str(json.loads(answer.read())["photo_id"])


@dataclass
class Story:
    """One report with its photo, and the task that was finished with another."""

    incident: str
    task: str
    tracking: str
    proof: str


def told(city: City, reported: bytes, proof: bytes, **taken: Any) -> Story:
    photo = upload(city, None, reported)
    place = {"lat": LANE[0], "lon": LANE[1], "accuracy_m": 10, "how": "gps"}
    report = city.send(None, "reports", text="Got meluap, air selutut di gang", place=place, photos=[photo])
    incident = str(city.send("operator", "incidents", report_id=report["report_id"])["incident_id"])
    task = city.task(incident, "bpbd", "Sedot air di gang")
    city.send("opd-bpbd", f"tasks/{task}/assign", officer="petugas-1")
    city.send("petugas-1", f"tasks/{task}/accept")
    shown = upload(city, "petugas-1", proof, **taken)
    city.send("petugas-1", f"tasks/{task}/finish", photos=[shown], note="Air sudah disedot")
    city.until("operator", lambda board: any(t["id"] == task and t["proof"] for t in board["tasks"]))
    return Story(incident, task, str(report["tracking_url"]), shown)


@pytest.fixture(scope="module")
def honest(city: City) -> Story:
    now = datetime.now(UTC).isoformat()
    where = {"lat": LANE[0] + 0.0002, "lon": LANE[1], "accuracy_m": 12}
    return told(city, jpeg(scene(31)), jpeg(scene(32)), device_at=now, source="camera", reduced=True, **where)


@pytest.fixture(scope="module")
def faked(city: City) -> Story:
    """The reporter's own photo again: a little cropped and brighter, with a dry patch painted into it."""
    original = scene(26)
    patched = original.copy()
    patched.paste(scene(903).resize((150, 110)), (240, 190))
    again = jpeg(brightened(cropped(patched, 0.03, 0.5, 0.5), 1.1), 70)
    return told(city, jpeg(original), again, source="gallery", lat=FAR[0], lon=FAR[1], accuracy_m=15)


def all_drawn(page: Page, pictures: int) -> None:
    """So many photos are there, and none is broken."""
    page.wait_for_function(
        "n => { const all = [...document.querySelectorAll('figure > button img')];"
        " all.forEach((i) => i.scrollIntoView());"
        " return all.length >= n && all.every((i) => i.complete && i.naturalWidth > 0) }",
        arg=pictures,
    )


def test_the_verifier_sees_both_pictures_and_what_is_the_same(enter: Enter, faked: Story) -> None:
    desk = enter("opd-bpbd", f"/opd#/task/{faked.task}", DESK)
    proof = desk.get_by_role("region", name="Sesudah, dari petugas")
    expect(proof).to_contain_text("Lihat dulu sebelum memverifikasi")
    expect(proof).to_contain_text("Sama dengan foto pelapor")
    expect(proof).to_contain_text("Menurut telepon, diambil")
    expect(proof).to_contain_text("Dipilih dari galeri")
    expect(proof).to_contain_text("diterima server")
    expect(proof.get_by_role("figure").filter(has_text="Foto laporan")).to_have_count(1)
    all_drawn(desk, 4)
    expect(proof.locator("svg rect.frame")).to_have_count(2)
    expect(proof.locator("svg rect.other").nth(1)).to_be_attached()
    # It is a hint: both buttons are there as ever.
    expect(desk.get_by_role("button", name="Periksa: benar selesai")).to_be_enabled()


def test_an_honest_proof_is_quiet(enter: Enter, honest: Story) -> None:
    desk = enter("opd-bpbd", f"/opd#/task/{honest.task}", DESK)
    proof = desk.get_by_role("region", name="Sesudah, dari petugas")
    expect(proof).to_contain_text("Tidak ada yang janggal")
    expect(proof).to_contain_text("menurut telepon")
    expect(proof).to_contain_text("m dari kejadian (± 12 m)")
    expect(proof).to_contain_text("dari kamera")


def test_the_command_centre_sees_it_beside_the_incident(enter: Enter, faked: Story, city: City) -> None:
    page = enter("operator", "/pusat", DESK)
    page.get_by_role("button").filter(has_text=faked.incident[-5:]).first.click()
    panel = page.get_by_role("region", name="Yang dipilih")
    expect(panel).to_contain_text("Sama dengan foto pelapor")
    expect(panel).to_contain_text("Bukti diperiksa: 1 foto dibandingkan dengan")


def test_the_leaders_phone_shows_before_and_after(enter: Enter, faked: Story, honest: Story) -> None:
    leader = enter("pimpinan", "/pimpin#/needs/check", PHONE)
    expect(leader.get_by_text("Sebelum, dari pelapor").first).to_be_visible()
    expect(leader.get_by_text("Tidak ada yang janggal").first).to_be_visible()
    all_drawn(leader, 6)
    assert leader.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_officer_does_not_read_the_check_of_his_own_proof(faked: Story, city: City) -> None:
    [row] = [t for t in city.board("petugas-1")["tasks"] if t["id"] == faked.task]
    assert "proof" not in row


def test_an_original_leaves_a_name_and_a_reason(enter: Enter, faked: Story, city: City) -> None:
    desk = enter("opd-bpbd", f"/opd#/task/{faked.task}", DESK)
    desk.get_by_text("Berkas asli", exact=True).click()
    desk.get_by_label("Alasan membuka (tercatat dengan nama Anda)").fill("Bidang tengah diduga disunting")
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Unduh berkas asli").click()
    with Image.open(io.BytesIO(download.value.path().read_bytes())) as original:
        assert original.format == "JPEG"
    expect(desk.get_by_text("Berkas asli foto dibuka: «Bidang tengah diduga disunting»")).to_be_visible()


def test_a_reporter_compares_before_and_after_without_a_script(chromium: Browser, honest: Story, city: City) -> None:
    city.send("opd-bpbd", f"tasks/{honest.task}/verify")
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    pause = threading.Event()
    figures, tries = page.locator(".pair-side figure"), 300
    page.goto(honest.tracking)
    while figures.count() < 2:
        tries -= 1
        assert tries, "the answer never came to be asked for"
        pause.wait(0.1)
        page.reload()
    expect(figures).to_have_count(2)
    for n in range(2):
        figures.nth(n).scroll_into_view_if_needed()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(enter: Enter, faked: Story, axe: Callable[[Page], list[str]], scheme: str) -> None:
    for size in (DESK, PHONE):
        page = enter("opd-bpbd", f"/opd#/task/{faked.task}", size, color_scheme=scheme)
        page.get_by_text("Lihat dulu sebelum memverifikasi").first.wait_for()
        assert axe(page) == []
