"""Merge and split at the command centre: by keyboard and by pointer, undone, and told on the card."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser
Axe = Callable[[Page], list[str]]

# Two reports of one flood some metres apart, and a tree elsewhere: kelurahan that no other flood of this file is in.
HERE, BESIDE, FAR = (-8.0990, 112.1800), (-8.0996, 112.1803), (-8.0781, 112.1929)


def panel(page: Page):
    return page.get_by_role("region", name="Yang dipilih")


def show(page: Page, incident: str) -> None:
    """Chosen by the palette, as somebody does who knows its last letters."""
    page.keyboard.press("/")
    page.locator("[role=combobox]").fill(incident[-5:])
    page.get_by_role("option").filter(has_text=incident[-5:]).first.click()
    expect(panel(page)).to_contain_text(incident[-5:])


def belongs(city: City, reports: set[str], incident: str) -> None:
    city.until("operator", lambda b: {r["id"] for r in b["reports"] if r["incident"] == incident} == reports)


@pytest.fixture
def operator(enter: Enter) -> Page:
    page = enter("operator", "/pusat", DESK)
    page.get_by_text("langsung").wait_for()
    return page


def pair(city: City, text: str) -> tuple[str, str, str, str]:
    """Two incidents of the same thing: ids of the incidents and of their reports."""
    one, two = city.report(text, *HERE), city.report(f"{text}, makin tinggi", *BESIDE)
    stays = str(city.send("operator", "incidents", report_id=one)["incident_id"])
    goes = str(city.send("operator", "incidents", report_id=two)["incident_id"])
    return stays, goes, one, two


def test_two_incidents_become_one_by_keyboard_and_two_again(operator: Page, city: City, axe: Axe) -> None:
    stays, goes, one, two = pair(city, "Banjir selutut di gang Melati belakang pasar")
    task = city.task(goes, "bpbd", "Bawa pompa")
    show(operator, stays)
    expect(panel(operator)).to_contain_text(f"· {goes[-5:]}:")
    expect(panel(operator)).to_contain_text("jenis sama")

    operator.keyboard.press("b")
    form = operator.get_by_role("form", name="Gabungkan")
    expect(form).to_contain_text("mungkin sama")
    assert not axe(operator)
    operator.keyboard.press("1")
    expect(form.get_by_role("checkbox").first).to_be_checked()
    operator.keyboard.press("Enter")
    expect(operator.get_by_text("Digabung: satu kejadian")).to_be_visible()
    belongs(city, {one, two}, stays)
    expect(panel(operator)).to_contain_text("Digabung ke sini:")
    expect(panel(operator)).to_contain_text("Bawa pompa")
    expect(panel(operator)).to_contain_text(f"Kejadian {goes[-5:]} digabung ke sini")

    # Nothing slow before: it is offered for eight seconds.
    operator.get_by_role("button", name="Urungkan").click()
    belongs(city, {two}, goes)
    city.until("operator", lambda b: any(t["id"] == task and t["incident"] == goes for t in b["tasks"]))
    expect(panel(operator)).not_to_contain_text("Digabung ke sini:")


def test_reports_are_split_off_by_pointer_and_put_back_from_the_card(operator: Page, city: City, axe: Axe) -> None:
    flood, tree = city.report("Banjir di perempatan", *HERE), city.report("Pohon tumbang di perempatan", *HERE)
    old = str(city.send("operator", "incidents", report_id=flood)["incident_id"])
    city.send("operator", f"reports/{tree}/join", incident_id=old)
    show(operator, old)
    panel(operator).get_by_role("button", name="Pisahkan").click()
    form = operator.get_by_role("form", name="Pisahkan")
    for each in form.get_by_role("checkbox").all():
        each.check()
    expect(form.get_by_role("status")).to_have_text("Semua ditandai: sisakan paling sedikit satu.")
    form.get_by_role("checkbox", name="Banjir di perempatan").uncheck()
    assert not axe(operator)
    form.get_by_role("button", name="Pisahkan 1 laporan").click()
    expect(operator.get_by_text("Dipisah: kejadian baru dibuat")).to_be_visible()
    belongs(city, {flood}, old)
    new = next(r["incident"] for r in city.board("operator")["reports"] if r["id"] == tree)

    show(operator, new)
    expect(panel(operator)).to_contain_text(f"Dipisah dari kejadian {old[-5:]}")
    panel(operator).get_by_role("button", name="Satukan kembali").click()
    belongs(city, {flood, tree}, old)
    expect(panel(operator)).to_contain_text(old[-5:])


def test_who_has_a_merged_incident_open_goes_on_with_the_one(operator: Page, city: City, axe: Axe) -> None:
    stays, goes, *_ = pair(city, "Banjir di gang Kenanga")
    show(operator, goes)
    city.send("operator-2", f"incidents/{stays}/merge", incidents=[{"id": goes}])
    expect(panel(operator)).to_contain_text("Digabung ke sini:")
    expect(panel(operator)).to_contain_text(stays[-5:])
    assert not axe(operator)


def test_a_refusal_says_what_has_changed(enter: Enter, city: City) -> None:
    operator = enter("operator", "/pusat", DESK, broken=True)
    operator.get_by_text("langsung").wait_for()
    stays, goes, *_ = pair(city, "Banjir di gang Anggrek")
    show(operator, stays)
    operator.keyboard.press("b")
    form = operator.get_by_role("form", name="Gabungkan")
    form.get_by_role("checkbox", name=goes[-5:]).check()

    def meanwhile(route: Route) -> None:
        """Somebody else writes on it while the press is on its way."""
        city.send("operator-2", f"incidents/{goes}/note", text="ternyata lain")
        route.continue_()

    operator.route("**/merge", meanwhile)
    form.get_by_role("button", name="Gabungkan (1)").click()
    said = f"Kejadian {goes[-5:]} berubah sejak Anda melihatnya. Lihat lagi, lalu putuskan."
    expect(operator.get_by_text(said).first).to_be_visible()


def test_on_a_phone_it_fits(enter: Enter, city: City, axe: Axe) -> None:
    stays, *_ = pair(city, "Banjir di gang Dahlia")
    page = enter("operator", "/pusat", PHONE)
    page.get_by_text("langsung").wait_for()
    show(page, stays)
    page.get_by_role("button", name="Gabungkan").first.click()
    page.get_by_role("form", name="Gabungkan").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not axe(page)
