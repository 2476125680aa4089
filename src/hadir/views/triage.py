"""What triage makes of one report, whole, for whoever decides on it: nothing of it is stored, all of it is worked out
when somebody looks. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from hadir.domain import places
from hadir.domain.assign import Learned, choose, guesses
from hadir.domain.city import City
from hadir.domain.language import spoken
from hadir.domain.priority import METRES_PER_DEGREE, Likeness
from hadir.domain.triage import marks, triage
from hadir.ports.views import Viewport
from hadir.views.rows import ReportRow, ref_of

#: The likeliest categories that are shown, and what may be the same.
GUESSES, SAME = 3, 6
#: Reports that are over already and are compared, the newest.
OVER = 100
_MASKED = re.compile(r"\[(surel|NIK/KK|telepon|nomor|pelat|nama)\]")


def opinion(
    row: ReportRow, city: City, learned: Learned | None, same: Iterable[tuple[ReportRow, Likeness]], lang: str
) -> dict[str, Any]:
    """As JSON. Places of marks are counted in characters of the report's shown (masked) text."""
    judged = triage(row.text, city)
    choice = choose(judged, row.text, city, learned)
    return {
        "id": row.id,
        "marks": [{"start": m.start, "end": m.end, "kind": m.kind} for m in marks(row.text, city)],
        "categories": [
            {"category": g.category, "agency": g.agency, "share": round(g.share, 3)}
            for g in guesses(judged, row.text, city, learned)[:GUESSES]
        ],
        "sure": choice.assigned,
        "by": "learned" if any(r.code == "category.learned" for r in choice.reasons) else "rules",
        "margin": city.assign.margin,
        "measured": measured(learned, city),
        "languages": _languages(row.text, city, lang),
        "place": _place(row, city),
        "masked": sorted(set(_MASKED.findall(row.text))),
        "same": [_same(other, likeness) for other, likeness in same],
    }


def around(row: ReportRow, city: City, now: datetime) -> Viewport:
    """Where and since when something that is over may have been the same."""
    assert row.place.lat is not None and row.place.lon is not None
    up = city.similar.distance_m / METRES_PER_DEGREE
    wide = up / math.cos(math.radians(row.place.lat))
    return Viewport(
        south=row.place.lat - up,
        north=row.place.lat + up,
        west=row.place.lon - wide,
        east=row.place.lon + wide,
        since=min(now, row.since or now) - timedelta(minutes=city.similar.time_min),
        limit=OVER,
    )


def measured(learned: Learned | None, city: City) -> dict[str, Any] | None:
    """How right categories given without a person were in the examination; None where nothing was measured."""
    if learned is None or "assigned" not in learned.evaluation:
        return None
    examined, margin = learned.evaluation["examined"], city.assign.margin
    # The pack's margin may have been changed since; the examination tried others, too.
    tried = {m["margin"]: m for m in learned.evaluation.get("margins", ())}
    given = tried.get(margin, learned.evaluation["assigned"])
    return {
        "version": learned.version,
        "precision": given["precision"],
        "share": given["share"],
        "rows": examined["rows"],
        "until": examined["until"],
        "margin": margin if margin in tried else learned.evaluation["margin"],
        "asked": learned.rows >= city.assign.least_rows,
    }


def _languages(text: str, city: City, lang: str) -> list[dict[str, Any]]:
    names = {tongue.code: tongue.name.say(lang) for tongue in city.tongues}
    return [{"code": code, "name": names[code], "share": round(share, 2)} for code, share in spoken(text, city.tongues)]


def _place(row: ReportRow, city: City) -> dict[str, Any]:
    """What the words say of the place, beside what the point or the person said."""
    said = places.find(f"{row.text}\n{row.place.words or ''}", city)
    return {
        "area": said.area,
        "candidates": said.candidates,
        "rt": said.rt,
        "rw": said.rw,
        "landmarks": said.landmarks,
        "differs": said.area is not None and row.place.area is not None and said.area != row.place.area,
    }


def _same(other: ReportRow, likeness: Likeness) -> dict[str, Any]:
    return {
        "id": other.id,
        "ref": ref_of(other.id),
        "state": other.state,
        "incident": other.incident,
        "category": other.category,
        "since": other.since,
        "text": other.text,
        "score": likeness.score,
        "metres": None if likeness.metres is None else round(likeness.metres),
        "minutes": round(likeness.minutes),
        "kind": likeness.kind,
        "words": likeness.words,
    }
