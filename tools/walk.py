"""Take the pictures of docs/walk.md: one evening at Plosokerep, from the first report to «selesai». About two minutes.

`make walk`, needs a Chromium. A demo of its own (temporary home, free port) plays the simulated hour's citizens and
patrols; the people of the story press the keys of their own pages. Nothing real can be on the pictures.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from io import BytesIO

from pictures import DESK, PHONE, QUIET, ROOT, WALL, chromium, demo
from PIL import Image
from playwright.async_api import (
    Browser,
    FilePayload,
    Geolocation,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
)

from hadir.outside.client import Client
from hadir.outside.pictures import picture
from hadir.outside.scenario import Moment, Position, Work, load, moments
from hadir.outside.simulate import INTEGRATOR, Player

OUT = ROOT / "docs/pictures/walk"
SCENARIO = ROOT / "cities/blitar/simulation.toml"
#: the pictures in the order of the page
PICTURES = (
    "01-report",
    "02-queue",
    "03-incident",
    "04-leader",
    "05-order",
    "06-read-back",
    "07-confirmed",
    "08-on-scene",
    "09-wall",
    "10-done",
    "11-citizen",
    "12-timeline",
)
SCENE, AREA, OFFICER = "plosokerep", "35.72.03.1002", "petugas-1"
#: the lane, and where the officer is when he gets the order; how exact a phone is there
LANE = Geolocation(latitude=-8.1149, longitude=112.1629, accuracy=12)
POST = Geolocation(latitude=-8.1060, longitude=112.1650, accuracy=9)
SAID = "Air selutut di gang RT 2 RW 1. Tolong ada balita"
#: minutes of the simulated hour that are played before the operator looks, and before the leader does
FIRST, THEN = 4.0, 13.0
#: Most bytes of a picture: a page of twelve must not be heavier than a photo.
MOST_BYTES, GAP, GROUND, QUALITY = 110_000, 20, "#c9cdcc", 80


@dataclass(slots=True)
class Evening:
    """The pages of those who take part, and what has been made so far."""

    browser: Browser
    url: str
    citizen: Page
    operator: Page
    leader: Page
    officer: Page
    wall: Page
    incident: str = ""
    tracking: str = ""


async def main() -> None:
    with demo() as url:
        async with async_playwright() as playwright, AsyncExitStack() as stack:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
            hour = await Hour.begin(stack, url)
            await story(await evening(browser, url), hour)
            await browser.close()


class Hour:
    """The simulated hour up to a minute, without the staff's work on the scene that this story is about."""

    def __init__(self, player: Player, due: list[Moment], clients: Mapping[str, Client]) -> None:
        self._player = player
        self._due = due
        self.clients = clients

    @classmethod
    async def begin(cls, stack: AsyncExitStack, url: str) -> "Hour":
        due = [m for m in moments(load(SCENARIO), seed=1) if not (isinstance(m, Work) and m.scene == SCENE)]
        officers = sorted({m.account for m in due if isinstance(m, Position)})
        clients = {name: await stack.enter_async_context(Client(url)) for name in (INTEGRATOR, "operator", *officers)}
        for name in {m.account for m in due if isinstance(m, Work)} - clients.keys():
            clients[name] = await stack.enter_async_context(Client(url))
        await clients[INTEGRATOR].until_ready(120)
        for name, client in clients.items():
            await client.sign_in_demo(name)
        player = Player(clients, "walk", sys.stderr)
        await player.begin_watch(officers)
        return cls(player, due, clients)

    async def play(self, until: float, skip: Callable[[Moment], bool] = lambda _: False) -> None:
        while self._due and self._due[0].minute < until:
            if not skip(moment := self._due.pop(0)):
                await self._player.play(moment)


async def evening(browser: Browser, url: str) -> Evening:
    citizen = await opened(browser, url, None, "/", PHONE, LANE)
    operator = await opened(browser, url, "operator", "/pusat", DESK)
    leader = await opened(browser, url, "pimpinan", "/pimpin", PHONE)
    officer = await opened(browser, url, OFFICER, "/petugas", PHONE, POST)
    wall = await opened(browser, url, "operator", "/pusat/dinding", WALL)
    return Evening(browser, url, citizen, operator, leader, officer, wall)


async def opened(
    browser: Browser, url: str, account: str | None, path: str, size: tuple[int, int], here: Geolocation | None = None
) -> Page:
    """A browser of somebody's own, signed in. `here`: what its phone says of where it is."""
    touch = size == PHONE
    view = ViewportSize(width=size[0], height=size[1])
    context = await browser.new_context(viewport=view, has_touch=touch, is_mobile=touch, locale="id-ID")
    if here:
        await context.grant_permissions(["geolocation"])
        await context.set_geolocation(here)
    if account:
        await context.request.post(f"{url}/masuk", form={"demo_account": account}, headers={"origin": url})
    page = await context.new_page()
    await page.goto(url + path)
    return page


async def story(e: Evening, hour: Hour) -> None:
    """Each step ends with its picture, when the page has come to rest."""
    await report(e)
    await hour.play(FIRST)
    await queue(e)
    await hour.play(THEN, skip=lambda m: isinstance(m, Position) and m.account == OFFICER and m.minute > 6)
    await incident(e, hour)
    await leader_looks(e)
    await order(e)
    await read_back(e)
    await confirmed(e)
    await on_scene(e)
    keep("09-wall", [await shot(e.wall)])
    await done(e)
    await citizen_answers(e)
    await timeline(e, hour)


async def report(e: Evening) -> None:
    page = e.citizen
    await page.fill("#text", SAID)
    await page.click("#gps")
    await page.locator("#near input:checked").wait_for()
    await page.set_input_files("#photo", files=photo("walk/report", SAID))
    await page.locator("#photo-shown canvas").wait_for()
    await page.evaluate("scrollTo(0, 0)")
    said = await shot(page)
    await page.click("#kirim")
    # Kept on the phone first; the page of her own comes when the server has it.
    await page.wait_for_url("**/l/**")
    await page.get_by_text("Laporan Anda diterima").wait_for()
    e.tracking = page.url
    keep("01-report", [said, await shot(page)])


def photo(name: str, caption: str, dry: bool = False) -> FilePayload:
    return FilePayload(name="foto.jpg", mimeType="image/jpeg", buffer=picture(name, caption, dry))


async def queue(e: Evening) -> None:
    page = e.operator
    waiting = page.get_by_role("region", name="Antrean laporan").get_by_role("button")
    await waiting.filter(has_text=SAID).first.click()
    why = page.get_by_text("Mengapa di urutan ini").first
    await why.click()
    keep("02-queue", [await shot(page, page.locator("article details"))])


async def incident(e: Evening, hour: Hour) -> None:
    page, client = e.operator, hour.clients["operator"]
    await page.keyboard.press("n")
    await page.get_by_text("Kejadian dibuat.").wait_for()
    reports = (await client.get("/api/v1/board?things=reports"))["board"]["reports"]
    e.incident = next(r["incident"] for r in reports if r["text"] == SAID)
    flood = [r["id"] for r in reports if r["place"]["area"] == AREA and not r["incident"] and "flood" in r["category"]]
    for n, id in enumerate(flood):
        body = {"command_id": f"walk-join-{n}", "incident_id": e.incident}
        await client.command(f"/api/v1/reports/{id}/join", body)
    await page.keyboard.press("s")
    await page.get_by_role("region", name="Siapa bisa ke sana?").get_by_role("listitem").first.wait_for()
    keep("03-incident", [await shot(page)])


async def leader_looks(e: Evening) -> None:
    await e.leader.get_by_text("Plosokerep").first.wait_for()
    first = await shot(e.leader)
    await go(e.leader, f"#/area/{AREA}")
    keep("04-leader", [first, await shot(e.leader)])


async def order(e: Evening) -> None:
    leader = e.leader
    await go(leader, f"#/compose/{e.incident}")
    await leader.get_by_text("Perintah baru").wait_for()
    other = leader.get_by_role("button", name="petugas lain")
    if await other.count():
        await other.click()
    await leader.get_by_role("radio", name="Petugas 1 BPBD").check(force=True)
    await leader.get_by_role("radio", name="Evakuasi warga", exact=True).check(force=True)
    await leader.get_by_role("radio", name="15", exact=True).check(force=True)
    await leader.get_by_label("Kata tambahan").fill("Dahulukan lansia dan balita.")
    composed = await shot(leader, leader.get_by_role("group", name="Kepada siapa?").locator("label"))
    await hold(leader, "Tahan untuk mengirim")
    await e.officer.get_by_text("Perintah dari Pimpinan (demo)").wait_for()
    keep("05-order", [composed, await shot(e.officer)])


async def hold(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name).dispatch_event("pointerdown", {"button": 0})
    await page.wait_for_timeout(1100)


async def say_back(officer: Page, action: str) -> None:
    await officer.get_by_role("button", name="Ulangi perintah").click()
    for name in (action, "Plosokerep", "15"):
        await officer.get_by_role("radio", name=name, exact=True).check(force=True)


async def read_back(e: Evening) -> None:
    await say_back(e.officer, "Siapkan evakuasi")
    chosen = await shot(e.officer, e.officer.get_by_role("heading", name="Ulangi perintah"))
    await e.officer.get_by_role("button", name="Ulangi begitu").click()
    await e.leader.get_by_text("beda", exact=True).wait_for()
    keep("06-read-back", [chosen, await shot(e.leader)])


async def confirmed(e: Evening) -> None:
    await e.leader.get_by_role("button", name="Koreksi").click()
    await hold(e.leader, "Tahan untuk mengoreksi")
    await e.officer.get_by_text("Perintah dikoreksi (versi 2)").wait_for()
    corrected = await shot(e.officer)
    await say_back(e.officer, "Evakuasi warga")
    await e.officer.get_by_role("button", name="Ulangi begitu").click()
    await e.leader.get_by_role("button", name="Benar", exact=True).wait_for()
    keep("07-confirmed", [corrected, await shot(e.leader)])
    await e.leader.get_by_role("button", name="Benar", exact=True).click()
    await e.officer.get_by_role("button", name="Laksanakan").click()


async def on_scene(e: Evening) -> None:
    await e.officer.get_by_role("button", name="JALAN").click()
    await e.officer.context.set_geolocation(LANE)
    await e.officer.get_by_role("button", name="TIBA").click()
    await step(e.leader, "Di lokasi").wait_for()
    keep("08-on-scene", [await shot(e.officer), await shot(e.leader, step(e.leader, "Di lokasi"))])


def step(leader: Page, word: str) -> Locator:
    return leader.locator("ol li:not(.ahead)", has_text=word)


async def done(e: Evening) -> None:
    officer = e.officer
    await officer.get_by_role("button", name="SELESAI").click()
    await officer.locator("input[capture]").set_input_files(photo("walk/done", "Warga RW 1 sudah di balai", dry=True))
    await officer.get_by_text("tersimpan di server").wait_for()
    await officer.get_by_label("Catatan").fill("Semua warga RW 1 sudah di balai.")
    finishing = await shot(officer)
    await officer.get_by_role("button", name="Nyatakan selesai").click()
    check = e.leader.get_by_role("button", name="Periksa: benar selesai")
    await check.wait_for()
    keep("10-done", [finishing, await shot(e.leader, check)])
    await check.click()
    await e.leader.get_by_text("Diperiksa", exact=True).first.wait_for()


async def citizen_answers(e: Evening) -> None:
    page = e.citizen
    await page.goto(e.tracking)
    yes = page.get_by_role("button", name="Sudah")
    await yes.wait_for()
    asked = await shot(page)
    await yes.click()
    await page.wait_for_load_state()
    keep("11-citizen", [asked, await shot(page)])


async def timeline(e: Evening, hour: Hour) -> None:
    await hour.clients["operator"].command(f"/api/v1/areas/{AREA}/recede", {"command_id": "walk-recede"})
    told = e.operator.get_by_role("region", name="Yang dipilih").get_by_text("Pelapor menjawab: sudah beres")
    await told.last.wait_for()
    keep("12-timeline", [await shot(e.operator, told.last)])


async def go(page: Page, hash: str) -> None:
    """Within the page, as a press would."""
    await page.evaluate("(hash) => { location.hash = hash }", hash)


async def shot(page: Page, inside: Locator | None = None) -> Image.Image:
    """The page when it has come to rest: nothing on the line, the map drawn, no passing word over it."""
    if inside:
        await inside.first.evaluate("(it) => it.scrollIntoView({ block: 'center' })")
    await page.wait_for_timeout(2000)
    await page.locator(".toasts button.close").evaluate_all("(all) => all.forEach((close) => close.click())")
    await page.wait_for_timeout(300)
    return Image.open(BytesIO(await page.screenshot())).convert("RGB")


def keep(name: str, screens: Iterable[Image.Image]) -> None:
    """One picture of one or more screens beside each other."""
    screens = list(screens)
    shown = beside(screens) if len(screens) > 1 else screens[0]
    data = BytesIO()
    shown.save(data, "WEBP", quality=QUALITY, method=6)
    if len(data.getvalue()) > MOST_BYTES:
        raise SystemExit(f"walk: {name}.webp has {len(data.getvalue())} bytes, {MOST_BYTES} are the most.")
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.webp").write_bytes(data.getvalue())
    print(f"walk: {name}.webp, {len(data.getvalue()) // 1024} KB", flush=True)


def beside(screens: list[Image.Image]) -> Image.Image:
    wide = sum(s.width for s in screens) + GAP * (len(screens) + 1)
    sheet = Image.new("RGB", (wide, screens[0].height + 2 * GAP), GROUND)
    left = GAP
    for screen in screens:
        sheet.paste(screen, (left, GAP))
        left += screen.width + GAP
    return sheet


if __name__ == "__main__":
    asyncio.run(main())
