"""What is known of photos, in dicts, with the real search."""

from __future__ import annotations

from collections.abc import Collection

from hadir.ports.evidence import Kept, Near, Print, Use
from hadir.storage.lookalikes import Lookalikes


class MemoryEvidence:
    """Fulfils `hadir.ports.evidence.Evidence` until the process ends."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}
        self._uses: dict[tuple[str, str, int], Use] = {}
        self._photos: dict[int, str] = {}
        self._smalls: dict[str, bytes] = {}
        self._lookalikes = Lookalikes()

    async def keep(self, kept: Kept, printed: Print | None) -> None:
        self._kept.setdefault((kept.photo, kept.actor), kept)
        if printed is not None and kept.photo not in self._smalls:
            number = self._lookalikes.newest + 1
            self._photos[number] = kept.photo
            self._smalls[kept.photo] = printed.small
            self._lookalikes.add([number], printed.bits)

    async def kept(self, photo: str, actor: str) -> Kept | None:
        return self._kept.get((photo, actor))

    def all_kept(self) -> list[Kept]:
        return list(self._kept.values())

    async def use(self, use: Use) -> None:
        self._uses.setdefault((use.photo, use.thing, use.position), use)

    async def uses(self, photos: Collection[str], before: int) -> list[Use]:
        found = [use for use in self._uses.values() if use.photo in photos and use.position < before]
        return sorted(found, key=lambda use: -use.position)

    async def near(self, probes: bytes, most: int = 10) -> list[Near]:
        found = self._lookalikes.near(probes, most)
        named = [(self._photos[n], bits, probe) for n, bits, probe in found if n in self._photos]
        return [Near(photo=name, bits=bits, probe=probe, small=self._smalls[name]) for name, bits, probe in named]

    async def count(self) -> int:
        return len(self._lookalikes)

    async def forget(self, photo: str) -> None:
        self._kept = {key: kept for key, kept in self._kept.items() if kept.photo != photo}
        self._uses = {key: use for key, use in self._uses.items() if use.photo != photo}
        self._smalls.pop(photo, None)
        self._photos = {number: name for number, name in self._photos.items() if name != photo}
