"""Who sees an order beside its addressee: those the commander names, and whoever is over the addressee."""

from __future__ import annotations

from collections.abc import Iterable

from hadir.actions.context import Context
from hadir.domain.people import Account, Role, audience_of
from hadir.domain.refusals import Refusal, invalid
from hadir.domain.values import Actor, Copy


async def of_new(ctx: Context, officer: Account, asked: Iterable[str]) -> tuple[Copy, ...] | Refusal:
    """The copies of a new order: the superior's always, then those asked for; the addressee himself needs none."""
    found = {copy.account: copy for copy in await superiors(ctx, officer.agency, "superior")}
    for id in asked:
        account = await ctx.people.account(id)
        if account is None or account.role in _NOBODY:
            return invalid("unknown_copy", who=id)
        if id != officer.id:
            found.setdefault(id, copy_to(account, "asked"))
    return tuple(found.values())


#: They see no order at all: a copy to them would say that somebody was told who was not.
_NOBODY = frozenset({Role.CITIZEN, Role.ADMIN, Role.INTEGRATOR, Role.PARTNER, Role.AREA_HEAD, Role.SYSTEM})


async def superiors(ctx: Context, agency: str | None, why: str) -> tuple[Copy, ...]:
    """The agency's head, or its desk where it has no head here."""
    accounts = [a for a in await ctx.people.accounts() if a.agency is not None and a.agency == agency]
    heads = [a for a in accounts if a.role is Role.AGENCY_HEAD]
    return tuple(copy_to(a, why) for a in heads or (a for a in accounts if a.role is Role.DESK))


async def of_late(ctx: Context, officer: str, agency: str) -> tuple[Copy, ...]:
    """Who is told that the addressee does not look: his superior, and the deputy that the pack names."""
    told = list(await superiors(ctx, agency, "late"))
    for deputy in ctx.city.deputies:
        account = await ctx.people.account(deputy.account) if deputy.of == officer else None
        if account is not None:
            told.append(copy_to(account, "deputy"))
    return tuple(told)


def copy_to(account: Account, why: str) -> Copy:
    viewer = Actor(id=account.id, role=account.role, agency=account.agency)
    return Copy(account=account.id, audience=audience_of(viewer), why=why)
