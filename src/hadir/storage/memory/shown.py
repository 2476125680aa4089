"""Shown copies of photos in a dict."""


class MemoryShown:
    """Fulfils `hadir.ports.shown.Shown` until the process ends."""

    def __init__(self) -> None:
        self._copies: dict[tuple[str, str], bytes] = {}

    async def get(self, photo_id: str, size: str) -> bytes | None:
        return self._copies.get((photo_id, size))

    async def put(self, photo_id: str, size: str, data: bytes) -> None:
        self._copies[photo_id, size] = data

    async def delete(self, photo_id: str) -> None:
        for key in [key for key in self._copies if key[0] == photo_id]:
            del self._copies[key]
