"""Subscriptions, public changes and ratings in dicts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hadir.domain.following import (
    ASKED_KEPT,
    ENDED_KEPT,
    ONCE,
    REPORT_KEPT,
    Change,
    News,
    Subscriber,
    Subscription,
    covers,
)
from hadir.domain.notice import Channel
from hadir.ports.following import Due, Rated, Rating


@dataclass
class _Box:
    """One subscriber's: when something is due, and what was told."""

    next_at: datetime | None = None
    not_before: datetime | None = None
    claimed_until: datetime | None = None
    tries: int = 0
    news: dict[str, News] = field(default_factory=dict)
    told: dict[str, News] = field(default_factory=dict)

    def waiting(self) -> list[News]:
        known = {about: told.position for about, told in self.told.items()}
        found = [each for each in self.news.values() if each.position > known.get(each.about, 0)]
        return sorted(found, key=lambda each: each.position, reverse=True)


class MemoryFollowings:
    """Fulfils `Followings` and `Mailbag` of `hadir.ports.following`."""

    def __init__(self) -> None:
        self._people: dict[str, Subscriber] = {}
        self._wishes: dict[str, Subscription] = {}
        self._boxes: dict[str, _Box] = {}

    async def subscriber(self, subscriber: Subscriber) -> Subscriber:
        same = (s for s in self._people.values() if (s.channel, s.address) == (subscriber.channel, subscriber.address))
        if known := next(same, None):
            subscriber = replace(subscriber, id=known.id, made_at=known.made_at)
        self._people[subscriber.id] = subscriber
        self._boxes.setdefault(subscriber.id, _Box())
        return subscriber

    async def add(self, wish: Subscription) -> Subscription:
        same = (w for w in self._wishes.values() if _what(w) == _what(wish))
        known = next(same, None)
        if known is not None and known.ended_at is None and known.confirmed_at is not None:
            return known
        wish = replace(wish, id=known.id) if known else wish
        self._wishes[wish.id] = wish
        return wish

    async def get(self, id: str) -> tuple[Subscription, Subscriber] | None:
        wish = self._wishes.get(id)
        return (wish, self._people[wish.subscriber]) if wish else None

    async def of(self, device: str) -> list[tuple[Subscription, Subscriber]]:
        mine = [w for w in self._wishes.values() if w.ended_at is None and self._people[w.subscriber].device == device]
        return [(w, self._people[w.subscriber]) for w in _newest(mine)]

    async def of_subscriber(self, id: str) -> list[Subscription]:
        return _newest(w for w in self._wishes.values() if w.ended_at is None and w.subscriber == id)

    async def asked(self, address: str, device: str, since: datetime) -> int:
        open_ = [w for w in self._wishes.values() if w.confirmed_at is None and w.made_at > since]
        whose = [self._people[w.subscriber] for w in open_]
        mailed = [s for s in whose if s.channel is Channel.EMAIL]
        return max(sum(s.address == address for s in mailed), sum(s.device == device for s in mailed))

    async def confirm(self, id: str, now: datetime) -> None:
        wish = self._wishes[id]
        self._wishes[id] = replace(wish, confirmed_at=wish.confirmed_at or now, ended_at=None)

    async def end(self, id: str, now: datetime | None) -> None:
        self._wishes[id] = replace(self._wishes[id], ended_at=now)

    async def forget(self, subscriber: str) -> None:
        self._people.pop(subscriber, None)
        self._boxes.pop(subscriber, None)
        self._wishes = {id: w for id, w in self._wishes.items() if w.subscriber != subscriber}

    async def prune(self, now: datetime) -> None:
        self._wishes = {id: wish for id, wish in self._wishes.items() if not _over(wish, now)}
        used = {wish.subscriber for wish in self._wishes.values()}
        for gone in set(self._people) - used:
            await self.forget(gone)

    # ── what waits ───────────────────────────────────────────────────────────────────────────────────────────────

    async def following(self, change: Change) -> list[Subscription]:
        return [wish for wish in self._wishes.values() if wish.live and covers(wish, change)]

    async def following_report(self, report: str) -> list[Subscription]:
        return [wish for wish in self._wishes.values() if wish.live and wish.report == report]

    async def drop_report(self, report: str) -> None:
        self._wishes = {id: wish for id, wish in self._wishes.items() if wish.report != report}

    async def note(self, news: Sequence[News], due: datetime) -> None:
        for each in news:
            box = self._boxes[each.subscriber]
            known, told = box.news.get(each.about), box.told.get(each.about)
            newest = max(known.position if known else 0, told.position if told else 0)
            if each.position <= newest or (told and each.says in ONCE and told.says == each.says):
                continue
            box.news[each.about] = each
            earliest = min(box.next_at or due, due)
            box.next_at = max(earliest, box.not_before or earliest)

    async def due(self, now: datetime, until: datetime, limit: int) -> list[Due]:
        found = []
        for id, box in self._boxes.items():
            claimed = box.claimed_until is not None and box.claimed_until > now
            if box.next_at is not None and box.next_at <= now and not claimed and len(found) < limit:
                box.claimed_until = until
                found.append(Due(subscriber=self._people[id], news=tuple(box.waiting()), tries=box.tries))
        return found

    async def later(self, subscriber: str, at: datetime, *, failed: bool) -> None:
        box = self._boxes[subscriber]
        box.next_at, box.claimed_until = at, None
        box.tries += failed

    async def told(self, subscriber: str, news: Sequence[News], not_before: datetime) -> None:
        box = self._boxes[subscriber]
        box.told |= {each.about: each for each in news}
        box.not_before, box.claimed_until, box.tries = not_before, None, 0
        box.next_at = not_before if box.waiting() else None


class MemoryChanges:
    """Fulfils `hadir.ports.following.Changes`."""

    def __init__(self) -> None:
        self._known: dict[str, Change] = {}

    async def put(self, change: Change) -> None:
        known = self._known.get(change.about)
        if known is None:
            self._known[change.about] = change
        elif change.position > known.position:
            self._known[change.about] = replace(change, began_at=known.began_at)

    async def known(self, about: str) -> Change | None:
        return self._known.get(about)

    async def of_area(self, area: str, limit: int) -> list[Change]:
        return self._newest([c for c in self._known.values() if c.area == area], limit)

    async def within(self, box: tuple[float, float, float, float], limit: int) -> list[Change]:
        south, west, north, east = box
        placed = [(c, c.lat, c.lon) for c in self._known.values() if c.lat is not None and c.lon is not None]
        inside = [c for c, lat, lon in placed if south <= lat <= north and west <= lon <= east]
        return self._newest(inside, limit)

    @staticmethod
    def _newest(changes: list[Change], limit: int) -> list[Change]:
        return sorted(changes, key=lambda c: (c.at, c.position), reverse=True)[:limit]


class MemoryRatings:
    """Fulfils `hadir.ports.following.Ratings`."""

    def __init__(self) -> None:
        self._known: dict[str, Rating] = {}

    async def put(self, rating: Rating) -> None:
        known = self._known.get(rating.report)
        if known is None or rating.at >= known.at:
            self._known[rating.report] = rating

    async def figures(self, since: datetime, until: datetime) -> list[Rated]:
        counts: dict[tuple[str, str], int] = {}
        for rating in self._known.values():
            for agency in rating.agencies if since <= rating.at < until else ():
                counts[agency, rating.result] = counts.get((agency, rating.result), 0) + 1
        return [Rated(agency=a, result=r, count=n) for (a, r), n in sorted(counts.items())]


def _what(wish: Subscription) -> tuple[object, ...]:
    return wish.subscriber, wish.kind, wish.area, wish.lat, wish.lon, wish.radius_m, wish.report


def _newest(wishes: object) -> list[Subscription]:
    return sorted(wishes, key=lambda w: (w.made_at, w.id), reverse=True)  # type: ignore[call-overload, no-any-return]


def _over(wish: Subscription, now: datetime) -> bool:
    return (
        (wish.confirmed_at is None and wish.made_at < now - ASKED_KEPT)
        or (wish.ended_at is not None and wish.ended_at < now - ENDED_KEPT)
        or (wish.report is not None and wish.made_at < now - REPORT_KEPT)
    )
