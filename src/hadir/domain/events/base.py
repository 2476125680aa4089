"""What a fact is, and the list of all kinds of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, dataclass_transform

KINDS: dict[tuple[str, int], type[Event]] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """The base of every fact."""

    kind: ClassVar[str] = ""
    v: ClassVar[int] = 1

    #: id of the erasable content that belongs to this fact
    content: str | None = None
    #: hex HMAC-SHA256 of that content; its key goes when the content goes
    content_digest: str | None = None


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(kind: str, v: int = 1):
    """Class decorator: a frozen dataclass, registered under its kind and version."""

    def register(plain: type) -> type:
        cls = dataclass(frozen=True, kw_only=True, slots=True)(plain)
        cls.kind, cls.v = kind, v
        if (kind, v) in KINDS:
            raise ValueError(f"event {kind} v{v} is defined twice")
        KINDS[kind, v] = cls
        return cls

    return register
