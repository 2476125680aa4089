"""order.latency: an order given → in the DOM of the officer's Chromium, with 1,000 other streams and 50 facts/s.

From just before the commander's bytes leave to the moment at which a MutationObserver in the officer's page sees the
order's words; one machine, one clock. The other streams see all, as the command centre does, so every fact and every
order is written to each of them as well. Each order is taken back when it was seen, so that the page stays a page.
"""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from playwright.async_api import Page

from benchmarks.live_fanout import readers, token
from benchmarks.live_latency import PER_SECOND
from benchmarks.pages import PHONE, chromium
from benchmarks.rows import Row, kept_up, percentile, row
from benchmarks.running import Running, bodies, home_folder, server

ROUNDS = 7
STREAMS = 1000
SECONDS = 6
MOST_MS = 250.0
OFFICER, AREA = "petugas-1", "35.72.03.1002"
# A breath between an order that is gone and the next: one person may press ten times a second, and each is two presses.
PAUSE_S = 0.25
PATIENCE_S = 10.0

# Looks only at what was added; notes the wall's time of the first sight of each order's words.
WATCH = """
globalThis.hadirSeen = {};
new MutationObserver((changes) => {
  const now = performance.timeOrigin + performance.now();
  for (const change of changes) for (const node of [change.target, ...change.addedNodes]) {
    if (node === change.target && change.type !== "characterData") continue;
    for (const [word] of (node.textContent ?? "").matchAll(/latensi-[0-9]+-/g)) globalThis.hadirSeen[word] ??= now;
  }
}).observe(document, { childList: true, characterData: true, subtree: true });
"""


async def run(rounds: int = ROUNDS, streams: int = STREAMS, seconds: float = SECONDS) -> list[Row]:
    with home_folder() as home, server(home, "--demo") as hadir, readers(hadir.port, streams, token(hadir)) as crowd:
        leader = Leader(hadir)
        async with chromium() as browser:
            context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
            await context.request.post(
                f"{hadir.url}/masuk", form={"demo_account": OFFICER}, headers={"origin": hadir.url}, max_redirects=0
            )
            page = await context.new_page()
            await page.add_init_script(WATCH)
            await page.goto(f"{hadir.url}/petugas")
            measured = []
            for _ in range(rounds + 1):
                crowd.say(f"gather {seconds + 1}")
                times = await _round(page, leader, hadir.port, seconds)
                # In a thread: the page's own messages are read meanwhile.
                measured.append((times, json.loads(await asyncio.to_thread(crowd.hear))))
    kept = [times for times, crowd_said in measured[1:] if kept_up(crowd_said["cpu"])]
    if len(kept) < min(7, rounds):
        raise RuntimeError(f"only {len(kept)} rounds of {rounds} in which the readers kept up")
    return [
        row("order.latency", [percentile(times, 0.99) for times in kept], "ms, p99", most=MOST_MS),
        row("order.latency.median", [percentile(times, 0.5) for times in kept], "ms, p50"),
        row("order.latency.orders", [len(times) for times in kept], "orders a round"),
    ]


async def _round(page: Page, leader: Leader, port: int, seconds: float) -> list[float]:
    """Milliseconds of each order given while the facts drip."""
    times = []
    with dripping(port, int(PER_SECOND * seconds)) as drip:
        while drip.poll() is None:
            given, id, word = await asyncio.to_thread(leader.give)
            times.append((await _seen(page, word) - given) * 1000)
            await asyncio.to_thread(leader.cancel, id)
            await asyncio.sleep(PAUSE_S)
    return times


async def _seen(page: Page, word: str) -> float:
    """When the page had it, in epoch seconds. Asked from outside: its policy forbids Playwright's own waiting."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        at = await page.evaluate("(word) => globalThis.hadirSeen[word] ?? null", word)
        if at is not None:
            return at / 1000
        await asyncio.sleep(0.01)
    raise RuntimeError(f"the order {word} never came to the page")


@contextmanager
def dripping(port: int, count: int) -> Iterator[subprocess.Popen[bytes]]:
    """Reports at an even pace from a process of its own, each one fact."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(b"\n".join(bodies()[1:5]))
        file.flush()
        command = [sys.executable, "-m", "benchmarks.live_latency", "drip", str(port), file.name, str(count)]
        with subprocess.Popen(command) as process:
            yield process
        if process.returncode:
            raise RuntimeError("the drip of facts has failed")


class Leader:
    """Gives orders over one persistent connection."""

    def __init__(self, hadir: Running) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", hadir.port, timeout=20)
        self._numbers = itertools.count(1)
        place = {"how": "list", "area": AREA}
        operator = token(hadir)
        self._incident = self._post("incidents", operator, category="flood", place=place)["id"]
        self._token = token(hadir, "pimpinan")

    def _post(self, path: str, bearer: str, **body: object) -> dict:
        number = next(self._numbers)
        data = json.dumps({"command_id": f"order-latency-{number:08d}", **body})
        headers = {"content-type": "application/json", "authorization": f"Bearer {bearer}"}
        self._link.request("POST", f"/api/v1/{path}", data, headers)
        answer = self._link.getresponse()
        told = json.loads(answer.read())
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {told}")
        return told

    def give(self) -> tuple[float, str, str]:
        """(epoch seconds before the first byte, the order, the words to look for)."""
        word = f"latensi-{next(self._numbers)}-"
        said = {"to": OFFICER, "action": "check", "within_min": 30, "text": word}
        began = datetime.now(UTC).timestamp()
        return began, self._post("orders", self._token, incident_id=self._incident, **said)["id"], word

    def cancel(self, id: str) -> None:
        self._post(f"orders/{id}/cancel", self._token, reason="terukur")


if __name__ == "__main__":
    for each in asyncio.run(run(*(int(n) for n in sys.argv[1:]))):
        print(each)
