"""Time, from outside: rules get it as an argument, everything else from here."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The wall's time for facts, and seconds that never go back for measuring."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an unknown start."""
        ...
