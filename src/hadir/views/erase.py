"""A row without what was erased: exactly what the fold makes of the same facts once the contents are gone. Pure."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from hadir.views.rows import ReportRow
from hadir.views.steps import Fields, Lens


def blanked(group: str, row: Any, contents: set[str], lens: Lens) -> Any:
    """The same row object when it shows none of these contents."""
    for part, content in row.refs.items():
        if content in contents:
            row = replace(row, **_without(group, part, row, lens))
    return row


def _without(group: str, part: str, row: Any, lens: Lens) -> Fields:
    """The fields that came from one part of `refs`, as they are without it."""
    match group, part:
        case "reports", "said":
            return {"text": "", "photos": (), **({} if "where" in row.refs else _nowhere(row))}
        case "reports", "where":
            return _nowhere(row)
        case "incidents", "title":
            return {"title": lens.title(row.category, row.place.area)}
        case "tasks", "done":
            return {"done_photos": (), "done_note": None}
        case "tasks", "proof":
            return {"proof": replace(row.proof, photos=())}
        case "tasks", "sent_back":
            return {"sent_back_reason": ""}
        case "tasks", "what":
            return {"what": ""}
        case "orders", "text":
            return {"text": "", "voice": None}
        case "orders", "heard":
            return {"read_back": replace(row.read_back, voice=None)}
        case "units", "emergency":
            return {"alarms": tuple(replace(alarm, place=None) for alarm in row.alarms)}
    raise LookupError(f"{group} have no part called {part}")


def _nowhere(row: ReportRow) -> Fields:
    return {"place": replace(row.place, lat=None, lon=None, words=None)}
