"""Facts on a report's row."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from hadir.domain import events as e
from hadir.domain import report
from hadir.ports.journal import Fact
from hadir.views import talk
from hadir.views.rows import Photo, ReportRow, TalkRow, reason_rows, ref_of
from hadir.views.steps.told import Change, Fields, Lens, Said, Told, photos_of, place_of, refs_with, voice_of

_RECEIVED, _HELD = report.State.RECEIVED.value, report.State.HELD.value


def received(fact: Fact, event: e.ReportReceived, said: Said, lens: Lens) -> ReportRow:
    return ReportRow(
        id=event.report_id,
        ref=ref_of(event.report_id),
        state=_HELD if event.held else _RECEIVED,
        version=fact.version,
        place=place_of(event.place, said, lens),
        since=fact.at,
        state_at=fact.at,
        refs={"said": fact.content} if fact.content else {},
        channel=event.channel,
        origin=event.origin,
        text=lens.masked(said.get("text") or ""),
        photos=photos_of(said),
        category=event.category,
        category_reasons=reason_rows(event.category_reasons),
        urgency=event.urgency,
        urgency_reasons=reason_rows(event.urgency_reasons),
        flood=event.flood,
        depth_cm=event.depth_cm,
        sensitive=event.sensitive,
        vulnerable=event.vulnerable,
        said_at=event.said_at,
        doubts=reason_rows(event.doubts),
        suggested=event.suggested,
        voice=voice_of(said) if event.voice else None,
        to_come=event.to_come,
    )


_FREE: Fields = {"claimed_by": None, "claimed_at": None}


def _relocated(told: Told[ReportRow]) -> Fields:
    return {"place": place_of(told.fact.event.place, told.said, told.lens), **refs_with(told.row, "where", told.fact)}


def _recategorised(told: Told[ReportRow]) -> Fields:
    event = told.fact.event
    fields: Fields = {"category": event.category, "urgency": event.urgency, "flood": event.flood}
    return {**fields, "category_reasons": (), "urgency_reasons": ()}


def _followed_up(told: Told[ReportRow]) -> Fields:
    return _talked(told, talk.followed_up(told.row.talk, told.fact, told.said, told.lens.masked))


def _disputed(told: Told[ReportRow]) -> Fields:
    return _talked(told, talk.disputed(told.row.talk, told.fact, told.said, told.lens.masked))


def _questioned(told: Told[ReportRow]) -> Fields:
    return _talked(told, talk.questioned(told.row.talk, told.fact, told.said, told.lens.masked))


def _rated(told: Told[ReportRow]) -> Fields:
    return _talked(told, talk.rated(told.row.talk, told.fact, told.said, told.lens.masked))


def _talked(told: Told[ReportRow], after: TalkRow | None) -> Fields:
    refs = refs_with(told.row, f"{talk.PART}{told.fact.position}", told.fact) if told.fact.content else {}
    return {"talk": after, **refs}


def _corrected_report(told: Told[ReportRow]) -> Fields:
    """The reporter's words anew. A place that somebody has set since stays; so do photos that came later."""
    row, said = told.row, told.said
    photos = photos_of(said)
    fields: Fields = {
        "text": told.lens.masked(said.get("text") or ""),
        "photos": (*photos, *[photo for photo in row.photos if photo not in photos]),
    }
    exact = said.get("place")
    if "where" not in row.refs and isinstance(exact, dict):
        words = exact.get("words") or exact.get("text")
        seen = told.lens.masked(words) if words else None
        fields["place"] = replace(row.place, lat=exact.get("lat"), lon=exact.get("lon"), words=seen)
    return {**fields, **refs_with(row, "said", told.fact)}


def _covered(told: Told[ReportRow]) -> Fields:
    id = told.said.get("photo")
    others = tuple([photo for photo in told.row.open_photos if photo.id != id])
    return {"open_photos": (*others, Photo(str(id))) if id and told.fact.event.public else others}


def _photos_came(told: Told[ReportRow]) -> Fields:
    photos = photos_of(told.said)
    came = {"photos": (*told.row.photos, *photos), "came_later": len(photos), "to_come": 0}
    return {**came, **refs_with(told.row, "photos", told.fact)}


REPORT: Mapping[type[e.Event], Change] = {
    e.ReportCorrected: _corrected_report,
    e.PhotoCovered: _covered,
    e.ReportClaimed: lambda told: {"claimed_by": told.fact.actor, "claimed_at": told.fact.at},
    e.ReportReleased: _FREE,
    e.ReportDismissed: lambda told: {"disposition": told.fact.event.disposition, **_FREE},
    e.ReportRestored: {"disposition": None},
    e.ReportHeld: {"disposition": None, **_FREE},
    e.ReportAdmitted: _FREE,
    e.ReportJoined: lambda told: {"incident": told.fact.event.incident_id, **_FREE},
    e.ReportMoved: lambda told: {"incident": told.fact.event.incident_id},
    e.ReportLeft: {"incident": None},
    e.ReportRelocated: _relocated,
    e.ReportRecategorised: _recategorised,
    e.ReportPrioritised: lambda told: {"rank_points": told.row.rank_points + told.fact.event.points},
    e.ReportPhotosCame: _photos_came,
    e.ReportDisputed: _disputed,
    e.ReportFollowedUp: _followed_up,
    e.ReportQuestioned: _questioned,
    e.ReportQuestionWithdrawn: lambda told: {"talk": talk.withdrawn(told.row.talk)},
    e.ReportHeard: lambda told: {"talk": talk.heard(told.row.talk, told.fact.event.agency, told.fact.event.told)},
    e.ReportRated: _rated,
}
