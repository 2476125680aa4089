"""A life cycle as one table: state → event → next state. An absent key is the refusal.

The diagrams in ``docs/reference/states.md`` are drawn from these tables, so the picture cannot lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from hadir.domain.events import ASIDE, Event
from hadir.domain.refusals import Refusal, conflict

S = TypeVar("S", bound=StrEnum)
Table = Mapping[S, Mapping[type[Event], S]]


class Impossible(RuntimeError):
    """The journal holds a fact that the table of states does not allow."""


def wrong_state(noun: str, state: StrEnum, event: type[Event]) -> Refusal:
    """«Laporan ini sudah …»: the state forbids it."""
    return conflict("wrong_state", noun=noun, state=f"{noun}.{state.value}", verb=event.kind)


def allowed(table: Table[S], state: S, event: type[Event]) -> bool:
    return event in ASIDE or event in table[state]


def after(table: Table[S], state: S, event: Event) -> S:
    """The state after a recorded event; raises Impossible where the table has no arrow."""
    if type(event) in ASIDE:
        return state
    try:
        return table[state][type(event)]
    except KeyError:
        raise Impossible(f"{event.kind} in state {state.value}") from None
