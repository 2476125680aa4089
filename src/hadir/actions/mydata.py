"""What is kept about a person who reported: see it, put it right, take it along, have it erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hadir.actions.commands import Command, Contact, Plain, Words
from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.loading import Loaded, load_report
from hadir.domain import events as e
from hadir.domain.people import may
from hadir.domain.refusals import Refusal, conflict, invalid
from hadir.domain.report import Report
from hadir.domain.values import Actor, Place
from hadir.ports.journal import Fact, NewContent, NewFact

#: kinds of contents that a correction writes anew
_SAID = (e.ReportReceived, e.ReportCorrected, e.ReportIdentified)


class CorrectReport(Command, frozen=True, kw_only=True):
    """The words and the contact as they should be; empty means that there is none."""

    text: Words = ""
    contact: Contact = Contact()


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Everything that one person's report holds, unmasked: for the person, and for the few who may ask."""

    report_id: str
    text: str = ""
    #: which kelurahan, RT, RW: what stands in the facts
    where: Place = field(default_factory=Place)
    #: the exact point and the words for it
    place: Mapping[str, Any] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    #: addresses of pictures elsewhere, as they came by Open311: nobody has gone there
    media: tuple[str, ...] = ()
    #: (when, kind of fact, what came with it), of all contents that are left
    more: tuple[tuple[datetime, str, Mapping[str, Any]], ...] = ()
    #: pseudonym of the device or account that it came from
    reporter: str = ""
    #: the name was to be kept from everybody who works on it
    apart: bool = False
    #: why its contents are gone; None: they are there
    erased: str | None = None
    #: when they will be, unless that is taken back
    due: datetime | None = None
    facts: tuple[Fact, ...] = ()


async def told_of(ctx: Context, report_id: str) -> Told | Refusal:
    """Read from the streams themselves; refusal `no_report` when there is none."""
    loaded = await load_report(ctx.journal, report_id)
    if isinstance(loaded, Refusal):
        return loaded
    facts = await ctx.journal.read_stream(loaded.stream)
    bodies = await ctx.journal.contents([fact.content for fact in facts if fact.content])
    brought = [(fact, body) for fact in facts if (body := bodies.get(fact.content or "")) is not None]
    return Told(
        report_id=report_id,
        where=loaded.thing.place,
        reporter=facts[0].event.reporter,
        erased=next((f.event.why for f in reversed(facts) if _all_gone(f)), None),
        due=due_of(facts),
        apart=any(isinstance(f.event, e.ReportIdentified) for f in facts),
        facts=tuple(facts),
        **_folded(brought),
    )


def _folded(brought: Sequence[tuple[Fact, Mapping[str, Any]]]) -> dict[str, Any]:
    text, place, contact = "", {}, {}
    photos: list[str] = []
    voices: list[str] = []
    more: list[tuple[datetime, str, Mapping[str, Any]]] = []
    media: tuple[str, ...] = ()
    moved = False
    for fact, body in brought:
        if isinstance(fact.event, e.ReportReceived | e.ReportCorrected):
            text = str(body.get("text") or "")
        else:
            more.append((fact.at, fact.event.kind, body))
        if not (moved and isinstance(fact.event, e.ReportCorrected)):
            place = body.get("place") or place
        moved = moved or isinstance(fact.event, e.ReportRelocated)
        contact = {**contact, **{k: v for k, v in contact_of(body).items() if v}}
        photos += [p["id"] if isinstance(p, dict) else p for p in body.get("photos") or ()]
        voices += [body["voice"]["id"]] if isinstance(body.get("voice"), dict) else []
        media = tuple(body.get("media") or ()) or media
    seen = {"photos": tuple(dict.fromkeys(photos)), "voices": tuple(dict.fromkeys(voices))}
    return {"text": text, "place": place, "contact": contact, "media": media, "more": tuple(more), **seen}


def contact_of(body: Mapping[str, Any]) -> dict[str, str]:
    """{name, phone, email} of a content, as far as it holds them."""
    told = body.get("contact")
    return dict(told) if isinstance(told, dict) else {}


def _all_gone(fact: Fact) -> bool:
    return isinstance(fact.event, e.ContentsErased) and not fact.event.only


def due_of(facts: list[Fact]) -> datetime | None:
    """When it will be erased, as it stands now."""
    due: datetime | None = None
    for fact in facts:
        if isinstance(fact.event, e.ErasureAsked):
            due = fact.event.due
        elif isinstance(fact.event, e.ErasureWithdrawn) or _all_gone(fact):
            due = None
    return due


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def _mine(ctx: Context, actor: Actor, id: str, verb: str) -> tuple[Loaded[Report], list[Fact]] | Refusal:
    loaded = await load_report(ctx.journal, id)
    if isinstance(loaded, Refusal):
        return loaded
    if refusal := may(verb, actor, loaded.thing.subject()):
        return refusal
    return loaded, await ctx.journal.read_stream(loaded.stream)


async def correct(ctx: Context, actor: Actor, id: str, command: CorrectReport) -> Decision | Refusal:
    """A new version stands in place of what was said; the one before is erased with it, in one append."""
    mine = await _mine(ctx, actor, id, "report.correct")
    if isinstance(mine, Refusal):
        return mine
    loaded, facts = mine
    said = [fact for fact in facts if isinstance(fact.event, _SAID) and fact.content]
    bodies = await ctx.journal.contents([str(fact.content) for fact in said])
    left = [(fact, body) for fact in said if (body := bodies.get(str(fact.content))) is not None]
    if not left:
        return conflict("erased_already")
    apart = any(isinstance(fact.event, e.ReportIdentified) for fact, _ in left)
    content = _anew(ctx, id, None if apart else command.contact, command.text, [body for _, body in left])
    if not (command.text.strip() or content.blobs):
        return invalid("nothing_said")
    old = tuple(str(fact.content) for fact, _ in left)
    erased = e.ContentsErased(why="corrected", contents=len(old), only=old)
    gone = NewFact(stream=loaded.stream, expected=None, event=erased)
    named = (_identity(ctx, id, command.contact),) if apart else ()
    return Decision(id=id, facts=(loaded.fact(e.ReportCorrected(), content), *named, gone))


def _identity(ctx: Context, id: str, contact: Contact) -> NewFact:
    """Still apart from the words."""
    body = {"contact": _named(contact)}
    content = NewContent(id=ctx.ids.new(), kind="identity", subject=f"report/{id}", body=body)
    return NewFact(stream=f"report/{id}", expected=None, event=e.ReportIdentified(), content=content)


def _named(contact: Contact) -> dict[str, str | None] | None:
    named = {"name": contact.name, "phone": contact.phone, "email": contact.email}
    return named if any(named.values()) else None


def _anew(ctx: Context, id: str, contact: Contact | None, text: str, bodies: list[Mapping[str, Any]]) -> NewContent:
    """The same place, photos and recording, with the words and the contact that are right."""
    before: dict[str, Any] = {}
    for body in bodies:
        before |= body
    body = {**before, "text": text, "contact": _named(contact) if contact else None}
    voice = [body["voice"]["id"]] if isinstance(body.get("voice"), dict) else []
    blobs = (*(body.get("photos") or ()), *voice)
    return NewContent(id=ctx.ids.new(), kind="report", subject=f"report/{id}", body=body, blobs=blobs)


async def ask_erasure(ctx: Context, actor: Actor, id: str, command: Plain) -> Decision | Refusal:
    """It goes when the city's time for second thoughts is over."""
    mine = await _mine(ctx, actor, id, "report.erase")
    if isinstance(mine, Refusal):
        return mine
    loaded, facts = mine
    if due_of(facts) is not None:
        return conflict("erasure_asked_already")
    if not await _left(ctx, facts):
        return conflict("erased_already")
    event = e.ErasureAsked(due=ctx.clock.now() + ctx.city.privacy.undo())
    return Decision(id=id, facts=(loaded.fact(event),), answer={"due": event.due.isoformat()})


async def _left(ctx: Context, facts: list[Fact]) -> bool:
    bodies = await ctx.journal.contents([fact.content for fact in facts if fact.content])
    return any(body is not None for body in bodies.values())


async def keep(ctx: Context, actor: Actor, id: str, command: Plain) -> Decision | Refusal:
    """The erasure is taken back, while there is time."""
    mine = await _mine(ctx, actor, id, "report.keep")
    if isinstance(mine, Refusal):
        return mine
    loaded, facts = mine
    if due_of(facts) is None:
        return conflict("nothing_to_keep")
    return Decision(id=id, facts=(loaded.fact(e.ErasureWithdrawn()),))
