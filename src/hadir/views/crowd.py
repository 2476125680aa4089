"""All reports on the board as columns of numbers, for «what may be the same» in a hot spot of ten thousand.

The formula is `domain.priority.alike` without its words, ten thousand rows at once: a third of a millisecond, where the
loop takes ten. Which rows come first is decided here; their likeness is then worked out by the formula itself. The
columns are made when somebody asks, never in the fold; what has changed since is compared one by one, until it is much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hadir.domain.city import SimilarWeights
from hadir.domain.priority import WORDS_COMPARED, Sighting, alike
from hadir.views.rows import ReportRow

Known: TypeAlias = Mapping[str, tuple[ReportRow, Sighting]]
Floats: TypeAlias = NDArray[np.float64]
#: So many rows may have changed before the columns are made anew.
CHANGED_MOST = 400


class Crowd:
    """The columns, and which rows are newer than they."""

    def __init__(self) -> None:
        self._columns: _Columns | None = None
        #: ids that were put or removed since the columns were made
        self._changed: set[str] = set()

    def touch(self, id: str) -> None:
        """A row was put or removed: for every fold, so it is next to nothing, and nothing before somebody has asked."""
        if self._columns is not None:
            self._changed.add(id)
            if len(self._changed) > CHANGED_MOST:
                self._columns = None
                self._changed.clear()

    def first(self, me: Sighting, known: Known, weights: SimilarWeights) -> list[str]:
        """Ids of those that place, time and kind put first, and that words could lift over the threshold."""
        if self._columns is None:
            self._columns = _Columns(known)
        found = [id for id in self._columns.first(me, weights) if id not in self._changed]
        newer = [(id, known[id][1]) for id in self._changed if id in known]
        rough = alike(me, [s for _, s in newer], replace(weights, text=0.0), weights.threshold - weights.text)
        return found + [newer[number][0] for number, _ in rough]


class _Columns:
    def __init__(self, known: Known) -> None:
        self._ids = list(known)
        sightings = [sighting for _, sighting in known.values()]
        self._north = np.array([np.nan if s.north is None else s.north for s in sightings])
        self._east = np.array([s.east for s in sightings])
        self._narrow = np.array([s.narrow for s in sightings])
        self._minute = np.array([s.minute for s in sightings])
        self._category = _Codes([s.category for s in sightings])
        self._group = _Codes([s.group for s in sightings])
        self._area = _Codes([s.area for s in sightings])

    def first(self, me: Sighting, weights: SimilarWeights) -> list[str]:
        if not self._ids:
            return []
        score = self._place(me, weights)
        score += np.where(self._category.same(me.category), weights.kind, 0.0)
        score += np.where(self._group.same(me.group) & ~self._category.same(me.category), weights.kind / 2, 0.0)
        score += weights.time * np.maximum(0.0, 1 - np.abs(self._minute - me.minute) / weights.time_min)
        rows = np.flatnonzero(score >= weights.threshold - weights.text)
        if len(rows) > WORDS_COMPARED:
            rows = rows[np.argpartition(score[rows], -WORDS_COMPARED)[-WORDS_COMPARED:]]
        return [self._ids[row] for row in rows]

    def _place(self, me: Sighting, weights: SimilarWeights) -> Floats:
        """Where either has no point, the same area is half of the same point."""
        if me.area is None:
            by_area = np.zeros(len(self._ids))
        else:
            by_area = np.where(self._area.same(me.area), weights.distance / 2, 0.0)
        if me.north is None:
            return by_area
        away = np.hypot(self._north - me.north, (self._east - me.east) * (self._narrow + me.narrow))
        by_point = weights.distance * np.maximum(0.0, 1 - away / weights.distance_m)
        return np.where(np.isnan(self._north), by_area, by_point)


class _Codes:
    """A column of words as numbers."""

    def __init__(self, words: Sequence[str | None]) -> None:
        self._number = {word: number for number, word in enumerate(dict.fromkeys(words))}
        self._rows: NDArray[np.int32] = np.array([self._number[word] for word in words], np.int32)

    def same(self, word: str | None) -> NDArray[Any]:
        return self._rows == self._number.get(word, -1)
