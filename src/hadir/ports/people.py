"""The accounts, as use cases see them. Names are personal data: they are read here and never put into an event."""

from typing import Protocol

from hadir.domain.people import Account


class People(Protocol):
    """Who there is."""

    async def account(self, id: str) -> Account | None:
        """The account of this name, if it exists and is not disabled."""
        ...

    async def accounts(self) -> tuple[Account, ...]:
        """All that are not disabled, by id."""
        ...
