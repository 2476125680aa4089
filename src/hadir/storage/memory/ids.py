"""Ids that are the same in every run."""


class CountingIds:
    """ULIDs of time 0 that count up from 1; secrets that only look like ones."""

    def __init__(self) -> None:
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return f"{self._count:026d}"

    def secret(self, size: int = 16) -> str:
        self._count += 1
        return f"secret-{self._count}".ljust((size * 4 + 2) // 3, "x")
