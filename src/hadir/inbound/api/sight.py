"""Which photos somebody sees: those on the reports and tasks of his own board."""

import msgspec

from hadir.domain.people import Sight
from hadir.inbound.kit.doors import BoardView


class _Photo(msgspec.Struct):
    id: str


class _Report(msgspec.Struct):
    photos: list[_Photo] = []


class _Task(msgspec.Struct):
    done_photos: list[_Photo] = []


class _Groups(msgspec.Struct):
    reports: list[_Report] = []
    tasks: list[_Task] = []


class _Board(msgspec.Struct):
    board: _Groups


_BOARD = msgspec.json.Decoder(_Board)


class PhotoSight:
    """Read from the very bytes that an audience gets, so it can never see a photo it does not see the place of."""

    def __init__(self, board: BoardView) -> None:
        self._board = board
        self._seen: dict[str, tuple[bytes, frozenset[str]]] = {}

    async def sees(self, audience: str, photo: str) -> bool:
        """The city sees what is over, too; the others what is on their board now."""
        return audience == Sight.CITY or photo in await self._photos(audience)

    async def _photos(self, audience: str) -> frozenset[str]:
        """Decoded once for each state of the board: it hands out the same bytes until something changes."""
        data = await self._board.board(audience, ("reports", "tasks"))
        known = self._seen.get(audience)
        if known is None or known[0] is not data:
            groups = _BOARD.decode(data).board
            photos = {p.id for r in groups.reports for p in r.photos} | {
                p.id for t in groups.tasks for p in t.done_photos
            }
            known = self._seen[audience] = (data, frozenset(photos))
        return known[1]
