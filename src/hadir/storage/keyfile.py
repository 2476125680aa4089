"""The secrets of one installation: each 32 random bytes in the home, readable by their owner only."""

import contextlib
import os
import secrets
from pathlib import Path

SIZE = 32
#: its name in the home
NAME = "secret.key"
#: browsers subscribe to the key that is made of it: another one, and no phone rings until it is allowed again
PUSH_KEY = "push.key"


class BadKey(Exception):
    """The file does not hold a secret of ours: restore it from a back-up, or tracking links and push are lost."""


def load_or_make(path: Path) -> bytes:
    """The secret; made the first time, by whichever process comes first. Raises BadKey, OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        _make(path)
    key = path.read_bytes()
    if len(key) != SIZE:
        raise BadKey(f"{path} holds {len(key)} bytes, not {SIZE}: restore it from a back-up.")
    return key


def _make(path: Path) -> None:
    """Whole or not at all: written and synced under another name, then linked (a link never replaces)."""
    if path.exists():
        raise FileExistsError(path)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, secrets.token_bytes(SIZE))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(fresh, path)
    finally:
        fresh.unlink()
