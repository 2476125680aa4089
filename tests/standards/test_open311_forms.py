"""Both forms of every document: what was written is what is read, and hostile XML is not read at all."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from hadir.standards.open311 import model as m
from hadir.standards.open311.form import (
    ALONE,
    DECLARATION,
    LISTS,
    NotXml,
    from_json,
    from_xml,
    many_from_json,
    many_from_xml,
    parse_xml,
    to_json,
    to_xml,
    w3c,
)

# What XML 1.0 can say, without what is a white edge only: an empty element is «not known».
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1
)
TEXTS = TEXT | st.sampled_from(["null", "true", "1.5", " ", "a\r\nb", "]]>", "<b>&amp;</b>", "\t"])
EPOCH = datetime(1990, 1, 1, tzinfo=UTC)
AT = st.timedeltas(timedelta(0), timedelta(days=40_000)).map(EPOCH.__add__) | st.just(
    datetime(2026, 1, 7, 21, 0, tzinfo=timezone(timedelta(hours=7)))
)
MAYBE = st.none() | TEXTS
DEGREES = st.none() | st.floats(-90, 90)

VALUES = st.builds(m.Value, key=TEXTS, name=TEXTS)
ATTRIBUTES = st.builds(
    m.Attribute,
    variable=st.booleans(),
    code=TEXTS,
    datatype=st.sampled_from(["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]),
    required=st.booleans(),
    datatype_description=MAYBE,
    order=st.integers(1, 99),
    description=MAYBE,
    values=st.just(UNSET) | st.lists(VALUES, min_size=1, max_size=3).map(tuple),
)
ENDPOINTS = st.builds(
    m.Endpoint,
    url=TEXTS,
    changeset=AT,
    type=st.sampled_from(["production", "test"]),
    formats=st.lists(TEXTS, max_size=3).map(tuple),
)
EXTENDED = st.builds(
    m.Extended,
    channel=MAYBE,
    origin=MAYBE,
    photos=st.lists(st.builds(m.Photo, media_url=TEXTS), max_size=2).map(tuple),
)
NOTES = st.builds(m.Note, datetime=AT, description=TEXTS, type=TEXTS)
REQUESTS = st.builds(
    m.Request,
    service_request_id=TEXTS,
    status=st.sampled_from(["open", "closed"]),
    status_notes=MAYBE,
    service_name=MAYBE,
    service_code=TEXTS,
    description=MAYBE,
    agency_responsible=MAYBE,
    service_notice=MAYBE,
    requested_datetime=AT,
    updated_datetime=AT,
    expected_datetime=st.none() | AT,
    address=MAYBE,
    address_id=MAYBE,
    zipcode=MAYBE,
    lat=DEGREES,
    long=DEGREES,
    media_url=MAYBE,
    attributes=st.just(UNSET) | st.lists(st.builds(m.Answered, code=TEXTS, value=TEXTS), max_size=2).map(tuple),
    extended_attributes=st.just(UNSET) | EXTENDED,
    notes=st.just(UNSET) | st.lists(NOTES, max_size=2).map(tuple),
)
DOCUMENTS: dict[type[m.Document], st.SearchStrategy[Any]] = {
    m.Service: st.builds(
        m.Service, service_code=TEXTS, service_name=TEXTS, description=MAYBE, metadata=st.booleans(), group=MAYBE
    ),
    m.Request: REQUESTS,
    m.Created: st.builds(m.Created, service_request_id=TEXTS, service_notice=MAYBE, account_id=MAYBE)
    | st.builds(m.Created, token=TEXTS),
    m.Token: st.builds(m.Token, service_request_id=TEXTS, token=TEXTS),
    m.Error: st.builds(m.Error, code=st.integers(400, 599), description=TEXTS),
    m.Update: st.builds(
        m.Update, update_id=TEXTS, service_request_id=TEXTS, status=TEXTS, updated_datetime=AT, description=MAYBE
    ),
    m.Updated: st.builds(m.Updated, update_id=TEXTS),
    m.Discovery: st.builds(
        m.Discovery,
        changeset=AT,
        contact=TEXTS,
        key_service=TEXTS,
        endpoints=st.lists(ENDPOINTS, min_size=1, max_size=2).map(tuple),
    ),
    m.ServiceDefinition: st.builds(
        m.ServiceDefinition, service_code=TEXTS, attributes=st.lists(ATTRIBUTES, max_size=3).map(tuple)
    ),
}


def test_every_document_is_among_these() -> None:
    assert DOCUMENTS.keys() == LISTS.keys() | ALONE.keys()


@pytest.mark.parametrize("kind", list(LISTS))
@given(data=st.data())
def test_a_list_comes_back_in_both_forms(kind: type[m.Document], data: st.DataObject) -> None:
    documents = data.draw(st.lists(DOCUMENTS[kind], max_size=3))
    assert many_from_json(to_json(documents), kind) == documents
    assert many_from_xml(to_xml(documents, kind), kind) == documents


@pytest.mark.parametrize("kind", list(ALONE))
@given(data=st.data())
def test_one_document_comes_back_in_both_forms(kind: type[m.Document], data: st.DataObject) -> None:
    document = data.draw(DOCUMENTS[kind])
    assert from_json(to_json(document), kind) == document
    assert from_xml(to_xml(document), kind) == document


def test_the_two_forms_as_the_standard_writes_them() -> None:
    wrong = m.Error(code=403, description="api_key & <key>")
    assert to_xml([wrong], m.Error) == (
        b'<?xml version="1.0" encoding="utf-8"?>\n'
        b"<errors><error><code>403</code><description>api_key &amp; &lt;key&gt;</description></error></errors>"
    )
    assert to_json([wrong]) == b'[{"code":403,"description":"api_key & <key>"}]'
    question = m.Attribute(variable=True, code="depth", datatype="number", required=False, order=1)
    assert b"<variable>true</variable>" in to_xml(m.ServiceDefinition(service_code="x", attributes=(question,)))
    assert b'"description":null' in to_json(question), "an empty element is null"
    assert b"<description/>" in to_xml(m.ServiceDefinition(service_code="x", attributes=(question,)))


@given(st.text())
def test_any_text_makes_xml_that_can_be_read(text: str) -> None:
    written = to_xml([m.Error(code=400, description=text)], m.Error)
    assert parse_xml(written).children[0].name == "error"


def test_times_have_an_offset() -> None:
    assert w3c(datetime(2026, 1, 7, 21, 0, tzinfo=timezone(timedelta(hours=7)))) == "2026-01-07T14:00:00Z"


BOMB = DECLARATION + (
    b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<errors><error><code>1</code><description>&b;</description></error></errors>"
)
FILE = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><errors><error>&x;</error></errors>'


@pytest.mark.parametrize(
    "hostile",
    [
        BOMB,
        FILE,
        b"<!DOCTYPE errors><errors/>",
        b"<a>" * 100_000,
        b"<a>" * 20 + b"</a>" * 20,
        b"<errors>&x;</errors>",
        b"<errors>" + b"<e/>" * 300_000 + b"</errors>",
        b"<errors><error></errors>",
        b"",
        b"\xff\xfe<\x00e\x00>\x00",
        "<?xml version='1.0' encoding='latin-1'?><e>é</e>".encode("latin-1"),
        b"<other/>",
    ],
)
def test_hostile_xml_is_refused(hostile: bytes) -> None:
    with pytest.raises(NotXml):
        many_from_xml(hostile, m.Error)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        many_from_xml(data, m.Error)
    except (NotXml, msgspec.ValidationError):
        return
