"""The live stream: one protocol for every face (docs/doors/live.md).

Purpose: whoever holds the board at position P receives everything after P that their audience may see, in order and
complete, or is told to fetch the board again. A hole is impossible because the stream is a reading of the journal.

Invariants
- No queue, task or timer per client: a stream is a transport in a table, and a fact is framed once per rendering; the
  same bytes object goes to every transport of the audience.
- The city never waits for one phone: a client that leaves too much unread is cut, and resumes by id.
- `Hub` lives in one event loop and is touched from its thread only.

Life cycle: compose makes one `Hub`, `warm`s it from the stored deltas, hands it each batch of the board (`publish`),
and `close`s it before uvicorn stops, because uvicorn waits for streams that nobody ends.
"""

from hadir.outbound.live.door import LiveDoor, Viewer
from hadir.outbound.live.hub import Hub
from hadir.outbound.live.ring import DeltaStore
from hadir.outbound.live.wire import LiveProtocol

__all__ = ["DeltaStore", "Hub", "LiveDoor", "LiveProtocol", "Viewer"]
