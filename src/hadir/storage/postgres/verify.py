"""Proof that nothing in the journal was changed, for `hadir doctor`: walk the chain from the first fact to the last."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import msgspec
from psycopg import AsyncConnection

from hadir.storage.chain import GENESIS, Row, chained, keyed_digest
from hadir.storage.postgres.facts import fetch
from hadir.storage.postgres.queries import journal_queries

SQL = journal_queries()

PAGE = 5_000

#: (facts checked, facts in the journal)
Progress: TypeAlias = Callable[[int, int], None]


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome: everything is as it was written, or the first place where it is not."""

    facts: int
    #: Sealed days that fit.
    days: int
    #: Of the newest fact; compare it with one that was kept outside.
    hash: bytes
    broken_at: int | None = None
    #: One sentence; empty when all is well.
    reason: str = ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None


async def verify_chain(conn: AsyncConnection[Any], progress: Progress = lambda _done, _all: None) -> Verified:
    """Check positions, versions, hashes, sealed days and the digests of contents that are not erased.

    `conn`: in autocommit; facts appended meanwhile are left for the next time.
    """
    total = await _newest_position(conn)
    walk = _Walk(await (await conn.execute(SQL["days"])).fetchall())
    while walk.position < total:
        rows = await fetch(conn, SQL["chain"], {"after": walk.position, "limit": min(PAGE, total - walk.position)})
        if reason := next((found for row in rows if (found := walk.step(row))), None):
            return walk.outcome(broken_at=walk.position, reason=reason)
        progress(walk.position, total)
    if reason := walk.end():
        return walk.outcome(broken_at=walk.position, reason=reason)
    return walk.outcome(broken_at=None, reason="")


async def _newest_position(conn: AsyncConnection[Any]) -> int:
    row = await (await conn.execute(SQL["position"])).fetchone()
    return 0 if row is None else row[0]


class _Walk:
    """Goes along the chain; each step gives a reason to stop, or an empty string."""

    def __init__(self, days: list[tuple[date, int, int, bytes]]) -> None:
        self.position = 0
        self._hash = GENESIS
        self._day: date | None = None
        self._versions: dict[str, int] = {}
        self._seals = {last: (day, first, bytes(hash)) for day, first, last, hash in days}
        self._sealed = 0
        self._day_began = 1

    def step(self, stored: tuple[Any, ...]) -> str:
        row, hash, (id, key, body, blobs, _, _, erased) = stored_row(stored), bytes(stored[15]), stored[16:]
        before, self.position = self.position, self.position + 1
        if row.position != before + 1:
            return f"position {before + 1} is missing"
        return (
            self._check_day(row)
            or self._check_version(row)
            or self._check_hash(row, hash)
            or _check_content(row, id, key, body, blobs, erased)
        )

    def _check_day(self, row: Row) -> str:
        if self._day is not None and row.day > self._day:
            seal = (self._day, self._day_began, self._hash)
            if self._seals.get(row.position - 1) != seal:
                return f"the day {self._day} was not sealed as it stands"
            self._sealed += 1
            self._day_began = row.position
        self._day = row.day
        return ""

    def _check_version(self, row: Row) -> str:
        expected = self._versions.get(row.stream, 0) + 1
        self._versions[row.stream] = row.version
        return "" if row.version == expected else f"{row.stream} has version {row.version} where {expected} should be"

    def _check_hash(self, row: Row, hash: bytes) -> str:
        self._hash = chained(self._hash, row)
        return "" if self._hash == hash else "the fact is not what it was when it was written"

    def end(self) -> str:
        return "" if self._sealed == len(self._seals) else "there is a seal of a day that never was"

    def outcome(self, *, broken_at: int | None, reason: str) -> Verified:
        return Verified(facts=self.position, days=self._sealed, hash=self._hash, broken_at=broken_at, reason=reason)


def stored_row(stored: tuple[Any, ...]) -> Row:
    """From a row of the query `chain`."""
    position, at, day, stream, version, kind, v, actor, role, channel, cause, command_id, content, audience, body = (
        stored[:15]
    )
    return Row(
        position=position,
        at=at,
        day=day,
        stream=stream,
        version=version,
        kind=kind,
        v=v,
        actor=actor,
        role=role,
        channel=channel,
        cause=cause,
        command_id=command_id,
        content=content,
        audience=tuple(audience),
        body=msgspec.Raw(body),
    )


def _check_content(
    row: Row, id: str | None, key: bytes | None, body: bytes | None, blobs: list[str] | None, erased: bool | None
) -> str:
    if id != row.content:
        return f"content {row.content or id} is missing" if row.content else f"content {id} belongs to no fact"
    if id is None or erased or key is None or body is None:
        return ""
    digest = msgspec.json.decode(row.body).get("content_digest")
    fits = keyed_digest(bytes(key), body, tuple(blobs or ())) == digest
    return "" if fits else f"content {id} is not what it was when it was written"
