"""The accounts, as use cases and doors see them. Names are personal data: they never go into an event."""

from datetime import datetime
from typing import NamedTuple, Protocol

from hadir.domain.people import Account


class People(Protocol):
    """Who there is."""

    async def account(self, id: str) -> Account | None:
        """The account of this name, if it exists and is not disabled."""
        ...

    async def accounts(self) -> tuple[Account, ...]:
        """All that are not disabled, by id."""
        ...

    async def same_person(self, id: str) -> frozenset[str]:
        """All accounts of the person whose account this is, disabled ones too; empty when there is no such account."""
        ...


class AccountExists(Exception):
    """There is an account of this name already."""


class UnknownAccount(Exception):
    """There is no account of this name."""


class Accounts(People, Protocol):
    """The accounts with their passwords, for signing in and for `hadir user`."""

    async def password(self, id: str) -> str | None:
        """The argon2 hash; None: no such account, disabled, or one that only has tokens."""
        ...

    async def add(self, account: Account, password: str | None) -> None:
        """`password`: its argon2 hash. Raises AccountExists."""
        ...

    async def set_password(self, id: str, password: str) -> None:
        """Raises UnknownAccount."""
        ...

    async def set_disabled(self, id: str, disabled: bool) -> None:
        """Raises UnknownAccount."""
        ...

    async def set_person(self, id: str, person: str | None) -> None:
        """Who it belongs to; None: a person of its own. Raises UnknownAccount."""
        ...

    async def disable_demo(self) -> None:
        """The demo's passwords are public: outside demo mode its accounts must not work."""
        ...


class Session(NamedTuple):
    """Somebody signed in, until then."""

    account: str
    until: datetime


class Sessions(Protocol):
    """Who is signed in. The key is a digest: a stolen table signs nobody in."""

    async def open(self, digest: bytes, session: Session) -> None: ...

    async def find(self, digest: bytes) -> Session | None:
        """The session, also one that is over: whoever asks knows the time."""
        ...

    async def extend(self, digest: bytes, until: datetime) -> None: ...

    async def close(self, digest: bytes) -> None: ...

    async def close_of(self, account: str) -> None:
        """All sessions of one account."""
        ...

    async def prune(self, before: datetime) -> None:
        """Forget those that were over before a time."""
        ...
