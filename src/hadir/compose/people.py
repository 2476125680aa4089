"""Accounts from outside the running program: the demo's, a trial's, those of `hadir user`, and tokens."""

import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from argon2 import PasswordHasher

from hadir.actions.secrets import Secrets
from hadir.domain.city import City
from hadir.domain.people import Account, Role
from hadir.inbound.kit.passwords import LANES, MEMORY_KIB, PASSES
from hadir.ports.people import AccountExists, Accounts
from hadir.storage import keyfile
from hadir.storage.clock import SystemClock
from hadir.storage.keyfile import load_or_make
from hadir.storage.postgres.people import PostgresPeople, PostgresSessions
from hadir.storage.postgres.pool import reading_pool

#: the password of every demo account; it works in demo mode only, and that listens on loopback only
DEMO_PASSWORD = "demo"  # noqa: S105 - public on purpose
# Letters and digits that cannot be taken for each other when read from a screen.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

#: stands in the home while a trial's passwords hold: they are printed once
TRIAL_FILE = "trial-accounts"

Say = Callable[[str], None]


def secrets_of(home: Path) -> Secrets:
    """The secret of the installation in this home; made the first time."""
    return Secrets(load_or_make(home / keyfile.NAME))


def hashed(password: str) -> str:
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES).hash(password)


def demo_accounts(city: City) -> Iterable[Account]:
    """The people of the city pack; their names say that they are made up."""
    for person in city.people:
        yield Account(
            id=person.account,
            name=person.name,
            role=Role(person.role),
            agency=person.agency,
            person=person.person,
            demo=True,
        )


async def prepare_accounts(accounts: Accounts, city: City, home: Path, *, demo: bool, trial: bool, say: Say) -> None:
    """Make the mode's accounts work, and no others of the demo."""
    if demo:
        (home / TRIAL_FILE).unlink(missing_ok=True)
        password = hashed(DEMO_PASSWORD)
        for account in demo_accounts(city):
            await _put(accounts, account, password)
    elif trial:
        await _prepare_trial(accounts, city, home, say)
    else:
        (home / TRIAL_FILE).unlink(missing_ok=True)
        await accounts.disable_demo()


async def _prepare_trial(accounts: Accounts, city: City, home: Path, say: Say) -> None:
    """Random passwords, printed once: a second start leaves them as they are."""
    if (home / TRIAL_FILE).exists():
        return
    say("accounts of this trial; the passwords are shown this once:")
    for account in demo_accounts(city):
        password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        await _put(accounts, account, hashed(password))
        say(f"  {account.id:<12} {password}   ({account.name})")
    (home / TRIAL_FILE).touch()


async def _put(accounts: Accounts, account: Account, password: str) -> None:
    try:
        await accounts.add(account, password)
    except AccountExists:
        await accounts.set_password(account.id, password)
        await accounts.set_disabled(account.id, False)


# ── for `hadir user`: on a database that may be in use by the running program ────────────────────────────────────


async def add_user(url: str, account: Account, password: str) -> None:
    """Raises AccountExists."""
    async with reading_pool(url, size=1, purpose="user") as pool:
        await PostgresPeople(pool, SystemClock()).add(account, hashed(password))


async def set_password(url: str, name: str, password: str) -> None:
    """Raises UnknownAccount. Who is signed in has to sign in again: the old password may be known to others."""
    async with reading_pool(url, size=1, purpose="user") as pool:
        await PostgresPeople(pool, SystemClock()).set_password(name, hashed(password))
        await PostgresSessions(pool).close_of(name)


async def set_disabled(url: str, name: str, disabled: bool) -> None:
    """Shut an account out with whoever is signed in, or let it in again. Raises UnknownAccount."""
    async with reading_pool(url, size=1, purpose="user") as pool:
        await PostgresPeople(pool, SystemClock()).set_disabled(name, disabled)
        await PostgresSessions(pool).close_of(name)


async def set_person(url: str, name: str, person: str | None) -> None:
    """Who an account belongs to; None: a person of its own. Raises UnknownAccount."""
    async with reading_pool(url, size=1, purpose="user") as pool:
        await PostgresPeople(pool, SystemClock()).set_person(name, person)


async def all_users(url: str) -> tuple[Account, ...]:
    """Accounts that are not disabled, by name."""
    async with reading_pool(url, size=1, purpose="user") as pool:
        return await PostgresPeople(pool, SystemClock()).accounts()
