"""Run by test_kill.py as a process of its own: appends without end, and logs each acknowledged fact with fsync.

Usage: client_process.py DATABASE_URL LOG. A line of the log: position, command id.
"""

import asyncio
import itertools
import os
import sys

from hadir.domain.events import KINDS, IncidentNoted
from hadir.ports.journal import Append, NewContent, NewFact
from hadir.storage.clock import SystemClock
from hadir.storage.codec import Codec
from hadir.storage.ids import UlidIds
from hadir.storage.memory import SwitchedGuard
from hadir.storage.postgres.journal import PostgresJournal
from hadir.storage.postgres.pool import reading_pool

CALLERS = 8


def append(id: str, stream: str) -> Append:
    content = NewContent(id=id, kind="note", subject="device/1", body={"text": f"catatan {id}"})
    fact = NewFact(stream=stream, expected=None, event=IncidentNoted(), content=content)
    return Append(
        actor="device/1", role="citizen", channel="test", command_id=id, body_digest=b"", facts=(fact,), answer={}
    )


async def caller(journal: PostgresJournal, ids: UlidIds, log: int) -> None:
    for number in itertools.count():
        id = ids.new()
        appended = await journal.append(append(id, f"incident/{number % 7}"))
        os.write(log, f"{appended.position} {id}\n".encode())
        os.fsync(log)


async def main(url: str, log: int) -> None:
    clock = SystemClock()
    ids = UlidIds(clock)
    async with (
        reading_pool(url, size=1) as pool,
        PostgresJournal.open(url, pool, codec=Codec(KINDS), clock=clock, guard=SwitchedGuard(), patience=60) as journal,
    ):
        await asyncio.gather(*(caller(journal, ids, log) for _ in range(CALLERS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)))
