"""Deadlines in real and in working time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.city import Calendar
from hadir.domain.due import due
from tests.world import CITY

ZONE = ZoneInfo("Asia/Jakarta")
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)  # type: ignore[misc]


def test_real_time_runs_through_the_night() -> None:
    assert due(local(2026, 1, 1, 23, 0), 120, None, ZONE) == local(2026, 1, 2, 1, 0)


def test_working_time_waits_for_the_office() -> None:
    # A Friday that closes at 14.30; the Monday after it opens at 07.30.
    assert due(local(2026, 1, 9, 14, 0), 60, CITY.calendar, ZONE) == local(2026, 1, 12, 8, 0)
    # New Year's Day is a holiday.
    assert due(local(2026, 1, 1, 9, 0), 30, CITY.calendar, ZONE) == local(2026, 1, 2, 8, 0)


def test_an_office_that_never_opens_promises_nothing() -> None:
    assert due(local(2026, 1, 9, 14, 0), 60, Calendar(hours=()), ZONE) is None


@given(TIMES, st.integers(1, 5000), st.integers(0, 500))
def test_later_and_longer_is_never_earlier(at: datetime, minutes: int, more: int) -> None:
    first = due(at, minutes, CITY.calendar, ZONE)
    assert first is not None and first > at - timedelta(minutes=1)
    longer, later = (
        due(at, minutes + more, CITY.calendar, ZONE),
        due(at + timedelta(minutes=more), minutes, CITY.calendar, ZONE),
    )
    assert longer is not None and later is not None and first <= longer and first <= later
