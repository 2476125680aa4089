"""A report's place in the queue, and what may be the same thing: the formulas of `domain.priority` on rows. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import TypeAlias

from hadir.domain.city import City
from hadir.domain.priority import Facts, Likeness, Sighting, alike, at_rank, likeness, points, total
from hadir.views.crowd import Crowd
from hadir.views.rows import ReasonRow, ReportRow, reason_rows

#: More than a handful nobody compares.
SIMILAR_SHOWN = 5
#: Reports of an area that a new one is compared with, the newest first: a burst must not cost more and more.
COMPARED = 16

#: What a rank's points are made of: urgency, how many similar ones, me-too, vulnerable places, a person's points.
_Parts: TypeAlias = tuple[int, int, int, tuple[str, ...], float]
_KEPT = 1_024


class Ranking:
    """The place in the queue. Few combinations, a million reports: points and their rows are made once for each."""

    def __init__(self, city: City) -> None:
        self._weights = city.priority
        self._made: dict[_Parts, tuple[float, tuple[ReasonRow, ...]]] = {}

    def of(self, row: ReportRow) -> tuple[float, tuple[ReasonRow, ...]]:
        """(rank, its reasons)"""
        assert row.since is not None
        parts = (row.urgency, len(row.similar), row.me_too, row.vulnerable, row.rank_points)
        made = self._made.get(parts) or self._make(parts)
        return at_rank(made[0], self._weights, row.since), made[1]

    def _make(self, parts: _Parts) -> tuple[float, tuple[ReasonRow, ...]]:
        if len(self._made) >= _KEPT:
            self._made.clear()
        urgency, similar, me_too, vulnerable, person = parts
        facts = Facts(urgency=urgency, reporters=1 + similar, me_too=me_too, vulnerable=vulnerable, person=person)
        reasons = points(facts, self._weights)
        made = self._made[parts] = (total(reasons), reason_rows(reasons))
        return made


def ranks_the_same(old: ReportRow, row: ReportRow) -> bool:
    """Nothing that the place in the queue is made of has changed."""
    return old.urgency == row.urgency and old.rank_points == row.rank_points and old.me_too == row.me_too


class Nearby:
    """The reports on the board by area: candidates for «similar». The same set of reports gives the same answer."""

    def __init__(self, city: City) -> None:
        self._weights = city.similar
        self._groups = {category.code: category.group for category in city.categories}
        self._ids: dict[str | None, list[str]] = {}
        self._known: dict[str, tuple[ReportRow, Sighting]] = {}
        self._crowd = Crowd()
        #: of the report that was compared last: it is put in next
        self._compared: tuple[str, Sighting] | None = None

    def put(self, row: ReportRow) -> None:
        """Add it, or take in that it changed."""
        known = self._known.get(row.id)
        if known is not None and _looks_the_same(known[0], row):
            self._known[row.id] = (row, known[1])
            return
        if known is not None:
            self.remove(row.id)
        insort(self._ids.setdefault(row.place.area, []), row.id)
        compared, self._compared = self._compared, None
        self._crowd.touch(row.id)
        self._known[row.id] = (row, compared[1] if compared and compared[0] == row.id else self._sighting(row))

    def remove(self, id: str) -> None:
        """Fine when it is not there."""
        known = self._known.pop(id, None)
        if known is not None:
            self._crowd.touch(id)
            ids = self._ids[known[0].place.area]
            del ids[bisect_left(ids, id)]

    def like(self, row: ReportRow) -> tuple[str, ...]:
        """Ids of what may be the same thing, the likeliest first: a report, or its incident if it has one."""
        me = self._sighting(row)
        self._compared = (row.id, me)
        others = self._recent(row, me.minute - self._weights.time_min)
        found: dict[str, float] = {}
        for number, score in alike(me, [sighting for _, sighting in others], self._weights, self._weights.threshold):
            other = others[number][0]
            name = other.incident or other.id
            found[name] = max(score, found.get(name, 0.0))
        # Equally likely: the newest, which is what people are talking about now.
        return tuple(sorted(found, key=lambda name: (found[name], name), reverse=True))[:SIMILAR_SHOWN]

    def likeliest(self, row: ReportRow, also: Iterable[ReportRow], most: int) -> list[tuple[ReportRow, Likeness]]:
        """What may be the same thing among all that is on the board and `also`, with what they have in common.

        For whoever looks at one report: it compares with everything, where `like` must be done in every fold.
        """
        me = self._sighting(row)
        over = {other.id: (other, self._sighting(other)) for other in also if other.id not in self._known}
        names = [*self._crowd.first(me, self._known, self._weights), *over]
        others = [over.get(name) or self._known[name] for name in names if name != row.id]
        scored = alike(me, [sighting for _, sighting in others], self._weights, self._weights.threshold)
        # Equally likely: the newest. Ids rise with time.
        scored.sort(key=lambda pair: (pair[1], others[pair[0]][0].id), reverse=True)
        found = [(others[n][0], likeness(me, others[n][1], self._weights)) for n, _ in scored[: 4 * most]]
        # Two things at one place and time are not the same thing: another kind must have words in common.
        return [(other, each) for other, each in found if each.kind != "other" or each.words][:most]

    def _recent(self, row: ReportRow, since: float) -> list[tuple[ReportRow, Sighting]]:
        """Others of the same area from this minute on, the newest first."""
        found: list[tuple[ReportRow, Sighting]] = []
        for id in reversed(self._ids.get(row.place.area, ())[-COMPARED:]):
            known = self._known[id]
            if known[1].minute < since:
                break
            if id != row.id:
                found.append(known)
        return found

    def _sighting(self, row: ReportRow) -> Sighting:
        assert row.since is not None
        place = row.place
        return Sighting(
            at=row.since,
            category=row.category,
            group=self._groups.get(row.category, ""),
            area=place.area,
            lat=place.lat,
            lon=place.lon,
            text=row.text,
        )


def _looks_the_same(one: ReportRow, other: ReportRow) -> bool:
    """Nothing that likeness looks at has changed."""
    return one.place is other.place and one.text is other.text and one.category == other.category
