"""`hadir token NAME`: a bearer token for an account, for programs and for tests."""

import argparse
import asyncio
from typing import Any

import psycopg

from hadir.cli.common import add_command, add_settings, database_of, say, settings_of

WORDS = (
    "Print a bearer token for an account. It works while Hadir runs and when it does not; "
    "whoever has the token can do what the account may do, until it ends."
)


def add(commands: Any) -> None:
    parser = add_command(commands, "token", WORDS, token)
    parser.add_argument("name", metavar="NAME", help="the account")
    parser.add_argument(
        "--hours", type=float, default=24.0, metavar="N", help="how long it holds (default: %(default)s)"
    )
    add_settings(parser, "home", "database_url")


def token(args: argparse.Namespace) -> None:
    from hadir.compose import all_users, issue_token

    settings = settings_of(args)
    with database_of(settings) as url:
        try:
            known = {account.id for account in asyncio.run(all_users(url))}
        except psycopg.errors.UndefinedTable:  # the very first start has not come so far
            known = set()
    if args.name not in known:
        say(f"there is no account «{args.name}» (yet): the token holds once there is one.")
    print(issue_token(settings.home, args.name, args.hours))
