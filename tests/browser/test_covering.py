"""Faces and plates are covered with a brush before anybody outside sees a photo; the original stays closed."""

import io
import secrets
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from hadir.actions.covering import PAINT
from tests.actions.pictures import jpeg, scene
from tests.browser.city import City
from tests.browser.conftest import DESK, Enter
from tests.privacy.test_covering import near

pytestmark = pytest.mark.browser


def reported(page: Page, city: City) -> tuple[str, str]:
    """(report, photo) of a citizen's report with a photo."""
    form = {
        "command_id": secrets.token_hex(12),
        "text": "Air selutut di gang",
        "area": "35.72.03.1002",
        "same": "lain",
        "photo": {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": jpeg(scene(3))},
    }
    sent = page.request.post(
        f"{city.url}/lapor", multipart=form, headers={"accept": "application/json", "origin": city.url}
    )  # type: ignore[arg-type]
    assert sent.status == 201, sent.text()
    city.until("operator", lambda board: any(r["photos"] for r in board["reports"]))
    report = next(r for r in city.board("operator")["reports"] if r["photos"])
    return report["id"], report["photos"][0]["id"]


def test_what_is_painted_over_is_painted_over_in_the_copy_for_the_public(
    enter: Enter, city: City, axe: Callable[[Page], list[str]]
) -> None:
    desk = enter("operator", "/pusat", DESK)
    report, photo = reported(desk, city)
    desk.locator("[data-row]", has_text="Air selutut di gang").first.click()
    desk.get_by_role("button", name="Tutup wajah dan pelat").first.click()
    canvas = desk.get_by_role("application")
    expect(canvas).to_be_visible()
    # Only with its picture has the canvas the size that it keeps.
    expect(canvas.locator("xpath=../img")).not_to_have_js_property("naturalWidth", 0)
    desk.get_by_role("button", name="Kuas").click()
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.5
    desk.mouse.move(x, y)
    desk.mouse.down()
    desk.mouse.move(x + box["width"] * 0.4, y, steps=8)
    desk.mouse.up()
    assert axe(desk) == []
    desk.get_by_role("button", name="Boleh tampil untuk umum").click()
    expect(canvas).to_have_count(0)
    incident = city.send("operator", "incidents", report_id=report)["incident_id"]
    copy = f"{city.url}/foto/{incident}/{photo}"
    city.until("operator", lambda _: desk.request.get(copy).status == 200)
    with Image.open(io.BytesIO(desk.request.get(copy).body())) as picture:
        width, height = picture.size
        for across in (0.22, 0.4, 0.58):
            assert near(picture.getpixel((round(across * width), round(0.5 * height))), PAINT)
        assert not near(picture.getpixel((round(0.4 * width), round(0.9 * height))), PAINT)
