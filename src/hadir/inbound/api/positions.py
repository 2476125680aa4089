"""`POST /api/v1/units/<id>/position`, `…/positions`: where an officer is. Readings, not facts (`inbound.kit.tracking`).

A phone on duty sends what it gathered in one request, and what it could not send earlier with it: when each was taken
is counted back from the sending, by the phone's own clock. What comes after its time is history and never an alert.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from hadir.actions.commands import Lat, Lon, Metres
from hadir.domain.people import Subject, may
from hadir.domain.position import Fix, age_at_sending
from hadir.inbound.kit.asgi import App, Receive, Scope, Send, answer, body
from hadir.inbound.kit.bodies import decode, require_json
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import Problem

BODY_MOST = 2048
# As many as a phone keeps: forty minutes of moving. 140 bytes each.
MOST = 500
BATCH_MOST = 128 * 1024


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where a phone says it is. WGS84 degrees, metres."""

    lat: Lat
    lon: Lon
    accuracy_m: Metres | None = None
    #: by the phone's clock; told on, never used to compare: it may be hours off
    device_at: datetime | None = None
    #: per cent
    battery: Annotated[int, Meta(ge=0, le=100)] | None = None
    #: as the phone calls its line: «4g», «3g», «2g», «slow-2g», «none»
    signal: Annotated[str, Meta(max_length=10)] | None = None


class Positions(msgspec.Struct, frozen=True, kw_only=True):
    """Several, in any order."""

    #: when it left, by the clock of the `device_at` in it
    sent_at: datetime
    positions: Annotated[list[Position], Meta(min_length=1, max_length=MOST)]


class PositionDoor:
    """One bare door: an officer's phone calls it every few seconds."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def __call__(self, method: str, path: str) -> App | None:
        match path.split("/"):
            case ["", "api", "v1", "units", id, "position" | "positions" as form] if method == "POST":

                async def serve(scope: Scope, receive: Receive, send: Send) -> None:
                    await self._serve(id, form == "positions", scope, receive, send)

                return serve
        return None

    async def _serve(self, id: str, several: bool, scope: Scope, receive: Receive, send: Send) -> None:
        caller: Caller = signed_in(scope["state"]["caller"])
        if refusal := may("unit.position", caller.actor, Subject(owners=frozenset({id}))):
            raise Problem.of(refusal)
        self._doors.throttle.command(caller)
        require_json(scope)
        data = await body(scope, receive, BATCH_MOST if several else BODY_MOST)
        batch = decode(data, Positions) if several else _alone(decode(data, Position))
        now = self._doors.ctx.clock.now()
        if self._doors.board.row("units", id) is None:
            raise Problem("no_such_thing", status=404)
        self._doors.tracking.take([_fix(id, each, now, sent_at=batch.sent_at) for each in batch.positions])
        await answer(send, 200, msgspec.json.encode({"seen_at": now, "taken": len(batch.positions)}))


class _Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One or several, as they are taken in."""

    sent_at: datetime | None
    positions: list[Position]


def _alone(told: Position) -> _Sent:
    return _Sent(sent_at=told.device_at, positions=[told])


def _fix(unit: str, told: Position, now: datetime, sent_at: datetime | None) -> Fix:
    """`sent_at`: by the phone's clock, when the batch left; what is said alone was taken just now."""
    return Fix(
        unit=unit,
        at=now - age_at_sending(told.device_at, sent_at),
        lat=told.lat,
        lon=told.lon,
        accuracy_m=told.accuracy_m,
        device_at=told.device_at,
        battery=told.battery,
        signal=told.signal,
    )
