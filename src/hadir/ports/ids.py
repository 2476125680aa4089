"""Names for new things."""

from typing import Protocol


class Ids(Protocol):
    """Makes ids that sort by the time they were made, and secrets that nobody can guess."""

    def new(self) -> str:
        """A ULID, 26 characters of Crockford's base 32 (48 bits of milliseconds, 80 of chance), after the last."""
        ...

    def secret(self, size: int = 16) -> str:
        """`size` bytes of chance as URL-safe text, for tracking links and tokens."""
        ...
