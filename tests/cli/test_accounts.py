"""Accounts and tokens from the machine itself, while nothing else runs."""

import io
from pathlib import Path

import pytest

from hadir.cli import main


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """What a script pipes in."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_account_is_added_listed_locked_and_let_in_again(city: Path, typed, capsys) -> None:
    typed("correct horse battery\n")
    assert main(["user", "add", "ana", "--role", "desk", "--agency", "bpbd", "--home", str(city)]) == 0
    assert main(["user", "list", "--home", str(city)]) == 0
    assert "ana              desk         bpbd       ana" in capsys.readouterr().out
    assert main(["user", "disable", "ana", "--home", str(city)]) == 0
    assert main(["user", "list", "--home", str(city)]) == 0
    assert "ana" not in capsys.readouterr().out
    assert main(["user", "enable", "ana", "--home", str(city)]) == 0
    assert main(["user", "password", "ana", "--generate", "--home", str(city)]) == 0
    assert len(capsys.readouterr().out.strip()) >= 16
    assert main(["user", "add", "ana", "--role", "desk", "--generate", "--home", str(city)]) == 1
    assert "already" in capsys.readouterr().err


def test_whose_account_it_is_can_be_said_and_unsaid(city: Path, capsys) -> None:
    home = ["--home", str(city)]
    main(["user", "add", "two", "--role", "desk", "--person", "one", "--generate", *home])
    main(["user", "list", *home])
    assert "two (person: one)" in capsys.readouterr().out
    assert main(["user", "person", "two", *home]) == 0
    main(["user", "list", *home])
    assert "person:" not in capsys.readouterr().out
    assert main(["user", "person", "ghost", "one", *home]) == 1
    assert "no account «ghost»" in capsys.readouterr().err


def test_what_cannot_be_an_account_is_said(city: Path, typed, capsys) -> None:
    typed("short\n")
    assert main(["user", "add", "eve", "--role", "desk", "--home", str(city)]) == 1
    assert "at least 10 characters" in capsys.readouterr().err
    assert main(["user", "add", "eve", "--role", "desk", "--agency", "x", "--generate", "--home", str(city)]) == 1
    assert "no agency «x»" in capsys.readouterr().err
    assert main(["user", "disable", "nobody-here", "--home", str(city)]) == 1
    assert "no account «nobody-here»" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["user", "add", "eve", "--role", "system", "--generate", "--home", str(city)])


def test_a_token_is_the_only_thing_on_standard_output(city: Path, capsys) -> None:
    main(["user", "add", "tok", "--role", "operator", "--generate", "--home", str(city)])
    capsys.readouterr()
    assert main(["token", "tok", "--home", str(city)]) == 0
    shown = capsys.readouterr()
    assert (len(shown.out.split()), shown.err) == (1, "")
    assert main(["token", "ghost", "--home", str(city)]) == 0
    assert "no account «ghost» (yet)" in capsys.readouterr().err
    assert main(["token", "tok", "--hours", "-1", "--home", str(city)]) == 1
