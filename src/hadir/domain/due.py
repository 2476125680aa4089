"""When something is due: minutes of real time, or of the city's working hours. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hadir.domain.city import Calendar

# A calendar without any hours would be looked through for ever.
DAYS_MOST = 1000


def due(at: datetime, minutes: int, calendar: Calendar | None, zone: ZoneInfo) -> datetime | None:
    """`minutes` after `at` (aware); with a calendar only its open minutes count. None: it never opens."""
    if calendar is None:
        return at + timedelta(minutes=minutes)
    hours = {day: (opens, closes) for day, opens, closes in calendar.hours}
    closed = {day for day, _ in calendar.holidays}
    local = at.astimezone(zone)
    day, now, left = local.date(), local.hour * 60 + local.minute, minutes
    for _ in range(DAYS_MOST):
        opens, closes = (0, 0) if day in closed else hours.get(day.isoweekday(), (0, 0))
        begins = max(opens, now)
        if begins < closes:
            if left <= closes - begins:
                midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
                return (midnight + timedelta(minutes=begins + left)).astimezone(at.tzinfo)
            left -= closes - begins
        day, now = day + timedelta(days=1), 0
    return None
