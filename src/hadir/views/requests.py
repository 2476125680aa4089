"""Reports as open interfaces may know them: no others, and no more of them than `domain.people.OPEN_REPORT`.

Sensitive reports and kinds that are not public are not there at all. A point is blurred as its category says, and
then the words that say the way to it are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from hadir.domain.blur import Grid, grid
from hadir.domain.city import City
from hadir.domain.report import State
from hadir.ports.requests import OpenReports, Told, Wanted
from hadir.views.rows import Photo

CLOSED = frozenset({State.ASKED.value, State.CONFIRMED.value, State.DISMISSED.value})
"""States of a report in which nothing more is done about it: solved as far as we know, or nothing to do."""
HELD = State.HELD.value
"""In the quarantine: not known to anybody outside until a person has looked."""
OPEN = frozenset(State) - CLOSED - {HELD}


class OpenPlace(msgspec.Struct, kw_only=True, gc=False):
    area: str | None = None
    rw: int | None = None
    rt: int | None = None
    lat: float | None = None
    lon: float | None = None
    words: str | None = None
    #: the point lies outside the city
    outside: bool = False


class OpenReport(msgspec.Struct, kw_only=True, gc=False):
    """The fields of `domain.people.OPEN_REPORT`, and whether it may be known at all."""

    id: str
    state: str
    state_at: datetime
    since: datetime
    place: OpenPlace
    channel: str
    origin: str
    text: str = ""
    category: str
    incident: str | None = None
    #: covered by a person, who said that they may be public; only of kinds whose photos may be
    open_photos: tuple[Photo, ...] = ()
    sensitive: bool = True


class Change(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A report came into another state. `position` makes it one of a kind."""

    position: int
    at: datetime
    report: str
    state: str


STATES: Mapping[str, str] = {
    "report.joined": State.JOINED.value,
    "report.left": State.RECEIVED.value,
    "report.asked": State.ASKED.value,
    "report.confirmed": State.CONFIRMED.value,
    "report.disputed": State.DISPUTED.value,
    "report.dismissed": State.DISMISSED.value,
    "report.restored": State.RECEIVED.value,
    "incident.started": "in_progress",
}
"""Kind of fact (`ports.requests.TOLD`) → the state that it told."""

_decode = msgspec.json.Decoder(OpenReport).decode


class OpenRequests:
    """What open interfaces ask."""

    def __init__(self, city: City, store: OpenReports) -> None:
        self._store = store
        kinds = [kind for kind in city.categories if kind.public and not kind.sensitive]
        #: categories whose reports may be known
        self.categories = tuple(kind.code for kind in kinds)
        self._grids: Mapping[str, Grid] = {kind.code: grid(kind.blur_m, city.lat) for kind in kinds if kind.blur_m}
        self._known = frozenset(self.categories)
        self._photographed = frozenset(kind.code for kind in kinds if kind.photos == "review")

    async def find(
        self,
        start: datetime,
        end: datetime,
        *,
        categories: Sequence[str] = (),
        statuses: frozenset[str] = frozenset(),
        changed_after: datetime | None = None,
        changed_before: datetime | None = None,
        bbox: tuple[float, float, float, float] | None = None,
        limit: int,
        offset: int = 0,
    ) -> list[OpenReport]:
        """The newest first. `statuses`: of open and closed; none is both. Raises ViewsUnavailable."""
        wanted = Wanted(
            start=start,
            end=end,
            categories=tuple(self._known.intersection(categories)) if categories else self.categories,
            states=_states(statuses),
            changed_after=changed_after,
            changed_before=changed_before,
            bbox=bbox,
            grids=self._grids,
            limit=limit,
            offset=offset,
        )
        return list(self._shown(await self._store.requested(wanted)))

    async def changes(self, start: datetime, end: datetime, *, limit: int, offset: int = 0) -> list[Change]:
        """All changes of a time, the oldest first. Raises ViewsUnavailable."""
        told = await self._store.told(start, end, self.categories, limit=limit, offset=offset)
        return [_change(each) for each in told]

    async def histories(self, reports: Sequence[OpenReport]) -> dict[str, list[Change]]:
        """What happened to each since it was received, the oldest first. Raises ViewsUnavailable."""
        found: dict[str, list[Change]] = {report.id: [] for report in reports}
        for each in await self._store.told_of(list(found)):
            found[each.report].append(_change(each))
        return found

    async def named(self, ids: Sequence[str]) -> list[OpenReport]:
        """Those of these that may be known, the newest first. Raises ViewsUnavailable."""
        return list(self._shown(await self._store.named(ids)))

    def _shown(self, bodies: Iterable[bytes]) -> Iterator[OpenReport]:
        for body in bodies:
            report = _decode(body)
            if report.sensitive or report.category not in self._known or report.state == HELD:
                continue
            if (squares := self._grids.get(report.category)) is not None:
                _blur(report.place, squares)
            if report.open_photos and report.category not in self._photographed:
                report.open_photos = ()
            yield report


def _change(told: Told) -> Change:
    return Change(position=told.position, at=told.at, report=told.report, state=STATES[told.kind])


def _states(statuses: frozenset[str]) -> tuple[str, ...]:
    if len(statuses) != 1:
        return ()
    return tuple(sorted(CLOSED if "closed" in statuses else OPEN))


def _blur(place: OpenPlace, squares: Grid) -> None:
    place.words = place.rt = None
    if place.lat is not None and place.lon is not None:
        place.lat, place.lon = squares.middle(place.lat, place.lon)
