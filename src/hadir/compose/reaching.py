"""How people are reached beside push, from outside the running program: for `hadir user reach`."""

from collections.abc import Mapping

from hadir.domain.notice import Channel, Contact, Quiet
from hadir.storage.postgres.notices import PostgresContacts
from hadir.storage.postgres.pool import reading_pool


async def set_reach(url: str, name: str, addresses: Mapping[Channel, str]) -> None:
    """An empty address takes the channel away. Raises UnknownAccount."""
    async with reading_pool(url, size=1, purpose="user") as pool:
        contacts = PostgresContacts(pool)
        for channel, address in addresses.items():
            if address:
                await contacts.set_contact(Contact(account=name, channel=channel, address=address))
            else:
                await contacts.drop_contact(name, channel)


async def set_quiet(url: str, name: str, quiet: Quiet | None) -> None:
    """None: the city's hours hold again. Raises UnknownAccount."""
    async with reading_pool(url, size=1, purpose="user") as pool:
        await PostgresContacts(pool).set_quiet(name, quiet)


async def reach_of(url: str, name: str) -> tuple[tuple[Contact, ...], Quiet | None]:
    """The contacts of an account, and its own quiet hours."""
    async with reading_pool(url, size=1, purpose="user") as pool:
        contacts = PostgresContacts(pool)
        return await contacts.contacts(name), await contacts.quiet(name)
