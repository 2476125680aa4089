"""Take the pictures of the docs from the simulated hour: `make pictures`, about three minutes, needs a Chromium.

A demo of its own (temporary home, free port) plays half of the hour; nothing real and nothing replayed can be on them.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from hadir.outside.client import Client

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs/pictures"
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE, DESK, WALL = (360, 740), (1440, 900), (1920, 1080)
#: by then all scenes have begun, officers are on the way and one has finished
MINUTES, SPEED = 34, 20
#: the leader's order, and what the officer says back
ORDER = {"action": "check", "within_min": 30}
MOST_BYTES = 250_000


class Told(NamedTuple):
    """The order on the pictures: its id, who has it, and the title of its incident."""

    order: str
    to: str
    incident: str


def main() -> None:
    with demo() as url:
        command = [sys.executable, "-m", "hadir", "simulate", "--url", url, "--speed", str(SPEED)]
        subprocess.run([*command, "--minutes", str(MINUTES)], check=True)
        told = asyncio.run(an_order(url))
        OUT.mkdir(exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
            take(browser, url, told)
            browser.close()
    phones = [Image.open(OUT / f"{name}.png").convert("RGB") for name in ("citizen", "pimpin", "petugas")]
    keep("phones", side_by_side(phones))


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("HADIR_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return found or sys.exit("pictures: no Chromium on this machine; HADIR_CHROMIUM names one.")


@contextmanager
def demo() -> Iterator[str]:
    """A running demo of its own; gone without a trace afterwards."""
    home = Path(tempfile.mkdtemp(prefix="hadir-pictures-"))
    # Root's database runs as another user; into a folder closed to it the data would not go.
    home.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "hadir", "run", "--home", home / "home", "--port", str(port), "--demo"]
    program = subprocess.Popen(command)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        program.terminate()
        program.wait(30)
        shutil.rmtree(home, ignore_errors=True)


async def an_order(url: str) -> Told:
    """The leader orders the officer who is at a flood, who says it back."""
    async with Client(url) as leader, Client(url) as officer:
        await leader.sign_in_demo("pimpinan")
        board = (await leader.get("/api/v1/board"))["board"]
        there = next(i for i in board["incidents"] if i["officers"] and i["flood"])
        to, area = there["officers"][0], there["place"]["area"]
        place = {"how": "list", "area": area}
        body = {"command_id": "pictures-order", "incident_id": there["id"], "to": to, "place": place, "text": ""}
        order = str((await leader.command("/api/v1/orders", body | ORDER)).body["id"])
        await officer.sign_in_demo(to)
        now = datetime.now(UTC).isoformat()
        for verb, more in (("deliver", {}), ("see", {}), ("read-back", {"area": area} | ORDER)):
            said = {"command_id": f"pictures-{verb}", "device_at": now, **more}
            await officer.command(f"/api/v1/orders/{order}/{verb}", said)
        return Told(order, to, there["title"])


def take(browser: Browser, url: str, told: Told) -> None:
    pusat = page(browser, url, "operator", "/pusat", DESK)
    pusat.get_by_role("region", name="Yang dipilih").get_by_text(told.incident).first.click()
    shoot("pusat", pusat)
    shoot("wall", page(browser, url, "operator", "/pusat/dinding", WALL))
    shoot("opd", page(browser, url, "opd-dlh", "/opd", DESK, press="j"))
    shoot("pimpin", page(browser, url, "pimpinan", f"/pimpin#/order/{told.order}", PHONE))
    shoot("petugas", page(browser, url, told.to, "/petugas", PHONE))
    shoot("citizen", page(browser, url, None, "/", PHONE))
    shoot("peta", page(browser, url, None, "/peta", PHONE))


def page(browser: Browser, url: str, account: str | None, path: str, size: tuple[int, int], press: str = "") -> Page:
    touch = size == PHONE
    view = ViewportSize(width=size[0], height=size[1])
    context = browser.new_context(viewport=view, has_touch=touch, is_mobile=touch, device_scale_factor=1)
    if account:
        context.request.post(f"{url}/masuk", form={"demo_account": account}, headers={"origin": url})
    shown = context.new_page()
    shown.goto(url + path)
    if press:
        shown.get_by_text("langsung").wait_for()
        shown.keyboard.press(press)
    return shown


def shoot(name: str, shown: Page) -> None:
    """The page when it has come to rest: nothing on the line, the map drawn."""
    shown.wait_for_timeout(2500)
    keep(name, Image.open(BytesIO(shown.screenshot())))
    shown.context.close()


def side_by_side(phones: list[Image.Image], gap: int = 24) -> Image.Image:
    wide = sum(p.width for p in phones) + gap * (len(phones) + 1)
    sheet = Image.new("RGB", (wide, phones[0].height + 2 * gap), "#c9cdcc")
    left = gap
    for phone in phones:
        sheet.paste(phone, (left, gap))
        left += phone.width + gap
    return sheet


def keep(name: str, picture: Image.Image) -> None:
    """As a palette: half the bytes, and nobody sees it."""
    data = BytesIO()
    picture.convert("RGB").quantize(colors=160, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
    if len(data.getvalue()) > MOST_BYTES:
        raise SystemExit(f"pictures: {name}.png has {len(data.getvalue())} bytes, {MOST_BYTES} are the most.")
    (OUT / f"{name}.png").write_bytes(data.getvalue())
    print(f"pictures: docs/pictures/{name}.png, {len(data.getvalue()) // 1024} KB", flush=True)


if __name__ == "__main__":
    main()
