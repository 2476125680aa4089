"""Events to JSON and back, strictly: what would not come back whole is not stored, what is not known is not guessed.

An unknown kind, an unknown field or a wrong type is an error that says where, because a fact that is half understood
is a fact that is lost. An old version is lifted step by step by upcasters, on reading; the stored bytes never change.
"""

import dataclasses
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from hadir.ports.journal import UnreadableFact

#: From the JSON object of (kind, v) to that of (kind, v + 1).
Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

#: Bodies up to this length are mostly those without an id («dismissed: information», «claimed»): few, told a million
#: times. Their events are frozen, so the same one serves again.
_SHORT = 100
_SHORT_KEPT = 4_096

# Sets and dicts in a fixed order: the chain of hashes is made over these bytes.
_encoder = msgspec.json.Encoder(order="deterministic")


class UnwritableEvent(ValueError):
    """The event would not come back from the journal as it went in."""


def canonical_json(value: Any) -> bytes:
    """The one byte form of a JSON-able value: keys sorted, no spaces."""
    return _encoder.encode(value)


class Codec:
    """Knows all kinds of events of one program."""

    def __init__(
        self, kinds: Mapping[tuple[str, int], type], upcasters: Mapping[tuple[str, int], Upcaster] | None = None
    ) -> None:
        self._decoders = {key: msgspec.json.Decoder(cls) for key, cls in kinds.items()}
        self._upcasters = dict(upcasters or {})
        self._short = lru_cache(_SHORT_KEPT)(self._decoded)

    def encode(self, event: Any) -> bytes:
        """The event's JSON; UnwritableEvent when reading it would give another event (a NaN, a list for a tuple)."""
        decoder = self._decoders.get((event.kind, event.v))
        if decoder is None or (event.kind, event.v) in self._upcasters:
            raise UnwritableEvent(f"{event.kind} v{event.v} is not an event of this program")
        try:
            body = _encoder.encode(event)
            again = decoder.decode(body)
        except (TypeError, ValueError) as error:
            raise UnwritableEvent(f"{event.kind} v{event.v}: {error}") from error
        if again != event:
            raise UnwritableEvent(f"{event.kind} v{event.v}: {_difference(event, again)}")
        return body

    def decode(self, kind: str, v: int, body: bytes) -> Any:
        """The event as today's program knows it; UnreadableFact says what does not fit."""
        return self._short(kind, v, body) if len(body) <= _SHORT else self._decoded(kind, v, body)

    def _decoded(self, kind: str, v: int, body: bytes) -> Any:
        if (kind, v) in self._upcasters:
            kind, v, body = self._lift(kind, v, body)
        decoder = self._decoders.get((kind, v))
        if decoder is None:
            raise UnreadableFact(f"no event is called {kind} v{v}")
        try:
            event = decoder.decode(body)
        except msgspec.MsgspecError as error:
            raise UnreadableFact(f"{kind} v{v}: {error}") from error
        # msgspec passes over unknown fields of a dataclass. Writing it again costs a microsecond and finds every one.
        if (again := _encoder.encode(event)) != body:
            _refuse_unknown_fields(f"{kind} v{v}", msgspec.json.decode(body), msgspec.json.decode(again))
        return event

    def _lift(self, kind: str, v: int, body: bytes) -> tuple[str, int, bytes]:
        value = msgspec.json.decode(body)
        while upcast := self._upcasters.get((kind, v)):
            value, v = upcast(value), v + 1
        return kind, v, _encoder.encode(value)


def _difference(event: Any, again: Any) -> str:
    pairs = ((f.name, getattr(event, f.name), getattr(again, f.name)) for f in dataclasses.fields(event))
    return "; ".join(f"{name} {mine!r} would come back as {back!r}" for name, mine, back in pairs if mine != back)


def _refuse_unknown_fields(where: str, stored: Any, known: Any) -> None:
    if isinstance(stored, dict) and isinstance(known, dict):
        if unknown := stored.keys() - known.keys():
            raise UnreadableFact(f"{where}: unknown field {', '.join(sorted(unknown))}")
        for key, value in stored.items():
            _refuse_unknown_fields(f"{where}.{key}", value, known[key])
    elif isinstance(stored, list) and isinstance(known, list):
        for number, (one, other) in enumerate(zip(stored, known, strict=False)):
            _refuse_unknown_fields(f"{where}[{number}]", one, other)
