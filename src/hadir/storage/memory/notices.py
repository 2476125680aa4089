"""Devices, contacts and notices in dicts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from hadir.domain.notice import Channel, Contact, Notice, Quiet
from hadir.ports.notices import Attempt, Standing, State, Subscription
from hadir.ports.people import UnknownAccount


class MemoryDevices:
    """Fulfils `hadir.ports.notices.Devices`."""

    def __init__(self) -> None:
        self._by_endpoint: dict[str, Subscription] = {}

    async def put(self, subscription: Subscription) -> None:
        known = self._by_endpoint.get(subscription.endpoint)
        self._by_endpoint[subscription.endpoint] = replace(subscription, id=known.id if known else subscription.id)

    async def drop(self, account: str, endpoint: str) -> bool:
        known = self._by_endpoint.get(endpoint)
        if known is None or known.account != account:
            return False
        del self._by_endpoint[endpoint]
        return True

    async def gone(self, id: str) -> None:
        self._by_endpoint = {e: s for e, s in self._by_endpoint.items() if s.id != id}

    async def of(self, account: str) -> tuple[Subscription, ...]:
        mine = [s for s in self._by_endpoint.values() if s.account == account]
        return tuple(sorted(mine, key=lambda s: (s.made_at, s.id)))

    async def get(self, id: str) -> Subscription | None:
        return next((s for s in self._by_endpoint.values() if s.id == id), None)


class MemoryContacts:
    """Fulfils `hadir.ports.notices.Contacts`; `known`: is there such an account?"""

    def __init__(self, known: Callable[[str], bool] = lambda _: True) -> None:
        self._known = known
        self._contacts: dict[tuple[str, Channel], Contact] = {}
        self._quiet: dict[str, Quiet] = {}

    async def contacts(self, account: str) -> tuple[Contact, ...]:
        return tuple(contact for (who, _), contact in sorted(self._contacts.items()) if who == account)

    async def set_contact(self, contact: Contact) -> None:
        self._check(contact.account)
        self._contacts[contact.account, contact.channel] = contact

    async def drop_contact(self, account: str, channel: Channel) -> None:
        self._contacts.pop((account, channel), None)

    async def quiet(self, account: str) -> Quiet | None:
        return self._quiet.get(account)

    async def set_quiet(self, account: str, quiet: Quiet | None) -> None:
        if quiet is None:
            self._quiet.pop(account, None)
            return
        self._check(account)
        self._quiet[account] = quiet

    def _check(self, account: str) -> None:
        if not self._known(account):
            raise UnknownAccount(account)


class MemoryNotices:
    """Fulfils `hadir.ports.notices.Notices`."""

    def __init__(self) -> None:
        self._standing: dict[str, Standing] = {}
        self._attempts: dict[str, Attempt] = {}
        #: id of a notice or an attempt → until when it is somebody's
        self._claimed: dict[str, datetime] = {}

    async def add(self, notices: Sequence[Notice]) -> None:
        known = {_key(each.notice) for each in self._standing.values()}
        for notice in notices:
            if _key(notice) not in known:
                known.add(_key(notice))
                self._standing[notice.id] = Standing(notice=notice, step_at=notice.made_at)

    async def due(self, now: datetime, until: datetime, limit: int) -> list[Standing]:
        waiting = [s for s in self._standing.values() if s.step_at is not None and s.step_at <= now]
        free = [s for s in waiting if self._free(s.notice.id, now)][:limit]
        self._claimed |= {s.notice.id: until for s in free}
        return free

    def _free(self, id: str, now: datetime) -> bool:
        return id not in self._claimed or self._claimed[id] <= now

    async def begin(
        self, id: str, channel: Channel | None, attempts: Iterable[Attempt], step_at: datetime | None
    ) -> None:
        for attempt in attempts:
            self._attempts.setdefault(attempt.id, attempt)
        self._standing[id] = replace(self._standing[id], channel=channel, step_at=step_at)
        self._claimed.pop(id, None)

    async def claim(self, now: datetime, until: datetime, limit: int) -> list[tuple[Attempt, Notice]]:
        waiting = [a for a in self._attempts.values() if a.state is State.WAITING and a.next_at <= now]
        free = [a for a in waiting if self._free(a.id, now)][:limit]
        self._claimed |= {a.id: until for a in free}
        return [(a, self._standing[a.notice].notice) for a in free]

    async def settle(self, attempt: Attempt) -> None:
        self._attempts[attempt.id] = attempt
        self._claimed.pop(attempt.id, None)

    async def hasten(self, account: str, about: str, now: datetime) -> None:
        for each in self._open(account, about):
            if each.notice.further and each.channel is not None:
                self._standing[each.notice.id] = replace(each, step_at=now)

    async def delivered(self, account: str, about: str, now: datetime, by: str) -> None:
        for each in self._open(account, about):
            self._standing[each.notice.id] = replace(each, delivered_at=now, delivered_by=by, step_at=None)

    def _open(self, account: str, about: str) -> list[Standing]:
        mine = [s for s in self._standing.values() if s.notice.to == account and s.notice.about == about]
        return [s for s in mine if s.delivered_at is None]

    async def received(self, account: str, id: str, now: datetime) -> bool:
        known = self._standing.get(id)
        if known is None or known.notice.to != account:
            return False
        if known.delivered_at is None:
            known = replace(known, delivered_at=now, delivered_by="push")
        self._standing[id] = replace(known, step_at=None)
        return True

    async def get(self, id: str) -> Standing | None:
        known = self._standing.get(id)
        return None if known is None else self._whole(known)

    async def about(self, about: str) -> list[Standing]:
        found = [self._whole(s) for s in self._standing.values() if s.notice.about == about]
        return sorted(found, key=lambda s: (s.notice.made_at, s.notice.id))

    def _whole(self, standing: Standing) -> Standing:
        made = sorted((a for a in self._attempts.values() if a.notice == standing.notice.id), key=lambda a: a.id)
        return replace(standing, attempts=tuple(made))

    async def prune(self, before: datetime) -> None:
        old = {id for id, s in self._standing.items() if s.notice.made_at < before}
        self._standing = {id: s for id, s in self._standing.items() if id not in old}
        self._attempts = {id: a for id, a in self._attempts.items() if a.notice not in old}


def _key(notice: Notice) -> tuple[int, str, str]:
    return notice.position, notice.to, notice.says
