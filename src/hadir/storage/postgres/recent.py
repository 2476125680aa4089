"""The newest facts, so that this process's followers need not each read and decode the table.

Purpose: under load several followers read every fact once each; from here that costs a slice instead of a query and a
decoding. What this process has written comes in by `add`, what other nodes have written by `fill`, by whoever reads it
first. Invariant: what is held is contiguous; another epoch and an erasure empty it, and the table is asked again. One
event loop.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from hadir.ports.journal import Fact, FactWithContent
from hadir.storage.planning import Plan

#: Facts held: some seconds of the heaviest burst; a follower farther behind reads the table.
KEPT = 4_000

#: A fact and its content's body as stored, None for one that brought none.
Held: TypeAlias = tuple[Fact, bytes | None]


class Recent:
    """A window on the end of the journal."""

    def __init__(self) -> None:
        self._facts: deque[Held] = deque(maxlen=KEPT)
        #: Grows with every erasure: what was read before one must not come in after it.
        self.emptied = 0

    def add(self, planned: Plan) -> None:
        """Facts just committed by this process. After another node's facts, whoever reads those brings these, too."""
        if not planned.facts or (self._facts and not self._follows(planned.facts[0])):
            return
        bodies = {row.id: row.body for row in planned.contents}
        self._facts.extend((fact, bodies.get(fact.content or "")) for fact in planned.facts)

    def fill(self, read: Sequence[Held], emptied: int) -> None:
        """Facts read from the table; `emptied` as it was before reading."""
        if not read or emptied != self.emptied:
            return
        if self._facts and read[0][0].position > self._facts[-1][0].position + 1:
            self._facts.clear()
        self._facts.extend(held for held in read if not self._facts or self._follows(held[0]))

    def _follows(self, fact: Fact) -> bool:
        return fact.position == self._facts[-1][0].position + 1

    def clear(self) -> None:
        self._facts.clear()
        self.emptied += 1

    def after(self, position: int, limit: int) -> list[Held]:
        """Up to `limit` facts after a position; none when the table must be asked.

        Also none for what would come next: another node may have written it, and only the table knows.
        """
        first = self._facts[0][0].position if self._facts else 0
        start = position + 1 - first
        if not self._facts or start < 0:
            return []
        return [self._facts[n] for n in range(start, min(start + limit, len(self._facts)))]


def with_content(held: Held) -> FactWithContent:
    """The fact and its content's body, as the table would have given it."""
    fact, body = held
    return fact, None if body is None else msgspec.json.decode(body)
