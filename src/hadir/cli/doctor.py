"""`hadir doctor`: what is wrong with an installation, and what to do about each thing.

Each check looks at one thing and gives findings; none changes anything, except that a server which rests is started
for the look and stopped after it.
"""

import argparse
import asyncio
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg

from hadir.cli import channels
from hadir.cli.common import add_command, add_settings, say, settings_of
from hadir.settings import Settings, SettingsError
from hadir.storage.citypack import PackError, areas_at, load_city
from hadir.storage.disk import DiskGuard
from hadir.storage.postgres import migrate
from hadir.storage.postgres.supervisor import SupervisorError, database, places
from hadir.storage.postgres.verify import Verified, verify_chain

WORDS = "Look for what is wrong with this installation. Each finding says what to do; returns 1 if something is broken."
MARKS = {"ok": "✓", "note": "!", "broken": "✗"}
WEB = Path(__file__).resolve().parents[3] / "web/dist"
GIGA = 1e9

Grade = Literal["ok", "note", "broken"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at: how it is, and what a person can do if it is not well."""

    grade: Grade
    what: str
    advice: str = ""


def ok(what: str) -> Finding:
    return Finding(grade="ok", what=what)


def note(what: str, advice: str) -> Finding:
    return Finding(grade="note", what=what, advice=advice)


def broken(what: str, advice: str) -> Finding:
    return Finding(grade="broken", what=what, advice=advice)


def add(commands: Any) -> None:
    parser = add_command(commands, "doctor", WORDS, doctor)
    add_settings(parser, "home", "city", "tls_cert", "tls_key", "database_url", "pg_bin")


def doctor(args: argparse.Namespace) -> int:
    try:
        settings = settings_of(args)
    except SettingsError as error:
        show(broken(f"settings: {error}", "Correct it; docs/reference/settings.md lists all of them."))
        return 1
    worst = 0
    for finding in examine(settings):
        show(finding)
        worst |= finding.grade == "broken"
    return int(worst)


def show(finding: Finding) -> None:
    print(f"{MARKS[finding.grade]} {finding.what}")
    if finding.advice:
        print(f"    → {finding.advice}")


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check, the cheap ones first; the database's only if there is one."""
    for check in CHECKS:
        yield from check(settings)
    if settings.database_url or (settings.home / "postgres").is_dir():
        yield from database_findings(settings)


# --- without the database -------------------------------------------------------------------------------------------


def python(_: Settings) -> Iterator[Finding]:
    yield ok(f"Python {sys.version.split()[0]} in {sys.prefix}")


def programs(settings: Settings) -> Iterator[Finding]:
    if settings.database_url:
        return
    try:
        found = settings.pg_bin or places.wheel_programs()
        answer = subprocess.run([found / "postgres", "--version"], capture_output=True, text=True, check=True)
    except SupervisorError as error:
        yield broken("no PostgreSQL to run", str(error))
    except (OSError, subprocess.CalledProcessError) as error:
        yield broken(
            f"the PostgreSQL in {settings.pg_bin or 'the wheel'} does not run ({error})", "Run make setup again."
        )
    else:
        yield ok(f"{answer.stdout.strip()} in {found}")


def home(settings: Settings) -> Iterator[Finding]:
    where = settings.home.resolve()
    if not (where / "postgres").is_dir() and not settings.database_url:
        yield note(f"no city in {where} yet", "Start one with hadir run, or name another folder with --home.")
    elif where.is_dir() and where.stat().st_mode & 0o066:
        yield note(f"others may read {where}", f"It holds personal data: chmod go-rw '{where}'.")
    else:
        yield ok(f"home {where}")


def disk(settings: Settings) -> Iterator[Finding]:
    linked = settings.home / "postgres/data"
    disks = {path.stat().st_dev: path.resolve() for path in (linked, settings.home) if path.exists()}
    for path in disks.values():
        room = DiskGuard(path).room()
        words = f"{room.free / GIGA:,.1f} GB of {room.total / GIGA:,.1f} GB free under {path}"
        if room.enough:
            yield ok(words)
        else:
            yield broken(words, f"Below {room.needed / GIGA:,.1f} GB nothing new is accepted: free some space.")


def tls(settings: Settings) -> Iterator[Finding]:
    if settings.tls_cert is None or settings.tls_key is None:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(settings.tls_cert, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        yield broken(
            f"the TLS certificate cannot be used ({error})", "Give a PEM chain and the key that belongs to it."
        )
    else:
        yield ok(f"TLS certificate {settings.tls_cert}")


def city(settings: Settings) -> Iterator[Finding]:
    try:
        own = areas_at(settings.home)
        pack = load_city(settings.city_folder, own if own.is_file() else None)
    except (PackError, OSError) as error:
        yield broken(f"the city pack {settings.city_folder} cannot be read", str(error))
    else:
        yield ok(f"city pack {settings.city_folder}: {len(pack.areas)} areas, {len(pack.agencies)} agencies")


def pages(_: Settings) -> Iterator[Finding]:
    if WEB.is_dir():
        yield ok("the staff's pages are built")
    else:
        yield broken("the staff's pages are not built", "Run make setup.")


def ways(settings: Settings) -> Iterator[Finding]:
    """How people are reached: what is not set up is said, and is nobody's mistake."""
    for well, what, advice in (*channels.push(settings), *channels.others(settings)):
        yield ok(what) if well else note(what, advice)


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (python, programs, home, disk, tls, city, pages, ways)


# --- with the database ----------------------------------------------------------------------------------------------


def database_findings(settings: Settings) -> Iterator[Finding]:
    try:
        with (
            database(**settings.server, url=settings.database_url or None, say=say) as url,
            psycopg.connect(url, autocommit=True) as connection,
        ):
            yield from server(connection)
            yield from shape(connection)
            yield from chain(connection, url)
    except SupervisorError as error:
        yield broken("the database does not start", str(error))
    except psycopg.OperationalError as error:
        yield broken(f"the database does not answer ({str(error).strip()})", "Check HADIR_DATABASE_URL and the server.")
    if not settings.database_url:
        yield from last_words(settings)


def server(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    version = connection.info.server_version // 10000
    if version < 15:
        yield broken(f"PostgreSQL {version} is too old", "Use PostgreSQL 15 or newer.")
    else:
        yield ok(f"PostgreSQL {version} answers")
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        value = _one(connection, f"select current_setting('{name}')")
        if value == "off":
            yield broken(f"{name} is off", f"A power cut would lose accepted reports: set {name} = on and restart.")


def shape(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    if _one(connection, "select to_regclass('migrations') is null"):
        yield note("the database is empty", "hadir run fills it.")
        return
    applied = {name for (name,) in connection.execute("select name from migrations")}
    known = {path.name for path in migrate.FOLDER.glob("*.sql")}
    if newer := sorted(applied - known):
        yield broken(
            f"the database was made by a newer Hadir ({newer[-1]})", "Update this one: docs/operations/update.md."
        )
    elif waiting := sorted(known - applied):
        yield note(f"{len(waiting)} changes of the database's shape wait", "hadir run applies them when it starts.")
    else:
        yield ok(f"{len(applied)} migrations, all applied")


def chain(connection: psycopg.Connection[Any], url: str) -> Iterator[Finding]:
    """Proves that no fact was changed, from the first on."""
    if _one(connection, "select to_regclass('journal') is null"):
        return
    say("following the journal's chain of hashes …")
    found = asyncio.run(_verified(url))
    if found.whole:
        yield ok(
            f"{found.facts:,} facts, {found.days} sealed days, none changed; the newest hash is {found.hash.hex()}"
        )
    else:
        yield broken(
            f"the journal was changed at position {found.broken_at:,}: {found.reason}",
            "Keep this disk as it is, restore the newest back-up whose chain is whole into a new home.",
        )


async def _verified(url: str) -> Verified:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        return await verify_chain(connection)


def last_words(settings: Settings) -> Iterator[Finding]:
    path = settings.home.resolve() / "log/postgres.log"
    lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
    if bad := [line for line in lines if "PANIC:" in line or "invalid page" in line]:
        yield broken(f"the database's log speaks of damage: {bad[-1]}", f"Look at {path}; make a back-up now.")
    else:
        yield ok(f"log {path}")


def _one(connection: psycopg.Connection[Any], query: Any) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
