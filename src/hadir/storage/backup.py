"""Back-up and restore of one city: its database and the files of its home, in one tar.

The tar holds database.dump (pg_dump, one snapshot), then home/… (photos, the city's own areas: everything but the
server's files and the logs), and as its last member manifest.json with the SHA-256 of every other one. So a back-up
that was cut short has no manifest, and one changed byte shows. Photos are copied after the snapshot: each one that
the snapshot names was on disk before it was named. Positions go on where the back-up ends; clients that saw later
ones learn by the new epoch that they must start anew.
"""

import contextlib
import hashlib
import io
import json
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hadir.storage.postgres.epoch import new_epoch

FORMAT = 1
DUMP, MANIFEST, FILES = "database.dump", "manifest.json", "home"
#: what of a home is not part of the city: the server's files (the dump has them), and logs
LEFT_OUT = {"postgres", "log"}
CHUNK = 1 << 20
#: files between two lines of progress
STEP = 500

Say = Callable[[str], None]


class BackupError(Exception):
    """The back-up cannot be made or used; the message is a sentence for the person who asked."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a back-up says about itself."""

    format: int
    #: version of the program that made it
    hadir: str
    #: RFC 3339, UTC
    at: str
    epoch: str
    #: every fact up to this position is in it
    position: int
    #: SHA-256 by member name, without this one
    members: dict[str, str] = field(default_factory=dict)


# --- back up --------------------------------------------------------------------------------------------------------


def backup(*, url: str, home: Path, programs: Path, target: Path, version: str, now: datetime, say: Say) -> Manifest:
    """Write `target` whole or not at all; an older file of that name stays until then. Works while the city runs."""
    part, dump = target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.dump")
    try:
        with psycopg.connect(url) as connection:
            epoch, position = _where(connection)
        say(f"dumping the database (facts up to {position:,}) …")
        _run([programs / "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", dump], url)
        manifest = Manifest(format=FORMAT, hadir=version, at=now.isoformat(), epoch=epoch, position=position)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            _write(out, manifest, dump, home, say)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except OSError as error:
        raise BackupError(f"The back-up could not be written to {target}: {error.strerror or error}.") from error
    finally:
        for leftover in (part, dump):
            leftover.unlink(missing_ok=True)
    return manifest


def _where(connection: psycopg.Connection[Any]) -> tuple[str, int]:
    try:
        epoch = connection.execute("select epoch from epoch order by nr desc limit 1").fetchone()
        position = connection.execute("select coalesce(max(position), 0) from journal").fetchone()
    except psycopg.errors.UndefinedTable as error:
        raise BackupError("This database holds no city yet: there is nothing to back up.") from error
    assert epoch is not None
    assert position is not None
    return epoch[0], position[0]


def _write(out: IO[bytes], manifest: Manifest, dump: Path, home: Path, say: Say) -> None:
    with tarfile.open(fileobj=out, mode="w") as tar:
        _add(tar, DUMP, dump, manifest)
        for number, path in enumerate(_files(home), start=1):
            # a photo may be erased between listing and reading; then it belongs in no back-up
            with contextlib.suppress(FileNotFoundError):
                _add(tar, str(PurePosixPath(FILES, *path.relative_to(home).parts)), path, manifest)
            if number % STEP == 0:
                say(f"{number:,} files …")
        text = json.dumps(asdict(manifest), indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))


def _files(home: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(home):
        if Path(folder) == home:
            names[:] = [name for name in names if name not in LEFT_OUT]
        names.sort()
        yield from (path for name in sorted(files) if (path := Path(folder, name)).is_file() and not path.is_symlink())


class _Hashing:
    """A reader that hashes what passes through it, so that no file is read twice."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


def _add(tar: tarfile.TarFile, name: str, path: Path, manifest: Manifest) -> None:
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = os.fstat(file.fileno()).st_size, int(path.stat().st_mtime), 0o600
        reader = _Hashing(file)
        tar.addfile(info, reader)  # type: ignore[arg-type]  # tarfile only ever calls read(size)
        manifest.members[name] = reader.digest.hexdigest()


# --- restore --------------------------------------------------------------------------------------------------------


def verify(source: Path, say: Say) -> Manifest:
    """Read a whole back-up and check every byte of it. Raises BackupError."""
    found: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(source, "r:") as tar:
            for number, member in enumerate(tar, start=1):
                data = _member(tar, member)
                if member.name == MANIFEST:
                    manifest = _manifest(data.read())
                else:
                    found[member.name] = _digest(data)
                if number % STEP == 0:
                    say(f"{number:,} files checked …")
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{source} is not a whole back-up of Hadir: {error}.") from error
    except OSError as error:
        raise BackupError(f"{source} cannot be read: {error.strerror or error}.") from error
    if manifest is None or DUMP not in found:
        raise BackupError(f"{source} is not a whole back-up of Hadir: its end is missing.")
    if wrong := sorted(k for k in found.keys() | manifest.members.keys() if found.get(k) != manifest.members.get(k)):
        raise BackupError(f"{source} is damaged ({wrong[0]} and {len(wrong) - 1} more): take an older back-up.")
    return manifest


def restore(*, source: Path, url: str, home: Path, programs: Path, say: Say) -> Manifest:
    """Fill an empty database and home, and begin a new epoch. Raises BackupError, having changed nothing."""
    say(f"checking {source} …")
    manifest = verify(source, say)
    with psycopg.connect(url) as connection:
        if connection.execute("select 1 from pg_tables where schemaname = 'public' limit 1").fetchone():
            raise BackupError("There is a city in this home already: restore into a new one (--home).")
    dump = home / ".restoring.dump"
    try:
        _unpack(source, home, dump, say)
        say(f"restoring the database (facts up to {manifest.position:,}) …")
        how = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        _run([programs / "pg_restore", *how, "--dbname", _without_password(url), dump], url, named=True)
    finally:
        dump.unlink(missing_ok=True)
    os.sync()
    return manifest


async def begin_epoch(url: str, manifest: Manifest) -> str:
    """After a restore: positions that clients remember from before may mean other facts from now on."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await new_epoch(connection, f"restored from the back-up of {manifest.at}")


def _manifest(text: bytes) -> Manifest:
    try:
        values = json.loads(text)
        known = Manifest(**values)
    except (ValueError, TypeError) as error:
        raise BackupError("The back-up's manifest cannot be read: it was made by another program.") from error
    if known.format != FORMAT:
        raise BackupError(
            f"The back-up has format {known.format}, made by Hadir {known.hadir}: restore it with that one."
        )
    return known


def _member(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    """Only plain files with plain names: a back-up from elsewhere must not write outside the home."""
    parts = PurePosixPath(member.name).parts
    plain = member.name in (DUMP, MANIFEST) or (parts[:1] == (FILES,) and len(parts) > 1 and ".." not in parts)
    data = tar.extractfile(member) if plain and member.isreg() else None
    if data is None or (len(parts) > 1 and parts[1] in LEFT_OUT):
        raise BackupError(f"The back-up holds {member.name!r}, which no back-up of Hadir does.")
    return data


def _unpack(source: Path, home: Path, dump: Path, say: Say) -> None:
    with tarfile.open(source, "r:") as tar:
        for number, member in enumerate(tar, start=1):
            if member.name == MANIFEST:
                continue
            path = dump if member.name == DUMP else home.joinpath(*PurePosixPath(member.name).parts[1:])
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            data = _member(tar, member)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                while chunk := data.read(CHUNK):
                    out.write(chunk)
            if number % STEP == 0:
                say(f"{number:,} files …")


def _digest(data: IO[bytes]) -> str:
    total = hashlib.sha256()
    while chunk := data.read(CHUNK):
        total.update(chunk)
    return total.hexdigest()


# --- PostgreSQL's own programs --------------------------------------------------------------------------------------


def _without_password(url: str) -> str:
    return make_conninfo("", **{k: v for k, v in conninfo_to_dict(url).items() if k != "password"})


def _run(args: list[Any], url: str, *, named: bool = False) -> None:
    """Run one; a password goes by the environment, since everybody can read the arguments of a process."""
    parts = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(parts["password"])} if "password" in parts else {}
    command = [str(each) for each in args] + ([] if named else [f"--dbname={_without_password(url)}"])
    try:
        done = subprocess.run(command, env=os.environ | secret, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BackupError(f"{args[0]} is missing: name a PostgreSQL bin folder in HADIR_PG_BIN.") from error
    if done.returncode != 0:
        raise BackupError(f"{Path(args[0]).name} failed: {done.stderr.strip()[-600:]}")
