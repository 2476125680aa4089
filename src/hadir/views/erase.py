"""A row without what was erased: exactly what the fold makes of the same facts once the contents are gone. Pure."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from hadir.ports.journal import Fact
from hadir.views import talk
from hadir.views.rows import ReportRow
from hadir.views.steps import Fields


def blanked(group: str, row: Any, contents: set[str]) -> Any:
    """The same row object when it shows none of these contents."""
    for part, content in row.refs.items():
        if content in contents:
            row = replace(row, **_without(group, part, row))
    return row


def emptied(group: str, row: Any, fact: Fact) -> Any:
    """The row after `contents.erased`: nothing of it but the facts, or all but what that names."""
    only = set(fact.event.only)
    row = replace(blanked(group, row, only or set(row.refs.values())), version=fact.version)
    return replace(row, erased=fact.event.why) if group == "reports" and not only else row


def _without(group: str, part: str, row: Any) -> Fields:
    """The fields that came from one part of `refs`, as they are without it."""
    match group, part:
        case "reports", "said":
            came_later = row.photos[len(row.photos) - row.came_later :]
            nowhere = {} if "where" in row.refs else _nowhere(row)
            return {"text": "", "photos": came_later, "voice": None, "open_photos": (), **nowhere}
        case "reports", "photos":
            return {"photos": row.photos[: len(row.photos) - row.came_later], "came_later": 0, "open_photos": ()}
        case "reports", "where":
            return _nowhere(row)
        case "reports", said if said.startswith(talk.PART) and row.talk:
            return {"talk": talk.without(row.talk, row.refs[part])}
        case "incidents", "title":
            return {"title": ""}
        case "tasks", "done":
            return {"done_photos": (), "done_note": None}
        case "tasks", "proof":
            return {"proof": replace(row.proof, photos=())}
        case "tasks", "sent_back":
            return {"sent_back_reason": ""}
        case "tasks", "declined":
            return {"declined_reason": ""}
        case "tasks", "what":
            return {"what": ""}
        case "orders", "text":
            return {"text": "", "voice": None}
        case "orders", "heard":
            return {"read_back": replace(row.read_back, voice=None)}
        case "orders", "reason":
            return {"reason": ""}
        case "units", "emergency":
            return {"alarms": tuple(replace(alarm, place=None) for alarm in row.alarms)}
    raise LookupError(f"{group} have no part called {part}")


def _nowhere(row: ReportRow) -> Fields:
    return {"place": replace(row.place, lat=None, lon=None, words=None)}
