"""The city's rules of orders: timers, templates, mandates, deputies. Values of the pack (`orders.toml`), and pure.

Seconds are seconds of real time. Dates are days in the city's zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hadir.domain.label import Label
from hadir.domain.refusals import Refusal, forbidden


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRules:
    """How long each step of an order may take; holds from `since` on."""

    since: date
    #: Sent → stored on the addressee's phone, while he is on duty …
    delivered_on_duty_s: int
    #: … and otherwise.
    delivered_s: int
    #: Delivered → a second on a visible screen.
    seen_s: int
    #: Seen → said back.
    read_back_s: int
    #: Heard of within this long before the order: the phone is on duty.
    duty_heard_s: int
    #: True: an order that nobody accepted within its minutes is over.
    expires: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderTemplate:
    """An order that is often given: one press fills the form."""

    code: str
    #: Kinds of incident that offer it, by their codes.
    categories: tuple[str, ...]
    action: str
    within_min: int
    #: Words that go with it; may be empty.
    words: Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Mandate:
    """Who may order in whose name («a.n. Wali Kota»), from when to when, for what, to whom."""

    #: Account of the deputy.
    holder: str
    #: In whose name, as it is shown.
    on_behalf: str
    #: First and last day; no last day: until it is taken out.
    since: date
    until: date | None = None
    #: Kinds of incident it is for; empty: all.
    categories: tuple[str, ...] = ()
    #: Agencies whose officers may be ordered; empty: all.
    agencies: tuple[str, ...] = ()

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Deputy:
    """Who is told when an officer does not look at an order."""

    of: str
    account: str


def rules_on(rules: tuple[OrderRules, ...], day: date) -> OrderRules:
    """The rules that hold on `day`: the latest that had begun, or the first ones for what is older than all."""
    return next((r for r in reversed(rules) if r.since <= day), rules[0])


def mandated(
    mandates: Iterable[Mandate], holder: str, on_behalf: str, day: date, category: str, agency: str
) -> Refusal | None:
    """May this account order in that name today, for this kind of incident, an officer of this agency?"""
    mine = [m for m in mandates if m.holder == holder and m.on_behalf == on_behalf]
    if not mine:
        return forbidden("no_mandate", who=on_behalf)
    today = [m for m in mine if m.holds(day)]
    if not today:
        return _not_today(mine, on_behalf, day)
    kinds = [m for m in today if not m.categories or category in m.categories]
    if not kinds:
        return forbidden("mandate_other_kind", who=on_behalf)
    if not any(not m.agencies or agency in m.agencies for m in kinds):
        return forbidden("mandate_other_agency", who=on_behalf)
    return None


def _not_today(mine: list[Mandate], on_behalf: str, day: date) -> Refusal:
    coming = sorted(m.since for m in mine if m.since > day)
    if coming:
        return forbidden("mandate_not_yet", who=on_behalf, day=coming[0].isoformat())
    ended = max(m.until for m in mine if m.until is not None)
    return forbidden("mandate_over", who=on_behalf, day=ended.isoformat())
