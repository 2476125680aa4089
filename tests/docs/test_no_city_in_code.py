"""No name of the demo city stands in the program: not the city's, an area's, an agency's or a street's.

Comments and docstrings may give an example; strings, identifiers, sentences and pages may not.
"""

import ast
import re
from pathlib import Path

import pytest

from hadir.storage.citypack import load_city

ROOT = Path(__file__).parents[2]
CITY = load_city(ROOT / "cities" / "blitar")
SOURCES = [
    path
    for folder in (ROOT / "src", ROOT / "web" / "src")
    for path in sorted(folder.rglob("*"))
    if path.suffix in {".py", ".json", ".ts", ".svelte", ".html", ".sql", ".css"}
]
NAMES = {
    CITY.name,
    *(a.name for a in CITY.areas),
    *(a.district for a in CITY.areas),
    *(a.short for a in CITY.agencies if not a.partner),
    *(a.code for a in CITY.agencies if not a.partner and len(a.code) > 3),
    *(m.name for m in CITY.landmarks),
}
SAID = re.compile(
    r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True)) + r")(?![\w-])", re.I
)
#: The name of a pack is no knowledge of a city: the setting's default, and only there.
ALLOWED = {"src/hadir/settings.py": ["blitar"]}

_COMMENTS = {
    ".sql": r"--[^\n]*|/\*.*?\*/",
    ".html": r"<!--.*?-->|\{#.*?#\}",
    ".css": r"/\*.*?\*/",
    ".ts": r"(?<![:\w])//[^\n]*|/\*.*?\*/",
    ".svelte": r"<!--.*?-->|(?<![:\w])//[^\n]*|/\*.*?\*/",
    ".json": r"(?!)",
}


def spoken(path: Path, text: str) -> list[str]:
    """What is no comment."""
    if path.suffix == ".py":
        return _python(text)
    return [re.sub(_COMMENTS[path.suffix], "", text, flags=re.DOTALL)]


def _python(text: str) -> list[str]:
    nodes = list(ast.walk(ast.parse(text)))
    heads = [body[0] for n in nodes if isinstance(body := getattr(n, "body", None), list) and body]
    docs = {id(head.value) for head in heads if isinstance(head, ast.Expr)}
    strings = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs]
    names = [n.id for n in nodes if isinstance(n, ast.Name)] + [n.attr for n in nodes if isinstance(n, ast.Attribute)]
    return strings + names


def found_in(path: Path, text: str) -> list[str]:
    return [hit.lower() for part in spoken(path, text) for hit in SAID.findall(part)]


def test_no_name_of_the_demo_city_is_in_the_program() -> None:
    assert len(SOURCES) > 50
    found = {str(p.relative_to(ROOT)): found_in(p, p.read_text(encoding="utf-8")) for p in SOURCES}
    assert {path: names for path, names in found.items() if names} == ALLOWED


@pytest.mark.parametrize(
    ("suffix", "text", "names"),
    [
        (".py", '"""Plosokerep."""\nx = "Plosokerep"  # Gedog', ["plosokerep"]),
        (".py", "def f():\n    'BPBD'\n    return f'{x} BPBD'", ["bpbd"]),
        (".ts", "// Gedog\nconst a = 'Kota Blitar'; /* Turi */", ["blitar"]),
        (".html", "{# Turi #}<p>Turi</p>", ["turi"]),
        (".sql", "-- Turi\nSELECT 'dpupr'", ["dpupr"]),
        (".json", '{"a": "Hubungi Satpol PP"}', ["satpol pp"]),
    ],
)
def test_the_search_can_fail(suffix: str, text: str, names: list[str]) -> None:
    assert found_in(Path(f"x{suffix}"), text) == names
