"""Write docs/reference/*.md from the program itself; tests fail while a page and the program differ. `make docs`."""

from collections.abc import Callable
from pathlib import Path

from hadir import cli, settings
from hadir.cli.reference import reference

ROOT = Path(__file__).resolve().parent.parent

#: page → what it must hold
PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/cli.md": lambda: reference(cli.parser()),
    "docs/reference/settings.md": settings.reference,
}

if __name__ == "__main__":
    for name, text in PAGES.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text(), encoding="utf-8")
        print(f"docs: {name}")
