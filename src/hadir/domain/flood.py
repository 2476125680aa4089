"""The flood state of one area: no news → suspected → confirmed by rule → declared by a person → receding → over.

Silence is not «dry»: nothing here moves an area to ``over`` but a named person, and ``no_news`` means what it says.
The rule that confirms lists its reasons; the numbers are the city pack's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from hadir.domain import events as e
from hadir.domain.city import FloodRules
from hadir.domain.machine import Table, after, allowed, wrong_state
from hadir.domain.people import Subject, may
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor, Reason


class State(StrEnum):
    NO_NEWS = "no_news"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    DECLARED = "declared"
    RECEDING = "receding"
    OVER = "over"


_AGAIN = {e.AreaFloodSuspected: State.SUSPECTED, e.AreaFloodConfirmed: State.CONFIRMED}

TABLE: Table[State] = {
    State.NO_NEWS: {
        **_AGAIN,
        e.AreaFloodReported: State.NO_NEWS,
        e.AreaFloodDeclared: State.DECLARED,
    },
    State.SUSPECTED: {
        e.AreaFloodReported: State.SUSPECTED,
        e.AreaFloodConfirmed: State.CONFIRMED,
        e.AreaFloodDeclared: State.DECLARED,
        e.AreaFloodOver: State.OVER,  # somebody looked: there is no water
    },
    State.CONFIRMED: {
        e.AreaFloodReported: State.CONFIRMED,
        e.AreaFloodDeclared: State.DECLARED,
        e.AreaFloodReceding: State.RECEDING,
        e.AreaFloodOver: State.OVER,
    },
    State.DECLARED: {
        e.AreaFloodReported: State.DECLARED,
        e.AreaFloodDeclared: State.DECLARED,
        e.AreaFloodReceding: State.RECEDING,
        e.AreaFloodOver: State.OVER,
    },
    State.RECEDING: {
        **_AGAIN,
        e.AreaFloodReported: State.RECEDING,
        e.AreaFloodDeclared: State.DECLARED,
        e.AreaFloodOver: State.OVER,
    },
    State.OVER: {
        **_AGAIN,
        e.AreaFloodReported: State.OVER,
        e.AreaFloodDeclared: State.DECLARED,
    },
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """One sign of water that was recorded."""

    at: datetime
    source: str
    witness: str
    depth_cm: int | None
    photo: bool
    through: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Flood:
    """What the rules remember of an area."""

    area: str
    state: State = State.NO_NEWS
    since: datetime | None = None
    signs: tuple[Sign, ...] = ()

    def subject(self) -> Subject:
        return Subject(area=self.area)


# Signs kept per area: far more than any rule's window needs, so that a burst cannot grow the state without end.
SIGNS_KEPT = 200


def evolve(flood: Flood, event: e.Event, at: datetime) -> Flood:
    """The area after one recorded fact."""
    state = after(TABLE, flood.state, event)
    if isinstance(event, e.AreaFloodReported):
        sign = Sign(
            at=at,
            source=event.source,
            witness=event.witness,
            depth_cm=event.depth_cm,
            photo=event.photo,
            through=event.through,
        )
        return replace(flood, signs=(*flood.signs, sign)[-SIGNS_KEPT:])
    signs = () if state is State.OVER else flood.signs
    return replace(flood, state=state, since=at, signs=signs)


# However good the evidence, one person alone never confirms: two have to say it, or an officer on the spot.
WITNESSES_AT_LEAST = 2


class Seen(Protocol):
    """A sign as far as the rule looks at it; the rule's own state has them, and so has the board's row."""

    @property
    def at(self) -> datetime: ...
    @property
    def source(self) -> str: ...
    @property
    def witness(self) -> str: ...
    @property
    def depth_cm(self) -> int | None: ...
    @property
    def photo(self) -> bool: ...
    @property
    def through(self) -> str | None: ...


def reasons_for(signs: Sequence[Seen], rules: FloodRules, now: datetime) -> tuple[Reason, ...]:
    """What speaks for a flood now, each with its points towards ``rules.confirm_reporters``.

    A program that sends other people's reports through its key and names nobody is one witness, however many it sends,
    and none beside somebody whom the same key has named: that may be the very person.
    """
    since = now - timedelta(minutes=rules.confirm_within_min)
    witnesses, keys = set[str](), set[str]()
    photos, deepest, officer = 0, -1, False
    for sign in signs:  # one loop: in a cloudburst 200 signs are looked at for each new one
        if sign.at < since:
            continue
        if sign.source == "citizen":
            witnesses.add(sign.witness)
            if sign.through is not None:
                keys.add(sign.through)
        elif sign.source == "officer":
            officer = True
        if sign.photo:
            photos += 1
        if sign.depth_cm is not None and sign.depth_cm > deepest:
            deepest = sign.depth_cm
    witnesses -= keys
    found: list[Reason] = []
    if witnesses:
        params = (("n", str(len(witnesses))), ("minutes", str(rules.confirm_within_min)))
        found.append(Reason(code="flood.witnesses", points=float(len(witnesses)), params=params))
    if photos:
        found.append(Reason(code="flood.photo", points=rules.photo_points, params=(("n", str(photos)),)))
    if deepest >= 0:
        points = rules.depth_points if deepest >= rules.deep_cm else 0.0
        found.append(Reason(code="flood.depth", points=points, params=(("cm", str(deepest)),)))
    if officer and rules.officer_confirms:
        found.append(Reason(code="flood.officer", points=float(rules.confirm_reporters)))
    return tuple(found)


def is_confirmed(reasons: tuple[Reason, ...], rules: FloodRules) -> bool:
    """Does the rule hold: an officer on the spot, or enough independent witnesses with their evidence?"""
    points = {r.code: r.points or 0.0 for r in reasons}
    if "flood.officer" in points:
        return True
    heard = points.get("flood.witnesses", 0.0)
    return heard >= WITNESSES_AT_LEAST and sum(points.values()) >= rules.confirm_reporters


def on_sign(flood: Flood, sign: e.AreaFloodReported, rules: FloodRules, now: datetime) -> tuple[e.Event, ...]:
    """The facts that a new sign makes: itself, and a change of state when the rule says so."""
    if not any(allowed(TABLE, flood.state, change) for change in (e.AreaFloodConfirmed, e.AreaFloodSuspected)):
        return (sign,)
    known = evolve(flood, sign, now)
    reasons = reasons_for(known.signs, rules, now)
    if is_confirmed(reasons, rules):
        change: e.Event = e.AreaFloodConfirmed(reasons=reasons)
    else:
        change = e.AreaFloodSuspected(reasons=reasons)
    if not allowed(TABLE, flood.state, type(change)):
        return (sign,)
    return (sign, change)


def decide(flood: Flood, event: e.Event, verb: str, actor: Actor) -> Refusal | None:
    """May a person declare, recede or end it? None, or the refusal."""
    if refusal := may(verb, actor, flood.subject()):
        return refusal
    if not allowed(TABLE, flood.state, type(event)):
        return wrong_state("area", flood.state, type(event))
    return None
