"""What clients ask and send, clause by clause."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.standards.open311 import model as m
from hadir.standards.open311.asking import Asked, asked, check_jurisdiction, moment, parameters
from hadir.standards.open311.filing import check_attributes, filed, filed_update, xml_parameters
from hadir.standards.open311.model import Refused

NOW = datetime(2026, 1, 7, 14, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Jakarta")
DAY = timedelta(days=1)
FORM = {"service_code": "flood", "lat": "-8.1", "long": "112.16"}


def ask(query: str) -> Asked:
    return asked(parameters(query.encode()), NOW, ZONE)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [wrong.code for wrong in refused.value.wrong]


def params(**fields: str) -> dict[str, list[str]]:
    return {name: [value] for name, value in fields.items()}


def test_without_anything_it_is_the_last_90_days_and_1000_at_most() -> None:
    wanted = ask("")
    assert (wanted.start, wanted.end, wanted.limit, wanted.offset) == (NOW - 90 * DAY, NOW, 1000, 0)
    assert (wanted.statuses, wanted.codes, wanted.ids, wanted.extensions) == (frozenset(), (), (), False)


def test_empty_parameters_are_absent() -> None:
    assert ask("status=&service_code=&start_date=&page=&bbox=") == ask("")


def test_comma_lists() -> None:
    wanted = ask("service_code=flood,%20tree,flood&status=open,closed&service_request_id=a,b,,a")
    assert (wanted.codes, wanted.statuses, wanted.ids) == (("flood", "tree"), {"open", "closed"}, ("a", "b"))


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("start_date=2025-12-01T00:00:00Z", datetime(2025, 12, 1, tzinfo=UTC), NOW),
        ("start_date=2025-01-01T00:00:00Z", datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)),
        ("end_date=2025-04-01T00:00:00Z", datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)),
        (
            "start_date=2025-01-01T07:00:00%2B07:00&end_date=2025-01-02T07:00:00+07:00",
            datetime(2025, 1, 1, tzinfo=UTC),
            datetime(2025, 1, 2, tzinfo=UTC),
        ),
        ("start_date=2025-12-02", datetime(2025, 12, 1, 17, tzinfo=UTC), NOW),
    ],
)
def test_windows(query: str, start: datetime, end: datetime) -> None:
    wanted = ask(query)
    assert (wanted.start, wanted.end) == (start, end)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("start_date=2025-01-01T00:00:00Z&end_date=2025-04-02T00:00:00Z", ["span"]),
        ("start_date=2025-01-02T00:00:00Z&end_date=2025-01-01T00:00:00Z", ["end_before_start"]),
        ("start_date=2025-01-01T00:00:00", ["parameter"]),
        ("start_date=yesterday&status=new&page=0&bbox=1,2,3", ["parameter"] * 4),
        ("bbox=nan,0,1,1", ["parameter"]),
        ("bbox=10,0,9,1", ["parameter"]),
        ("page_size=ten", ["parameter"]),
        ("page=1000000&page_size=1000", ["too_far"]),
        ("service_request_id=" + ",".join(map(str, range(1001))), ["parameter"]),
        ("a=%ff", ["not_utf8"]),
        ("&".join(f"a{n}=1" for n in range(201)), ["too_many_fields"]),
    ],
)
def test_what_cannot_be_read_is_400_with_all_that_is_wrong(query: str, wrong: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        ask(query)
    assert refused.value.status == 400
    assert codes(refused) == wrong


def test_pages() -> None:
    assert [(w.limit, w.offset) for w in map(ask, ("page=3", "page=3&page_size=20", "page_size=20"))] == [
        (50, 100),
        (20, 40),
        (20, 0),
    ]
    assert ask("page_size=5000").limit == 1000


def test_a_jurisdiction_may_be_left_out_and_must_be_ours() -> None:
    check_jurisdiction({}, frozenset({"here"}))
    check_jurisdiction(params(jurisdiction_id="here"), frozenset({"here"}))
    with pytest.raises(Refused) as refused:
        check_jurisdiction(params(jurisdiction_id="elsewhere"), frozenset({"here"}))
    assert refused.value.status == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["missing", "no_location"]),
        ({"service_code": "x"}, ["no_location"]),
        ({"service_code": "x", "lat": "1"}, ["half_a_point"]),
        ({"service_code": "x", "lat": "91", "long": "nan"}, ["parameter", "parameter"]),
        ({"lat": "1", "long": "1"}, ["missing"]),
        (FORM | {"description": "x" * 4001}, ["too_long"]),
        (FORM | {"phone": "1" * 31, "email": "x" * 201}, ["too_long", "too_long"]),
    ],
)
def test_a_request_without_what_is_needed(fields: dict[str, str], wrong: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        filed(params(**fields))
    assert refused.value.status == 400
    assert codes(refused) == wrong


@pytest.mark.parametrize("where", [{"lat": "-8", "long": "112"}, {"address_string": "Jl. A"}, {"address_id": "a1"}])
def test_one_way_to_say_where_is_enough(where: dict[str, str]) -> None:
    assert filed(params(service_code="x", **where)).service_code == "x"


def test_attributes_in_both_spellings_and_repeated_media() -> None:
    query = urlencode(
        [
            *FORM.items(),
            *[("attribute[A]", "1"), ("attribute[B][]", "x"), ("attribute[B][]", "y"), ("attribute[]", "no")],
            *[("media_url", "u1"), ("media_url", "u2"), ("description", "a\nb")],
        ]
    )
    request = filed(parameters(query.encode()))
    assert request.attributes == {"A": ("1",), "B": ("x", "y")}
    assert (request.media_url, request.description) == (("u1", "u2"), "a\nb")
    with pytest.raises(Refused):
        filed({**params(**FORM), "media_url": ["u"] * 7})


@given(st.dictionaries(st.sampled_from(["description", "address_string", "email"]), st.text(min_size=1, max_size=90)))
def test_what_was_said_comes_through(said: dict[str, str]) -> None:
    request = filed(parameters(urlencode(FORM | said).encode()))
    assert {name: getattr(request, name) or "" for name in said} == {k: v.strip() for k, v in said.items()}


def test_a_request_as_xml_says_the_same_as_a_form() -> None:
    xml = (
        b"<service_requests><request><service_code>flood</service_code><lat>-8.1</lat><long>112.16</long>"
        b"<attributes><attribute><code>depth</code><value>knee</value></attribute></attributes>"
        b"<description>Air &amp; lumpur</description><email/></request></service_requests>"
    )
    request = filed(xml_parameters(xml))
    assert (request.description, request.attributes, request.email) == ("Air & lumpur", {"depth": ("knee",)}, None)
    with pytest.raises(Refused):
        xml_parameters(b"<!DOCTYPE a><request/>")


def question(datatype: str, *, required: bool = False, keys: str = "") -> m.Attribute:
    values = tuple(m.Value(key=key, name=key) for key in keys)
    return m.Attribute(variable=True, code="q", datatype=datatype, required=required, order=1, values=values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "asked", "wrong"),
    [
        ({}, question("text", required=True), ["missing_attribute"]),
        ({"q": ("c",)}, question("singlevaluelist", keys="ab"), ["attribute_value"]),
        ({"q": ("a", "b")}, question("singlevaluelist", keys="ab"), ["one_value"]),
        ({"q": ("high",)}, question("number"), ["attribute_value"]),
        ({"q": ("inf",)}, question("number"), ["attribute_value"]),
        ({"q": ("today",)}, question("datetime"), ["attribute_value"]),
    ],
)
def test_answers_that_do_not_fit(given: dict[str, tuple[str, ...]], asked: m.Attribute, wrong: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        check_attributes(given, [asked], ZONE)
    assert codes(refused) == wrong


def test_answers_that_fit() -> None:
    for answers, about in (
        ((), question("text")),
        (("a", "b"), question("multivaluelist", keys="ab")),
        (("1.5",), question("number")),
        (("2026-01-07T14:00:00Z",), question("datetime")),
        (("anything",), question("string", required=True)),
    ):
        check_attributes({"q": answers, "unknown": ("x",)} if answers else {}, [about], ZONE)


def test_an_update_needs_all_of_it() -> None:
    whole = {
        "service_request_id": "r",
        "update_id": "u",
        "status": "fixed",
        "updated_datetime": "2026-01-07T14:00:00Z",
        "description": "d",
    }
    assert filed_update(params(**whole), ZONE).status == "FIXED"
    for name in whole:
        with pytest.raises(Refused):
            filed_update(params(**{key: value for key, value in whole.items() if key != name}), ZONE)
    with pytest.raises(Refused) as refused:
        filed_update(params(**whole | {"status": "DONE", "updated_datetime": "noon"}), ZONE)
    assert codes(refused) == ["parameter", "parameter"]


def test_a_moment_has_an_offset() -> None:
    assert moment("2026-01-07T21:00:00 07:00", ZONE) == NOW
    for text in ("2026-01-07T14:00:00", "0001-01-01T00:00:00Z", "", "9999-12-31T23:59:59-12:00"):
        with pytest.raises(ValueError):
            moment(text, ZONE)
