"""The command line as a person meets it: help, sentences, exit codes."""

import subprocess
import sys
from pathlib import Path

import pytest

from hadir.cli import COMMANDS, main, parser
from hadir.cli.reference import reference
from hadir.cli.replay import refused

ROOT = Path(__file__).parents[2]


def test_help_lists_every_command_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    assert "hadir run --demo --simulate" in shown
    assert all(len(line) <= 100 for line in shown.splitlines())
    assert len(COMMANDS) <= sum(line.startswith("    ") for line in shown.splitlines())


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    choices = next(a.choices for a in parser()._actions if a.choices)
    for name in choices:
        with pytest.raises(SystemExit, match="0"):
            main([name, "--help"])
        assert capsys.readouterr().out.count(".") > 1, name


def test_the_page_about_the_commands_is_current() -> None:
    page = ROOT / "docs/reference/cli.md"
    assert page.read_text(encoding="utf-8") == reference(parser()), "run make docs"


def test_a_home_that_is_not_there_is_not_made_by_mistake(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", str(tmp_path / "file.tar"), "--home", str(tmp_path / "no")]) == 1
    assert "There is no Hadir in" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_demo_does_not_listen_to_the_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--demo", "--host", "0.0.0.0"]) == 1
    assert "loopback only" in capsys.readouterr().err


def test_the_simulated_hour_is_for_the_demo(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--simulate", "--home", str(tmp_path)]) == 1
    assert "add --demo" in capsys.readouterr().err


def test_files_that_cannot_be_read_are_named_in_a_sentence(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    none, torn = str(tmp_path / "none"), tmp_path / "torn.geojson"
    torn.write_text('{"type": "FeatureCollection", "features": [')
    for args, sentence in (
        (["replay", none, "--map", none], f"{none} cannot be read: No such file or directory"),
        (["city", "areas", none, "--home", none], f"{none} cannot be read: No such file or directory"),
        (["city", "areas", str(torn), "--home", none], "torn.geojson: not a GeoJSON file"),
    ):
        assert main(args) == 1
        assert sentence in capsys.readouterr().err


def test_what_a_server_says_of_a_key_is_told_apart_from_silence() -> None:
    assert "hadir token replay" in refused("http://city", 401)
    assert "answers 502" in refused("http://city", 502)


def test_python_dash_m_is_the_same_program() -> None:
    shown = subprocess.run([sys.executable, "-m", "hadir", "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("hadir 0.")
