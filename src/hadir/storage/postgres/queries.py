"""SQL from .sql files: each query has a line `-- name: x` and a sentence that says what it is for."""

import re
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def load(path: Path) -> dict[str, LiteralString]:
    """The file's queries by name. ValueError: a name twice, or a query without its sentence."""
    _, *parts = _NAME.split(path.read_text(encoding="utf-8"))
    queries: dict[str, LiteralString] = {}
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        if name in queries or not text.startswith("-- "):
            raise ValueError(f"{path.name}: {name} stands twice, or has no sentence")
        # Files of this package are as literal as strings in its code.
        queries[name] = cast("LiteralString", text.strip().removesuffix(";"))
    return queries


def journal_queries() -> dict[str, LiteralString]:
    """The queries of sql/journal.sql."""
    return load(Path(__file__).parent / "sql" / "journal.sql")
