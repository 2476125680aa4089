"""What else is going on that may be the same: other open incidents beside one, with reasons. From memory, when asked.

The formula is the pack's (`domain.priority`), the one that finds similar reports; here it looks at incidents: their
best point, kind, newest report and words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hadir.domain.incident import LIVE
from hadir.domain.priority import Likeness, Sighting, likeness
from hadir.views.dispatch import Names, spot
from hadir.views.picture import Picture
from hadir.views.rows import IncidentRow

#: More than so many nobody compares.
SHOWN = 8
#: Whose words are read: so many of an incident's reports, the newest first.
READ = 12
#: Farther than this it is shown only for what it has in common beside the place.
NEAR_M = 1_000.0


def alike(picture: Picture, incident: IncidentRow, lang: str) -> list[dict[str, Any]]:
    """[{id, score, suggested, reasons}], the likeliest first; `suggested`: it reaches the pack's threshold."""
    me, weights, say = _sighting(picture, incident), picture.city.similar, Names(picture.city, lang)
    found = [(row, likeness(me, _sighting(picture, row), weights)) for row in _others(picture, incident)]
    near = [(row, each) for row, each in found if each.score >= weights.threshold or _is_near(each)]
    near.sort(key=lambda pair: (-pair[1].score, pair[0].id))
    return [
        {
            "id": row.id,
            "score": round(each.score, 2),
            "suggested": each.score >= weights.threshold,
            "reasons": list(_reasons(each, say)),
        }
        for row, each in near[:SHOWN]
    ]


def _others(picture: Picture, incident: IncidentRow) -> Iterator[IncidentRow]:
    return (row for row in picture.incidents.values() if row.id != incident.id and row.state in LIVE)


def _is_near(each: Likeness) -> bool:
    return each.metres is not None and each.metres <= NEAR_M


def _sighting(picture: Picture, row: IncidentRow) -> Sighting:
    at = row.last_report_at or row.since
    assert at is not None
    where, category = spot(picture, row), picture.city.category_by_code.get(row.category)
    # The middle of an area is no place: then the area itself is what is compared.
    exact = where if where is not None and where.source != "area" else None
    return Sighting(
        at=at,
        category=row.category,
        group=category.group if category else "",
        area=row.place.area,
        lat=exact.lat if exact else None,
        lon=exact.lon if exact else None,
        text=" ".join(_words(picture, row)),
    )


def _words(picture: Picture, row: IncidentRow) -> Iterator[str]:
    room = picture.rooms.get(row.id)
    ids = sorted(room.reports, reverse=True)[:READ] if room else ()
    yield from (picture.reports[id].text for id in ids)


def _reasons(each: Likeness, say: Names) -> Iterator[dict[str, Any]]:
    if each.metres is not None:
        yield _reason("away", m=say.distance(str(each.metres)))
    if each.kind != "other":
        yield _reason(f"kind.{each.kind}")
    yield _reason("apart", min=str(round(each.minutes)))
    if each.words:
        yield _reason("words", words=", ".join(each.words))


def _reason(code: str, **params: str) -> dict[str, Any]:
    return {"code": f"alike.{code}", "points": None, "params": params}
