"""Imported history, and closed reports, as lessons for a training. Used by commands, never by the server's intake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from hadir.storage.postgres.queries import load

SQL = load(Path(__file__).parent / "sql" / "history.sql")


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """One report of an earlier system. `text` is masked; `label`: what that system called it."""

    id: str
    source: str
    said_at: datetime
    text: str
    category: str | None
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """What was imported under one title."""

    name: str
    rows: int
    #: of them with a category of the city pack
    categorised: int
    first: datetime
    last: datetime


class _Closed(msgspec.Struct):
    since: datetime
    text: str
    category: str
    origin: str
    sensitive: bool = False


_closed = msgspec.json.Decoder(_Closed).decode


class History:
    """On a connection of its own."""

    def __init__(self, conn: psycopg.Connection[Any]) -> None:
        self._conn = conn

    def put(self, rows: Sequence[Past]) -> tuple[int, int]:
        """(new, changed); what is there already and the same is neither."""
        given = {
            "ids": [r.id for r in rows],
            "sources": [r.source for r in rows],
            "ats": [r.said_at for r in rows],
            "texts": [r.text for r in rows],
            "categories": [r.category for r in rows],
            "labels": [r.label for r in rows],
        }
        found = self._conn.execute(SQL["put_history"], given).fetchone()
        return (found[0], found[1]) if found else (0, 0)

    def forget(self, source: str) -> int:
        return self._conn.execute(SQL["forget_history"], {"source": source}).rowcount

    def sources(self) -> list[Source]:
        return [
            Source(name=name, rows=rows, categorised=known, first=first, last=last)
            for name, rows, known, first, last in self._conn.execute(SQL["sources"])
        ]

    def imported(self, most: int) -> Iterator[tuple[datetime, str, str]]:
        """(said, words, category) of the newest"""
        yield from self._conn.execute(SQL["history"], {"most": most})

    def closed(self, origins: frozenset[str], most: int) -> Iterator[tuple[datetime, str, str]]:
        """The same of the city's own reports that are over; sensitive ones never."""
        with self._conn.transaction(), self._conn.cursor(name="closed") as cursor:
            for (body,) in cursor.execute(SQL["closed_reports"], {"most": most}):
                report = _closed(msgspec.json.encode(body) if isinstance(body, dict) else body)
                if not report.sensitive and report.origin in origins:
                    yield report.since, report.text, report.category
