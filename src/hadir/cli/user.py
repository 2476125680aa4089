"""`hadir user …`: accounts, from the machine itself; /kelola only lists them."""

import argparse
import asyncio
import getpass
import secrets
import sys
from typing import Any

from hadir.cli.common import Failure, add_command, add_settings, database_of, settings_of
from hadir.cli.reach import add_reach, reach
from hadir.domain.people import Account, Role

WORDS = (
    "List, add and lock accounts, set passwords, and say how people are reached. "
    "It works while Hadir runs and when it does not."
)
#: roles that no account of a person has
NOT_GIVEN = {Role.CITIZEN, Role.SYSTEM}
WHO = "who it belongs to: the same word on all accounts of one person"
#: characters; what an argon2 hash protects must not be guessable within its first tries
SHORTEST = 10


def add(commands: Any) -> None:
    parser = add_command(commands, "user", WORDS, run)
    verbs = parser.add_subparsers(metavar="WHAT", required=True, dest="verb")
    roles = sorted(role.value for role in Role if role not in NOT_GIVEN)
    for verb, help in (
        ("list", "accounts that may sign in"),
        ("add", "a new account; the password is asked for"),
        ("password", "another password for an account"),
        ("disable", "lock an account out"),
        ("enable", "let it in again"),
        ("person", "say whose account it is, where one person has several; what one of them worked on none verifies"),
        ("reach", "show or set how a person is reached when no phone answers, and the person's quiet hours"),
    ):
        one = verbs.add_parser(verb, help=help, description=f"{help[0].upper()}{help[1:]}.")
        add_settings(one, "home", "database_url")
        if verb != "list":
            one.add_argument("name", metavar="NAME", help="what the person signs in with")
        if verb in ("add", "password"):
            one.add_argument("--generate", action="store_true", help="make a password and print it once")
        if verb == "reach":
            add_reach(one)
        if verb == "person":
            one.add_argument("person", metavar="WHO", nargs="?", help=f"{WHO}; without it: a person of its own")
        if verb == "add":
            one.add_argument("--person", metavar="WHO", help=f"{WHO} (default: NAME)")
            one.add_argument("--role", required=True, choices=roles, metavar="ROLE", help=", ".join(roles))
            one.add_argument("--called", metavar="WORDS", help="the name that others read (default: NAME)")
            one.add_argument(
                "--agency", metavar="CODE", help="for officers, desks and heads: an agency of the city pack"
            )


def run(args: argparse.Namespace) -> None:
    from hadir.ports.people import AccountExists, UnknownAccount

    password = _password(args.generate) if args.verb in ("add", "password") else ""
    with database_of(settings_of(args)) as url:
        try:
            asyncio.run(_do(args, url, password))
        except AccountExists as error:
            raise Failure(f"There is an account «{args.name}» already.") from error
        except UnknownAccount as error:
            raise Failure(f"There is no account «{args.name}».") from error


async def _do(args: argparse.Namespace, url: str, password: str) -> None:
    from hadir import compose

    match args.verb:
        case "list":
            for account in await compose.all_users(url):
                whose = f" (person: {account.person})" if account.person else ""
                print(f"{account.id:<16} {account.role:<12} {account.agency or '-':<10} {account.name}{whose}")
        case "add":
            await compose.add_user(url, _account(args), password)
        case "password":
            await compose.set_password(url, args.name, password)
        case "person":
            await compose.set_person(url, args.name, args.person)
        case "reach":
            await reach(args, url)
        case verb:
            await compose.set_disabled(url, args.name, verb == "disable")


def _account(args: argparse.Namespace) -> Account:
    from hadir.storage.citypack import load_city

    agencies = {agency.code for agency in load_city(settings_of(args).city_folder).agencies}
    if args.agency is not None and args.agency not in agencies:
        raise Failure(f"The city has no agency «{args.agency}»; it has {', '.join(sorted(agencies))}.")
    return Account(
        id=args.name, name=args.called or args.name, role=Role(args.role), agency=args.agency, person=args.person
    )


def _password(generate: bool) -> str:
    """Made and printed once; or asked for twice; or, without a terminal, one line of standard input."""
    if generate:
        made = secrets.token_urlsafe(12)
        print(made)
        return made
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\n")
    elif (given := getpass.getpass("Password: ")) != getpass.getpass("Again: "):
        raise Failure("The two passwords differ.")
    if len(given) < SHORTEST:
        raise Failure(f"A password has at least {SHORTEST} characters.")
    return given
