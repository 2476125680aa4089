"""page.citizen_64k: a citizen's report over the thinnest line, 64 kbit/s and 400 ms round trip, in a real Chromium.

Three times of one visit with an empty cache: the page is complete; from «Kirim» to the 201 of the words; from there
until the photo that followed in pieces stands on the report. The photo is a made-up picture of 6 million pixels; the
page makes it as small as it finds the line to be. At the end all are counted: each one once, with its photo.
"""

from __future__ import annotations

import asyncio
import io
import json
import random
import time
from typing import Any

from PIL import Image, ImageFilter
from playwright.async_api import Browser, Page, Request

from benchmarks.pages import PHONE, chromium
from benchmarks.rows import Row, row
from benchmarks.running import Running, home_folder, post, server

ROUNDS = 3
BYTES_A_SECOND = 64_000 / 8
ROUND_TRIP_MS = 400
REPORTS = 200
#: what is waited for a photo before a round counts as lost
PATIENCE_S = 60.0


async def run(rounds: int = ROUNDS) -> list[Row]:
    picture = scene()
    with home_folder() as home, server(home, "--demo") as hadir:
        post(hadir.port, REPORTS)
        async with chromium() as browser:
            seen = [await _report(browser, hadir, picture, number) for number in range(rounds)]
            arrived = await _arrived(browser, hadir)
    return [
        row("page.citizen_64k", [usable for usable, _, _ in seen], "s until usable", most=6),
        row("page.citizen_64k.words", [words for _, words, _ in seen], "s from «Kirim» to 201", most=2),
        row("page.citizen_64k.photo", [photo for _, _, photo in seen], "s more for the photo", most=15),
        row("page.citizen_64k.once", [arrived / rounds], "reports with a photo for each sent", least=1, most=1),
    ]


def scene() -> bytes:
    """A JPEG like a phone's of a street: sky, walls, edges, and the noise of a small sensor. Always the same."""
    dice = random.Random(7)
    picture = Image.linear_gradient("L").resize((3000, 2000)).convert("RGB")
    for _ in range(400):
        size = dice.randrange(20, 400), dice.randrange(20, 400)
        colour = tuple(dice.randrange(256) for _ in range(3))
        picture.paste(colour, (x := dice.randrange(3000), y := dice.randrange(2000), x + size[0], y + size[1]))
    noise = Image.effect_noise((3000, 2000), 24).convert("RGB")
    out = io.BytesIO()
    Image.blend(picture.filter(ImageFilter.GaussianBlur(1)), noise, 0.15).save(out, "JPEG", quality=92)
    return out.getvalue()


async def _report(browser: Browser, hadir: Running, picture: bytes, number: int) -> tuple[float, float, float]:
    """(s until usable, s until the words are acknowledged, s more until the photo is)."""
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    await _thin(page)
    done = _watch(page)
    await page.goto(f"{hadir.url}/", wait_until="load", timeout=60_000)
    usable = await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd / 1000")
    await page.fill("#text", f"Bench {number}: air selutut di gang, RT 2 RW 1")
    await page.select_option("#area", index=5)
    photo = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": picture}
    await page.set_input_files("#photo", files=[photo])  # type: ignore[list-item]
    await page.wait_for_selector("#photo-shown canvas:visible", timeout=30_000)
    pressed = time.monotonic()
    await page.click("#kirim")
    words = await asyncio.wait_for(done["/lapor"], PATIENCE_S)
    whole = await asyncio.wait_for(done["/lapor/susulan"], PATIENCE_S)
    await context.close()
    return usable, words - pressed, whole - words


def _watch(page: Page) -> dict[str, asyncio.Future[float]]:
    """When the answers to these came in."""
    done = {path: asyncio.get_running_loop().create_future() for path in ("/lapor", "/lapor/susulan")}

    def finished(request: Request) -> None:
        path = "/" + request.url.split("/", 3)[3].partition("?")[0]
        if path in done and not done[path].done():
            done[path].set_result(time.monotonic())

    page.on("requestfinished", finished)
    return done


async def _thin(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": False})
    line: dict[str, Any] = {"offline": False, "latency": ROUND_TRIP_MS}
    speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    await session.send("Network.emulateNetworkConditions", line | speed)


async def _arrived(browser: Browser, hadir: Running) -> int:
    """How many of the reports stand on the operator's board with one photo each."""
    context = await browser.new_context()
    await context.request.post(
        f"{hadir.url}/masuk", form={"demo_account": "operator"}, headers={"origin": hadir.url}, max_redirects=0
    )
    told = json.loads(await (await context.request.get(f"{hadir.url}/api/v1/board")).text())
    await context.close()
    ours = [report for report in told["board"]["reports"] if report["text"].startswith("Bench ")]
    return sum(len(report["photos"]) == 1 for report in ours)
