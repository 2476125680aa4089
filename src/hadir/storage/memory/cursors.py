"""Followers' positions in a dict."""


class MemoryCursors:
    """Fulfils `hadir.ports.cursors.Cursors` until the process ends."""

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}

    async def get(self, name: str) -> int:
        return self._positions.get(name, 0)

    async def set(self, name: str, position: int) -> None:
        self._positions[name] = max(position, self._positions.get(name, 0))
