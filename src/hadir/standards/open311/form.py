"""Both forms of every document.

XML (required by the standard): `text/xml; charset=utf-8`, a declaration with the encoding, UTF-8. A list is a plural
element around singular ones; an unknown value is an empty element; booleans are `true` and `false`; times are W3C's
profile of ISO 8601 with an offset. JSON (Spark's convention): the plural wrapper becomes a bare array, a definition
is one object, booleans are booleans, an empty element is null.

What a client sends as XML is read by expat with document types refused: there are no entities without one, so neither
a bomb nor a file can be named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast
from xml.parsers import expat
from xml.sax.saxutils import escape

import msgspec
from msgspec import UNSET

from hadir.standards.open311 import model as m

T = TypeVar("T", bound=m.Document)

JSON_TYPE = "application/json; charset=utf-8"
XML_TYPE = "text/xml; charset=utf-8"
DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'

#: A GeoReport document is four levels deep; deeper is none.
DEEPEST = 12
#: More elements than 1,000 whole requests have.
ELEMENTS_MOST = 200_000

#: document → (plural element, singular element) of a list of it
LISTS: dict[type[m.Document], tuple[str, str]] = {
    m.Service: ("services", "service"),
    m.Request: ("service_requests", "request"),
    m.Created: ("service_requests", "request"),
    m.Token: ("service_requests", "request"),
    m.Error: ("errors", "error"),
    m.Update: ("service_request_updates", "request_update"),
    m.Updated: ("service_request_updates", "request_update"),
}
#: document → its element when it stands alone
ALONE: dict[type[m.Document], str] = {m.Discovery: "discovery", m.ServiceDefinition: "service_definition"}
#: plural element → singular element, wherever a list stands inside a document
INSIDE = {
    "endpoints": "endpoint",
    "formats": "format",
    "attributes": "attribute",
    "values": "value",
    "notes": "note",
    "photos": "photo",
}

_json = msgspec.json.Encoder()
# What XML 1.0 has no way to say (section 2.2): it leaves as the sign for «not a character».
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What cannot stand as it is. Most texts have none of it.
_SPECIAL = re.compile("[^\t\n -%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A bare carriage return would be read as a line feed (XML 1.0, 2.11).
_ESCAPES = {"\r": "&#13;"}


class NotXml(ValueError):
    """It is no XML that we read: broken, with a document type, too deep or too large."""


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def to_json(document: m.Document | Sequence[m.Document]) -> bytes:
    """One document as an object, several as a bare array."""
    return _json.encode(document)


def to_xml(document: m.Document | Sequence[m.Document], kind: type[m.Document] | None = None) -> bytes:
    """One document, or a list of `kind` in its plural element."""
    if isinstance(document, m.Document):
        body = xml_element(ALONE[type(document)], document)
    else:
        plural, singular = LISTS[kind or type(document[0])]
        body = f"<{plural}>{''.join([xml_element(singular, each) for each in document])}</{plural}>"
    return DECLARATION + body.encode()


def xml_element(name: str, value: Any) -> str:
    """One element with all that is in it."""
    if value is None or value == "":
        return f"<{name}/>"
    write = _WRITERS.get(type(value))
    if write is not None:
        return f"<{name}>{write(value)}</{name}>"
    if isinstance(value, m.Document):
        return f"<{name}>{_members(value)}</{name}>"
    return f"<{name}>{''.join([xml_element(INSIDE[name], each) for each in value])}</{name}>"


def _members(document: m.Document) -> str:
    parts = []
    for field in document.__struct_fields__:
        value = getattr(document, field)
        if value is None:
            parts.append(f"<{field}/>")
        elif value is not UNSET:
            parts.append(xml_element(field, value))
    return "".join(parts)


def escaped(text: str) -> str:
    """Text as it stands between tags."""
    if not _SPECIAL.search(text):
        return text
    return escape(_NOT_XML.sub("\ufffd", text), _ESCAPES)


def w3c(at: datetime) -> str:
    """«2026-01-07T14:00:00Z»: the same in both forms."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: escaped,
    bool: lambda value: "true" if value else "false",
    int: repr,
    float: repr,
    datetime: w3c,
}


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Element:
    """One element of a read document: either text or children count, never both."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = Element(name, attributes)
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > ELEMENTS_MOST:
            raise NotXml("too deep or too large")
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].text += text


def _no_doctype(*_: object) -> None:
    raise NotXml("a document type")


def parse_xml(data: bytes, *, namespaces: bool = False) -> Element:
    """The root element. UTF-8 only, whatever the declaration says. Raises NotXml.

    With `namespaces` a name is «namespace name» (a space between), or the bare name where it has none.
    """
    builder = _Builder()
    parser = expat.ParserCreate("utf-8", " " if namespaces else None)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise NotXml(str(error)) from None
    return cast("Element", builder.root)


def from_json(data: bytes, kind: type[T]) -> T:
    """One document. Raises msgspec.DecodeError or ValidationError."""
    return _decoder(kind).decode(data)


def many_from_json(data: bytes, kind: type[T]) -> list[T]:
    """A bare array. Raises as `from_json`."""
    return msgspec.json.decode(data, type=list[kind])  # type: ignore[valid-type]


def from_xml(data: bytes, kind: type[T]) -> T:
    """One document. Raises NotXml, msgspec.ValidationError."""
    root = parse_xml(data)
    if root.name != ALONE[kind]:
        raise NotXml(f"<{root.name}> where <{ALONE[kind]}> belongs")
    return msgspec.convert(_plain(root), kind, strict=False)


def many_from_xml(data: bytes, kind: type[T]) -> list[T]:
    """A list. Raises as `from_xml`."""
    root = parse_xml(data)
    plural, singular = LISTS[kind]
    if root.name != plural:
        raise NotXml(f"<{root.name}> where <{plural}> belongs")
    found = [_plain(child) for child in root.children if child.name == singular]
    return [msgspec.convert(each, kind, strict=False) for each in found]


def _plain(element: Element) -> dict[str, Any]:
    return {child.name: _value(child) for child in element.children}


def _value(element: Element) -> Any:
    """Text, None for an empty element, or what is inside."""
    singular = INSIDE.get(element.name)
    if singular is not None and (element.children or not element.text.strip()):
        return [_plain(child) if child.children else child.text for child in element.children if child.name == singular]
    return _plain(element) if element.children else element.text or None


@cache
def _decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    return msgspec.json.Decoder(kind)
