"""A report's place in the queue, and what may be the same thing: the formulas of `domain.priority` on rows. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from functools import lru_cache

from msgspec.structs import replace

from hadir.domain.city import City, PriorityWeights, SimilarWeights
from hadir.domain.priority import METRES_PER_DEGREE, Facts, Sighting, at_rank, points, similar, text_words
from hadir.domain.values import Reason
from hadir.views.rows import ReasonRow, ReportRow, reason_rows

#: More than a handful nobody compares.
SIMILAR_SHOWN = 5
#: Reports of an area that a new one is compared with, the newest first: a burst must not cost more and more.
COMPARED = 16


def ranked(old: ReportRow | None, row: ReportRow, city: City) -> ReportRow:
    """The row with its place in the queue and the reasons. `old`: the row before, whose rank may still hold."""
    if old is not None and (old.urgency, old.rank_points, old.me_too) == (row.urgency, row.rank_points, row.me_too):
        return row
    assert row.since is not None
    reasons, rows = _points(row.urgency, len(row.similar), row.me_too, row.vulnerable, row.rank_points, city.priority)
    return replace(row, rank=at_rank(reasons, city.priority, row.since), rank_reasons=rows)


@lru_cache(maxsize=1024)
def _points(
    urgency: int, similar: int, me_too: int, vulnerable: tuple[str, ...], person: float, weights: PriorityWeights
) -> tuple[tuple[Reason, ...], tuple[ReasonRow, ...]]:
    """Few combinations, a million reports: the parts of a rank and their rows are made once for each."""
    facts = Facts(urgency=urgency, reporters=1 + similar, me_too=me_too, vulnerable=vulnerable, person=person)
    reasons = points(facts, weights)
    return reasons, reason_rows(reasons)


class Nearby:
    """The reports on the board by area: candidates for «similar». The same set of reports gives the same answer."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._ids: dict[str | None, list[str]] = {}
        self._rows: dict[str, tuple[ReportRow, Sighting]] = {}
        #: of the report that was compared last: it is put in next
        self._compared: tuple[str, Sighting] | None = None

    def put(self, row: ReportRow) -> None:
        """Add it, or take in that it changed."""
        known, sighting = self._rows.get(row.id, (None, None))
        if known is not None and sighting is not None and _looks_the_same(known, row):
            self._rows[row.id] = (row, sighting)
            return
        self.remove(row.id)
        insort(self._ids.setdefault(row.place.area, []), row.id)
        compared, self._compared = self._compared, None
        self._rows[row.id] = (row, compared[1] if compared and compared[0] == row.id else self._sighting(row))

    def remove(self, id: str) -> None:
        """Fine when it is not there."""
        row, _ = self._rows.pop(id, (None, None))
        if row is not None:
            ids = self._ids[row.place.area]
            del ids[bisect_left(ids, id)]

    def like(self, row: ReportRow) -> tuple[str, ...]:
        """Ids of what may be the same thing, the likeliest first: a report, or its incident if it has one."""
        me, weights = self._sighting(row), self._city.similar
        self._compared = (row.id, me)
        found: dict[str, float] = {}
        for other, sighting in self._recent(row):
            if sighting.group != me.group and _far(me, sighting, weights):
                continue
            if (me.at - sighting.at).total_seconds() > weights.time_min * 60:
                break
            if (score := similar(me, sighting, weights, weights.threshold)) >= weights.threshold:
                name = other.incident or other.id
                found[name] = max(score, found.get(name, 0.0))
        # Equally likely: the newest, which is what people are talking about now.
        return tuple(sorted(found, key=lambda name: (found[name], name), reverse=True))[:SIMILAR_SHOWN]

    def _recent(self, row: ReportRow) -> Iterator[tuple[ReportRow, Sighting]]:
        ids = self._ids.get(row.place.area, [])
        for at in range(len(ids) - 1, max(-1, len(ids) - 1 - COMPARED), -1):
            if ids[at] != row.id:
                yield self._rows[ids[at]]

    def _sighting(self, row: ReportRow) -> Sighting:
        assert row.since is not None
        category = self._city.category_by_code.get(row.category)
        return Sighting(
            at=row.since,
            category=row.category,
            group=category.group if category else "",
            area=row.place.area,
            lat=row.place.lat,
            lon=row.place.lon,
            words=text_words(row.text),
        )


def _far(one: Sighting, other: Sighting, weights: SimilarWeights) -> bool:
    """Of another kind, and too far apart by latitude alone: cannot be alike. The quickest look there is."""
    if one.lat is None or other.lat is None or weights.time + weights.text >= weights.threshold:
        return False
    return abs(one.lat - other.lat) * METRES_PER_DEGREE >= weights.distance_m


def _looks_the_same(one: ReportRow, other: ReportRow) -> bool:
    """Nothing that likeness looks at has changed."""
    return one.place is other.place and one.text is other.text and one.category == other.category
