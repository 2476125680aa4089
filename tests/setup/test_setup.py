"""The set-up's own decisions, without running it: stamps, digests, the Makefile's quoting."""

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / f"tools/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_step_is_done_once_for_each_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup, done = tool("setup"), []
    monkeypatch.setattr(setup, "STAMPS", tmp_path / "stamps")
    for state in ("one", "one", "two", "two", "one"):
        setup.once("step", state, lambda s=state: done.append(s))
    assert done == ["one", "two", "one"]


def test_a_step_that_failed_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup, tries = tool("setup"), []
    monkeypatch.setattr(setup, "STAMPS", tmp_path)

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise SystemExit("no network")

    with pytest.raises(SystemExit):
        setup.once("step", "state", work)
    setup.once("step", "state", work)
    assert len(tries) == 2


def test_a_digest_tells_contents_and_order_apart(tmp_path: Path) -> None:
    digest = tool("setup").digest
    file = tmp_path / "lock"
    file.write_text("a")
    before = digest([file, "x"])
    file.write_text("b")
    assert len({before, digest([file, "x"]), digest(["x", file]), digest([tmp_path / "missing", "x"])}) == 4


def test_without_venv_an_ordinary_user_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Debian, whose python3 has no ensurepip; root would get it from apt-get."""
    setup = tool("setup")
    monkeypatch.setattr(setup, "has_ensurepip", lambda: False)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        setup.make_venv(tmp_path / "venv")
    assert not (tmp_path / "venv").exists()


def test_a_failing_tool_is_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^set-up: that step failed; .*\.$"):
        tool("setup").run(["false"], what="that step")


def test_the_web_build_notices_every_source_and_no_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    web = tool("web")
    monkeypatch.setattr(web, "ROOT", tmp_path)
    monkeypatch.setattr(web, "WEB", tmp_path / "web")
    made = ("web/node_modules/x/y.js", "web/dist/a.js", "src/hadir/words/__pycache__/core.pyc")
    for name in ("web/src/a.ts", "src/hadir/words/core.json", *made):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    assert [str(p.relative_to(tmp_path)) for p in web.sources()] == ["web/src/a.ts", "src/hadir/words/core.json"]


def test_make_explains_itself_and_quotes_what_a_person_names() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"make {goal}" in listed for goal in ("setup", "run", "test", "bench", "lock", "lint"))
    command = ["make", "-n", "run", "HOME_DIR=my city", "PYTHON=python3"]
    planned = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert '--home "my city"' in planned


def test_the_makefile_has_no_absolute_path() -> None:
    recipes = [line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("\t")]
    assert [line for line in recipes if re.search(r"[\s\"'=]/[a-z]+/", line) or "$(CURDIR)" in line] == []
