"""What happened to an incident: every fact that touched it, as a sentence's key and the values for its gaps.

Nothing is kept for it. The incident's row names every stream that ever had to do with it, and the journal tells them:
reports from their receipt on and as long as they belonged to it, its tasks and orders, its own facts, and the flood
state of its area while it was open. Of an officer's own facts it tells what was of alarm while he was at it
(`views.alarmed`). Words come from contents, masked; erased ones are simply not there any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hadir.domain import events as e
from hadir.domain.city import City
from hadir.domain.masking import mask
from hadir.domain.people import HIDES, Sight
from hadir.ports.journal import Fact, JournalReader
from hadir.views.alarmed import Work, alarms
from hadir.views.belonging import belonged, parts
from hadir.views.rows import IncidentRow, ref_of
from hadir.words import Words

#: Enough to know what it was about; the whole text stands on the report.
WORDS_SHOWN = 240

Item = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Says names in one language."""

    city: City
    words: Words
    lang: str
    #: account → name
    names: Mapping[str, str]

    def params(self, fact: Fact, said: Mapping[str, Any] | None) -> dict[str, str]:
        """The values that a sentence about this fact may need."""
        event = fact.event
        found = {name: say(self, getattr(event, name)) for name, say in SAYS.items() if hasattr(event, name)}
        found |= {"agency": found["to_agency"]} if "to_agency" in found else {}
        found |= {"officer": found["to"]} if "to" in found else {}
        found |= {"officer": self.person(fact.stream.removeprefix("unit/"))} if fact.stream.startswith("unit/") else {}
        erased = said is None and fact.content is not None
        return {**found, "words": self.words.say("timeline.erased_words", self.lang) if erased else self._words(said)}

    def _words(self, said: Mapping[str, Any] | None) -> str:
        """«: …» after a sentence that does not need it."""
        text = mask(str((said or {}).get("text") or (said or {}).get("title") or "")).strip()
        shown = text if len(text) <= WORDS_SHOWN else text[: WORDS_SHOWN - 1] + "…"
        return f": «{shown}»" if shown else ""

    def named(self, table: Mapping[str, Any], code: object) -> str:
        thing = table.get(str(code))
        if thing is None:
            return str(code or "")
        return thing.name if isinstance(thing.name, str) else thing.name.say(self.lang)

    def area(self, code: object) -> str:
        return self.named(self.city.area_by_code, code)

    def person(self, id: object) -> str:
        return self.names.get(str(id), str(id))

    def flags(self, codes: tuple[str, ...]) -> str:
        """What the check of a proof found."""
        if not codes:
            return self.words.say("evidence.flags.none", self.lang)
        named = ", ".join(self.words.say(f"evidence.code.{code}", self.lang) for code in codes)
        return self.words.say("evidence.flags.some", self.lang, what=named)

    def via(self, channel: object) -> str:
        """A channel to a person; «citizen-web» and its like are told nowhere."""
        key = f"timeline.via.{channel}"
        return self.words.say(key, self.lang) if key in self.words else str(channel or "")

    def erased(self, why: object) -> str:
        """Why contents are gone; other events have a «why» of their own, which no sentence tells."""
        key = f"erased.{why}"
        return self.words.say(key, self.lang) if key in self.words else str(why or "")

    def step(self, step: object) -> str:
        return self.words.say(f"timeline.step.{step}", self.lang)

    def graded(self, severity: object) -> str:
        return self.words.say(f"timeline.severity.{severity or 'same'}", self.lang)


def _number(_speaker: Speaker, value: object) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


SAYS: Mapping[str, Callable[[Speaker, Any], str]] = {
    "place": lambda speaker, place: speaker.area(place.area),
    "area": Speaker.area,
    "category": lambda speaker, code: speaker.named(speaker.city.category_by_code, code),
    "agency": lambda speaker, code: speaker.named(speaker.city.agency_by_code, code),
    "to_agency": lambda speaker, code: speaker.named(speaker.city.agency_by_code, code),
    "action": lambda speaker, code: speaker.named(speaker.city.action_by_code, code),
    "disposition": lambda speaker, code: speaker.named(speaker.city.disposition_by_code, code),
    "status": lambda speaker, key: speaker.named(speaker.city.status_by_key, key),
    "officer": Speaker.person,
    "to": Speaker.person,
    "severity": Speaker.graded,
    "result": lambda speaker, result: speaker.words.say(f"talk.result.{result}", speaker.lang),
    "step": Speaker.step,
    "level": _number,
    "within_min": _number,
    "depth_cm": _number,
    "points": _number,
    "photos": _number,
    "contents": _number,
    "why": Speaker.erased,
    "compared": _number,
    "flags": Speaker.flags,
    "before": Speaker.via,
    "channel": Speaker.via,
    "by_order": lambda _speaker, id: ref_of(id),
    "incident_id": lambda _speaker, id: ref_of(id),
    "left": lambda _speaker, id: ref_of(id),
    "split_from": lambda _speaker, id: ref_of(id or ""),
    "reports": lambda _speaker, ids: str(len(ids)),
    "tasks": lambda _speaker, ids: str(len(ids)),
}
"""field of an event → its value in words."""


async def timeline(
    journal: JournalReader, row: IncidentRow, speaker: Speaker, may_see: Callable[[str], bool], sight: Sight
) -> list[Item]:
    """Everything that happened to the incident, by position. `may_see`: does the viewer see the thing of a stream?"""
    hidden = HIDES.get(sight, frozenset())
    # Who sees the incident sees what was merged into it, though that one is on nobody's board any more.
    streams = [stream for stream in row.streams if stream.startswith("incident/") or may_see(stream)]
    told = {stream: await journal.read_stream(stream) for stream in streams}
    merged = parts(row.id, told)
    work = Work.of(fact for stream, found in told.items() if stream.startswith("task/") for fact in found)
    facts: dict[int, Fact] = {}
    for stream, found in told.items():
        its = alarms(found, work) if stream.startswith("unit/") else belonged(stream, found, merged, row.id)
        facts |= {fact.position: fact for fact in its}
    facts |= {fact.position: fact for fact in await _floods(journal, row)}
    facts = {at: fact for at, fact in facts.items() if fact.event.kind not in hidden}
    contents = await journal.contents([fact.content for fact in facts.values() if fact.content])
    return [_item(facts[at], contents.get(facts[at].content or ""), speaker) for at in sorted(facts)]


async def _floods(journal: JournalReader, row: IncidentRow) -> list[Fact]:
    """The changes of its area's flood state while it was open; the single signs are told by the reports."""
    if not row.flood or row.place.area is None or row.since is None:
        return []
    facts = await journal.read_stream(f"area/{row.place.area}")
    since, until = row.since, row.closed_at
    during = [fact for fact in facts if since <= fact.at and (until is None or fact.at <= until)]
    return [f for f in during if not isinstance(f.event, e.AreaFloodReported) or f.event.source == "officer"]


def _item(fact: Fact, said: Mapping[str, Any] | None, speaker: Speaker) -> Item:
    # What a check says of photos is the verifier's, and stands on the task.
    photos = () if isinstance(fact.event, e.EvidenceChecked) else (said or {}).get("photos") or ()
    return {
        "position": fact.position,
        "at": fact.at,
        "kind": fact.event.kind,
        "stream": fact.stream,
        "actor_name": speaker.names.get(fact.actor, ""),
        "role": fact.role,
        "channel": fact.channel,
        "text_key": _key(fact.event),
        "params": speaker.params(fact, said),
        "photos": [{"id": id} for id in photos],
    }


def _key(event: e.Event) -> str:
    if isinstance(event, e.IncidentAbsorbed) and event.undoes:
        return f"timeline.{event.kind}.undo"
    if isinstance(event, e.IncidentOpened) and event.split_from is not None:
        return f"timeline.{event.kind}.split"
    if isinstance(event, e.OrderReadBack) and event.spoken:
        return f"timeline.{event.kind}.spoken"
    if isinstance(event, e.NoticeChannelChanged) and event.channel is None:
        return f"timeline.{event.kind}.last"
    return f"timeline.{event.kind}"
