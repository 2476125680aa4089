"""What an officer on duty says of himself, and what is done when he says nothing."""

from __future__ import annotations

from datetime import datetime

from hadir.domain.events.base import Event, event


@event("unit.status_set")
class UnitStatusSet(Event):
    """An officer's state by one press (the ten keys of the city pack)."""

    status: str
    agency: str
    device_at: datetime | None = None


@event("unit.emergency_raised")
class UnitEmergencyRaised(Event):
    """An officer held the emergency key. Content: where he is."""

    agency: str
    #: the area only; the exact point is content
    area: str | None = None
    #: when that point was taken, by our clock
    placed_at: datetime | None = None
    device_at: datetime | None = None


@event("unit.watch_begun")
class UnitWatchBegun(Event):
    """By rule: he is alone at a dangerous place, and a word from him is due every few minutes."""

    agency: str
    task_id: str
    incident: str
    every_min: int
    #: so long after it was due the command centre is alarmed
    grace_min: int


@event("unit.checked_in")
class UnitCheckedIn(Event):
    """«Saya aman»: he pressed it, or an operator has heard him."""

    agency: str
    device_at: datetime | None = None


@event("unit.check_in_missed")
class UnitCheckInMissed(Event):
    """By rule: the word that was due did not come, and the command centre is alarmed."""

    agency: str
    task_id: str
    due: datetime


@event("unit.watch_ended")
class UnitWatchEnded(Event):
    """By rule: he has left, or he is not alone any more."""

    agency: str
    task_id: str


@event("unit.alarm_acknowledged")
class UnitAlarmAcknowledged(Event):
    """Somebody in the command centre has it; it rings no more."""

    agency: str
    #: emergency or check_in
    alarm: str


@event("unit.alarm_closed")
class UnitAlarmClosed(Event):
    """It is over. Content: how it ended."""

    agency: str
    #: emergency or check_in
    alarm: str


@event("unit.arrival_proposed")
class UnitArrivalProposed(Event):
    """By rule: two readings in a row say that he left for his task, or that he is there. Only he says so himself."""

    agency: str
    task_id: str
    #: en_route or on_scene
    state: str
    #: metres from the place, where that is known
    distance_m: int | None = None
