"""«Bunyikan HP ini» as people see it. Chromium without a screen cannot subscribe: its push manager is stood in for."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, Enter

pytestmark = pytest.mark.browser

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
#: a browser that asks nobody, and whose subscription is a real point on P-256
STAND_IN = """
  Object.defineProperty(Notification, "permission", { get: () => window.allowed ?? "default" });
  Notification.requestPermission = async () => (window.allowed = window.answer ?? "granted");
  let made = null;
  PushManager.prototype.getSubscription = async () => made;
  PushManager.prototype.subscribe = async (options) => {
    if (options.applicationServerKey.byteLength !== 65 || !options.userVisibleOnly) throw new Error("not as asked");
    const pair = await crypto.subtle.generateKey({name: "ECDH", namedCurve: "P-256"}, true, ["deriveBits"]);
    const text = (bytes) => btoa(String.fromCharCode(...bytes))
      .replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=/g, "");
    const point = text(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
    const endpoint = `https://push.example/${crypto.randomUUID()}`;
    const keys = { p256dh: point, auth: text(crypto.getRandomValues(new Uint8Array(16))) };
    const unsubscribe = async () => ((made = null), true);
    made = { endpoint, toJSON: () => ({ endpoint, expirationTime: null, keys }), unsubscribe };
    return made;
  };
"""


def menu(page: Page) -> None:
    page.get_by_label("Menu", exact=True).click()


def test_the_phone_is_told_to_ring_and_to_be_silent_again(enter: Enter, city: City) -> None:
    officer = enter("petugas-1", "/petugas")
    officer.add_init_script(STAND_IN)
    officer.reload()
    menu(officer)
    with officer.expect_response("**/api/v1/push/subscriptions") as answer:
        officer.get_by_role("button", name="Bunyikan HP ini").click()
    assert answer.value.status == 201
    expect(officer.get_by_text("HP ini berbunyi untuk Anda.")).to_be_visible()
    with officer.expect_response("**/api/v1/push/subscriptions") as answer:
        officer.get_by_role("button", name="Diamkan HP ini").click()
    assert (answer.value.request.method, answer.value.status) == ("DELETE", 200)
    expect(officer.get_by_role("button", name="Bunyikan HP ini")).to_be_visible()


def test_who_signs_out_is_asked_whether_the_phone_is_to_be_silent(enter: Enter, city: City) -> None:
    # His session may end a moment before his page does, and what that asks for meanwhile is refused.
    leader = enter("pimpinan", "/pimpin", broken=True)
    leader.add_init_script(STAND_IN)
    leader.reload()
    menu(leader)
    leader.get_by_role("button", name="Bunyikan HP ini").click()
    expect(leader.get_by_text("HP ini berbunyi untuk Anda.")).to_be_visible()
    leader.evaluate("document.querySelector('details').open = false")
    menu(leader)
    expect(leader.get_by_label("Diamkan juga HP ini")).to_be_checked()
    with leader.expect_response("**/api/v1/push/subscriptions") as answer:
        leader.get_by_role("button", name="Keluar").click()
    assert answer.value.request.method == "DELETE"
    expect(leader).to_have_url(f"{city.url}/masuk")


def test_a_no_is_explained(enter: Enter, city: City) -> None:
    officer = enter("petugas-1", "/petugas")
    officer.add_init_script(STAND_IN + "window.answer = 'denied';")
    officer.reload()
    menu(officer)
    officer.get_by_role("button", name="Bunyikan HP ini").click()
    expect(officer.get_by_text("Peramban melarang pemberitahuan dari Hadir.")).to_be_visible()
    expect(officer.get_by_text("Tekan gembok di samping alamat")).to_be_visible()


def test_a_dead_line_is_said_and_can_be_tried_again(enter: Enter, city: City) -> None:
    officer = enter("petugas-1", "/petugas", broken=True)
    officer.add_init_script(STAND_IN)
    officer.reload()

    def cut(route: Route) -> None:
        route.abort()

    officer.route("**/api/v1/push/key", cut)
    menu(officer)
    officer.get_by_role("button", name="Bunyikan HP ini").click()
    expect(officer.get_by_text("Belum berhasil.")).to_be_visible()
    officer.unroute("**/api/v1/push/key", cut)
    officer.get_by_role("button", name="Bunyikan HP ini").click()
    expect(officer.get_by_text("HP ini berbunyi untuk Anda.")).to_be_visible()


def test_an_iphone_is_led_to_its_home_screen(enter: Enter, city: City, axe: Callable[[Page], list[str]]) -> None:
    officer = enter("petugas-1", "/petugas", user_agent=IPHONE)
    menu(officer)
    expect(officer.get_by_text("iPhone hanya berbunyi bila Hadir ada di Layar Utama.")).to_be_visible()
    steps = officer.locator("section[aria-label='Bunyi di HP ini'] li")
    expect(steps).to_have_count(4)
    expect(steps.first).to_contain_text("Bagikan")
    assert axe(officer) == []


def test_the_operator_sees_how_an_order_was_brought(enter: Enter, city: City) -> None:
    """Nobody of this city has a phone that rings or a number: that too is said."""
    incident = city.incident("Air setinggi lutut di gang", -8.127443, 112.163483)
    order = {"incident_id": incident, "to": "petugas-2", "action": "check", "within_min": 60, "text": ""}
    city.send("operator", "orders", **order)
    desk = enter("operator", "/pusat", DESK)
    chosen = desk.get_by_role("region", name="Yang dipilih")
    chosen.get_by_role("button", name="Banjir – Klampok").click()
    expect(desk.get_by_text("Cara disampaikan")).to_be_visible()
    expect(desk.get_by_text("Belum ada cara untuk menjangkau orang ini.")).to_be_visible()
