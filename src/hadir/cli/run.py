"""`hadir run`: serve the city until Ctrl-C or SIGTERM."""

import argparse
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hadir.cli.common import Failure, add_command, add_settings, say, settings_of
from hadir.settings import Settings, is_loopback, start_logging

WORDS = "Serve the city. Everything it needs is made in its home folder the first time; Ctrl-C stops it."
OPTIONS = (
    "home",
    "host",
    "port",
    "city",
    "demo",
    "trial",
    "tls_cert",
    "tls_key",
    "public_url",
    "database_url",
    "pg_bin",
)


def add(commands: Any) -> None:
    parser = add_command(commands, "run", WORDS, run)
    add_settings(parser, *OPTIONS)
    parser.add_argument(
        "--simulate", action="store_true", help="with --demo: a simulated rainy hour comes in over HTTP"
    )


def run(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    if args.simulate and not settings.demo:
        raise Failure("The simulated hour is for the demo: add --demo.")
    if not (settings.city_folder / "city.toml").is_file():
        raise Failure(f"There is no city pack in {settings.city_folder}: name one with --city.")
    start_logging(settings.log_level)
    make_home(settings.home)
    from hadir.compose import serve

    with simulator(settings) if args.simulate else contextlib.nullcontext():
        serve(settings, say=say)
    return 0


def make_home(home: Path) -> None:
    """Private; as root open for passing through, since the database's user must reach its own folder in it."""
    try:
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"The home {home} cannot be made ({error.strerror}): choose another with --home.") from error


@contextlib.contextmanager
def simulator(settings: Settings) -> Iterator[None]:
    """The simulated hour, as a program of its own that waits until we answer. It ends with us."""
    assert is_loopback(settings.host), "the demo listens on loopback only"
    args = [sys.executable, "-m", "hadir", "simulate", "--url", settings.url]
    child = subprocess.Popen(args, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
