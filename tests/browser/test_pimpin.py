"""One order from the leader's phone to the field and back: both screens, no reload anywhere."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, Enter

pytestmark = pytest.mark.browser

FLOOD = ("Air selutut di gang, RT 2 RW 1 Plosokerep", -8.1149, 112.1629)
# The page's content policy forbids evaluating strings in it, so nothing here polls by one.
PICTURE = """() => new Promise((drawn) => new PerformanceObserver((list) => {
    if (list.getEntriesByName("hadir:picture").length) drawn();
}).observe({ type: "mark", buffered: true }))"""


def hold(page: Page, name: str, ms: int = 1100) -> None:
    """Press and keep pressed, as a thumb does."""
    page.get_by_role("button", name=name).dispatch_event("pointerdown", {"button": 0})
    page.wait_for_timeout(ms)


def address(leader: Page, to: str) -> None:
    """Choose who gets the order, also beyond the best few. Who they are is asked of the server: it takes a moment."""
    leader.get_by_role("group", name="Kepada siapa?").get_by_role("radio").first.wait_for(state="attached")
    others = leader.get_by_role("button", name="petugas lain")
    if others.count():
        others.click()
    leader.get_by_role("radio", name=to).check(force=True)


def compose(leader: Page, incident: str, to: str, action: str) -> None:
    leader.get_by_role("button", name="Perintahkan").first.click()
    leader.get_by_text("Perintah baru").wait_for()
    address(leader, to)
    leader.get_by_role("radio", name=action, exact=True).check(force=True)
    leader.get_by_role("radio", name="15", exact=True).check(force=True)
    leader.get_by_label("Kata tambahan").fill("Dahulukan lansia.")
    hold(leader, "Tahan untuk mengirim")


def say_back(officer: Page, action: str, area: str, minutes: str) -> None:
    officer.get_by_role("button", name="Ulangi perintah").click()
    expect(officer.get_by_role("radio", checked=True)).to_have_count(0)
    expect(officer.get_by_text("Dahulukan lansia.")).to_have_count(0)
    for name in (action, area, minutes):
        officer.get_by_role("radio", name=name, exact=True).check(force=True)
    officer.get_by_role("button", name="Ulangi begitu").click()


def wrong_choice(officer: Page, right: str) -> str:
    names = officer.get_by_role("group", name="Apa yang dikerjakan?").get_by_role("radio").all()
    return next(str(n.get_attribute("value")) for n in names if n.get_attribute("value") != right)


@pytest.fixture
def flood(city: City) -> str:
    return city.incident(*FLOOD)


def test_an_order_from_the_leader_to_done_and_verified(enter: Enter, city: City, flood: str) -> None:
    leader = enter("pimpinan", "/pimpin")
    officer = enter("petugas-1", "/petugas")
    compose(leader, flood, "Petugas 1 BPBD", "Evakuasi warga")

    life = leader.locator("ol")
    expect(officer.get_by_text("Perintah dari Pimpinan (demo)")).to_be_visible()
    expect(officer.get_by_text("«Dahulukan lansia.»")).to_be_visible()
    for step in ("Terkirim", "Sampai di HP", "Dibaca"):
        expect(life.locator("li:not(.ahead)", has_text=step)).to_be_visible()

    # Said back wrong: the leader sees what differs, and cannot confirm it.
    say_back(officer, "Siapkan evakuasi", "Plosokerep", "15")
    expect(leader.get_by_text("beda", exact=True)).to_be_visible()
    expect(leader.get_by_role("button", name="Benar", exact=True)).to_have_count(0)
    leader.get_by_role("button", name="Koreksi").click()
    hold(leader, "Tahan untuk mengoreksi")

    expect(officer.get_by_text("Perintah dikoreksi (versi 2)")).to_be_visible()
    expect(life.get_by_text("Koreksi terkirim")).to_be_visible()
    say_back(officer, "Evakuasi warga", "Plosokerep", "15")
    leader.get_by_role("button", name="Benar", exact=True).click()
    officer.get_by_role("button", name="Laksanakan").click()

    officer.get_by_role("button", name="JALAN").click()
    expect(life.get_by_text("Dalam perjalanan")).to_be_visible()
    officer.get_by_role("button", name="TIBA").click()
    expect(life.locator("li:not(.ahead)", has_text="Di lokasi")).to_be_visible()
    officer.get_by_role("button", name="SELESAI").click()
    officer.locator("input[capture]").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": png()})
    expect(officer.get_by_text("tersimpan di server")).to_be_visible()
    officer.get_by_label("Catatan").fill("Semua warga RW 1 sudah di balai.")
    officer.get_by_role("button", name="Nyatakan selesai").click()

    expect(leader.get_by_text("«Semua warga RW 1 sudah di balai.»")).to_be_visible()
    photo = leader.locator("article img").first
    photo.scroll_into_view_if_needed()
    expect(photo).to_have_js_property("naturalWidth", 64)
    leader.get_by_role("button", name="Periksa: benar selesai").click()
    expect(life.get_by_text("Diperiksa", exact=True)).to_be_visible()
    expect(life.locator("li.ahead")).to_have_count(0)


def png() -> bytes:
    """A small true picture."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 140)).save(out, "PNG")
    return out.getvalue()


def test_a_refused_order_waits_for_the_leader(enter: Enter, city: City, flood: str) -> None:
    leader = enter("pimpinan", "/pimpin")
    officer = enter("petugas-2", "/petugas")
    place = {"area": "35.72.03.1002", "how": "list"}
    order = city.send(
        "pimpinan", "orders", incident_id=flood, to="petugas-2", action="pump", within_min=30, place=place
    )
    officer.get_by_role("button", name="Tidak bisa").click()
    officer.get_by_role("button", name="Berbahaya").click()
    officer.get_by_role("button", name="Tolak perintah").click()
    expect(leader.get_by_role("button", name="ditolak atau hangus")).to_be_visible()
    leader.get_by_role("button", name="ditolak atau hangus").click()
    expect(leader.get_by_text("«Berbahaya»")).to_be_visible()
    leader.get_by_text("Pasang pompa · Plosokerep").click()
    # The same for somebody else: all but the name is filled in.
    leader.get_by_role("button", name="Perintahkan yang lain").click()
    expect(leader.get_by_role("radio", name="Pasang pompa", exact=True)).to_be_checked()
    expect(leader.get_by_role("group", name="Kepada siapa?").get_by_role("radio", checked=True)).to_have_count(0)
    assert order["id"] in {o["id"] for o in city.board("pimpinan")["orders"]}


def understood(city: City, incident: str, officer: str, text: str) -> str:
    """An order that its officer has said back right."""
    place = {"area": "35.72.03.1002", "how": "list"}
    said = {"action": "pump", "within_min": 30}
    order = city.send("pimpinan", "orders", incident_id=incident, to=officer, place=place, text=text, **said)["id"]
    city.send(officer, f"orders/{order}/see")
    city.send(officer, f"orders/{order}/read-back", area=place["area"], **said)
    city.send("pimpinan", f"orders/{order}/confirm")
    return str(order)


def test_the_task_says_what_was_ordered_and_the_leader_hears_when_it_comes_back(
    enter: Enter, city: City, flood: str
) -> None:
    order = understood(city, flood, "petugas-3", "Di titik terendah, dekat musala.")
    leader = enter("pimpinan", f"/pimpin#/order/{order}")
    officer = enter("petugas-3", "/petugas", broken=True)
    # A press with a line first: then the outbox is there.
    officer.get_by_role("button", name="Status saya").click()
    officer.get_by_role("button", name="Siap di pos").click()
    city.becomes("operator", "units", "petugas-3", state="available_base")
    # Taken without a line: it stays on the screen, marked.
    officer.get_by_role("button", name="Laksanakan").wait_for()
    officer.context.set_offline(True)
    officer.get_by_role("button", name="Laksanakan").click()
    expect(officer.get_by_role("article", name="Perintah dari Pimpinan")).to_contain_text("Dilaksanakan")
    officer.context.set_offline(False)
    card = officer.get_by_role("article", name="Tugas berikut")
    expect(card.get_by_role("heading", name="Pasang pompa")).to_be_visible()
    expect(card.get_by_text("«Di titik terendah, dekat musala.»")).to_be_visible()
    expect(card.get_by_text("dalam 30 menit, sebelum")).to_be_visible()
    # Given back: the leader reads it and why.
    officer.get_by_role("button", name="Tidak bisa").click()
    officer.get_by_role("button", name="Jalan tertutup").click()
    officer.get_by_role("button", name="Kembalikan tugas").click()
    expect(leader.get_by_role("status").get_by_text("mengembalikan tugasnya")).to_be_visible()
    expect(leader.get_by_text("Petugas tidak bisa: Jalan tertutup")).to_be_visible()
    expect(leader.get_by_role("button", name="Perintahkan yang lain")).to_be_visible()
    # Whoever gets it from the desk reads what was ordered, though the order was not his.
    task = next(t["id"] for t in city.board("operator")["tasks"] if t["order"] == order)
    city.send("opd-dpupr", f"tasks/{task}/assign", officer="petugas-4")
    other = enter("petugas-4", "/petugas")
    expect(other.get_by_role("heading", name="Pasang pompa")).to_be_visible()
    city.send("operator", f"tasks/{task}/cancel", reason="Akhir uji")


def test_the_leader_takes_back_what_is_under_way_already(enter: Enter, city: City, flood: str) -> None:
    order = understood(city, flood, "petugas-5", "")
    task = city.send("petugas-5", f"orders/{order}/accept")["task_id"]
    city.send("petugas-5", f"tasks/{task}/depart")
    officer = enter("petugas-5", "/petugas")
    expect(officer.get_by_role("heading", name="Pasang pompa")).to_be_visible()
    leader = enter("pimpinan", f"/pimpin#/order/{order}")
    leader.get_by_role("button", name="Tarik perintah").click()
    leader.get_by_role("button", name="Sudah tidak perlu").click()
    leader.get_by_role("button", name="Tarik perintah").click()
    city.becomes("petugas-5", "tasks", task, state="cancelled")
    expect(officer.get_by_text("Tugas dibatalkan, jangan dikerjakan")).to_be_visible()


def test_an_order_past_its_time_is_unmistakably_late(
    enter: Enter, city: City, flood: str, axe: Callable[[Page], list[str]]
) -> None:
    """Taken, and not done in time: by sign, word and colour on every view, by the clock before the fact is there."""
    place = {"how": "list", "area": "35.72.03.1002"}
    said = {"incident_id": flood, "to": "petugas-3", "action": "evacuate", "place": place, "within_min": 15, "text": ""}
    order = str(city.send("pimpinan", "orders", **said)["id"])
    now = datetime.now(UTC).isoformat()
    for verb in ("deliver", "see"):
        city.send("petugas-3", f"orders/{order}/{verb}", device_at=now)
    back = {"area": place["area"], "action": "evacuate", "within_min": 15, "device_at": now}
    city.send("petugas-3", f"orders/{order}/read-back", **back)
    city.send("pimpinan", f"orders/{order}/confirm")
    city.send("petugas-3", f"orders/{order}/accept")
    city.becomes("pimpinan", "orders", order, state="accepted")

    leader = enter("pimpinan", "/pimpin")
    expect(leader.get_by_text("langsung")).to_be_visible()
    expect(leader.get_by_text("terlambat sejak")).to_have_count(0)
    overdue(leader, order)
    card = leader.locator(".card", has_text="Petugas 3")
    late = card.get_by_text("terlambat sejak 10:00")
    expect(late).to_be_visible()
    expect(late.locator("svg")).to_be_visible()
    assert late.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(179, 38, 26)"
    assert axe(leader) == []
    leader.get_by_role("button", name="terlambat").first.click()
    expect(leader.locator("button", has_text="Petugas 3").get_by_text("terlambat sejak 10:00")).to_be_visible()
    go(leader, f"#/order/{order}")
    expect(leader.get_by_role("region", name="Daftar").get_by_text("terlambat sejak 10:00")).to_be_visible()
    expect(leader.locator("ol li.miss")).to_contain_text("waktu perintah lewat, belum selesai")
    assert axe(leader) == []

    officer = enter("petugas-3", "/petugas")
    overdue(officer, order)
    expect(officer.get_by_role("article", name="Tugas berikut").get_by_text("terlambat sejak 10:00")).to_be_visible()


def overdue(page: Page, order: str) -> None:
    """The page's picture comes again, with the order due long ago."""

    def long_ago(route: Route) -> None:
        answer = route.fetch()
        board = answer.json()
        for row in board["board"]["orders"]:
            if row["id"] == order:
                row["due_at"] = "2026-01-07T03:00:00Z"
        route.fulfill(response=answer, json=board)

    page.route("**/api/v1/board*", long_ago)
    page.reload()


def go(page: Page, to: str) -> None:
    page.evaluate("(to) => { location.hash = to }", to)


def test_declaring_a_flood_and_silence_is_not_dry(enter: Enter, city: City) -> None:
    leader = enter("pimpinan", "/pimpin#/area/35.72.02.1003")
    expect(leader.get_by_text("Belum ada kabar dari sini. Itu belum berarti kering.")).to_be_visible()
    leader.get_by_role("button", name="Tetapkan banjir").click()
    leader.get_by_role("radio", name="Lutut").check(force=True)
    hold(leader, "Tahan: tetapkan banjir di Tlumpu")
    expect(leader.get_by_text("Ditetapkan", exact=True).first).to_be_visible()
    city.becomes("pimpinan", "areas", "35.72.02.1003", state="declared", depth_cm=45)


def test_the_first_picture_is_marked_and_light(enter: Enter, flood: str) -> None:
    """The mark stands when areas, incidents and who is on it are drawn; up to it few bytes have come."""
    leader = enter("pimpinan", "/pimpin")
    leader.evaluate(PICTURE)
    expect(leader.locator("svg g.area")).to_have_count(21)
    expect(leader.locator("svg g.incident").first).to_be_visible()
    sizes = """() => {
        const mark = performance.getEntriesByName("hadir:picture")[0].startTime;
        const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
        return all.filter((e) => e.startTime < mark && !e.name.includes("/live")).map((e) => e.transferSize);
    }"""
    assert sum(leader.evaluate(sizes)) <= 60_000


@pytest.mark.parametrize("spot", ["", "#/needs/unread", "#/area/35.72.03.1002"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_for_axe(enter: Enter, axe: Callable[[Page], list[str]], flood: str, spot: str, scheme: str) -> None:
    for size in ({"width": 360, "height": 740}, DESK):
        leader = enter("pimpinan", f"/pimpin{spot}", size, color_scheme=scheme)
        leader.evaluate(PICTURE)
        assert axe(leader) == []


def test_the_order_form_by_axe(enter: Enter, axe: Callable[[Page], list[str]], flood: str) -> None:
    leader = enter("pimpinan", f"/pimpin#/compose/{flood}")
    leader.get_by_text("Perintah baru").wait_for()
    assert axe(leader) == []
    leader = enter("pimpinan", f"/pimpin#/incident/{flood}")
    leader.get_by_text("Siapa di sana").wait_for()
    assert axe(leader) == []
