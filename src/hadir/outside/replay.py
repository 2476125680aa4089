"""Pour a real data set through the citizens' door, as an outside program would: every report is marked as a replay.

The id of a row's command is made of the row, so a second run finds every report already there and doubles nothing.
"""

from __future__ import annotations

import asyncio
import csv
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from hadir.outside.client import Client
from hadir.outside.mapping import FileMapping, Said, Skipped, box_of, load, read

# Requests under way at once where the server sets the pace: enough to fill a group commit, too few to be an attack.
AT_ONCE = 32
# The bar is drawn so often, seconds.
DRAW_EVERY_S = 0.5


@dataclass(kw_only=True)
class Summary:
    """Counts and times of one run; times in milliseconds, from the first try to the answer."""

    rows: int = 0
    sent: int = 0
    accepted: int = 0
    #: an earlier run had sent them
    repeated: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    #: tries beyond the first
    retries: int = 0
    seconds: float = 0.0
    answered_ms: list[float] = field(default_factory=list)
    #: seconds behind the replay's own clock, at worst
    late_s: float = 0.0

    def percentile(self, part: float) -> float:
        ordered = sorted(self.answered_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0

    def lines(self) -> list[str]:
        """For a person."""
        rate = self.accepted / self.seconds if self.seconds else 0.0
        told = [
            f"rows {self.rows} · sent {self.sent} · accepted {self.accepted} · already there {self.repeated}",
            f"{self.seconds:.1f} s · {rate:.0f} accepted/s · tries beyond the first {self.retries}",
            f"answer p50 {self.percentile(0.5):.0f} ms · p90 {self.percentile(0.9):.0f} ms · "
            f"p99 {self.percentile(0.99):.0f} ms · slowest {self.percentile(1.0):.0f} ms",
        ]
        if self.late_s > 1:
            told.append(f"at worst {self.late_s:.1f} s behind the wanted speed")
        told += [f"refused {n} × {code}" for code, n in sorted(self.refused.items())]
        told += [f"skipped {n} × {why}" for why, n in sorted(self.skipped.items())]
        return told


def rows_of(path: Path, mapping: FileMapping, city: Any) -> tuple[list[Said], Summary]:
    """The file's rows as reports, in the order of what they say; what cannot be one is counted by its reason."""
    summary, said = Summary(), []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for each in read(csv.DictReader(lines), mapping, city):
            summary.rows += 1
            if isinstance(each, Skipped):
                summary.skipped[each.why] = summary.skipped.get(each.why, 0) + 1
            else:
                said.append(each)
    said.sort(key=lambda s: s.said_at)
    return said, summary


def body_of(said: Said) -> Mapping[str, Any]:
    """The command of one row."""
    place: dict[str, Any] = {"how": "words"}
    if said.lat is not None:
        place = {"how": "gps", "lat": said.lat, "lon": said.lon}
    body: dict[str, Any] = {
        "command_id": said.command_id,
        "text": said.text,
        "place": place,
        "origin": "replay",
        "said_at": said.said_at.isoformat(),
        "reporter": said.reporter,
    }
    return body | ({"category": said.category} if said.category else {})


class Pace:
    """When each row is due: `speed` times as fast as it was said, or at once (speed 0)."""

    def __init__(self, first: datetime, speed: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._first = first
        self._speed = speed
        self._clock = clock
        self._start = clock()

    def wait_s(self, said_at: datetime) -> float:
        """Seconds until it is due; negative: so late it is."""
        if not self._speed:
            return 0.0
        due = (said_at - self._first).total_seconds() / self._speed
        return due - (self._clock() - self._start)


class Bar:
    """One line of progress on a terminal; a line now and then elsewhere."""

    def __init__(self, total: int, out: TextIO) -> None:
        self._total = total
        self._out = out
        self._drawn = 0.0

    def draw(self, summary: Summary, said_at: datetime | None, *, last: bool = False) -> None:
        now = time.monotonic()
        if not last and now - self._drawn < (DRAW_EVERY_S if self._out.isatty() else DRAW_EVERY_S * 20):
            return
        self._drawn = now
        done = summary.accepted + summary.repeated + sum(summary.refused.values())
        part = done / self._total if self._total else 1.0
        at = f" · {said_at:%d %b %H:%M} UTC" if said_at else ""
        bar = "█" * round(part * 24) + "░" * (24 - round(part * 24))
        end = "\n" if last or not self._out.isatty() else ""
        start = "\r" if self._out.isatty() else ""
        self._out.write(f"{start}replay {bar} {done}/{self._total}{at} · p50 {summary.percentile(0.5):.0f} ms   {end}")
        self._out.flush()


async def pour(client: Client, said: Sequence[Said], summary: Summary, speed: float, out: TextIO) -> Summary:
    """Send all; returns the same summary, filled. Raises NotSignedIn."""
    # What an earlier run has sent is answered with the position it got then.
    known = int((await client.get("/api/v1/board?things=areas"))["position"])
    began, bar = time.monotonic(), Bar(len(said), out)
    gate = asyncio.Semaphore(AT_ONCE)
    pace = Pace(said[0].said_at, speed) if said else None
    try:
        async with asyncio.TaskGroup() as group:
            for each in said:
                assert pace is not None
                wait = pace.wait_s(each.said_at)
                summary.late_s = max(summary.late_s, -wait)
                if wait > 0:
                    await asyncio.sleep(wait)
                await gate.acquire()
                group.create_task(_send(client, each, summary, known, gate))
                bar.draw(summary, each.said_at)
    except ExceptionGroup as failed:  # all of them failed for the one reason: the first tells it
        raise failed.exceptions[0] from None
    summary.seconds = time.monotonic() - began
    bar.draw(summary, None, last=True)
    return summary


async def _send(client: Client, said: Said, summary: Summary, known: int, gate: asyncio.Semaphore) -> None:
    try:
        began = time.monotonic()
        summary.sent += 1
        answer = await client.command("/api/v1/reports", body_of(said))
        summary.answered_ms.append((time.monotonic() - began) * 1000)
        summary.retries += answer.tries - 1
        if not answer.ok:
            code = str(answer.body.get("code", answer.status))
            summary.refused[code] = summary.refused.get(code, 0) + 1
        elif answer.body["position"] <= known:
            summary.repeated += 1
        else:
            summary.accepted += 1
    finally:
        gate.release()


async def replay(
    file: Path, mapping: Path, *, url: str, key: str | None, speed: float, out: TextIO = sys.stderr
) -> Summary:
    """The whole run. `speed` 0: as fast as the server accepts. Without a key the demonstration's own account is used.

    Raises MappingError, NotSignedIn, httpx.HTTPError.
    """
    rules = load(mapping)
    async with Client(url, key=key) as client:
        if key is None:
            await client.sign_in_demo("replay")
        areas = await client.get("/api/v1/areas.geojson")
        said, summary = rows_of(file, rules, box_of(areas["features"]))
        return await pour(client, said, summary, speed, out)
