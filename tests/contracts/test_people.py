"""Accounts of one person: PostgreSQL and its twin keep the same promises."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from hadir import compose
from hadir.domain.people import Account, Role
from hadir.ports.people import Accounts, Session, UnknownAccount
from hadir.storage.clock import SystemClock
from hadir.storage.memory.people import MemoryPeople
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.people import PostgresPeople, PostgresSessions
from hadir.storage.postgres.pool import reading_pool


@pytest.fixture(params=["memory", "postgres"])
async def people(request: pytest.FixtureRequest) -> AsyncIterator[Accounts]:
    if request.param == "memory":
        yield MemoryPeople()
        return
    url = request.getfixturevalue("database_url")
    await migrate(url)
    async with reading_pool(url) as pool:
        yield PostgresPeople(pool, SystemClock())


async def test_accounts_of_one_person_are_found_from_each_of_them(people: Accounts) -> None:
    await people.add(Account(id="one", name="Orang 1", role=Role.OFFICER), None)
    await people.add(Account(id="one-desk", name="Orang 1", role=Role.DESK, person="one"), None)
    await people.add(Account(id="two", name="Orang 2", role=Role.OFFICER), None)
    both = frozenset({"one", "one-desk"})
    assert await people.same_person("one") == both == await people.same_person("one-desk")
    assert await people.same_person("two") == {"two"}
    assert await people.same_person("nobody") == frozenset()
    kept = await people.account("one-desk")
    assert kept is not None and kept.person == "one"


async def test_a_locked_account_is_still_of_its_person(people: Accounts) -> None:
    await people.add(Account(id="one", name="Orang 1", role=Role.OFFICER), None)
    await people.add(Account(id="second", name="Orang 1", role=Role.DESK), None)
    await people.set_person("second", "one")
    await people.set_disabled("one", True)
    assert await people.same_person("second") == {"one", "second"}
    await people.set_person("second", None)
    assert await people.same_person("second") == {"second"}
    with pytest.raises(UnknownAccount):
        await people.set_person("nobody", "one")


@pytest.mark.parametrize("change", ["password", "disabled"])
async def test_whoever_is_signed_in_has_to_sign_in_again(database_url: str, change: str) -> None:
    await migrate(database_url)
    until = datetime(2099, 1, 1, tzinfo=UTC)
    async with reading_pool(database_url) as pool:
        await PostgresPeople(pool, SystemClock()).add(Account(id="one", name="Orang 1", role=Role.OFFICER), None)
        await PostgresPeople(pool, SystemClock()).add(Account(id="two", name="Orang 2", role=Role.OFFICER), None)
        sessions = PostgresSessions(pool)
        await sessions.open(b"a" * 32, Session("one", until))
        await sessions.open(b"b" * 32, Session("two", until))
        if change == "password":
            await compose.set_password(database_url, "one", "somethingelse")
        else:
            await compose.set_disabled(database_url, "one", True)
            await compose.set_disabled(database_url, "one", False)
        assert await sessions.find(b"a" * 32) is None
        assert await sessions.find(b"b" * 32) is not None
