"""Follows the journal: what becomes public is kept as a change, and noted for everybody who follows its place.

At least once: a change and its news carry their position, so taking a fact twice says nothing twice. An incident is
public by its kind alone (public and not sensitive); one that never was is not told of at its end either.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from hadir.domain.blur import grid
from hadir.domain.city import City
from hadir.domain.following import GATHER, Change, News, Subscription, covers
from hadir.outbound.kit import cursor
from hadir.ports.clock import Clock
from hadir.ports.cursors import Cursors
from hadir.ports.following import Changes, Mailbag, Rating, Ratings
from hadir.ports.journal import Fact, JournalReader
from hadir.views.board import Board
from hadir.views.rows import AreaRow, IncidentRow, ReportRow

NAME = "following"
# Opened for the first time, or after long: what is older than so many facts is no news.
BACK_MOST = 20_000
BOARD_WAIT_S = 5.0

#: kind of fact → what is told of the incident
INCIDENTS: Mapping[str, str] = {
    "incident.opened": "opened",
    "incident.started": "started",
    "incident.resolved": "resolved",
    "incident.reopened": "reopened",
    "incident.closed": "closed",
    "incident.merged": "merged",
    "incident.unmerged": "unmerged",
}
#: Nobody's phone has to ring for these; they stand in the feed.
QUIET = frozenset({"started", "closed", "merged", "unmerged", "receding"})
#: kind of fact → what is told of water in an area
AREAS: Mapping[str, str] = {
    "area.flood_confirmed": "flood_confirmed",
    "area.flood_declared": "flood_declared",
    "area.flood_receding": "receding",
    "area.flood_over": "flood_over",
}
#: kind of fact → what the reporter is told of the own report
REPORTS: Mapping[str, str] = {
    "report.joined": "joined",
    "report.questioned": "questioned",
    "report.asked": "asked",
    "report.dismissed": "dismissed",
    "report.restored": "restored",
}
#: of these a person who reported an incident twice hears once
ONCE = frozenset({"joined", "asked"})


class Follower:
    """Facts in; changes, news and ratings out."""

    def __init__(
        self,
        *,
        journal: JournalReader,
        cursors: Cursors,
        board: Board,
        mailbag: Mailbag,
        changes: Changes,
        ratings: Ratings,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        """`wake`: called when there is something to bring."""
        self._journal = journal
        self._cursors = cursors
        self._board = board
        self._mailbag = mailbag
        self._changes = changes
        self._ratings = ratings
        self._clock = clock
        self._wake = wake

    async def follow(self) -> None:
        """For ever."""
        await cursor.follow(self._journal, self._cursors, NAME, self.take, back_most=BACK_MOST)

    async def take(self, facts: Sequence[Fact]) -> None:
        """What follows from these facts, in order."""
        for fact in facts:
            kind = fact.event.kind
            if kind in INCIDENTS:
                await self._incident(fact, INCIDENTS[kind])
            elif kind in AREAS:
                await self._area(fact, AREAS[kind])
            elif kind in REPORTS:
                await self._report(fact, REPORTS[kind])
            elif kind == "contents.erased":
                await self._erased(fact)
            elif kind == "report.rated":
                await self._rated(fact)

    async def _incident(self, fact: Fact, says: str) -> None:
        await self._board.wait(fact.position, BOARD_WAIT_S)
        id = fact.stream.partition("/")[2]
        row: IncidentRow | None = await self._board.find("incidents", id)
        if row is not None and not row.sensitive and public(self._board.city, row.category):
            split = getattr(fact.event, "split_from", None) is not None
            await self._publish(_of_incident(self._board.city, row, says, fact), split=split)

    async def _area(self, fact: Fact, says: str) -> None:
        await self._board.wait(fact.position, BOARD_WAIT_S)
        row: AreaRow | None = self._board.row("areas", fact.stream.partition("/")[2])
        if row is not None:
            await self._publish(_of_area(row, says, fact))

    async def _publish(self, change: Change, *, split: bool = False) -> None:
        """`split`: it is told for the first time, but those who live there have heard of it as a part of another."""
        await self._changes.put(change)
        if change.says not in QUIET and not split:
            wishes = [wish for wish in await self._mailbag.following(change) if covers(wish, change)]
            await self._note([_news(wish, change) for wish in wishes])

    async def _report(self, fact: Fact, says: str) -> None:
        report = fact.stream.partition("/")[2]
        wishes = await self._mailbag.following_report(report)
        if wishes and says in ONCE:
            told = await self._told_already(fact, report, says)
            wishes = [wish for wish in wishes if wish.subscriber not in told]
        await self._note([_own(wish, says, fact) for wish in wishes])

    async def _told_already(self, fact: Fact, report: str, says: str) -> set[str]:
        """Who hears the same of another report of this incident: joined before, or asked in the same breath."""
        await self._board.wait(fact.position, BOARD_WAIT_S)
        told: set[str] = set()
        for other in self._board.reports_of(fact.event.incident_id):
            row: ReportRow | None = self._board.row("reports", other)
            if other == report or row is None or (says == "asked" and (other > report or row.state != says)):
                continue
            told |= {wish.subscriber for wish in await self._mailbag.following_report(other)}
        return told

    async def _note(self, news: Sequence[News]) -> None:
        if news:
            await self._mailbag.note(news, self._clock.now() + GATHER)
            self._wake()

    async def _erased(self, fact: Fact) -> None:
        """The whole of a report, not some words of it: its followers' addresses go with it."""
        noun, _, id = fact.stream.partition("/")
        if noun == "report" and not fact.event.only:
            await self._mailbag.drop_report(id)

    async def _rated(self, fact: Fact) -> None:
        id, event = fact.stream.partition("/")[2], fact.event
        await self._ratings.put(Rating(report=id, agencies=event.agencies, result=event.result, at=fact.at))


def public(city: City, category: str) -> bool:
    """As `views.viewers` says of an incident: the kind is public and not sensitive."""
    kind = city.category_by_code.get(category)
    return kind is not None and kind.public and not kind.sensitive


def _of_incident(city: City, row: IncidentRow, says: str, fact: Fact) -> Change:
    lat, lon = _blurred(city, row)
    return Change(
        about=f"incidents/{row.id}",
        says=says,
        position=fact.position,
        at=fact.at,
        began_at=_began(row.since, fact),
        category=row.category,
        area=row.place.area,
        lat=lat,
        lon=lon,
        origin=row.origin,
    )


def _blurred(city: City, row: IncidentRow) -> tuple[float | None, float | None]:
    if row.place.lat is None or row.place.lon is None:
        return None, None
    kind = city.category_by_code.get(row.category)
    if kind is None or not kind.blur_m:
        return round(row.place.lat, 3), round(row.place.lon, 3)
    return grid(kind.blur_m, city.lat).middle(row.place.lat, row.place.lon)


def _of_area(row: AreaRow, says: str, fact: Fact) -> Change:
    return Change(
        about=f"areas/{row.id}",
        says=says,
        position=fact.position,
        at=fact.at,
        began_at=_began(row.since, fact),
        category="",
        area=row.id,
        origin=row.origin or "live",
    )


def _began(since: datetime | None, fact: Fact) -> datetime:
    return since or fact.at


def _news(wish: Subscription, change: Change) -> News:
    return News(
        subscriber=wish.subscriber,
        about=change.about,
        says=change.says,
        position=change.position,
        at=change.at,
        subscription=wish.id,
        category=change.category,
        area=change.area,
    )


def _own(wish: Subscription, says: str, fact: Fact) -> News:
    return News(
        subscriber=wish.subscriber,
        about=fact.stream.replace("report/", "reports/"),
        says=says,
        position=fact.position,
        at=fact.at,
        subscription=wish.id,
    )
