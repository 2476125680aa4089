"""`GET /assets/…`: the built files, packed at build time, kept by browsers for a year where the name holds a digest."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hadir.inbound.kit.asgi import App, Receive, Scope, Send, answer, header
from hadir.inbound.kit.problems import Problem

PREFIX = "/assets/"
#: Browsers ask for this one by themselves on pages that name no icon: the API's refusals, a photo opened alone.
ICON = "/favicon.ico"
#: A service worker rules over the paths below its own, so this one stands at the top.
WORKER = "/sw.js"
#: paths outside PREFIX → the file
OUTSIDE = {ICON: "icon.svg", WORKER: "sw.js"}
# Vite's names: «main-B1x2_3yZ.js».
_DIGEST = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9]+$")
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
_TEXT = ("text/", "application/json", "application/manifest", "image/svg")
FOREVER, ASK = b"public, max-age=31536000, immutable", b"no-cache"
#: by preference: what the browser takes → the file beside
PACKINGS = ((b"br", ".br"), (b"gzip", ".gz"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """One file in memory, as it was at `stamp`."""

    stamp: int
    data: bytes
    tag: bytes


class Entry(msgspec.Struct, frozen=True):
    """One entry of Vite's manifest."""

    file: str
    css: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


class Files:
    """The folder `web/dist`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[Path, Kept] = {}

    def __call__(self, method: str, path: str) -> App | None:
        """The door for a path under /assets/."""
        return self._serve if (path.startswith(PREFIX) or path in OUTSIDE) and method in ("GET", "HEAD") else None

    async def _serve(self, scope: Scope, _receive: Receive, send: Send) -> None:
        asked = scope["path"]
        path = self._inside(OUTSIDE.get(asked) or asked[len(PREFIX) :])
        if path is None:
            raise Problem("not_found", status=404)
        packing, kept = self._best(path, header(scope, b"accept-encoding") or b"")
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        charset = "; charset=utf-8" if kind.startswith(_TEXT) else ""
        headers = [
            (b"content-type", f"{kind}{charset}".encode()),
            (b"cache-control", FOREVER if _DIGEST.search(path.name) else ASK),
            (b"etag", kept.tag),
            (b"vary", b"accept-encoding"),
        ]
        if kept.tag in (header(scope, b"if-none-match") or b""):
            await answer(send, 304, b"", headers)
            return
        if packing:
            headers.append((b"content-encoding", packing))
        await answer(send, 200, kept.data, headers)

    def _inside(self, name: str) -> Path | None:
        """The file of this name below the folder; nothing hidden, nothing above."""
        parts = name.split("/")
        if any(part in ("", "..") or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        path = self._folder.joinpath(*parts)
        return path if path.is_file() else None

    def _best(self, path: Path, accepted: bytes) -> tuple[bytes, Kept]:
        for packing, suffix in PACKINGS:
            beside = path.with_name(path.name + suffix)
            if packing in accepted and beside.is_file():
                return packing, self._load(beside)
        return b"", self._load(path)

    def _load(self, path: Path) -> Kept:
        stamp = path.stat().st_mtime_ns
        kept = self._kept.get(path)
        if kept is None or kept.stamp != stamp:
            data = path.read_bytes()
            tag = b'"' + hashlib.sha256(data).hexdigest()[:20].encode() + b'"'
            kept = self._kept[path] = Kept(stamp=stamp, data=data, tag=tag)
        return kept

    def entry(self, face: str) -> Entry | None:
        """What the page of this face loads: script, styles and what it imports; None: the pages are not built."""
        manifest = self._folder / "manifest.json"
        if not manifest.is_file():
            return None
        entries = msgspec.json.decode(self._load(manifest).data, type=dict[str, Entry])
        root = entries.get(f"src/pages/{face}/main.ts")
        return None if root is None else _gathered(root, entries)


def _gathered(root: Entry, entries: dict[str, Entry]) -> Entry:
    """The entry with the styles and files of everything it imports, each once, in the order of the imports."""
    styles, files, seen, waiting = dict.fromkeys(root.css), {}, set(), list(root.imports)
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in entries:
            continue
        seen.add(name)
        each = entries[name]
        files[each.file] = None
        styles |= dict.fromkeys(each.css)
        waiting += each.imports
    return Entry(file=root.file, css=tuple(styles), imports=tuple(files))
