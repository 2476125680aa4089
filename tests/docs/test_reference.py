"""Code and docs part company here and nowhere else."""

import importlib.util
import inspect
import re
from pathlib import Path

import pytest

from hadir import words
from hadir.actions.registry import COMMANDS
from hadir.domain.events import KINDS

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "hadir").rglob("*.py"))
REFUSAL = re.compile(r'(?:conflict|invalid|forbidden|unknown)\(\s*"([a-z_]+)"')


def test_the_reference_is_what_the_code_says() -> None:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None and spec.loader is not None
    make_docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_docs)
    assert make_docs.stale() == [], "run .venv/bin/python tools/make_docs.py"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_event_says_what_it_means(kind: tuple[str, int]) -> None:
    assert len(inspect.getdoc(KINDS[kind]) or "") > 10


def test_every_command_says_what_it_does() -> None:
    assert all(use.words.endswith(".") for use in COMMANDS.values())


def test_every_refusal_has_its_sentence_in_both_languages() -> None:
    catalogue = words.load()
    codes = {code for path in SOURCES for code in REFUSAL.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) > 30
    missing = sorted(code for code in codes if f"refusal.{code}" not in catalogue)
    assert missing == []


def test_links_between_pages_of_the_docs_lead_somewhere() -> None:
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    link = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in link.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
