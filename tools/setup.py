"""Set up this checkout: .venv, the locked packages, Hadir itself, the web pages, and (for tests) Chromium.

Standard library only, Python 3.11; run by make with the machine's own Python. Every step remembers a digest of what
went into it (.venv/.hadir/<step>), so a second run takes no time, and a changed lock repeats only its own step.
A step that cannot be done ends with one sentence that says what to do.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(".venv")
STAMPS = VENV / ".hadir"


def say(text: str) -> None:
    print(f"set-up: {text}", flush=True)


def give_up(sentence: str) -> SystemExit:
    return SystemExit(f"set-up: {sentence}")


def run(args: list[str | Path], *, what: str) -> None:
    """Run one tool; its own output is shown. A failure ends the set-up and names the step."""
    if subprocess.run([str(a) for a in args], check=False).returncode != 0:
        raise give_up(f"{what} failed; the lines above say why. It is safe to run the same command again.")


def digest(parts: Iterable[str | Path]) -> str:
    """One digest over texts and the contents of files; a missing file counts as empty."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) and part.is_file() else str(part).encode()
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()


def once(step: str, state: str, work: Callable[[], None]) -> None:
    """Do `work` unless it was done for this very state of its inputs."""
    stamp = STAMPS / step
    if stamp.is_file() and stamp.read_text() == state:
        return
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)


# --- Python ---------------------------------------------------------------------------------------------------------


def python_works(python: Path) -> bool:
    if not python.exists():
        return False
    check = [str(python), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(check, check=False).returncode == 0


def has_ensurepip() -> bool:
    """Debian and Ubuntu ship Python without it; then `python3 -m venv` cannot work."""
    return subprocess.run([sys.executable, "-c", "import ensurepip"], check=False, capture_output=True).returncode == 0


def apt(*packages: str) -> bool:
    """Install distribution packages when we may (root on Debian or Ubuntu). True if it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"installing {' '.join(packages)} with apt-get …")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], check=False, env=quiet)
    command = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages]
    return subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0


def make_venv(venv: Path) -> None:
    if python_works(venv / "bin/python"):
        return
    if not has_ensurepip():
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not (apt("python3-venv") and has_ensurepip()) and not (apt(version) and has_ensurepip()):
            raise give_up("this Python lacks venv; install it, then run make again: sudo apt install python3-venv")
    say(f"making {venv} with Python {sys.version.split()[0]} …")
    shutil.rmtree(venv, ignore_errors=True)
    run([sys.executable, "-m", "venv", venv], what=f"python -m venv {venv}")


def uv(venv: Path) -> Path:
    """The pinned uv inside the environment; pip checks its hash. Returns its path."""
    tool, lock = venv / "bin/uv", Path("requirements/uv.txt")
    wanted = next(line.split()[0].split("==")[1] for line in lock.read_text().splitlines() if line.startswith("uv=="))
    if tool.exists():
        answer = subprocess.run([tool, "--version"], check=False, capture_output=True, text=True).stdout.split()
        if answer[1:2] == [wanted]:
            return tool
    say(f"installing uv {wanted} …")
    python = venv / "bin/python"
    if subprocess.run([python, "-c", "import pip"], check=False, capture_output=True).returncode != 0:
        run([python, "-m", "ensurepip"], what="ensurepip")
    install = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock]
    run([python, *install], what="installing uv")
    return tool


def packages(venv: Path, lock: Path) -> None:
    """Make the environment hold what the lock says and nothing else, then Hadir itself from this folder."""
    make_venv(venv)
    python, tool = venv / "bin/python", uv(VENV)
    where = "" if venv == VENV else f"{venv.name}-"

    def sync() -> None:
        say(f"packages of {lock} (the first time this takes a minute) …")
        (STAMPS / f"{where}itself").unlink(missing_ok=True)
        run([tool, "pip", "sync", "-q", "--require-hashes", "--python", python, lock], what=f"installing {lock}")

    def itself() -> None:
        own = ["pip", "install", "-q", "--no-deps", "--no-build-isolation", "--python", python, "-e", "."]
        run([tool, *own], what="installing Hadir itself")

    version = subprocess.run([python, "-VV"], check=True, capture_output=True, text=True).stdout
    once(f"{where}packages", digest([lock, version]), sync)
    once(f"{where}itself", digest([Path("pyproject.toml"), str(ROOT), version]), itself)


# --- Chromium -------------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """A Chromium that is here already: the one named, the machine's, or Playwright's own."""
    named = os.environ.get("HADIR_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    caches = (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright")
    inside = ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*")
    return next((str(p) for c in caches for i in inside for p in sorted(c.glob(f"chromium-*/{i}"))), None)


def browser() -> None:
    """Chromium for the browser tests: found, else from apt, else Playwright's download, else a sentence (they skip)."""
    if chromium() or (apt("chromium") and chromium()) or (apt("chromium-browser") and chromium()):
        return
    say("downloading a Chromium for the browser tests …")
    if subprocess.run([VENV / "bin/python", "-m", "playwright", "install", "chromium"], check=False).returncode == 0:
        return
    say("no Chromium: the browser tests will skip. Install one (apt install chromium) or name it in HADIR_CHROMIUM.")


# --- all ------------------------------------------------------------------------------------------------------------


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--no-web", action="store_true", help="leave the web pages as they are")
    parser.add_argument("--browser", action="store_true", help="find or install a Chromium for the browser tests")
    parser.add_argument("--bench", action="store_true", help="also the second environment, with the benchmarks' peers")
    return parser.parse_args()


def main() -> None:
    wanted = options()
    os.chdir(ROOT)
    os.environ.setdefault("UV_SYSTEM_CERTS", "1")
    os.environ.pop("VIRTUAL_ENV", None)  # an activated environment elsewhere is not ours to change
    with Path("pyproject.toml").open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)  # two makes at once: the second waits, then finds all done
        packages(VENV, Path("requirements/dev.txt"))
        if wanted.bench:
            packages(Path(".venv-bench"), Path("requirements/bench.txt"))
        if not wanted.no_web:
            run([VENV / "bin/python", "tools/web.py", "build"], what="building the web pages")
        if wanted.browser:
            browser()


if __name__ == "__main__":
    main()
