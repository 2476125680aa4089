"""Atom: what was written is what is read, by us and by a reader that we did not write; hostile feeds are refused."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.standards import atom
from hadir.standards.atom import Category, Entry, Feed, Link, NotAtom, Person, read, write

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))
TEXTS = TEXT | st.sampled_from(["]]>", "<b>&amp;</b>", "a\r\nb\tc", "'\"", " edge "])
AT = st.timedeltas(timedelta(0), timedelta(days=40_000)).map(datetime(1990, 1, 1, tzinfo=UTC).__add__)
MAYBE = st.none() | TEXTS
PERSONS = st.builds(Person, name=TEXTS, uri=MAYBE, email=MAYBE)
LINKS = st.builds(Link, href=TEXTS, rel=st.sampled_from(["alternate", "self", "next"]), type=MAYBE, title=MAYBE)
CATEGORIES = st.builds(Category, term=TEXTS, scheme=MAYBE, label=MAYBE)
ENTRIES = st.builds(
    Entry,
    id=TEXTS,
    title=TEXTS,
    updated=AT,
    published=st.none() | AT,
    summary=MAYBE,
    content=MAYBE,
    links=st.lists(LINKS, max_size=2).map(tuple),
    categories=st.lists(CATEGORIES, max_size=2).map(tuple),
    authors=st.lists(PERSONS, max_size=1).map(tuple),
    point=st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
)
FEEDS = st.builds(
    Feed,
    id=TEXTS,
    title=TEXTS,
    updated=AT,
    authors=st.lists(PERSONS, max_size=2).map(tuple),
    subtitle=MAYBE,
    rights=MAYBE,
    generator=MAYBE,
    icon=MAYBE,
    lang=st.none() | st.sampled_from(["id", "en"]),
    links=st.lists(LINKS, max_size=3).map(tuple),
    entries=st.lists(ENTRIES, max_size=3).map(tuple),
)
AN_HOUR = "2026-11-24T05:00:00"
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
FEED = Feed(
    id="tag:kota.example,2026:feed",
    title="Laporan",
    updated=NOW,
    authors=(Person(name="Kota"),),
    links=(Link(href="https://kota.example/feed", rel="self"), Link(href="/feed?before=x", rel="next")),
    entries=(Entry(id="urn:x", title="Banjir & «air»", updated=NOW, summary="a < b", point=(-8.1, 112.16)),),
)


@given(FEEDS)
def test_what_was_written_is_what_is_read(feed: Feed) -> None:
    assert read(write(feed)) == feed


def test_another_reader_finds_the_parts_where_the_standard_puts_them() -> None:
    root = ElementTree.fromstring(write(FEED))
    names = {"a": atom.ATOM, "g": atom.GEORSS}
    assert root.tag == f"{{{atom.ATOM}}}feed"
    assert root.findtext("a:updated", namespaces=names) == "2026-11-24T05:00:00Z"
    assert [link.get("rel") for link in root.findall("a:link", names)] == ["self", "next"]
    assert root.findtext("a:entry/a:title", namespaces=names) == "Banjir & «air»"
    assert root.findtext("a:entry/g:point", namespaces=names) == "-8.1 112.16"


def test_what_xml_cannot_say_does_not_break_the_feed() -> None:
    link = Link(href="/\x00\ud800", title="\x1b")
    told = Feed(id="i", title="a\x00b", updated=NOW, authors=(), links=(link,))
    assert read(write(told)).title == "a\ufffdb"
    assert read(write(told)).links[0].href == "/\ufffd\ufffd"


def test_foreign_elements_are_passed_over_and_prefixes_do_not_matter() -> None:
    text = (
        f'<x:feed xmlns:x="{atom.ATOM}" xmlns:o="urn:other"><o:id>no</o:id><x:id>i</x:id>'
        '<x:title type="text">t</x:title>'
        "<x:updated>2026-11-24T12:00:00+07:00</x:updated></x:feed>"
    )
    assert read(text.encode()) == Feed(id="i", title="t", updated=NOW, authors=())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<feed/>",
        f'<feed xmlns="{atom.ATOM}"><id>i</id><title>t</title></feed>',
        f'<feed xmlns="{atom.ATOM}"><id>i</id><title type="html">t</title><updated>{AN_HOUR}Z</updated></feed>',
        f'<feed xmlns="{atom.ATOM}"><id>i</id><id>j</id><title>t</title><updated>{AN_HOUR}Z</updated></feed>',
        f'<feed xmlns="{atom.ATOM}"><id>i</id><title>t</title><updated>{AN_HOUR}</updated></feed>',
        f'<!DOCTYPE x [<!ENTITY e "x">]><feed xmlns="{atom.ATOM}"><id>&e;</id></feed>',
        "<a>" * 100_000,
    ],
)
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(NotAtom):
        read(text.encode())
