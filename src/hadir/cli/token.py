"""`hadir token NAME`: a bearer token for an account, for programs and for tests.

It is asked for often and by scripts, so it reads what it needs itself: the whole program takes seconds to import.
"""

import argparse
from datetime import UTC, datetime
from typing import Any

import psycopg

from hadir.actions.secrets import Secrets
from hadir.cli.common import Failure, add_command, add_settings, database_of, say, settings_of
from hadir.storage import keyfile

WORDS = (
    "Print a bearer token for an account. It works while Hadir runs and when it does not; "
    "whoever has the token can do what the account may do, until it ends."
)
#: a year: a token that never ends is never looked at again
LONGEST_H = 24.0 * 366


def add(commands: Any) -> None:
    parser = add_command(commands, "token", WORDS, token)
    parser.add_argument("name", metavar="NAME", help="the account")
    parser.add_argument(
        "--hours", type=float, default=24.0, metavar="N", help="how long it holds (default: %(default)s)"
    )
    add_settings(parser, "home", "database_url")


def token(args: argparse.Namespace) -> None:
    settings = settings_of(args)
    if not 0 < args.hours <= LONGEST_H:
        raise Failure(f"--hours must be more than 0 and at most {LONGEST_H:.0f}.")
    with database_of(settings) as url:
        if not exists(url, args.name):
            say(f"there is no account «{args.name}» (yet): the token holds once there is one.")
    secrets = Secrets(keyfile.load_or_make(settings.home / keyfile.NAME))
    print(secrets.token(args.name, datetime.now(UTC), args.hours))


def exists(url: str, name: str) -> bool:
    """Is there such an account? In the very first start there is not even the table yet."""
    try:
        with psycopg.connect(url) as connection:
            found = connection.execute("select 1 from account where id = %s and not disabled", [name]).fetchone()
    except psycopg.errors.UndefinedTable:
        return False
    return found is not None
