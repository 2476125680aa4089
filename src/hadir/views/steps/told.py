"""A row, a fact about it and its words; what the steps of every noun are made with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from hadir.domain import events as e
from hadir.domain.city import City
from hadir.domain.machine import after
from hadir.domain.masking import telling
from hadir.ports.journal import Fact
from hadir.views.rows import Photo, PlaceRow, Row, Voice, place_row

#: The body of the content a fact brought in; empty when it brought none or it was erased.
Said: TypeAlias = Mapping[str, Any]
Fields: TypeAlias = dict[str, Any]
R = TypeVar("R", bound=Row)


def unmasked(text: str) -> str:
    return text


@dataclass(frozen=True, kw_only=True)
class Lens:
    """What the fold needs to know beside the facts."""

    city: City
    #: takes personal data out of what citizens wrote
    mask: Callable[[str], str] = unmasked

    def masked(self, text: str) -> str:
        """What a citizen wrote, without personal data, and without a NUL: contents of an older version may hold one."""
        text = text.replace("\x00", "") if "\x00" in text else text
        return self.mask(text) if telling(text) else text


def place_of(place: Any, said: Said, lens: Lens) -> PlaceRow:
    """The event's place, with the exact point and the words that stand in the content."""
    exact = said.get("place")
    if not isinstance(exact, dict):
        return place_row(place)
    words = exact.get("words") or exact.get("text")
    return place_row(place, lat=exact.get("lat"), lon=exact.get("lon"), words=lens.masked(words) if words else None)


def refs_with(row: Row, part: str, fact: Fact, over: str = "") -> Fields:
    """Note that this part of the row is erasable content, or that it no longer is; the part `over` is not any more."""
    others = {name: content for name, content in row.refs.items() if name not in (part, over)}
    return {"refs": others if fact.content is None else {**others, part: fact.content}}


def photos_of(said: Said) -> tuple[Photo, ...]:
    photos = said.get("photos")
    return tuple([Photo(p["id"] if isinstance(p, dict) else p) for p in photos]) if photos else ()


def voice_of(said: Said) -> Voice | None:
    voice = said.get("voice")
    return Voice(voice["id"], voice["type"]) if voice else None


class Told(msgspec.Struct, Generic[R], gc=False):
    """A row, a fact about it, and the words that came with the fact."""

    row: R
    fact: Fact
    said: Said
    lens: Lens


#: What an event changes: fields made from it, or always the same ones.
Change: TypeAlias = Callable[[Told[Any]], Fields] | Fields


def changed(changes: Mapping[type[e.Event], Change], told: Told[Any]) -> Fields:
    change = changes.get(type(told.fact.event), {})
    return change(told) if callable(change) else change


def moved(table: Any, states: Any, told: Told[Any]) -> Fields:
    """The next state by the table, and since when, if it is another one."""
    row, event = told.row, told.fact.event
    arrows = table[row.state]  # a state is its own name: looked up as it is, without making the enum's member again
    state = arrows[type(event)] if type(event) in arrows else after(table, states(row.state), event)
    return {"state": state.value, "state_at": told.fact.at} if state != row.state else {}


def fold_by(changes: Mapping[type[e.Event], Change], table: Any, states: Any) -> Callable[[Told[Any]], Any]:
    """The fold of a noun that has a table of states."""

    def fold(told: Told[Any]) -> Any:
        fields = changed(changes, told)
        return replace(told.row, version=told.fact.version, **moved(table, states, told), **fields)

    return fold
