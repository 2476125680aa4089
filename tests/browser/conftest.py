"""A real server in demo mode and a real Chromium: what is tested here is what a person would see.

Needs the built pages (`make setup`) and a Chromium; HADIR_CHROMIUM names one that is not on the path.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.api.process import held_port
from tests.browser.city import City

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
# A Chromium that asks nobody anything.
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
START_S, STOP_S = 120, 60
# Four browsers, four servers and their databases on two cores: a second is never what is tested here.
PATIENCE_S = 30
expect.set_options(timeout=PATIENCE_S * 1000)


def chromium_path() -> str:
    """Skips the test where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("HADIR_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium on this machine; HADIR_CHROMIUM names one")
    return path


# For one file only: while Playwright's own loop runs in this thread, no asynchronous test can.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    """An empty demo city of this module's own."""
    with served(Path(tempfile.mkdtemp(prefix="hadir-browser-"))) as city:
        yield city


@contextlib.contextmanager
def served(home: Path) -> Iterator[City]:
    """A demo city in this home, which is gone afterwards."""
    assert (ROOT / "web/dist/manifest.json").is_file(), "the pages are not built: make setup"
    with held_port() as port:
        command = [sys.executable, "-m", "hadir", "run", "--home", str(home), "--port", str(port), "--demo"]
        program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            wait_until_ready(program)
            yield City(f"http://127.0.0.1:{port}")
        finally:
            program.terminate()
            program.wait(STOP_S)
            shutil.rmtree(home, ignore_errors=True)


def wait_until_ready(program: "subprocess.Popen[str]") -> None:
    """Returns when the program says it is ready; goes on reading, so that it never waits for a full pipe."""
    said: list[str] = []
    ready = threading.Event()

    def read() -> None:
        assert program.stdout
        with program.stdout:
            for line in program.stdout:
                said.append(line)
                if "hadir: ready" in line:
                    ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    assert ready.wait(START_S) and program.poll() is None, "".join(said)


def wait(page: Page, question: str) -> None:
    """Until the page says yes to an expression, which may be a promise.

    Playwright's own waiting takes any promise for a yes, and evaluates text in the page, which its policy forbids.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not page.evaluate(question):
        assert time.monotonic() < deadline, question
        page.wait_for_timeout(50)


def tap(key: Locator) -> str:
    """Touch a key that wants to be held, let go in the next moment, and tell what the page said meanwhile.

    All in the page: between two calls from here a busy machine may have held it long enough.
    """
    return str(
        key.evaluate(
            """async (key) => {
                key.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true }));
                await new Promise(requestAnimationFrame);
                const said = document.body.innerText;
                key.dispatchEvent(new PointerEvent("pointerup", { bubbles: true, cancelable: true }));
                return said;
            }"""
        )
    )


Enter = Callable[..., Page]


def counts(message: ConsoleMessage) -> bool:
    """An error; but not a timeline that was asked for in the moment in which its incident left the page's sight.

    The browser writes a line for every 404, whatever the page makes of it.
    """
    lost_sight = "404" in message.text and "/timeline" in message.location["url"]
    return message.type == "error" and not lost_sight


@pytest.fixture
def enter(chromium: Browser, city: City) -> Iterator[Enter]:
    """`enter("pimpinan", "/pimpin")`: a page of a browser of his own, signed in.

    An error in its console fails the test, but with `broken=True`, for tests that break the line.
    `before`: a script that runs before the page's own.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def signed_in(
        name: str,
        path: str,
        size: dict[str, int] = PHONE,
        broken: bool = False,
        before: str = "",
        **options: object,
    ) -> Page:
        touch = size["width"] < 500
        context = chromium.new_context(viewport=size, has_touch=touch, is_mobile=touch, locale="id-ID", **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE_S * 1000)
        context.add_cookies([{"name": "hadir_session", "value": city.sign_in(name), "url": city.url}])
        page = context.new_page()
        if before:
            page.add_init_script(before)
        page.on("console", lambda m: complaints.append(f"{path}: {said(m)}") if counts(m) and not broken else None)
        page.on("pageerror", lambda error: complaints.append(f"{path}: {error.stack}"))
        page.goto(city.url + path)
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert complaints == []


def said(message: ConsoleMessage) -> str:
    return f"{message.text} {message.location['url']}"


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Accessibility rules (WCAG 2.2 AA) that a page breaks, each with the elements that break it."""
    rules = AXE.read_text(encoding="utf-8")
    # What is still coming into sight has for a moment colours that nobody could read.
    run = """async () => {
        const moving = document.getAnimations().filter(
            (a) => a.playState === "running" && a.effect.getComputedTiming().endTime !== Infinity);
        await Promise.allSettled(moving.map((a) => a.finished));
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const { violations } = await axe.run(document, { runOnly: tags });
        return violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", "));
    }"""

    def broken(page: Page) -> list[str]:
        page.evaluate(rules)
        return list(page.evaluate(run))

    return broken
