"""A clock that goes only when it is told to."""

from datetime import UTC, datetime, timedelta

#: A dry Monday morning before office hours, WIB.
START = datetime(2025, 1, 6, 0, 0, tzinfo=UTC)


class SettableClock:
    """Stands still; `advance` moves both of its hands, `set` only the wall's."""

    def __init__(self, at: datetime = START) -> None:
        self.set(at)
        self._monotonic = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def set(self, at: datetime) -> None:
        """Also backwards, as a wall clock may be put right."""
        if at.tzinfo is None:
            raise ValueError("a time without a zone")
        self._now = at.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
