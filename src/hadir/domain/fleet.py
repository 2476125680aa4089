"""Who can go, with what and when: the part of the city pack that dispatch reads (`dispatch.toml`).

All values are frozen. An officer without a `Crew` can go all the same: on foot's speed class of the pack, with no skill
that anybody has vouched for. Times of shifts are minutes after midnight in the city's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from hadir.domain.label import Label

DAY_MIN = 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A skill or a piece of equipment."""

    code: str
    name: Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Speed:
    """How fast a kind of vehicle gets through the city, all day's average."""

    code: str
    name: Label
    kmh: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Vehicle:
    """Something to ride in, and what lies in it."""

    code: str
    name: Label
    agency: str
    speed: str
    equipment: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """Regular hours. One that ends before it begins goes on past midnight and belongs to the day it began."""

    code: str
    name: Label
    #: minutes after midnight
    begins: int
    ends: int
    #: ISO weekdays, 1 = Monday
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, kw_only=True, slots=True)
class OnCall:
    """Who may be called outside his shift, from a day to a day, both included."""

    accounts: tuple[str, ...]
    since: date
    until: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Crew:
    """What is known of one officer beside his name."""

    account: str
    skills: tuple[str, ...] = ()
    #: what he carries himself
    equipment: tuple[str, ...] = ()
    vehicle: str | None = None
    #: codes of his shifts; none: the hours are not known, and nothing is held against him
    shifts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What work of a category asks for."""

    category: str
    skills: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    #: nobody should be there alone without a word every few minutes
    danger: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The numbers. Costs are minutes: as much as so much longer a way."""

    #: from this day on
    since: date = date(2026, 1, 1)
    #: a position older than this is never «nearest»
    stale_s: int = 180
    #: a position that is unknown or old counts as so many minutes away, or as the farthest known one if that is more
    unknown_min: float = 30.0
    #: for each skill that the work asks for and he has not
    skill_min: float = 10.0
    equipment_min: float = 5.0
    other_agency_min: float = 5.0
    off_shift_min: float = 15.0
    #: on the list of those who may be called: this instead of `off_shift_min`
    on_call_min: float = 5.0
    #: «siap bila perlu»
    conditional_min: float = 5.0
    #: rest after a job; each missing minute of it costs `tired_share` of a minute
    rest_min: int = 20
    tired_share: float = 0.25
    #: he is surely there when the circle of his accuracy lies within so many metres of the place, twice
    arrive_m: float = 150.0
    #: he has surely left when he is so many metres from where he said yes, accuracies taken off, twice
    depart_m: float = 150.0
    #: a fix less accurate than this proposes nothing
    accuracy_most_m: float = 75.0
    #: fixes that arrive later than this are history and never the present
    late_s: int = 60
    #: positions are kept so long
    kept_days: int = 14
    #: alone at a danger place: a word is due every so many minutes, and after the grace the operator is alarmed
    check_in_min: int = 10
    check_in_grace_min: int = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Fleet:
    """All of it. Compared by identity: one is loaded per process."""

    skills: tuple[Named, ...] = ()
    equipment: tuple[Named, ...] = ()
    speeds: tuple[Speed, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    shifts: tuple[Shift, ...] = ()
    on_call: tuple[OnCall, ...] = ()
    crews: tuple[Crew, ...] = ()
    needs: tuple[Need, ...] = ()
    #: speed class of an officer without a vehicle; without any speed class nobody's time is known
    default_speed: str = ""
    #: the key that an emergency presses too, so that his state says so; empty: none
    emergency_status: str = ""
    #: the key that means «only if nobody else can»; empty: none
    conditional_status: str = ""
    #: sorted by `since`
    rules: tuple[Rules, ...] = field(default=(Rules(),))

    def rules_on(self, day: date) -> Rules:
        """The numbers that hold on a day: the latest that had begun, or the first there are."""
        return next((r for r in reversed(self.rules) if r.since <= day), self.rules[0])

    @cached_property
    def crew_of(self) -> Mapping[str, Crew]:
        return {crew.account: crew for crew in self.crews}

    @cached_property
    def vehicle_by_code(self) -> Mapping[str, Vehicle]:
        return {vehicle.code: vehicle for vehicle in self.vehicles}

    @cached_property
    def shift_by_code(self) -> Mapping[str, Shift]:
        return {shift.code: shift for shift in self.shifts}

    @cached_property
    def speed_by_code(self) -> Mapping[str, Speed]:
        return {speed.code: speed for speed in self.speeds}

    @cached_property
    def need_of(self) -> Mapping[str, Need]:
        return {need.category: need for need in self.needs}

    @cached_property
    def names(self) -> Mapping[str, Label]:
        """Every code a reason may speak of → its name."""
        lists = (self.skills, self.equipment, self.speeds, self.vehicles, self.shifts)
        return {thing.code: thing.name for things in lists for thing in things}

    def speed_of(self, crew: Crew | None) -> Speed | None:
        vehicle = self.vehicle_by_code.get(crew.vehicle or "") if crew else None
        return self.speed_by_code.get(vehicle.speed if vehicle else self.default_speed)

    def equipment_of(self, crew: Crew | None) -> frozenset[str]:
        """What he carries and what lies in his vehicle."""
        if crew is None:
            return frozenset()
        vehicle = self.vehicle_by_code.get(crew.vehicle or "")
        return frozenset(crew.equipment) | frozenset(vehicle.equipment if vehicle else ())

    def on_shift(self, crew: Crew | None, local: datetime) -> bool | None:
        """At this local time; None when his hours are not known."""
        if crew is None or not crew.shifts:
            return None
        return any(_holds(self.shift_by_code[code], local) for code in crew.shifts if code in self.shift_by_code)

    def is_on_call(self, account: str, day: date) -> bool:
        return any(account in each.accounts and each.since <= day <= each.until for each in self.on_call)

    def dangerous(self, category: str) -> bool:
        need = self.need_of.get(category)
        return need is not None and need.danger


def _holds(shift: Shift, local: datetime) -> bool:
    minute, today = local.hour * 60 + local.minute, local.isoweekday()
    if shift.begins < shift.ends:
        return today in shift.days and shift.begins <= minute < shift.ends
    yesterday = (local - timedelta(days=1)).isoweekday()
    return (today in shift.days and minute >= shift.begins) or (yesterday in shift.days and minute < shift.ends)
