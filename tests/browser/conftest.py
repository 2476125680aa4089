"""A real server in demo mode and a real Chromium: what is tested here is what a person would see.

Needs the built pages (`make setup`) and a Chromium; HADIR_CHROMIUM names one that is not on the path.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

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
START_S = 90


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
    assert (ROOT / "web/dist/manifest.json").is_file(), "the pages are not built: make setup"
    home = Path(tempfile.mkdtemp(prefix="hadir-browser-"))
    port = free_port()
    command = [sys.executable, "-m", "hadir", "run", "--home", str(home), "--port", str(port), "--demo"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        wait_until_ready(program)
        yield City(f"http://127.0.0.1:{port}")
    finally:
        program.terminate()
        program.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def signed_in(name: str, path: str, size: dict[str, int] = PHONE, broken: bool = False, **options: object) -> Page:
        touch = size["width"] < 500
        context = chromium.new_context(viewport=size, has_touch=touch, is_mobile=touch, locale="id-ID", **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "hadir_session", "value": city.sign_in(name), "url": city.url}])
        page = context.new_page()
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
    run = """async () => {
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const { violations } = await axe.run(document, { runOnly: tags });
        return violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", "));
    }"""

    def broken(page: Page) -> list[str]:
        page.evaluate(rules)
        return list(page.evaluate(run))

    return broken
