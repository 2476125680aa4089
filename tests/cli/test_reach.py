"""`hadir user reach`: channels and quiet hours of a person, set, shown and taken away."""

from pathlib import Path

import pytest

from hadir.cli import main


def test_channels_and_quiet_hours_are_set_shown_and_taken_away(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(city)]
    main(["user", "add", "rea", "--role", "officer", "--agency", "bpbd", "--generate", *home])
    capsys.readouterr()
    given = ["--sms", "0812-3456-789", "--email", "rea@kota.example", "--quiet", "23:00-04:30"]
    assert main(["user", "reach", "rea", *given, *home]) == 0
    assert capsys.readouterr().out.split("\n")[:3] == [
        "email      rea@kota.example",
        "sms        0812-3456-789",
        "quiet      23:00-04:30",
    ]
    assert main(["user", "reach", "rea", "--sms", "", "--quiet", "never", *home]) == 0
    assert capsys.readouterr().out == "email      rea@kota.example\nquiet      never\n"
    assert main(["user", "reach", "rea", "--quiet", "city", *home]) == 0
    assert "quiet      as the city" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["rea2", "--sms", "081234567890"], "no account «rea2»"),
        (["rea2", "--sms", "call me"], "no address for sms"),
        (["rea2", "--email", "kota.example"], "no address for email"),
        (["rea2", "--quiet", "25:00-26:00"], "written like 22:00-05:00"),
        (["rea2", "--quiet", "at night"], "written like 22:00-05:00"),
    ],
)
def test_what_cannot_be_is_said(city: Path, capsys: pytest.CaptureFixture[str], given: list[str], says: str) -> None:
    assert main(["user", "reach", *given, "--home", str(city)]) == 1
    assert says in capsys.readouterr().err
