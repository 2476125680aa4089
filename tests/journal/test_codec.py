"""Strict in both directions: what would not come back whole is not stored, what is not known is not guessed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hadir.domain.events import KINDS
from hadir.ports.journal import UnreadableFact
from hadir.storage.codec import Codec, UnwritableEvent


@dataclass(frozen=True, kw_only=True)
class Depth:
    cm: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Measured:
    kind: ClassVar[str] = "test.measured"
    v: ClassVar[int] = 3

    depth: Depth
    at: datetime | None = None


def to_v2(body: dict) -> dict:
    return {"depth": body["cm"]}


def to_v3(body: dict) -> dict:
    return {"depth": {"cm": body["depth"]}}


CODEC = Codec({("test.measured", 3): Measured}, {("test.measured", 1): to_v2, ("test.measured", 2): to_v3})

depths = st.builds(
    Depth,
    cm=st.floats(allow_nan=False, allow_infinity=False),
    words=st.lists(st.text(st.characters(codec="utf-8"))).map(tuple),
)
events = st.builds(Measured, depth=depths, at=st.none() | st.datetimes(timezones=st.just(UTC)))


@given(events)
def test_what_goes_in_comes_out(event: Measured) -> None:
    assert CODEC.decode("test.measured", 3, CODEC.encode(event)) == event


@pytest.mark.parametrize(
    ("v", "body"), [(1, b'{"cm":45}'), (2, b'{"depth":45}'), (3, b'{"depth":{"cm":45}}'), (3, b'{"depth":{"cm":45.0}}')]
)
def test_every_version_ever_written_is_read_as_todays(v: int, body: bytes) -> None:
    assert CODEC.decode("test.measured", v, body) == Measured(depth=Depth(cm=45))


@pytest.mark.parametrize(
    ("kind", "v", "body", "reason"),
    [
        ("test.other", 1, b"{}", "no event is called test.other v1"),
        ("test.measured", 4, b"{}", "no event is called test.measured v4"),
        ("test.measured", 3, b'{"depth":{"cm":45},"colour":1}', "test.measured v3: unknown field colour"),
        ("test.measured", 3, b'{"depth":{"cm":45,"ft":1}}', "test.measured v3.depth: unknown field ft"),
        ("test.measured", 3, b'{"depth":{"cm":"45"}}', r"Expected `float`, got `str` - at `\$.depth.cm`"),
        ("test.measured", 3, b"{}", "missing required field `depth`"),
        ("test.measured", 3, b"not JSON", "test.measured v3: JSON is malformed"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(kind: str, v: int, body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFact, match=reason):
        CODEC.decode(kind, v, body)


@pytest.mark.parametrize(
    "event",
    [
        Measured(depth=Depth(cm=float("nan"))),
        Measured(depth=Depth(cm=45, words=["a list"])),  # type: ignore[arg-type]
        Measured(depth="deep"),  # type: ignore[arg-type]
        Measured(depth=Depth(cm=45, words=("\ud800",))),
    ],
    ids=["NaN", "a list for a tuple", "a wrong type", "half a character"],
)
def test_what_would_not_come_back_is_not_written(event: Measured) -> None:
    with pytest.raises(UnwritableEvent, match=r"test\.measured v3"):
        CODEC.encode(event)


def test_old_versions_are_not_written_any_more() -> None:
    @dataclass(frozen=True)
    class Old:
        kind: ClassVar[str] = "test.measured"
        v: ClassVar[int] = 2

    with pytest.raises(UnwritableEvent, match="not an event of this program"):
        CODEC.encode(Old())


@pytest.mark.parametrize("cls", KINDS.values(), ids=lambda cls: f"{cls.kind}-{cls.v}")
@settings(max_examples=15)
@given(data=st.data())
def test_every_event_of_the_domain_survives(cls: type, data: st.DataObject) -> None:
    codec = Codec(KINDS)
    event = data.draw(st.from_type(cls))
    try:
        body = codec.encode(event)
    except UnwritableEvent:
        assert re.search(r"\b(nan|inf)\b|\\ud[89a-f]", repr(event))
    else:
        assert codec.decode(cls.kind, cls.v, body) == event
