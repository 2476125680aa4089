"""Accounts and sessions in dicts."""

from dataclasses import replace
from datetime import datetime

from hadir.domain.people import Account
from hadir.ports.people import AccountExists, Session, UnknownAccount


class MemoryPeople:
    """Fulfils `hadir.ports.people.Accounts`."""

    def __init__(self, *accounts: Account) -> None:
        self._accounts = {account.id: account for account in accounts}
        self._passwords: dict[str, str] = {}
        self._disabled: set[str] = set()

    async def account(self, id: str) -> Account | None:
        return None if id in self._disabled else self._accounts.get(id)

    async def accounts(self) -> tuple[Account, ...]:
        return tuple(a for id, a in sorted(self._accounts.items()) if id not in self._disabled)

    async def same_person(self, id: str) -> frozenset[str]:
        one = self._accounts.get(id)
        return frozenset(a.id for a in self._accounts.values() if one and a.owner == one.owner)

    async def password(self, id: str) -> str | None:
        return None if id in self._disabled else self._passwords.get(id)

    async def add(self, account: Account, password: str | None) -> None:
        if account.id in self._accounts:
            raise AccountExists(account.id)
        self._accounts[account.id] = account
        if password is not None:
            self._passwords[account.id] = password

    async def set_password(self, id: str, password: str) -> None:
        self._known(id)
        self._passwords[id] = password

    async def set_disabled(self, id: str, disabled: bool) -> None:
        self._known(id)
        (self._disabled.add if disabled else self._disabled.discard)(id)

    async def set_person(self, id: str, person: str | None) -> None:
        self._known(id)
        self.change(id, person=person)

    async def disable_demo(self) -> None:
        self._disabled |= {id for id, account in self._accounts.items() if account.demo}

    def change(self, id: str, **fields: object) -> None:
        """Give an account another role, agency or person."""
        self._accounts[id] = replace(self._accounts[id], **fields)  # type: ignore[arg-type]

    def _known(self, id: str) -> None:
        if id not in self._accounts:
            raise UnknownAccount(id)


class MemorySessions:
    """Fulfils `hadir.ports.people.Sessions`."""

    def __init__(self) -> None:
        self._sessions: dict[bytes, Session] = {}

    async def open(self, digest: bytes, session: Session) -> None:
        self._sessions[digest] = session

    async def find(self, digest: bytes) -> Session | None:
        return self._sessions.get(digest)

    async def extend(self, digest: bytes, until: datetime) -> None:
        if session := self._sessions.get(digest):
            self._sessions[digest] = session._replace(until=until)

    async def close(self, digest: bytes) -> None:
        self._sessions.pop(digest, None)

    async def close_of(self, account: str) -> None:
        self._sessions = {d: s for d, s in self._sessions.items() if s.account != account}

    async def prune(self, before: datetime) -> None:
        self._sessions = {d: s for d, s in self._sessions.items() if s.until >= before}
