"""JSON from outside, decoded strictly by type; what does not fit is named field by field."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar

import msgspec

from hadir.inbound.kit.asgi import Scope, header
from hadir.inbound.kit.problems import FieldProblem, Problem

T = TypeVar("T")

_UTF8 = {"utf-8", "utf8", "us-ascii", "ascii"}
_BOM = b"\xef\xbb\xbf"

# msgspec says what is wrong in English words with a JSON path; this is the only place that reads them.
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_SAYINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"missing required field `(?P<missing>\w+)`"), "missing"),
    (re.compile(r"of length <= (?P<most>\d+)"), "too_long"),
    (re.compile(r"of length >= (?P<least>\d+)"), "too_short"),
    (re.compile(r"matching regex"), "pattern"),
    (re.compile(r"<=? (?P<most>-?[\d.]+)"), "too_big"),
    (re.compile(r">=? (?P<least>-?[\d.]+)"), "too_small"),
    (re.compile(r"out of range"), "not_a_number"),
    (re.compile(r"RFC3339|timezone"), "not_a_time"),
    (re.compile(r"^Expected `(?P<expected>[^`]+)`"), "wrong_type"),
)
_NUMBERS = ("most", "least")
_KINDS = {"str": "text", "int": "number", "float": "number", "bool": "truth", "array": "list", "object": "object"}


def require_json(scope: Scope) -> None:
    """Raises Problem(415) for another media type or another charset. No content-type at all passes as JSON."""
    given = header(scope, b"content-type")
    if given is None or given == b"application/json":
        return
    media, _, rest = given.decode("latin-1").lower().partition(";")
    charset = rest.partition("charset=")[2].strip().strip('"')
    media = media.strip()
    is_json = media == "application/json" or (media.startswith("application/") and media.endswith("+json"))
    if not is_json or (charset and charset not in _UTF8):
        raise Problem("unsupported_media", status=415)


@cache
def _decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    return msgspec.json.Decoder(kind)


def decode(data: bytes, kind: type[T]) -> T:
    """The body as `kind`. Raises Problem: 400 for what is no JSON, 422 naming the field for what does not fit."""
    if data[:3] == _BOM:
        data = data[3:]
    try:
        return _decoder(kind).decode(data)
    except msgspec.ValidationError as error:
        raise invalid([_field(str(error))]) from None
    except UnicodeDecodeError:
        raise Problem("not_utf8", status=400) from None
    except (msgspec.DecodeError, RecursionError):
        raise _malformed(data) from None


def invalid(fields: list[FieldProblem]) -> Problem:
    return Problem("invalid_body", status=422, fields=fields, names=", ".join(f.field or "…" for f in fields))


def _field(message: str) -> FieldProblem:
    found = _PATH.search(message)
    path = found["path"] if found else ""
    for pattern, code in _SAYINGS:
        if match := pattern.search(message):
            params: dict[str, Any] = match.groupdict()
            if missing := params.pop("missing", None):
                path = f"{path}.{missing}" if path else missing
            params |= {name: _number(params[name]) for name in _NUMBERS if name in params}
            if expected := params.get("expected"):
                params["expected"] = _KINDS.get(expected.split(" | ")[0], "other")
            return FieldProblem(field=path, code=code, params=params)
    return FieldProblem(field=path, code="invalid")


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value


def _malformed(data: bytes) -> Problem:
    """JavaScript and Python write NaN and Infinity, which are no JSON: name the field instead of «malformed»."""
    try:
        seen = json.loads(data.decode("utf-8"), parse_constant=_NotANumber)
    except UnicodeDecodeError:
        return Problem("not_utf8", status=400)
    except (ValueError, RecursionError):
        return Problem("bad_json", status=400)
    fields = [FieldProblem(field=path, code="not_a_number") for path in _not_numbers(seen, "")]
    return invalid(fields) if fields else Problem("bad_json", status=400)


class _NotANumber:
    """Where NaN, Infinity or -Infinity stood."""

    def __init__(self, name: str) -> None:
        self.name = name


def _not_numbers(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, _NotANumber):
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _not_numbers(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _not_numbers(inner, f"{path}[{index}]")
