"""What a reporter says after the end stands in the queue of the agency that did the work, until read or reopened."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.city import City
from tests.browser.conftest import DESK, PHONE, Enter
from tests.browser.test_after import Axe, reported, worked

pytestmark = pytest.mark.browser


def closed(city: City, page: Page) -> tuple[str, str, str]:
    """(report, its page, incident): work done and seen, the reporter says «sudah», the incident is closed."""
    report, path = reported(city, page)
    incident = city.send("operator", "incidents", report_id=report)["incident_id"]
    worked(city, incident)
    city.becomes("operator", "reports", report, state="asked")
    answer: dict[str, str | float | bool] = {"command_id": f"sudah-{report}", "solved": "yes"}
    page.request.post(f"{city.url}{path}/jawab", form=answer, headers={"origin": city.url})
    city.until("operator", lambda board: not any(i["id"] == incident for i in board["incidents"]))
    return report, path, incident


def says(city: City, page: Page, path: str, text: str) -> None:
    form: dict[str, str | float | bool] = {
        "command_id": f"susulan-{text.replace(' ', '-').replace(',', '')}",
        "text": text,
    }
    sent = page.request.post(f"{city.url}{path}/susulan", form=form, headers={"origin": city.url})
    assert sent.ok


@pytest.fixture
def citizen(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_it_stands_in_the_agency_s_queue_until_it_is_read_or_opened_again(
    city: City, citizen: Page, enter: Enter, axe: Axe, size: dict[str, int], scheme: str
) -> None:
    report, path, incident = closed(city, citizen)
    desk = enter("opd-bpbd", "/opd", size, color_scheme=scheme)
    expect(desk.get_by_role("heading", name="Petugas saya")).to_be_visible()
    says(city, citizen, path, f"Air masuk lagi, {scheme}")
    row = desk.get_by_role("button", name=f"Air masuk lagi, {scheme}")
    expect(row).to_contain_text("1 kabar baru")
    expect(desk.get_by_text("Kabar setelah selesai")).to_be_visible()
    row.click()
    expect(desk.get_by_text("Kejadiannya sudah ditutup")).to_be_visible()
    assert axe(desk) == []
    desk.get_by_role("button", name="Tanya pelapor").click()
    desk.get_by_label("Pertanyaan untuk pelapor").fill("Setinggi apa?")
    desk.get_by_role("button", name="Kirim pertanyaan").click()
    city.until("opd-bpbd", lambda board: report not in {r["id"] for r in board["reports"]})
    expect(row).to_have_count(0)
    says(city, citizen, path, f"Selutut, {scheme}")
    # The address still names the report: its answer opens it again.
    expect(desk.get_by_role("main")).to_contain_text(f"Selutut, {scheme}")
    desk.get_by_role("button", name="Buka kembali").click()
    desk.get_by_role("button", name="Masalahnya kembali").click()
    desk.get_by_role("button", name="Buka kembali").click()
    city.becomes("operator", "incidents", incident, state="open")
    story = citizen.request.get(
        f"{city.url}/api/v1/incidents/{incident}/timeline",
        headers={"cookie": f"hadir_session={city.sign_in('operator')}"},
    )
    kinds = [item["kind"] for item in json.loads(story.text())["items"]]
    assert kinds.count("report.followed_up") == 2 and kinds.count("incident.reopened") == 1


def test_another_agency_does_not_read_it_and_may_not_open_it_again(city: City, citizen: Page) -> None:
    report, path, incident = closed(city, citizen)
    says(city, citizen, path, "Terima kasih")
    city.becomes("operator", "reports", report, state="confirmed")
    assert report in {r["id"] for r in city.board("opd-bpbd")["reports"]}
    assert report not in {r["id"] for r in city.board("opd-dpupr")["reports"]}
    with pytest.raises(Exception, match="403"):
        city.send("opd-dpupr", f"incidents/{incident}/reopen", reason="x")
    city.send("opd-bpbd", f"reports/{report}/hear")
    assert report not in {r["id"] for r in city.board("opd-bpbd")["reports"]}
    assert report in {r["id"] for r in city.board("operator")["reports"]}
