"""page.officer: `/petugas`, signed in, on the first visit of an empty browser; then the same page without any line.

Bytes are all that the server sent, headers too, counted by a proxy between: until the job can be worked and a press
would be kept (its outbox is there). `page.officer.kept` goes on until everything is kept for a visit without a line:
the service worker's own code and requests, the forms that are opened later. No line is made thin here.
"""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from benchmarks.cutter import Cutter, cutting
from benchmarks.outbox_jobs import Desk
from benchmarks.pages import PHONE, chromium
from benchmarks.rows import Row, row
from benchmarks.running import home_folder, post, server

ROUNDS = 5
REPORTS = 200
OFFICER = "petugas-1"
OUTBOX = "performance.getEntriesByType('resource').some((e) => e.name.includes('/office-') && e.responseEnd > 0)"
#: of the service worker's caches and the picture in the page's database
KEPT = """async () => {
  const names = await caches.keys();
  // To open it before the page has would make an empty one.
  if (!(await indexedDB.databases()).some(({ name }) => name === "hadir-box-petugas-1")) return 0;
  const open = indexedDB.open("hadir-box-petugas-1");
  const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const count = db.transaction("pictures").objectStore("pictures").count();
  const pictures = await new Promise((done) => (count.onsuccess = () => done(count.result)));
  db.close();
  const files = names.find((name) => name.startsWith("hadir-files-"));
  const kept = files ? (await (await caches.open(files)).keys()).length : 0;
  return names.includes("hadir-pages") && pictures > 0 ? kept : 0;
}"""


async def run(rounds: int = ROUNDS) -> list[Row]:
    with home_folder() as home, server(home, "--demo") as hadir:
        post(hadir.port, REPORTS)
        task, _ = Desk(hadir=hadir).assigned(OFFICER, "bpbd", 1)
        async with chromium() as browser, cutting(hadir.port, 0, gentle=True) as line:
            seen = [await _visit(browser, line) for _ in range(rounds)]
    return [
        row("page.officer", [size / 1000 for size, _, _ in seen], "KB on the wire", most=80),
        row("page.officer.kept", [size / 1000 for _, size, _ in seen], "KB on the wire"),
        row("page.officer.offline", [float(there) for *_, there in seen], "opens offline", least=1, against=task[-5:]),
    ]


async def _visit(browser: Browser, line: Cutter) -> tuple[int, int, bool]:
    """(bytes until usable, bytes until all is kept, did the job stand there without a line)."""
    url = f"http://127.0.0.1:{line.port}"
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    await context.request.post(f"{url}/masuk", form={"demo_account": OFFICER}, headers={"origin": url}, max_redirects=0)
    page = await context.new_page()
    before = line.carried
    await page.goto(f"{url}/petugas")
    await page.get_by_role("button", name="TERIMA").wait_for()
    while not await page.evaluate(OUTBOX):
        await asyncio.sleep(0.01)
    usable = line.carried - before
    await _settled(page)
    size = line.carried - before
    await context.set_offline(True)
    await page.reload(wait_until="commit")
    there = await _stands(page)
    await context.close()
    return usable, size, there


async def _settled(page: Page) -> None:
    """Until the number of kept files has been the same for a while: then all are there."""
    kept, same = 0, 0
    while kept == 0 or same < 5:
        await asyncio.sleep(0.2)
        now = await page.evaluate(KEPT)
        same = same + 1 if now == kept else 0
        kept = now


async def _stands(page: Page) -> bool:
    try:
        await page.get_by_text("Pekerjaan 1").wait_for(timeout=15_000)
        await page.get_by_role("button", name="TERIMA").click(timeout=5_000)
        await page.get_by_text("menunggu sinyal").first.wait_for(timeout=5_000)
    except PlaywrightTimeout:
        return False
    return True
