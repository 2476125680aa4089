"""Record a journal into tests/histories, to be folded by the tests of every later version.

    python tools/record_history.py DATABASE_URL tests/histories/0001-name.jsonl

Do this once for each release, from a simulated hour. Keys and contents are written out in clear: a journal that holds a
report of real people (origin «live» or «replay») is refused.
"""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec

from hadir.storage.chain import Row
from hadir.storage.history import to_line
from hadir.storage.planning import ContentRow
from hadir.storage.postgres.facts import fetch
from hadir.storage.postgres.pool import connect
from hadir.storage.postgres.queries import journal_queries
from hadir.storage.postgres.verify import stored_row, verify_chain

PAGE = 5_000
SYNTHETIC = {"simulation"}


async def record(url: str, path: Path) -> int:
    """Write the whole journal to `path`; gives the number of facts."""
    async with await connect(url, "recorder") as conn:
        verified = await verify_chain(conn)
        if not verified.whole:
            raise SystemExit(f"position {verified.broken_at}: {verified.reason}")
        lines = [line for page in await _pages(conn, verified.facts) for line in map(_line, page)]
    path.write_bytes(b"".join(lines))
    return len(lines)


async def _pages(conn: Any, facts: int) -> list[list[Any]]:
    query = journal_queries()["chain"]
    return [await fetch(conn, query, {"after": after, "limit": PAGE}) for after in range(0, facts, PAGE)]


def _line(stored: tuple[Any, ...]) -> bytes:
    row, hash, (id, key, body, blobs, kind, subject, erased) = stored_row(stored), bytes(stored[15]), stored[16:]
    _refuse_real_people(row)
    if id is None or erased:
        return to_line(row, hash, None)
    content = ContentRow(
        id=id, kind=kind, subject=subject, key=bytes(key), body=body, blobs=tuple(blobs), position=row.position
    )
    return to_line(row, hash, content)


def _refuse_real_people(row: Row) -> None:
    origin = msgspec.json.decode(row.body).get("origin")
    if origin is not None and origin not in SYNTHETIC:
        raise SystemExit(f"position {row.position} has the origin «{origin}»: only simulated journals are recorded.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="address of the database")
    parser.add_argument("path", type=Path, help="file to write")
    arguments = parser.parse_args()
    facts = asyncio.run(record(arguments.url, arguments.path))
    sys.stdout.write(f"{facts} facts in {arguments.path}\n")


if __name__ == "__main__":
    main()
