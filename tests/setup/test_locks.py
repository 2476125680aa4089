"""What is locked is locked by hash, names no address, and says what the .in files ask for."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
ADDRESS = re.compile(r"\w+://|file:|\.whl\b")


def pins(lock: Path) -> dict[str, str]:
    """Package → the rest of its entry, hashes included."""
    entries = re.split(r"\n(?=\S)", lock.read_text())
    return {e.split("==")[0].strip().lower(): e for e in entries if "==" in e and not e.startswith("#")}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_every_package_is_pinned_by_hash(lock: Path) -> None:
    found = pins(lock)
    assert found
    assert [name for name, entry in found.items() if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_no_lock_names_an_address(lock: Path) -> None:
    assert ADDRESS.findall(lock.read_text()) == []


@pytest.mark.parametrize("source", sorted((ROOT / "requirements").glob("*.in")), ids=lambda p: p.name)
def test_what_is_asked_for_is_locked(source: Path) -> None:
    lines = [line.split("#")[0].strip() for line in source.read_text().splitlines()]
    asked = {re.split(r"[\[;=<>~ ]", line)[0].lower() for line in lines if line and not line.startswith("-r")}
    assert asked <= pins(source.with_suffix(".txt")).keys()


def test_the_bootstrap_installs_the_uv_that_the_lock_keeps() -> None:
    """Else each set-up would install one and remove it for the other."""
    version = {re.search(r"^uv==(\S+)", lock.read_text(), re.M)[1] for lock in LOCKS if lock.stem in ("uv", "dev")}
    assert len(version) == 1


def test_the_package_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "web/package-lock.json").read_text())
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
