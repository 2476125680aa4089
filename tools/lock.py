"""Write requirements/*.txt from requirements/*.in: every version pinned by hash, no address of any index in them.

With --upgrade newer versions are taken; without it only what the .in files changed. Run by `make lock`.
"""

import subprocess
import sys
from pathlib import Path

NAMES = ("uv", "run", "dev", "bench")
FIXED = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links")


def lock(name: str, extra: list[str]) -> None:
    source, target = f"requirements/{name}.in", f"requirements/{name}.txt"
    print(f"lock: {target} …", flush=True)
    subprocess.run([".venv/bin/uv", "pip", "compile", "-q", *FIXED, *extra, source, "-o", target], check=True)
    if "://" in Path(target).read_text():
        raise SystemExit(f"lock: {target} holds an address; a lock names versions and hashes only.")


if __name__ == "__main__":
    for each in NAMES:
        lock(each, sys.argv[1:])
