"""How long what was said about people is kept, and when it has to go. Pure; the numbers are the city's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

#: nouns of the streams that hold contents, each with its rule's field
RULES: Mapping[str, str] = {
    "report": "reports_months",
    "task": "work_months",
    "incident": "work_months",
    "order": "orders_months",
    "unit": "orders_months",
    "area": "work_months",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivacyRules:
    """What the pack says under `[privacy]`. Months count from the last thing that happened to what is over."""

    #: Who asks for erasure may take it back for so long.
    undo_hours: int = 24
    #: Words, photos, exact points and contacts of reports.
    reports_months: int = 24
    #: Notes, reasons and photos of work.
    work_months: int = 60
    #: Words and voices of orders, and where an officer was when he called for help.
    orders_months: int = 24
    #: Who looked at what.
    access_months: int = 24
    #: Photos that came in and that nothing ever named.
    unused_photos_days: int = 7

    def months(self, noun: str) -> int | None:
        """None: there is nothing of it that may have to go."""
        field = RULES.get(noun)
        return None if field is None else int(getattr(self, field))

    def undo(self) -> timedelta:
        return timedelta(hours=self.undo_hours)


def months_before(now: datetime, months: int) -> datetime:
    """The same day and time so many months ago; the month's last day where there is no such day."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    for day in range(now.day, 0, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")
