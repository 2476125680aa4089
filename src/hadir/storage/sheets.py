"""Rows of a table from a file: CSV, or the first sheet of an XLSX. All values are text; dates ISO 8601 without a zone.

XLSX is ECMA-376 in as much as tables need: shared and inline strings, numbers, booleans, and dates by their format
(Part 1, 18.8.30: built-in ones 14–22 and 45–47; others where the format's code has a day, month, year or hour in it).
A zip or XML that swells beyond `SIZE_MOST` is refused; document types, which a spreadsheet has no use for, are too.
"""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

#: Bytes that one part of a spreadsheet may unpack to.
SIZE_MOST = 512 * 1024 * 1024
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: A spreadsheet's day 0; it has no zone.
_BEGAN = datetime(1899, 12, 30)  # noqa: DTZ001
_BEGAN_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_DATES = frozenset((*range(14, 23), *range(45, 48)))
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_COLUMN = re.compile(r"[A-Z]+")


class SheetError(ValueError):
    """The file is no table that can be read; the message is a sentence."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The table's rows by the names in its first line. Raises SheetError, OSError."""
    if path.suffix.lower() == ".xlsx":
        yield from _named(_xlsx(path))
    else:
        yield from _named(_csv(path))


def _csv(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # A semicolon is what spreadsheets write where the comma is the decimal sign, as it is in Indonesia.
            head = file.readline()
            file.seek(0)
            yield from csv.reader(_text(file), delimiter=";" if head.count(";") > head.count(",") else ",")
    except UnicodeDecodeError as error:
        raise SheetError(f"{path.name} is not written in UTF-8: save it as «CSV UTF-8», or as XLSX.") from error
    except csv.Error as error:
        raise SheetError(f"{path.name} is no CSV that can be read: {error}") from error


def _text(lines: Iterable[str]) -> Iterator[str]:
    """UTF-16 without its mark passes for UTF-8, but for the NUL after each letter."""
    for line in lines:
        if "\x00" in line:
            raise csv.Error("it holds NUL characters")
        yield line


def _named(lines: Iterator[list[str]]) -> Iterator[dict[str, str]]:
    names = [name.strip() for name in next(lines, [])]
    for line in lines:
        if any(value.strip() for value in line):
            yield dict(zip(names, [*line, *[""] * (len(names) - len(line))], strict=False))


# ── XLSX ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _xlsx(path: Path) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(path) as book:
            workbook = _part(book, "xl/workbook.xml")
            strings = _strings(book)
            dates, began = _date_styles(book), _BEGAN
            properties = workbook.find(f"{_MAIN}workbookPr")
            if properties is not None and properties.get("date1904") in ("1", "true"):
                began = _BEGAN_1904
            yield from _lines(book, _first_sheet(book, workbook), strings, dates, began)
    except (zipfile.BadZipFile, KeyError, ET.ParseError, ValueError, IndexError) as error:
        raise SheetError(f"{path.name} is no spreadsheet that can be read: {error}") from error


def _part(book: zipfile.ZipFile, name: str) -> ET.Element:
    if book.getinfo(name).file_size > SIZE_MOST:
        raise ValueError(f"{name} is too large")
    with book.open(name) as file:
        data = file.read(SIZE_MOST + 1)
    if len(data) > SIZE_MOST:
        raise ValueError(f"{name} is too large")
    # Without a document type there are no entities; in UTF-16 one could hide.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data[:200]:
        raise ValueError(f"{name} declares a document type")
    return ET.fromstring(data)  # noqa: S314


def _first_sheet(book: zipfile.ZipFile, workbook: ET.Element) -> str:
    sheet = workbook.find(f"{_MAIN}sheets/{_MAIN}sheet")
    wanted = "" if sheet is None else sheet.get(_LINK)
    for link in _part(book, "xl/_rels/workbook.xml.rels"):
        if link.get("Id") == wanted:
            target = link.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise ValueError("it has no sheet")


def _strings(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    return ["".join(t.text or "" for t in si.iter(f"{_MAIN}t")) for si in _part(book, "xl/sharedStrings.xml")]


def _date_styles(book: zipfile.ZipFile) -> frozenset[int]:
    """Numbers of the cell styles that show a date."""
    if "xl/styles.xml" not in book.namelist():
        return frozenset()
    styles = _part(book, "xl/styles.xml")
    own = {
        int(f.get("numFmtId", "0")): _QUOTED.sub("", f.get("formatCode", "")).lower()
        for f in styles.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt")
    }
    found = set()
    for number, style in enumerate(styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")):
        id = int(style.get("numFmtId", "0"))
        if id in _DATES or any(letter in own.get(id, "") for letter in "dmyh"):
            found.add(number)
    return frozenset(found)


def _lines(
    book: zipfile.ZipFile, sheet: str, strings: list[str], dates: frozenset[int], began: datetime
) -> Iterator[list[str]]:
    for row in _part(book, sheet).iterfind(f"{_MAIN}sheetData/{_MAIN}row"):
        line: list[str] = []
        for cell in row.iterfind(f"{_MAIN}c"):
            at = _column(cell.get("r", ""), len(line))
            line += [""] * (at - len(line))
            line.append(_value(cell, strings, dates, began))
        yield line


def _column(reference: str, next_one: int) -> int:
    """«AB12» is column 27, counted from 0. Cells that say nothing follow each other."""
    letters = _COLUMN.match(reference)
    if letters is None:
        return next_one
    number = 0
    for letter in letters.group():
        number = number * 26 + ord(letter) - 64
    if number > 16_384:
        raise ValueError(f"there is no column {reference}")
    return number - 1


def _value(cell: ET.Element, strings: list[str], dates: frozenset[int], began: datetime) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
    if kind == "s":
        return strings[int(value)]
    if kind == "n" and value and int(cell.get("s", "0")) in dates:
        return (began + timedelta(seconds=round(float(value) * 86_400))).isoformat()
    if kind == "n" and value.endswith(".0"):
        return value[:-2]
    return value
