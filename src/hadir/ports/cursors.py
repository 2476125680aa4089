"""How far a follower has come, for those whose work is safe to repeat from the last saved position."""

from typing import Protocol


class Cursors(Protocol):
    """Positions by the follower's name."""

    async def get(self, name: str) -> int:
        """0 for a follower that never saved."""
        ...

    async def set(self, name: str, position: int) -> None: ...
