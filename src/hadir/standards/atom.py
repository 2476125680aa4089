"""Atom feeds (RFC 4287) with paging (RFC 5005) and points (GeoRSS Simple), written and read.

What is written: plain text only (4.2.3, «type» absent is text), so that no reader has to be trusted with markup. What
is read: the same, and what is not ours is passed over (section 6.3); text that is markup is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from xml.sax.saxutils import quoteattr

import msgspec

from hadir.standards.open311.form import Element, NotXml, escaped, parse_xml

MEDIA_TYPE = "application/atom+xml"
ATOM, GEORSS, XML = (
    "http://www.w3.org/2005/Atom",
    "http://www.georss.org/georss",
    "http://www.w3.org/XML/1998/namespace",
)

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
# An attribute's line ends and tabs would be read as spaces (XML 1.0, 3.3.3).
_IN_ATTRIBUTES = {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


class NotAtom(ValueError):
    """It is no Atom feed that we read."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """3.2: a name, and an address where there is one."""

    name: str
    uri: str | None = None
    email: str | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """4.2.7: `rel` is alternate, self, enclosure …, or RFC 5005's first, next, previous, last."""

    href: str
    rel: str = "alternate"
    type: str | None = None
    hreflang: str | None = None
    title: str | None = None


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """4.2.2: a term of a scheme, and what people call it."""

    term: str
    scheme: str | None = None
    label: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """4.1.2: id, title and updated are there always; an entry without content needs a link «alternate»."""

    #: an IRI that never changes and is never another entry's (4.2.6)
    id: str
    title: str
    #: the last change that a reader should know of (4.2.15)
    updated: datetime
    published: datetime | None = None
    summary: str | None = None
    content: str | None = None
    links: tuple[Link, ...] = ()
    categories: tuple[Category, ...] = ()
    authors: tuple[Person, ...] = ()
    #: latitude, longitude in degrees of WGS84: georss:point, in this order
    point: tuple[float, float] | None = None


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """4.1.1: id, title and updated; an author, unless every entry has one."""

    id: str
    title: str
    updated: datetime
    authors: tuple[Person, ...]
    subtitle: str | None = None
    rights: str | None = None
    generator: str | None = None
    icon: str | None = None
    lang: str | None = None
    links: tuple[Link, ...] = ()
    entries: tuple[Entry, ...] = ()


def rfc3339(at: datetime) -> str:
    """3.3: a date-time of RFC 3339 with an upper-case T and Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def write(feed: Feed) -> bytes:
    """The whole document, UTF-8."""
    lang = "" if feed.lang is None else f" xml:lang={_quoted(feed.lang)}"
    parts = (
        f'{_HEAD}<feed xmlns="{ATOM}" xmlns:georss="{GEORSS}"{lang}>',
        _text("id", feed.id),
        _text("title", feed.title),
        _text("subtitle", feed.subtitle),
        _text("updated", rfc3339(feed.updated)),
        *(_person(each) for each in feed.authors),
        *(_link(each) for each in feed.links),
        _text("rights", feed.rights),
        _text("generator", feed.generator),
        _text("icon", feed.icon),
        *(_entry(each) for each in feed.entries),
        "</feed>\n",
    )
    return "".join(parts).encode()


def _entry(entry: Entry) -> str:
    parts = (
        "\n<entry>",
        _text("id", entry.id),
        _text("title", entry.title),
        _text("updated", rfc3339(entry.updated)),
        _text("published", None if entry.published is None else rfc3339(entry.published)),
        *(_person(each) for each in entry.authors),
        *(_link(each) for each in entry.links),
        *(_empty("category", each) for each in entry.categories),
        _text("summary", entry.summary),
        _text("content", entry.content),
        "" if entry.point is None else f"<georss:point>{entry.point[0]!r} {entry.point[1]!r}</georss:point>",
        "</entry>",
    )
    return "".join(parts)


def _text(name: str, text: str | None) -> str:
    return "" if text is None else f"<{name}>{escaped(text)}</{name}>"


def _person(person: Person) -> str:
    inside = _text("name", person.name) + _text("uri", person.uri) + _text("email", person.email)
    return f"<author>{inside}</author>"


def _link(link: Link) -> str:
    return _empty("link", link)


def _empty(name: str, value: msgspec.Struct) -> str:
    """An element that is all attributes, named as the fields are."""
    told = ((field, getattr(value, field)) for field in value.__struct_fields__)
    return f"<{name}{''.join(f' {field}={_quoted(text)}' for field, text in told if text is not None)}/>"


def _quoted(text: str) -> str:
    return quoteattr(_sayable(text), _IN_ATTRIBUTES)


def _sayable(text: str) -> str:
    """Without what XML cannot say."""
    return "".join(
        c if c in "\t\n\r" or (c >= " " and not 0xD800 <= ord(c) < 0xE000 and c not in "\ufffe\uffff") else "\ufffd"
        for c in text
    )


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

T = TypeVar("T", Link, Category)


def read(data: bytes) -> Feed:
    """A feed document. Raises NotAtom."""
    try:
        root = parse_xml(data, namespaces=True)
        if root.name != f"{ATOM} feed":
            raise NotAtom(f"<{root.name}> where <feed> belongs")
        return _feed(root)
    except (NotXml, ValueError) as error:
        raise NotAtom(str(error)) from None


def _feed(root: Element) -> Feed:
    return Feed(
        id=_one(root, "id"),
        title=_one(root, "title"),
        updated=_moment(_one(root, "updated")),
        authors=_persons(root),
        subtitle=_maybe(root, "subtitle"),
        rights=_maybe(root, "rights"),
        generator=_maybe(root, "generator"),
        icon=_maybe(root, "icon"),
        lang=root.attributes.get(f"{XML} lang"),
        links=_attributed(root, "link", Link),
        entries=tuple(_read_entry(each) for each in _all(root, "entry")),
    )


def _read_entry(element: Element) -> Entry:
    published = _maybe(element, "published")
    return Entry(
        id=_one(element, "id"),
        title=_one(element, "title"),
        updated=_moment(_one(element, "updated")),
        published=None if published is None else _moment(published),
        summary=_maybe(element, "summary"),
        content=_maybe(element, "content"),
        links=_attributed(element, "link", Link),
        categories=_attributed(element, "category", Category),
        authors=_persons(element),
        point=_point(element),
    )


def _all(element: Element, name: str, namespace: str = ATOM) -> Iterator[Element]:
    return (child for child in element.children if child.name == f"{namespace} {name}")


def _maybe(element: Element, name: str) -> str | None:
    found = list(_all(element, name))
    if len(found) > 1:
        raise NotAtom(f"<{name}> twice")
    return _plain(found[0]) if found else None


def _one(element: Element, name: str) -> str:
    if (text := _maybe(element, name)) is None:
        raise NotAtom(f"no <{name}>")
    return text


def _plain(element: Element) -> str:
    if element.children or element.attributes.get("type", "text") != "text":
        raise NotAtom(f"markup in <{element.name.rpartition(' ')[2]}>")
    return element.text


def _persons(element: Element) -> tuple[Person, ...]:
    return tuple(
        Person(name=_one(each, "name"), uri=_maybe(each, "uri"), email=_maybe(each, "email"))
        for each in _all(element, "author")
    )


def _attributed(element: Element, name: str, kind: type[T]) -> tuple[T, ...]:
    return tuple(msgspec.convert(each.attributes, kind) for each in _all(element, name))


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise NotAtom(f"{text} has no offset")
    return at.astimezone(UTC)


def _point(element: Element) -> tuple[float, float] | None:
    found: Sequence[Element] = list(_all(element, "point", GEORSS))
    if not found:
        return None
    lat, lon = found[0].text.split()
    return float(lat), float(lon)
