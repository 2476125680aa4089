"""What belongs to what, from the board: it may lag the journal by a moment, so a rule that must be exact loads anew."""

from datetime import datetime
from typing import Protocol


class Relations(Protocol):
    """Ids of what hangs on an incident, and when a person was last heard of."""

    def reports_of(self, incident_id: str) -> tuple[str, ...]: ...

    def tasks_of(self, incident_id: str) -> tuple[str, ...]: ...

    async def works_of(self, incident_id: str) -> tuple[str, ...]:
        """Its tasks, also when it is closed long ago."""
        ...

    def orders_of(self, incident_id: str) -> tuple[str, ...]: ...

    def heard_at(self, person: str) -> datetime | None:
        """When this officer's phone last told a state or a position; None: never."""
        ...

    async def wait(self, position: int, timeout: float) -> bool:
        """Has the board taken in everything up to this position, at the latest after `timeout` seconds?"""
        ...
