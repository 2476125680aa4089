"""outbox.chaos: twenty officers work an hour's jobs behind a line that is cut a thousand times at a random byte.

They run the application's own outbox: eighteen in Node over an IndexedDB in memory, two in Chromium over the real one,
whose pages are thrown away and opened again while photos are on their way. Afterwards the journal is asked: every
command there, none twice, and the server shows each task as the phone does.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from playwright.async_api import Browser, Page

from benchmarks.cutter import Cutter, cutting
from benchmarks.officers import enlist, names
from benchmarks.outbox_jobs import WEB, Desk, Hour, applied, hour, phones, wrong
from benchmarks.pages import PHONE, chromium
from benchmarks.rows import Row, row
from benchmarks.running import home_folder, server

OFFICERS, REAL = 20, 2
TASKS = 5
CUTS = 1000
#: of the phones' photos: some 100 kB, as reduced ones have
SIDE = 330
PATIENCE_S = 600
AGENCIES = ("bpbd", "dpupr", "dlh")

PRESS = """async ([office, play, account, jobs]) => {
  const [{ openOffice }, { press }] = [await import(office), await import(play)];
  const mine = await openOffice(account, { changed: () => {}, answered: () => {}, line: () => {} });
  await press(mine, jobs);
}"""
FILES = """async () => {
  const names = await caches.keys();
  const files = names.find((name) => name.startsWith("hadir-files-"));
  return files && names.includes("hadir-pages") ? (await (await caches.open(files)).keys()).length : 0;
}"""
LEFT = """async (account) => {
  const open = indexedDB.open("hadir-box-" + account);
  const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const all = db.transaction("entries").objectStore("entries").getAll();
  const entries = await new Promise((done) => (all.onsuccess = () => done(all.result)));
  db.close();
  return entries.map((e) => e.refusal);
}"""


async def run(officers: int = OFFICERS, real: int = REAL, tasks: int = TASKS, cuts: int = CUTS) -> list[Row]:
    with home_folder() as home:
        enlist(home, officers - real)
        with server(home, "--demo") as hadir:
            desk = Desk(hadir=hadir)
            hours = _hours(desk, officers - real, real, tasks)
            tokened = {each.account: desk.token(each.account) for each in hours[: officers - real]}
            async with cutting(hadir.port, cuts, gentle=True) as line, chromium() as browser:
                async with asyncio.timeout(PATIENCE_S):
                    said = await _work(line, browser, hours, tokened)
                made = line.cuts
            differs = wrong(desk.board("operator"), hours)
        lost, doubled = applied(home, hours)
    refused = sum(len(each["refused"]) for each in said.values())
    commands = sum(len(each.jobs) for each in hours)
    return [
        row("outbox.chaos.lost", [lost], "commands", most=0, against=f"{commands} commands, {officers} officers"),
        row("outbox.chaos.doubled", [doubled], "facts", most=0),
        row("outbox.chaos.refused", [refused], "commands", most=0),
        row("outbox.chaos.differs", [differs], "tasks", most=0),
        row("outbox.chaos", [made], "cuts", least=cuts),
    ]


def _hours(desk: Desk, movers: int, real: int, tasks: int) -> list[Hour]:
    who = [(name, AGENCIES[n % 3]) for n, name in enumerate(names(movers))]
    who += [(f"petugas-{n + 1}", "bpbd") for n in range(real)]
    return [hour(desk, name, agency, tasks, seed=n + 1, side=SIDE) for n, (name, agency) in enumerate(who)]


async def _work(line: Cutter, browser: Browser, hours: list[Hour], tokened: dict[str, str]) -> dict[str, Any]:
    """All at once; ends when no phone holds anything any more."""
    url = f"http://127.0.0.1:{line.port}"
    in_node = [each for each in hours if each.account in tokened]
    pages = [(await _open(browser, url, each.account), each) for each in hours if each.account not in tokened]
    line.gentle = False
    working = [{"account": o.account, "token": tokened[o.account], "jobs": o.jobs} for o in in_node]
    in_pages = (_page(page, each) for page, each in pages)
    said, *_ = await asyncio.gather(phones({"url": url, "officers": working}), *in_pages)
    return said


async def _open(browser: Browser, url: str, account: str) -> Page:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    await context.request.post(f"{url}/masuk", form={"demo_account": account}, headers={"origin": url}, max_redirects=0)
    page = await context.new_page()
    # The tool that presses is served to the page as if it were one of its files.
    body = (WEB / "tools/play.mjs").read_text(encoding="utf-8")
    await context.route("**/play.mjs", lambda route: route.fulfill(body=body, content_type="text/javascript"))
    await page.goto(f"{url}/petugas")
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    await _kept(page)
    return page


async def _kept(page: Page) -> None:
    """The phone holds all files of its page: no more of them come. Only then may the line be cut."""
    count = before = 0
    while count == 0 or count != before:
        await asyncio.sleep(0.5)
        before, count = count, await page.evaluate(FILES)


async def _page(page: Page, each: Hour) -> None:
    manifest = json.loads((WEB / "dist/manifest.json").read_text(encoding="utf-8"))
    office = f"/assets/{manifest['src/offline/office.ts']['file']}"
    await page.evaluate(PRESS, [office, "/assets/play.mjs", each.account, each.jobs])
    here = page.url
    for _ in range(2):
        await asyncio.sleep(1)
        # As a phone does that needs the memory: the page is gone with all that ran in it.
        await page.goto("about:blank")
        await page.goto(here, wait_until="commit")
    while (left := await page.evaluate(LEFT, each.account)) != []:
        assert not any(left), left
        await asyncio.sleep(0.2)
