"""Trained models as files of the home: triage/model-<version>.bin, and `current`, which names the one in use.

The server looks at `current` now and then, so a training takes effect without a restart; a file that cannot be read
leaves the rules alone, and is told in the log.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from hadir.actions.learned import Model, ModelError, unpacked
from hadir.ports.clock import Clock

log = logging.getLogger(__name__)

FOLDER, CURRENT = "triage", "current"
#: Older trainings that stay, to go back to.
KEPT = 5
#: The server looks so often whether there is another.
LOOK_S = 10.0


def folder_of(home: Path) -> Path:
    return home / FOLDER


def install(home: Path, model: Model) -> Path:
    """Write the model and make it the one in use; the oldest beyond `KEPT` go."""
    folder = folder_of(home)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"model-{model.version}.bin"
    _write(path, model.packed())
    use(home, model.version)
    for old in sorted(folder.glob("model-*.bin"))[: -KEPT - 1]:
        old.unlink()
    return path


def use(home: Path, version: str | None) -> None:
    """Make a version the one in use; None: no model, the rules alone. Raises ModelError when it is not there."""
    folder = folder_of(home)
    if version is not None and not (folder / f"model-{version}.bin").is_file():
        raise ModelError(f"there is no model {version} in {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / CURRENT, (version or "").encode())


def versions(home: Path) -> list[str]:
    """Those that are there, the oldest first."""
    return [p.stem.removeprefix("model-") for p in sorted(folder_of(home).glob("model-*.bin"))]


def current(home: Path) -> Model | None:
    """The one in use. Raises ModelError, OSError."""
    try:
        version = (folder_of(home) / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return unpacked((folder_of(home) / f"model-{version}.bin").read_bytes()) if version else None


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    half = path.with_suffix(".half")
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


class Current:
    """The model in use, as the running program sees it; called in every intake, so it looks at the disk seldom."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._home = home
        self._clock = clock
        self._looked = float("-inf")
        self._stamp: tuple[int, int] | None = None
        self._model: Model | None = None

    def __call__(self) -> Model | None:
        now = self._clock.monotonic()
        if now - self._looked >= LOOK_S:
            self._looked = now
            self._look()
        return self._model

    def _look(self) -> None:
        try:
            found = (folder_of(self._home) / CURRENT).stat()
            stamp = (found.st_mtime_ns, found.st_ino)
        except OSError:
            stamp = None
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._model = None if stamp is None else current(self._home)
        except (ModelError, OSError) as error:
            self._model = None
            log.warning("The trained model cannot be read: %s", error, extra={"action": "model_unreadable"})
