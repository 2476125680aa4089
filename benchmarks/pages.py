"""page.citizen and page.leader: the first visit over a thin line, in a real Chromium with its own throttling.

400 kbit/s, 400 ms round trip, empty cache. Bytes are what the network delivered (headers too) up to the moment that
counts: for a citizen the page being complete before any photo, for the leader the mark `hadir:picture`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from benchmarks.rows import Row, row
from benchmarks.running import Running, home_folder, post, server

ROUNDS = 7
BYTES_A_SECOND = 400_000 / 8
ROUND_TRIP_MS = 400
PHONE = {"width": 360, "height": 740}
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# Reports on the board while the leader's page loads: an evening of rain, not an empty city.
REPORTS = 200


async def run(rounds: int = ROUNDS) -> list[Row]:
    with home_folder() as home, server(home, "--demo") as hadir:
        post(hadir.port, REPORTS)
        async with chromium() as browser:
            citizen = [await _citizen(browser, hadir) for _ in range(rounds)]
            leader = [await _leader(browser, hadir) for _ in range(rounds)]
    return [
        row("page.citizen", [size for size, _ in citizen], "KB on the wire", most=30),
        row("page.citizen.usable", [seconds for _, seconds in citizen], "s", most=3),
        row("page.leader", [size for size, _ in leader], "KB on the wire", most=60),
        row("page.leader.picture", [seconds for _, seconds in leader], "s", most=3),
    ]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    program = os.environ.get("HADIR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        await browser.close()


async def _citizen(browser: Browser, hadir: Running) -> tuple[float, float]:
    """(KB, s) until the form is there with its styles and scripts."""
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page, received = await _thin(context)
    await page.goto(f"{hadir.url}/", wait_until="load")
    seconds = await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd / 1000")
    await context.close()
    return sum(received) / 1000, seconds


async def _leader(browser: Browser, hadir: Running) -> tuple[float, float]:
    """(KB, s) until areas, incidents and who is on them are drawn."""
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    await context.request.post(
        f"{hadir.url}/masuk", form={"demo_account": "pimpinan"}, headers={"origin": hadir.url}, max_redirects=0
    )
    page, received = await _thin(context)
    await page.goto(f"{hadir.url}/pimpin", wait_until="commit")
    mark = "performance.getEntriesByName('hadir:picture')[0]?.startTime"
    # Asked again and again from outside: Playwright's own waiting evaluates text in the page, which its policy forbids.
    while await page.evaluate(f"{mark} ?? null") is None:
        await asyncio.sleep(0.01)
    until = sum(received)
    seconds = await page.evaluate(f"{mark} / 1000")
    await context.close()
    return until / 1000, seconds


async def _thin(context: BrowserContext) -> tuple[Page, list[float]]:
    """A page on a thin line, and the bytes of each answer as they come in."""
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    received: list[float] = []

    def took(event: dict[str, Any]) -> None:
        received.append(event["encodedDataLength"])

    session.on("Network.responseReceived", lambda event: took(event["response"]))
    session.on("Network.dataReceived", took)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line = {"offline": False, "latency": ROUND_TRIP_MS}
    speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    await session.send("Network.emulateNetworkConditions", line | speed)
    return page, received
