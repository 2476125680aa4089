"""docs/walk.md, its pictures and the script that takes them say the same."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/walk.md"
FOLDER = ROOT / "docs/pictures/walk"
#: twelve pictures for a page that somebody opens on a phone
MOST_BYTES = 1_000_000


def named_by_the_script() -> list[str]:
    """Its list, read without the browser's library."""
    tree = ast.parse((ROOT / "tools/walk.py").read_text(encoding="utf-8"))
    values = (n.value for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "PICTURES")
    return list(ast.literal_eval(next(values)))


def taken_by_the_script() -> list[str]:
    tree = ast.parse((ROOT / "tools/walk.py").read_text(encoding="utf-8"))
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == "keep")
    return sorted(ast.literal_eval(call.args[0]) for call in calls)


def test_the_page_shows_the_script_s_pictures_in_order() -> None:
    shown = re.findall(r"!\[([^]]+)]\(pictures/walk/([\w-]+)\.webp\)", PAGE.read_text(encoding="utf-8"))
    assert [name for _, name in shown] == named_by_the_script()
    assert all(len(alt) > 20 for alt, _ in shown), "a picture without words says nothing to who cannot see it"


def test_every_picture_is_there_and_none_is_left_over() -> None:
    there = {path.stem for path in FOLDER.iterdir()}
    assert there == set(named_by_the_script()) == set(taken_by_the_script())
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST_BYTES


def test_each_picture_has_a_sentence_or_two() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for told in re.split(r"!\[", text)[1:]:
        words = told.partition(")")[2].partition("##")[0].split()
        assert 10 < len(words) < 80, told[:60]
