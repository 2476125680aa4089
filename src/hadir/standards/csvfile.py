"""CSV (RFC 4180), written line by line and read.

Each record on a line of its own, ended by CRLF (2.1, 2.2); the first is the header (2.3, `header=present`); every
record has as many fields (2.4); a field with a comma, a quote or a line end stands in quotes, a quote doubled
(2.5 to 2.7). UTF-8. A text that a spreadsheet would take for a formula is disarmed by an apostrophe: see `disarmed`.
"""

from __future__ import annotations

from collections.abc import Sequence

MEDIA_TYPE = "text/csv; header=present"
MUST_QUOTE = frozenset(',"\r\n')
#: A cell that begins so is run by spreadsheets, not shown (CWE-1236).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Value = str | int | float | bool | None


class NotCsv(ValueError):
    """It is no CSV that we read."""


def line(values: Sequence[Value]) -> bytes:
    """One record. Numbers stand as they are, texts disarmed, None as nothing."""
    return (",".join([_field(value) for value in values]) + "\r\n").encode()


def _field(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _quoted(disarmed(value))
    return str(value).lower() if isinstance(value, bool) else repr(value)


def disarmed(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _quoted(text: str) -> str:
    if not MUST_QUOTE.isdisjoint(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def read(data: bytes) -> list[list[str]]:
    """All records, the header too. A last line end may be missing (2.2). Raises NotCsv."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise NotCsv(str(error)) from None
    records = _records(text)
    if any(len(record) != len(records[0]) for record in records):
        raise NotCsv("records of different lengths")
    return records


def _records(text: str) -> list[list[str]]:
    records: list[list[str]] = []
    record: list[str] = []
    at = 0
    while at < len(text):
        field, at = _in_quotes(text, at + 1) if text[at] == '"' else _plain(text, at)
        record.append(field)
        if text.startswith(",", at):
            at += 1
            if at == len(text):
                record.append("")
        elif at == len(text) or text.startswith("\r\n", at):
            at += 2
            records.append(record)
            record = []
        else:
            raise NotCsv(f"something after a quoted field, at {at}")
    if record:
        records.append(record)
    return records


def _plain(text: str, at: int) -> tuple[str, int]:
    begun = at
    while at < len(text) and text[at] not in MUST_QUOTE:
        at += 1
    if at < len(text) and text[at] != "," and not text.startswith("\r\n", at):
        raise NotCsv(f"a quote or half a line end in a plain field, at {at}")
    return text[begun:at], at


def _in_quotes(text: str, at: int) -> tuple[str, int]:
    parts = []
    while True:
        end = text.find('"', at)
        if end < 0:
            raise NotCsv("a quote that is never closed")
        parts.append(text[at:end])
        if not text.startswith('"', end + 1):
            return "".join(parts), end + 1
        parts.append('"')
        at = end + 2
