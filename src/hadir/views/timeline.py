"""What happened to an incident: every fact that touched it, as a sentence's key and the values for its gaps.

Nothing is kept for it. The incident's row names every stream that ever had to do with it, and the journal tells them:
reports from their receipt on and as long as they belonged to it, its tasks and orders, its own facts, and the flood
state of its area while it was open. Words come from contents, masked; erased ones are simply not there any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hadir.domain import events as e
from hadir.domain.city import City
from hadir.domain.masking import mask
from hadir.domain.people import HIDES, Sight
from hadir.ports.journal import Fact, JournalReader
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
        return {**found, "words": self._words(said)}

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
    "step": Speaker.step,
    "level": _number,
    "within_min": _number,
    "depth_cm": _number,
    "points": _number,
    "photos": _number,
    "compared": _number,
    "flags": Speaker.flags,
    "by_order": lambda _speaker, id: ref_of(id),
    "incident_id": lambda _speaker, id: ref_of(id),
}
"""field of an event → its value in words."""


async def timeline(
    journal: JournalReader, row: IncidentRow, speaker: Speaker, may_see: Callable[[str], bool], sight: Sight
) -> list[Item]:
    """Everything that happened to the incident, by position. `may_see`: does the viewer see the thing of a stream?"""
    hidden = HIDES.get(sight, frozenset())
    facts: dict[int, Fact] = {}
    for stream in row.streams:
        if may_see(stream):
            told = await journal.read_stream(stream)
            facts |= {fact.position: fact for fact in _while_its(told, row.id)}
    facts |= {fact.position: fact for fact in await _floods(journal, row)}
    facts = {at: fact for at, fact in facts.items() if fact.event.kind not in hidden}
    contents = await journal.contents([fact.content for fact in facts.values() if fact.content])
    return [_item(facts[at], contents.get(facts[at].content or ""), speaker) for at in sorted(facts)]


def _while_its(facts: Iterable[Fact], incident_id: str) -> Iterable[Fact]:
    """A report's facts before it was joined anywhere, and while it belonged to the incident; all of other things."""
    belongs: str | None = None
    for fact in facts:
        left = belongs
        if isinstance(fact.event, e.ReportJoined):
            belongs = fact.event.incident_id
        elif isinstance(fact.event, e.ReportLeft):
            belongs = None
        if incident_id in (belongs, left) or belongs is left is None:
            yield fact


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
    spoken = isinstance(event, e.OrderReadBack) and event.spoken
    return f"timeline.{event.kind}.spoken" if spoken else f"timeline.{event.kind}"
