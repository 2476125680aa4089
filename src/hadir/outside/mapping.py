"""Mapping files of replay and import: which column of a table is what, and how places move onto another city. Pure.

A mapping is TOML; mappings/*.toml are examples, docs/replay.md explains every key. An unknown key is refused by name.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_GAP = re.compile(r"\{([^{}]+)\}")


class MappingError(ValueError):
    """The mapping file cannot be used; the message names the key."""


class RowError(ValueError):
    """A row cannot be a report; the message is the same for all rows with that fault, so that they can be counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle in WGS84 degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, kw_only=True, slots=True)
class FileMapping:
    """One mapping file. Column names are as in the CSV's first line."""

    #: what the data is, for the summary
    title: str
    time: str
    #: strptime's format; empty: ISO 8601
    time_format: str = ""
    #: IANA zone of times without one
    zone: str = "UTC"
    #: columns of the point; empty: the data has none
    lat: str = ""
    lon: str = ""
    #: «{column}» is replaced by the row's value
    text: str
    #: the row's own id; empty: made of the row's content
    id: str = ""
    #: who said it, where the data tells; empty: every row another person
    reporter: str = ""
    #: added to the text where the column is not empty, with {value}
    depth: str = ""
    depth_text: str = "Tinggi air {value} cm."
    #: value of `category` column → category of the city pack
    category: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)
    #: category of the city pack for rows that `categories` does not know; for data about one thing
    always: str = ""
    #: column that is empty while a row is still open; an import leaves those out
    closed: str = ""
    #: places inside `source` are moved onto the city, keeping how they lie to each other
    source: Box | None = None
    #: a point that many rows share because the data hides the true one: such rows have no point
    blurred: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One row as a report."""

    command_id: str
    said_at: datetime
    text: str
    lat: float | None
    lon: float | None
    reporter: str
    category: str | None
    #: what the data itself calls it
    label: str = ""
    #: nobody has dealt with it yet
    open: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A row that cannot be a report, and why."""

    line: int
    why: str


def load(path: Path, zone: str = "UTC") -> FileMapping:
    """Read a mapping file; `zone` holds where it names none. Raises MappingError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"{path} cannot be read: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{path}: {error}") from error
    raw.setdefault("zone", zone)
    known = {f.name for f in fields(FileMapping)}
    if strange := sorted(set(raw) - known):
        raise MappingError(f"{path}: unknown key {strange[0]}; known are {', '.join(sorted(known))}")
    try:
        source = Box(**raw.pop("source")) if "source" in raw else None
        blurred = tuple((float(lat), float(lon)) for lat, lon in raw.pop("blurred", ()))
        return FileMapping(**raw, source=source, blurred=blurred)
    except TypeError as error:
        raise MappingError(f"{path}: {error}") from error


def read(rows: Iterable[Mapping[str, str]], mapping: FileMapping, city: Box | None) -> Iterator[Said | Skipped]:
    """Rows → reports, in the file's order. `city`: where the places go; None leaves them where they are.

    Raises MappingError where the table lacks a column that the mapping names: no row would say what is meant.
    """
    for line, row in enumerate(rows, start=2):
        if line == 2 and (missing := sorted(columns(mapping) - row.keys())):
            raise MappingError(f"the table has no column «{missing[0]}»; it has {', '.join(row)}")
        try:
            yield _said(row, mapping, city)
        except RowError as error:
            yield Skipped(line=line, why=str(error))


def columns(mapping: FileMapping) -> set[str]:
    """All that the mapping looks at."""
    own = (mapping.time, mapping.lat, mapping.lon, mapping.id, mapping.reporter, mapping.depth, mapping.category)
    return {*own, mapping.closed, *_GAP.findall(mapping.text)} - {""}


def _said(row: Mapping[str, str], mapping: FileMapping, city: Box | None) -> Said:
    name = row_id(row, mapping)
    lat, lon = _place(row, mapping, city)
    said = (row.get(mapping.category) or "").strip() if mapping.category else ""
    return Said(
        command_id=f"replay-{name}",
        said_at=when(row[mapping.time], mapping),
        text=words(row, mapping),
        lat=lat,
        lon=lon,
        reporter=f"replay-{row[mapping.reporter]}"[:64] if mapping.reporter else f"replay-{name}",
        category=mapping.categories.get(said) or mapping.always or None,
        label=said,
        open=bool(mapping.closed) and not (row.get(mapping.closed) or "").strip(),
    )


def row_id(row: Mapping[str, str], mapping: FileMapping) -> str:
    """The same for the same row of the same data, whenever it is sent: that is what keeps a second run from doubling.
    Data without ids is named by its whole content, so two equal rows are one report."""
    own = row[mapping.id] if mapping.id else "\x1f".join(f"{k}={v}" for k, v in sorted(row.items()))
    return hashlib.sha256(f"{mapping.title}\x1e{own}".encode()).hexdigest()[:40]


def when(text: str, mapping: FileMapping) -> datetime:
    """UTC. Raises RowError."""
    text, form = (text or "").strip(), mapping.time_format
    try:
        at = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(mapping.zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RowError(f"its time is not {form or 'ISO 8601'}") from error


def words(row: Mapping[str, str], mapping: FileMapping) -> str:
    """The text with its gaps filled; what is empty leaves no stray comma. Raises RowError when nothing is left."""
    text = _GAP.sub(lambda gap: (row[gap[1]] or "").strip(), mapping.text)
    depth = (row.get(mapping.depth) or "").strip() if mapping.depth else ""
    if depth:
        text = f"{text.rstrip()} {mapping.depth_text.replace('{value}', _whole(depth))}"
    text = re.sub(r"\s+", " ", text).strip(" ,;·-–")
    if not re.search(r"\w", text):
        raise RowError("no words")
    return text[:2000]


def _whole(number: str) -> str:
    """«40.0» is 40."""
    try:
        return str(round(float(number)))
    except ValueError:
        return number


def _place(row: Mapping[str, str], mapping: FileMapping, city: Box | None) -> tuple[float | None, float | None]:
    lat, lon = (row.get(mapping.lat) or "").strip(), (row.get(mapping.lon) or "").strip()
    if not lat or not lon:
        return None, None
    try:
        point = float(lat), float(lon)
    except ValueError as error:
        raise RowError("its point is no number") from error
    if point in mapping.blurred:
        return None, None
    return point if mapping.source is None or city is None else moved(point, mapping.source, city)


def moved(point: tuple[float, float], source: Box, city: Box) -> tuple[float, float]:
    """A point's place in the source box, in the city's box; what lies outside the box lies as far outside the city."""
    lat, lon = point
    up = (lat - source.south) / (source.north - source.south)
    right = (lon - source.west) / (source.east - source.west)
    lat, lon = city.south + up * (city.north - city.south), city.west + right * (city.east - city.west)
    return round(lat, 6), round(lon, 6)


def box_of(features: Any) -> Box:
    """The rectangle around a GeoJSON's areas (lon, lat in its rings)."""
    points = [point for feature in features for point in _points(feature["geometry"]["coordinates"])]
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return Box(south=min(lats), west=min(lons), north=max(lats), east=max(lons))


def _points(nested: Any) -> Iterator[tuple[float, float]]:
    if isinstance(nested[0], int | float):
        yield nested[0], nested[1]
        return
    for each in nested:
        yield from _points(each)
