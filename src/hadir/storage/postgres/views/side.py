"""A second set of the board's rows, filled by COPY, that takes the place of the first in one transaction."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import LiteralString, Self, cast

from hadir.ports.views import ViewRow
from hadir.storage.postgres.facts import fetch
from hadir.storage.postgres.queries import load
from hadir.storage.postgres.views.tables import BOARD, Pool, put_rows, reached

SQL = load(Path(__file__).parent / "side.sql")

_RENAMES = ("rename", "rename_key", "rename_room", "rename_kept", "rename_point", "rename_newest")


def _aside(name: str) -> LiteralString:
    """A query of board.sql, asked of the side."""
    return cast("LiteralString", BOARD[name].replace("board_row", "board_side"))


class PostgresSide:
    """Fulfils `hadir.ports.views.Side`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @classmethod
    async def begin(cls, pool: Pool) -> Self:
        async with pool.connection() as conn, conn.transaction():
            for name in ("drop", "create", "create_key", "create_room"):
                await conn.execute(SQL[name])
        return cls(pool)

    async def add(self, rows: Sequence[ViewRow]) -> None:
        if rows:
            async with reached(self._pool) as conn, conn.transaction():
                await conn.execute("set local synchronous_commit = off")
                async with conn.cursor().copy(SQL["copy"]) as copy:
                    await copy.write(b"".join(map(_line, rows)))

    async def replace(self, rows: Sequence[ViewRow]) -> None:
        async with reached(self._pool) as conn:
            await put_rows(conn, _aside("put_rows"), rows)

    async def row(self, group: str, id: str) -> bytes | None:
        async with reached(self._pool) as conn:
            found = await fetch(conn, _aside("row"), {"thing": group, "id": id})
        return found[0][0] if found else None

    async def room(self, incident_id: str) -> list[tuple[str, bytes]]:
        async with reached(self._pool) as conn:
            return await fetch(conn, _aside("room"), {"room": incident_id})

    async def finish(self) -> None:
        async with reached(self._pool) as conn, conn.transaction():
            await conn.execute(SQL["room_to_sort"])
            for name in ("index_kept", "index_point", "index_newest", "analyze"):
                await conn.execute(SQL[name])

    async def differences(self) -> list[tuple[str, str]]:
        async with reached(self._pool) as conn:
            return [(thing, id) for thing, id in await fetch(conn, SQL["differences"], {})]

    async def swap(self, position: int) -> bool:
        async with reached(self._pool) as conn, conn.transaction():
            cursor = await conn.execute(BOARD["lock_position"])
            there, _ = await cursor.fetchone() or (0, 0)
            if there > position:
                return False
            if there < position:
                await conn.execute(BOARD["forget_deltas"])
                await conn.execute(BOARD["forgotten"], {"position": position})
                await conn.execute(BOARD["move"], {"position": position})
            await conn.execute(SQL["drop_old"])
            for name in _RENAMES:
                await conn.execute(SQL[name])
        return True

    async def drop(self) -> None:
        """After a swap there is nothing left to drop."""
        async with reached(self._pool) as conn:
            await conn.execute(SQL["drop"])


_NULL = "\\N"


def _line(row: ViewRow) -> bytes:
    """One line of COPY's text format. JSON has no raw tab or end of line, so only its backslashes are doubled."""
    fields = (
        row.group,
        _text(row.id),
        _text(row.room),
        "t" if row.kept else "f",
        _NULL if row.at is None else row.at.isoformat(),
        _text(row.area),
        row.state,
        _text(row.category),
        f"({row.lon!r},{row.lat!r})" if _has_point(row) else _NULL,
        _list(row.contents),
    )
    return b"%b\t%b\n" % ("\t".join(fields).encode(), row.body.replace(b"\\", b"\\\\"))


def _has_point(row: ViewRow) -> bool:
    return row.group == "reports" and row.lat is not None and row.lon is not None


def _text(value: str | None) -> str:
    if value is None:
        return _NULL
    if value.isalnum():
        return value
    if "\\" in value or "\t" in value or "\n" in value or "\r" in value:
        value = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return value


def _list(values: Iterable[str]) -> str:
    """Ids of contents: letters and digits, so the array needs no quoting."""
    return "{" + ",".join(values) + "}"
