"""The pages' own styles and scripts, under names that hold their digest: kept by browsers for a year, never stale."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "json": "application/json",
}
#: The design system's files that every page begins with (docs/design-system.md).
SHARED = ("tokens.css", "page.css")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """One file as it is sent."""

    name: str
    type: str
    plain: bytes
    packed: bytes


class Assets:
    """Files by plain name («form.js») and by the name with the digest («form.1a2b3c4d.js»)."""

    def __init__(self, styles: Path) -> None:
        """`styles`: the folder with the design system's tokens.css and page.css."""
        self._named: dict[str, Asset] = {}
        self._plain: dict[str, str] = {}
        own = files("hadir.inbound.pages").joinpath("static")
        sheets = [(styles / name).read_text(encoding="utf-8") for name in SHARED]
        sheets.append(own.joinpath("citizen.css").read_text(encoding="utf-8"))
        self.add("citizen.css", _tight("\n".join(sheets)))
        for name in sorted(f.name for f in own.iterdir() if f.name.endswith((".js", ".svg"))):
            self.add(name, own.joinpath(name).read_text(encoding="utf-8"))

    def add(self, name: str, text: str) -> None:
        """Take a file in under its plain name."""
        body = text.encode()
        stem, _, kind = name.rpartition(".")
        full = f"{stem}.{hashlib.sha256(body).hexdigest()[:8]}.{kind}"
        packed = gzip.compress(body, 9, mtime=0)
        self._named[full] = Asset(name=full, type=TYPES[kind], plain=body, packed=packed)
        self._plain[name] = full

    def url(self, name: str) -> str:
        return f"/aset/{self._plain[name]}"

    def has(self, name: str) -> bool:
        return name in self._plain

    def text(self, name: str) -> str:
        """A file's text, by its plain name."""
        return self._named[self._plain[name]].plain.decode()

    def get(self, full: str) -> Asset | None:
        return self._named.get(full)


def _tight(css: str) -> str:
    """Without comments and indentation: a third smaller before compression."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}").strip()
