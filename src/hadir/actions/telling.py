"""What comes with a report beside its words: a recording, photos that follow, a name kept apart, «it is that incident».

`reports.receive` asks here only for what a command really has, so that a plain report costs nothing more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from hadir.actions import commands as c
from hadir.actions import voices
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import follow_incident, load_report
from hadir.domain import events as e
from hadir.domain import report
from hadir.domain.incident import Incident
from hadir.domain.people import Role, may
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor, Place, Reason
from hadir.ports.journal import NewContent, NewFact

#: A phone keeps a report for days without a line; what is said to be older has a wrong clock.
KEPT_MOST: Final = timedelta(days=7)
#: Sent at once, as far as anybody cares; and clocks of phones differ by as much.
AT_ONCE: Final = timedelta(minutes=2)
#: The urgency that an unheard recording has at least: urgent, one below an emergency that was read.
HEARD_SOON: Final = 3
UNHEARD: Final = Reason(code="voice.unheard")


async def recording(ctx: Context, command: c.ReceiveReport) -> dict[str, Any] | Refusal:
    """The part of the report's content that holds the recording."""
    assert command.voice is not None
    named = await voices.named(ctx, command.voice)
    return named if isinstance(named, Refusal) else {"voice": named}


def urgency(command: c.ReceiveReport, judged: int) -> int:
    """Nobody has listened yet, and no rule can: it must not wait behind what can."""
    return max(judged, HEARD_SOON) if command.voice else judged


def said_at(command: c.ReceiveReport, actor: Actor, now: datetime) -> datetime | None:
    """When it was said, if that is not now: an integrator knows, a citizen's phone is believed within limits."""
    told = command.said_at
    if told is None or actor.role == Role.INTEGRATOR:
        return told
    return told if told.tzinfo is not None and AT_ONCE < now - told <= KEPT_MOST else None


def further(ctx: Context, id: str, command: c.ReceiveReport, same: Incident | None) -> tuple[NewFact, ...]:
    """The facts that follow «received» in the same append: the name kept apart, the incident it is said to be."""
    facts = [_identified(ctx, id, command)] if kept_apart(command) else []
    if same is not None:
        facts.append(_next(id, e.ReportJoined(incident_id=same.id)))
    return tuple(facts)


def kept_apart(command: c.ReceiveReport) -> bool:
    """«Rahasiakan identitas saya»: the name does not stand with the words."""
    return command.secret and command.contact is not None


def contact(given: c.Contact) -> dict[str, str | None]:
    """As it stands in a content."""
    return {"name": given.name, "phone": given.phone, "email": given.email}


def _identified(ctx: Context, id: str, command: c.ReceiveReport) -> NewFact:
    assert command.contact is not None
    body = {"contact": contact(command.contact)}
    content = NewContent(id=ctx.ids.new(), kind="identity", subject=f"report/{id}", body=body, blobs=())
    return _next(id, e.ReportIdentified(), content)


def _next(id: str, event: e.Event, content: NewContent | None = None) -> NewFact:
    """The stream is new in this very append: there is no version to expect."""
    return NewFact(stream=f"report/{id}", expected=None, event=event, content=content)


async def same_incident(ctx: Context, actor: Actor, command: c.ReceiveReport) -> Incident | None:
    """The incident that a citizen may count himself to. None: his report is received as any other, nothing is lost."""
    if command.same_as is None or may("incident.second", actor):
        return None
    loaded = await follow_incident(ctx.journal, command.same_as)
    if isinstance(loaded, Refusal) or not loaded.thing.live:
        return None
    category = ctx.city.category_by_code.get(loaded.thing.category)
    return loaded.thing if category is not None and not category.sensitive else None


def placed(place: Place, same: Incident) -> Place:
    """Who says «it is that one» and not where, is where that one is."""
    if place.area or place.lat is not None or place.outside:
        return place
    return replace(place, area=same.place.area, outside=same.place.outside)


def category_of(command: c.ReceiveReport, same: Incident | None, judged: str) -> str:
    """What the reporter chose, what the incident is when nothing else was said, what the words say."""
    if command.category is None and same is not None and not command.text.strip():
        return same.category
    return command.category or judged


async def add_photos(ctx: Context, actor: Actor, id: str, command: c.AddPhotos) -> Decision | Refusal:
    """They were announced with the words, and come when the line allows."""
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    event = e.ReportPhotosCame(photos=len(command.photos))
    if refusal := report.decide(loaded.thing, event, "report.add_photos", actor, ctx.clock.now()):
        return refusal
    body = {"photos": list(command.photos)}
    content = NewContent(id=ctx.ids.new(), kind="photos", subject=f"report/{id}", body=body, blobs=command.photos)
    return Decision(id=id, facts=(loaded.fact(event, content),))
