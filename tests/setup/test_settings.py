"""Settings: where values come from, what is refused and why, and that the page about them is current."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.settings import Settings, SettingsError, is_loopback, reference, variable

ROOT = Path(__file__).parents[2]


def test_what_is_given_wins_over_the_environment_and_that_over_the_default() -> None:
    assert Settings.read({}).port == 8311
    assert Settings.read({"HADIR_PORT": "9000"}).port == 9000
    assert Settings.read({"HADIR_PORT": "9000"}, port=9001).port == 9001
    assert Settings.read({"HADIR_PORT": "9000"}, port=None).port == 9000
    assert Settings.read({"HADIR_PORT": ""}).port == 8311, "an empty variable is none"


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"HADIR_PORT": "many"}, "HADIR_PORT must be a number"),
        ({"HADIR_PORT": "70000"}, "port must be between"),
        ({"HADIR_DEMO": "perhaps"}, "HADIR_DEMO must be one of"),
        ({"HADIR_LOG_LEVEL": "loud"}, "HADIR_LOG_LEVEL must be one of debug, error, info, warning"),
        ({"HADIR_DEMO": "1", "HADIR_TRIAL": "1"}, "exclude each other"),
        ({"HADIR_DEMO": "1", "HADIR_HOST": "0.0.0.0"}, "loopback only"),
        ({"HADIR_DEMO": "1", "HADIR_HOST": "localhost.example"}, "loopback only"),
        ({"HADIR_HOST": "192.0.2.1"}, "without TLS"),
        ({"HADIR_TLS_CERT": "a.pem"}, "both the certificate and its key"),
        ({"HADIR_TLS_CERT": "/nowhere/a.pem", "HADIR_TLS_KEY": "/nowhere/b.pem"}, "no file /nowhere/a.pem"),
        ({"HADIR_PUBLIC_URL": "hadir.example"}, "public address must be like"),
        ({"HADIR_PUBLIC_URL": "https://x.example/path"}, "without a path"),
        ({"HADIR_TRUSTED_PROXIES": "nginx"}, "trusted proxy is an address"),
        ({"HADIR_PG_MEMORY_MB": "1"}, "between 16 and"),
    ],
)
def test_what_cannot_work_is_refused_in_a_sentence(environ: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as refused:
        Settings.read(environ)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "environ",
    [
        {"HADIR_TRIAL": "1", "HADIR_HOST": "0.0.0.0"},
        {"HADIR_DEMO": "1", "HADIR_HOST": "::1"},
        {"HADIR_HOST": "0.0.0.0", "HADIR_PUBLIC_URL": "https://x.example", "HADIR_TRUSTED_PROXIES": "10.0.0.0/8, ::1"},
    ],
)
def test_what_is_safe_is_accepted(environ: dict[str, str]) -> None:
    Settings.read(environ)


def test_addresses_and_cookies_follow_what_people_type() -> None:
    assert Settings.read({}, host="::1").url == "http://[::1]:8311"
    assert not Settings.read({}).secure
    behind = Settings.read({"HADIR_PUBLIC_URL": "https://hadir.example/"})
    assert (behind.url, behind.secure) == ("https://hadir.example", True)


@given(st.text())
def test_no_name_that_is_not_an_address_counts_as_loopback(name: str) -> None:
    assert (
        not is_loopback(name) or name == "localhost" or name.startswith("127.") or name.replace("0", "").endswith(":1")
    )


def test_every_setting_has_words_and_the_page_is_current() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert page == reference(), "run make docs"
    assert all(variable(f.name) in page for f in fields(Settings))
