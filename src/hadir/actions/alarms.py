"""An officer in need: the emergency key, «saya aman», and what the command centre answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from hadir.actions import commands as c
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.execute import record
from hadir.actions.loading import load_unit
from hadir.actions.reactions import SYSTEM
from hadir.actions.reports import words
from hadir.domain import events as e
from hadir.domain import unit
from hadir.domain.people import Role
from hadir.domain.refusals import Refusal, unknown
from hadir.domain.values import Actor
from hadir.ports.journal import NewContent, NewFact


async def raise_emergency(ctx: Context, actor: Actor, id: str, command: c.Emergency) -> Decision | Refusal:
    """Never refused for what went before. His state says it too, where the pack has a key for it."""
    agency = actor.agency or ""
    event = e.UnitEmergencyRaised(
        agency=agency, area=_area(ctx, command), placed_at=_placed_at(ctx, command), device_at=command.device_at
    )
    if refusal := unit.decide(unit.Unit(id=id), event, "unit.emergency", actor):
        return refusal
    stream = f"unit/{id}"
    facts = [NewFact(stream=stream, expected=None, event=event, content=_where(ctx, id, command))]
    if status := ctx.city.fleet.emergency_status:
        pressed = e.UnitStatusSet(status=status, agency=agency, device_at=command.device_at)
        facts.append(NewFact(stream=stream, expected=None, event=pressed))
    return Decision(id=id, facts=tuple(facts))


def _area(ctx: Context, command: c.Emergency) -> str | None:
    if command.lat is None or command.lon is None:
        return None
    return ctx.areas.locate(command.lat, command.lon).area


def _placed_at(ctx: Context, command: c.Emergency) -> datetime | None:
    """By our clock: the phone says how old its place was when it pressed, whatever its clock shows."""
    if command.lat is None or command.age_s is None:
        return None
    return ctx.clock.now() - timedelta(seconds=command.age_s)


def _where(ctx: Context, id: str, command: c.Emergency) -> NewContent | None:
    if command.lat is None or command.lon is None:
        return None
    place = {"lat": command.lat, "lon": command.lon, "accuracy_m": command.accuracy_m}
    return NewContent(id=ctx.ids.new(), kind="where", subject=f"unit/{id}", body={"place": place}, blobs=())


async def check_in(ctx: Context, actor: Actor, id: str, command: c.Pressed) -> Decision | Refusal:
    """«Saya aman», or an operator who has heard him. Recorded whether or not a word was due."""
    agency = await _agency(ctx, id)
    if isinstance(agency, Refusal):
        return agency
    event = e.UnitCheckedIn(agency=agency, device_at=command.device_at)
    if refusal := unit.decide(unit.Unit(id=id), event, "unit.check_in", actor):
        return refusal
    return Decision(id=id, facts=(NewFact(stream=f"unit/{id}", expected=None, event=event),))


async def acknowledge(ctx: Context, actor: Actor, id: str, command: c.Alarm) -> Decision | Refusal:
    """«Saya tangani»: it stops ringing, and everybody sees who has it."""
    return await _answer(ctx, actor, id, "unit.acknowledge", command, None)


async def close(ctx: Context, actor: Actor, id: str, command: c.CloseAlarm) -> Decision | Refusal:
    """It is over, and how it ended."""
    return await _answer(ctx, actor, id, "unit.close_alarm", command, command.reason)


async def _answer(
    ctx: Context, actor: Actor, id: str, verb: str, command: c.Alarm, reason: str | None
) -> Decision | Refusal:
    agency = await _agency(ctx, id)
    if isinstance(agency, Refusal):
        return agency
    loaded = await load_unit(ctx.journal, id)
    kind = e.UnitAlarmAcknowledged if reason is None else e.UnitAlarmClosed
    event = kind(agency=agency, alarm=command.alarm)
    if refusal := unit.decide(loaded.thing, event, verb, actor):
        return refusal
    content = words(ctx, "reason", f"unit/{id}", text=reason) if reason else None
    return Decision(id=id, facts=(loaded.fact(event, content),))


async def _agency(ctx: Context, id: str) -> str | Refusal:
    account = await ctx.people.account(id)
    if account is None or account.role is not Role.OFFICER:
        return unknown("no_officer")
    return account.agency or ""


async def propose(ctx: Context, unit_id: str, agency: str, task_id: str, state: str, distance_m: int | None) -> None:
    """Two readings say that he left, or that he is there: told once for each task, and never set against him."""
    event = e.UnitArrivalProposed(agency=agency, task_id=task_id, state=state, distance_m=distance_m)
    fact = NewFact(stream=f"unit/{unit_id}", expected=None, event=event)
    decision = Decision(id=unit_id, facts=(fact,))
    await record(ctx, SYSTEM, f"proposed-{task_id}-{state}", decision, cause="positions")
