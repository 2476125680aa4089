"""Compressed answers: made once for bytes that many ask for."""

import asyncio
import gzip
from collections import OrderedDict

# Below a packet's worth, compressing costs more than it saves.
PACK_FROM = 1200
# Level 5 packs a board to within 3 % of level 9 in a third of the time.
LEVEL = 5
# Compressing this much takes longer than the loop should stand still for one reader (about 2 ms).
THREAD_FROM = 64 * 1024
KEPT_MOST = 64


class Packed:
    """gzip of bytes, remembered by their name for as long as the bytes are the same object."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[bytes, bytes]] = OrderedDict()

    async def gzip(self, name: str, data: bytes) -> bytes:
        kept = self._kept.get(name)
        if kept is not None and kept[0] is data:
            return kept[1]
        packed = await asyncio.to_thread(_pack, data) if len(data) >= THREAD_FROM else _pack(data)
        self._kept[name] = (data, packed)
        if len(self._kept) > KEPT_MOST:
            self._kept.popitem(last=False)
        return packed


def _pack(data: bytes) -> bytes:
    return gzip.compress(data, LEVEL, mtime=0)
