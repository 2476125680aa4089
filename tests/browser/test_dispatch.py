"""Who can go there, and an officer in need: the command centre and the officer's phone side by side."""

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, Enter, tap

pytestmark = pytest.mark.browser

FLOOD = ("Banjir sepinggang, warga terjebak", -8.1149, 112.1629)
#: The order form waits three seconds for the rule's answer, and then knows only what the phone knows: here it waits.
PATIENT = """((after) => {
    window.setTimeout = (run, ms, ...more) => after(run, ms === 3000 ? 30_000 : ms, ...more);
})(window.setTimeout)"""
HERE = {"latitude": -8.1148, "longitude": 112.163, "accuracy": 11}


def stand(city: City, who: str, lat: float, lon: float) -> None:
    """A reading of somebody's phone."""
    body = json.dumps({"lat": lat, "lon": lon, "accuracy_m": 9}).encode()
    headers = {"content-type": "application/json", "origin": city.url, "cookie": f"hadir_session={city.sign_in(who)}"}
    request = urllib.request.Request(f"{city.url}/api/v1/units/{who}/position", data=body, headers=headers)
    urllib.request.urlopen(request).close()


def chosen(enter: Enter, city: City, incident: str) -> Page:
    """The command centre with the incident open."""
    desk = enter("operator", "/pusat", DESK)
    ref = next(i["ref"] for i in city.board("operator")["incidents"] if i["id"] == incident)
    desk.locator("section.right").get_by_role("button").filter(has_text=ref).click()
    return desk


def test_one_press_tasks_the_best_and_can_be_taken_back(enter: Enter, city: City) -> None:
    incident = city.incident(*FLOOD)
    stand(city, "petugas-1", -8.106, 112.165)
    stand(city, "petugas-2", -8.1148, 112.163)
    for officer in ("petugas-1", "petugas-2"):
        city.send(officer, f"units/{officer}/status", status="available_radio")
    desk = chosen(enter, city, incident)
    desk.keyboard.press("s")
    panel = desk.get_by_role("region", name="Siapa bisa ke sana?")
    first = panel.locator("ol > li").first
    expect(first).to_contain_text("Petugas 1 BPBD")  # farther, but he can rescue from water and has the boat
    expect(first).to_contain_text("bisa Penyelamatan di air")
    expect(panel.locator("ol > li").nth(1)).to_contain_text("Terdekat")
    expect(panel).to_contain_text("garis lurus di peta")
    expect(first.get_by_role("button")).to_be_focused()
    desk.keyboard.press("Enter")
    city.until("operator", lambda b: any(t["officer"] == "petugas-1" and t["state"] == "assigned" for t in b["tasks"]))
    desk.get_by_role("button", name="Urungkan").click()
    city.until("operator", lambda b: all(t["state"] == "cancelled" for t in b["tasks"] if t["incident"] == incident))


def test_a_task_that_waits_at_his_agency_is_given_to_him(enter: Enter, city: City) -> None:
    incident = city.incident("Saluran tersumbat", -8.0990, 112.158)
    task = city.task(incident, "dpupr", "Bersihkan saluran")
    stand(city, "petugas-3", -8.0991, 112.158)
    city.send("petugas-3", "units/petugas-3/status", status="available_base")
    desk = chosen(enter, city, incident)
    desk.get_by_role("button", name="Siapa bisa ke sana?").click()
    desk.get_by_role("button", name="Tugaskan Petugas 3 DPUPR").click()
    city.becomes("operator", "tasks", task, officer="petugas-3", state="assigned")
    desk.get_by_role("button", name="Urungkan").click()
    city.becomes("operator", "tasks", task, officer=None, state="given")
    city.send("operator", f"tasks/{task}/cancel", reason="Akhir uji")


def test_the_leader_s_order_shows_who_can_go_and_chooses_nobody(
    enter: Enter, city: City, axe: Callable[[Page], list[str]]
) -> None:
    incident = city.incident(*FLOOD)
    stand(city, "petugas-1", -8.106, 112.165)
    stand(city, "petugas-2", -8.1148, 112.163)
    for officer in ("petugas-1", "petugas-2"):
        city.send(officer, f"units/{officer}/status", status="available_radio")
    city.send("petugas-6", "units/petugas-6/status", status="not_available")
    leader = enter("pimpinan", f"/pimpin#/compose/{incident}", before=PATIENT)
    to = leader.get_by_role("group", name="Kepada siapa?").get_by_role("radio")
    first = leader.get_by_role("group", name="Kepada siapa?").locator("label").first
    expect(first).to_contain_text("Petugas 1 BPBD")
    expect(first).to_contain_text("bisa Penyelamatan di air")
    expect(first).to_contain_text(re.compile("(dtk|mnt) lalu"))
    expect(leader.get_by_text("Dihitung")).to_be_visible()
    expect(to).to_have_count(3)
    assert not any(radio.is_checked() for radio in to.all())
    assert axe(leader) == []
    leader.get_by_role("button", name="petugas lain").click()
    expect(to).to_have_count(6)
    last = leader.get_by_role("group", name="Kepada siapa?").locator("label").last
    expect(last).to_contain_text("Petugas 6 DLH")
    expect(last).to_contain_text("Tidak bisa sekarang")


def test_without_the_rule_s_answer_the_order_form_knows_what_the_phone_knows(enter: Enter, city: City) -> None:
    incident = city.incident(*FLOOD)
    leader = enter("pimpinan", f"/pimpin#/incident/{incident}", broken=True)
    leader.route("**/dispatch?*", lambda route: route.abort())
    leader.get_by_role("button", name="Perintahkan").click()
    expect(leader.get_by_role("group", name="Kepada siapa?").get_by_role("radio").first).to_be_visible()
    expect(leader.get_by_text("Dihitung")).to_have_count(0)


def test_his_positions_propose_he_presses_and_then_a_word_is_due(enter: Enter, city: City) -> None:
    incident = city.incident(*FLOOD)
    body = {"incident_id": incident, "agency": "bpbd", "what": "Evakuasi", "officer": "petugas-2"}
    task = str(city.send("operator", "tasks", **body)["task_id"])
    city.send("petugas-2", f"tasks/{task}/accept")
    for lat in (-8.1140, -8.1146, -8.1147):
        stand(city, "petugas-2", lat, 112.1631)
    officer = enter("petugas-2", "/petugas")
    expect(officer.get_by_text("Menurut posisi, Anda sudah di lokasi.")).to_be_visible()
    desk = chosen(enter, city, incident)
    expect(desk.get_by_text("menurut posisinya sudah di lokasi")).to_be_visible()
    city.becomes("operator", "tasks", task, state="accepted")
    officer.get_by_role("button", name="Tiba", exact=True).click()
    safe = officer.get_by_role("button", name="Saya aman")
    expect(safe).to_be_visible()
    box = safe.bounding_box()
    assert box and box["height"] >= 64
    expect(desk.get_by_role("region", name="Alarm petugas")).to_contain_text("Petugas 2 BPBD sendirian")
    safe.click()
    expect(officer.get_by_text("Sendirian. Beri kabar")).to_be_visible()
    city.send("operator", f"tasks/{task}/cancel", reason="Akhir uji")
    expect(safe).to_have_count(0)


def test_the_emergency_rings_is_taken_and_closed_with_words(enter: Enter, city: City) -> None:
    desk = enter("operator-2", "/pusat", DESK)
    officer = enter("petugas-5", "/petugas", geolocation=HERE, permissions=["geolocation"])
    expect(officer.get_by_text("Posisi ± 11 m")).to_be_visible()
    key = officer.get_by_role("button", name="DARURAT")
    assert "Lepas untuk batal" in tap(key)
    expect(officer.get_by_role("alertdialog")).to_have_count(0)
    key.dispatch_event("pointerdown")
    cover = officer.get_by_role("alertdialog", name="DARURAT terkirim")
    expect(cover).to_be_visible()
    expect(cover.get_by_role("link", name="Telepon 112")).to_have_attribute("href", "tel:112")
    alarm = desk.get_by_role("alert").filter(has_text="Petugas 5 DLH")
    expect(alarm).to_contain_text("DARURAT")
    expect(alarm).to_contain_text("± 11 m")
    desk.keyboard.press("a")
    expect(cover).to_contain_text("Operator 2 menangani")
    strip = desk.get_by_role("region", name="Alarm petugas")
    expect(strip).to_contain_text("ditangani Operator 2")
    strip.get_by_role("button", name="Tutup alarm").click()
    desk.get_by_label("Bagaimana akhirnya?").fill("Sudah dijemput tim")
    desk.keyboard.press("Enter")
    expect(strip).to_have_count(0)
    expect(cover).to_have_count(0)
    city.until("operator", lambda b: next(u for u in b["units"] if u["id"] == "petugas-5")["alarms"] == [])


def test_nothing_for_axe(enter: Enter, axe: Callable[[Page], list[str]], city: City) -> None:
    incident = city.incident("Pohon tumbang menutup jalan", -8.0760, 112.186)
    city.send("petugas-4", "units/petugas-4/emergency")
    desk = chosen(enter, city, incident)
    desk.keyboard.press("s")
    desk.get_by_role("region", name="Siapa bisa ke sana?").get_by_role("listitem").first.wait_for()
    assert axe(desk) == []
    officer = enter("petugas-4", "/petugas")
    officer.get_by_role("button", name="Tampilkan darurat").click()
    officer.get_by_role("alertdialog").wait_for()
    assert axe(officer) == []
    city.send("operator", "units/petugas-4/acknowledge", alarm="emergency")
    city.send("operator", "units/petugas-4/close-alarm", alarm="emergency", reason="Akhir uji")
