"""What a handler answers, and what a caller gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hadir.ports.journal import NewFact


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Facts to record for one command; the first one's stream is the thing that `version` speaks of."""

    id: str
    facts: tuple[NewFact, ...] = ()
    #: more for the answer than id, position and version
    answer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """A carried-out command. `position` is committed and on disk."""

    id: str
    position: int
    #: of the thing's stream; None when there was nothing to change
    version: int | None
    answer: Mapping[str, Any]
    #: this command had been answered before
    repeated: bool = False
