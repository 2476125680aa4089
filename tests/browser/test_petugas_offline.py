"""The officer's phone without a line, by Chromium's own switch: nothing lost or twice, nothing old shown as live."""

import hashlib
import json
import os
import re
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.api.process import Running
from tests.browser.city import City
from tests.browser.conftest import PATIENCE_S, PHONE, Enter, wait

pytestmark = pytest.mark.browser

DRAIN = ("Saluran tersumbat di Jl Sumba", -8.1136, 112.1736)
#: the page's document, its files and a picture are on the phone
KEPT = """async () => {
  // To open it before the page has would make an empty one.
  if (!(await indexedDB.databases()).some(({ name }) => name === "hadir-box-petugas-1")) return false;
  const open = indexedDB.open("hadir-box-petugas-1");
  const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const count = db.transaction("pictures").objectStore("pictures").count();
  const pictures = await new Promise((done) => (count.onsuccess = () => done(count.result)));
  db.close();
  const page = await caches.match("/petugas", { ignoreVary: true });
  const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return Boolean(page) && pictures > 0 && kept.flat().some((request) => request.url.includes("/Finish-"));
}"""


@pytest.fixture(scope="module")
def photo() -> Iterator[Path]:
    """Some 300 kB that do not get smaller by being drawn again: four pieces and more."""
    folder = tempfile.TemporaryDirectory(prefix="hadir-photo-")
    path = Path(folder.name) / "photo.jpg"
    side = 500
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(path, quality=80)
    yield path
    folder.cleanup()


@pytest.fixture
def task(city: City) -> Iterator[str]:
    task = assigned(city)
    yield task
    city.send("operator", f"tasks/{task}/cancel", reason="Akhir uji")


def assigned(city: City) -> str:
    task = city.task(city.incident(*DRAIN), "bpbd", "Bersihkan saluran")
    city.send("opd-bpbd", f"tasks/{task}/assign", officer="petugas-1")
    return task


def visited(enter: Enter) -> Page:
    """One visit with a line, until all of it is kept."""
    page = enter("petugas-1", "/petugas", broken=True)
    page.get_by_role("article", name="Tugas berikut").wait_for()
    wait(page, KEPT)
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.get_by_role("article", name="Tugas berikut").get_by_role("button", name=key).click()


def row(city: City, task: str) -> dict[str, object]:
    return next(r for r in city.board("operator")["tasks"] if r["id"] == task)


def test_a_server_that_takes_nothing_is_told_apart_from_a_line_that_is_away(
    enter: Enter, city: City, task: str
) -> None:
    page = visited(enter)
    code = ["disk_full"]

    def no(route: Route) -> None:
        said = {"type": "about:blank", "title": "", "status": 503, "code": code[0], "detail": ""}
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(said))

    page.route("**/api/v1/tasks/**", no)
    press(page, "TERIMA")
    card = page.get_by_role("article", name="Tugas berikut")
    expect(page.get_by_text("1 tersimpan di HP ini: disk server penuh, dikirim lagi sendiri")).to_be_visible()
    expect(card.get_by_text("tersimpan di sini, disk server penuh, dikirim lagi")).to_be_visible()
    expect(page.get_by_text("menunggu sinyal")).to_have_count(0)
    code[0] = "unavailable"
    expect(page.get_by_text("1 tersimpan di HP ini: server belum bisa menerima")).to_be_visible()
    expect(card.get_by_text("tersimpan di sini, server belum menerima")).to_be_visible()
    page.unroute("**/api/v1/tasks/**")
    city.becomes("operator", "tasks", task, state="accepted")


def test_a_press_before_the_outbox_has_come_outlives_the_page(enter: Enter, city: City, task: str) -> None:
    """On a thin line the outbox's own code comes last; a phone may end the page before."""
    page = enter("petugas-1", "/petugas", broken=True, service_workers="block")
    page.context.route("**/assets/office-*.js", lambda route: route.abort())
    page.reload()
    press(page, "TERIMA")
    # It shows at once, and honestly.
    expect(page.get_by_role("button", name="TERIMA")).to_be_disabled()
    expect(page.get_by_role("article", name="Tugas berikut").get_by_label("sedang dikirim")).to_be_visible()
    assert row(city, task)["state"] == "assigned"
    page.close()
    page.context.unroute("**/assets/office-*.js")
    again = page.context.new_page()
    again.goto(f"{city.url}/petugas")
    city.becomes("operator", "tasks", task, state="accepted")
    wait(again, "!Object.keys(localStorage).some((key) => key.startsWith('hadir.early.'))")


def test_all_of_it_works_without_a_line_and_arrives_once(enter: Enter, city: City, task: str, photo: Path) -> None:
    page = visited(enter)
    page.context.set_offline(True)
    press(page, "TERIMA", "JALAN", "TIBA")
    expect(page.get_by_text("3 menunggu sinyal, tersimpan di HP ini")).to_be_visible()
    expect(page.get_by_text("tanpa sinyal")).to_be_visible()
    press(page, "SELESAI")
    page.get_by_label("Catatan").fill("Air surut, warga sudah pulang.")
    page.locator(".camera input").set_input_files(photo)
    expect(page.get_by_text("tersimpan di HP", exact=True)).to_be_visible()
    # The phone needed the memory, or was switched off: the page opens again without a line, with all that was in it.
    page.reload()
    expect(page.get_by_label("Catatan")).to_have_value("Air surut, warga sudah pulang.")
    expect(page.get_by_alt_text("Foto 1")).to_be_visible()
    page.get_by_role("button", name="Nyatakan selesai").click()
    expect(page.get_by_text("4 menunggu sinyal, tersimpan di HP ini")).to_be_visible()
    page.context.set_offline(False)
    city.becomes("operator", "tasks", task, state="done", done_note="Air surut, warga sudah pulang.")
    expect(page.get_by_text("menunggu sinyal")).to_have_count(0)
    # Drawn anew on the phone, so its name is not the file's.
    assert len(row(city, task)["done_photos"]) == 1  # type: ignore[arg-type]
    expect(page.get_by_text("langsung")).to_be_visible()


def test_what_the_rules_refuse_is_told_in_words_and_kept(enter: Enter, city: City, task: str, photo: Path) -> None:
    page = visited(enter)
    press(page, "TERIMA")
    city.becomes("operator", "tasks", task, state="accepted")
    page.context.set_offline(True)
    press(page, "SELESAI")
    page.get_by_label("Catatan").fill("Pompa kami tinggal di pos RW.")
    page.locator(".camera input").set_input_files(photo)
    expect(page.get_by_alt_text("Foto 1")).to_be_visible()
    page.get_by_role("button", name="Nyatakan selesai").click()
    city.send("opd-bpbd", f"tasks/{task}/assign", officer="petugas-2")
    page.context.set_offline(False)
    shelf = page.get_by_role("alert").filter(has_text="Ditolak")
    expect(shelf).to_contain_text("Tugas ini sudah diambil Petugas 2 BPBD pukul")
    expect(shelf).to_contain_text("Pompa kami tinggal di pos RW.")
    page.reload()
    expect(shelf).to_contain_text("Pompa kami tinggal di pos RW.")
    # His words go to the incident that is not his any more; the photo is seen, saved, and stays until he puts it away.
    shelf.get_by_role("button", name="Kirim sebagai catatan").click()
    expect(shelf.get_by_text("Kata-katanya sudah jadi catatan.")).to_be_visible()
    incident = str(row(city, task)["incident"])
    assert "Pompa kami tinggal di pos RW." in city.told("operator", incident)
    expect(shelf.get_by_alt_text("Lampiran 1")).to_have_js_property("naturalWidth", 500)
    with page.expect_download() as saved:
        shelf.get_by_role("link", name="Simpan").click()
    assert saved.value.suggested_filename == "hadir-1.jpg"
    shelf.get_by_role("button", name="Buang").click()
    expect(shelf).to_have_count(0)


def test_the_page_killed_in_the_middle_of_a_photo_goes_on_where_it_was(
    enter: Enter, city: City, task: str, photo: Path
) -> None:
    # Without its service worker, which would go on by itself (Chrome on Android): here the next page has to.
    page = enter("petugas-1", "/petugas", broken=True, service_workers="block")
    press(page, "TERIMA")
    offsets: list[int] = []

    def one_piece(route: Route) -> None:
        offsets.append(int(route.request.headers["upload-offset"]))
        if len(offsets) == 1:
            route.continue_()
        else:
            route.abort()

    page.context.route("**/api/v1/uploads/*", one_piece)
    press(page, "SELESAI")
    page.get_by_label("Kirim ukuran penuh").check()
    page.locator(".camera input").set_input_files(photo)
    # The photo's own line: the outbox says something like it as soon as the line is away.
    expect(page.get_by_text(re.compile(r"^terkirim \d+ %"))).to_be_visible()
    page.get_by_role("button", name="Nyatakan selesai").click()
    wait(page, "document.querySelector('details.warn') !== null")
    page.close()
    page.context.unroute("**/api/v1/uploads/*")
    resumed: list[int] = []
    page.context.on(
        "request", lambda r: resumed.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None
    )
    again = page.context.new_page()
    again.goto(f"{city.url}/petugas")
    city.becomes("operator", "tasks", task, state="done")
    expect(again.get_by_text("Selesai, belum diperiksa")).to_be_visible()
    assert resumed
    assert resumed[0] > 0
    assert [p["id"] for p in row(city, task)["done_photos"]] == [hashlib.sha256(photo.read_bytes()).hexdigest()]  # type: ignore[attr-defined]


def test_two_tabs_send_once(enter: Enter, city: City, task: str) -> None:
    page = visited(enter)
    other = page.context.new_page()
    other.goto(f"{city.url}/petugas")
    other.get_by_role("article", name="Tugas berikut").wait_for()
    sent: list[str] = []
    page.context.on("request", lambda r: sent.append(r.url) if r.method == "POST" and "/tasks/" in r.url else None)
    page.context.set_offline(True)
    press(page, "TERIMA")
    press(other, "JALAN")
    expect(page.get_by_text("2 menunggu sinyal, tersimpan di HP ini")).to_be_visible()
    expect(other.get_by_text("2 menunggu sinyal, tersimpan di HP ini")).to_be_visible()
    sent.clear()
    page.context.set_offline(False)
    city.becomes("operator", "tasks", task, state="en_route")
    for each in (page, other):
        expect(each.get_by_text("menunggu sinyal")).to_have_count(0)
    arrived = [url.rsplit("/", 1)[1] for url in sent]
    assert arrived[-2:] == ["accept", "depart"]
    assert arrived.count("depart") == 1


def test_signed_out_nothing_is_lost_and_nobody_else_sends_it(enter: Enter, city: City, task: str) -> None:
    page = visited(enter)
    page.context.set_offline(True)
    press(page, "TERIMA")
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "hadir_session", "value": city.sign_in("petugas-2"), "url": city.url}])
    page.context.set_offline(False)
    expect(page.get_by_text("Sesi berakhir. 1 kiriman aman di HP ini.")).to_be_visible()
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "hadir_session", "value": city.sign_in("petugas-1"), "url": city.url}])
    page.reload()
    city.becomes("operator", "tasks", task, state="accepted")


def test_duty_keeps_telling_and_what_waited_is_told_later(enter: Enter, city: City) -> None:
    here = {"latitude": -8.0905, "longitude": 112.1712, "accuracy": 8}
    page = enter("petugas-1", "/petugas", broken=True, geolocation=here, permissions=["geolocation"])
    page.get_by_role("button", name="Mulai tugas jaga").click()
    expect(page.get_by_text("Bertugas sejak")).to_be_visible()
    city.until("operator", lambda b: any(u["id"] == "petugas-1" and u["place"]["lat"] == -8.0905 for u in b["units"]))
    page.get_by_role("button", name="Akhiri tugas jaga").click()
    expect(page.get_by_text("Bertugas sejak")).to_have_count(0)


@pytest.mark.slow
def test_the_server_killed_in_the_middle_of_a_photo(chromium: Browser, photo: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="hadir-killed-") as folder:
        Path(folder).chmod(0o755)
        first = Running(Path(folder) / "home")
        try:
            first.until(first.ready)
            city = City(f"http://127.0.0.1:{first.port}")
            task = assigned(city)
            context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
            context.add_cookies([{"name": "hadir_session", "value": city.sign_in("petugas-1"), "url": city.url}])
            page = context.new_page()
            page.goto(f"{city.url}/petugas")
            press(page, "TERIMA", "SELESAI")

            def kill(route: Route) -> None:
                """The second piece finds a server that dies under it."""
                if int(route.request.headers["upload-offset"]) > 0 and first.process.poll() is None:
                    os.kill(first.process.pid, signal.SIGKILL)
                    first.process.wait()
                route.continue_()

            context.route("**/api/v1/uploads/*", kill)
            page.get_by_label("Kirim ukuran penuh").check()
            page.locator(".camera input").set_input_files(photo)
            page.get_by_role("button", name="Nyatakan selesai").click()
            _meanwhile(page, lambda: first.process.poll() is not None)
            again = Running(Path(folder) / "home", port=first.port)
            try:
                again.until(again.ready)
                # The phone tries again by itself, in its own time.
                _meanwhile(page, lambda: row(city, task)["state"] == "done")
                expect(page.get_by_text("menunggu sinyal")).to_have_count(0)
                photos = row(city, task)["done_photos"]
                assert [p["id"] for p in photos] == [hashlib.sha256(photo.read_bytes()).hexdigest()]  # type: ignore[attr-defined]
            finally:
                again.stop()
                context.close()
        finally:
            if first.process.poll() is None:
                first.stop()
            first.close()


def _meanwhile(page: Page, holds: Callable[[], bool]) -> None:
    """Until it holds. The page's requests pass through a test's routes only while the page is waited for."""
    deadline = time.monotonic() + 2 * PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        page.wait_for_timeout(50)
