"""The journal: the one list of everything that happened, in one gap-free order.

Positions count 1, 2, 3 … over all streams and all nodes; versions count 1, 2, 3 … inside a stream. So "everything
after position P" is a complete cursor. What can be erased (texts, photos, names, exact points) never stands in an
event: it is a *content*, a row of its own that the fact names by id and by a keyed digest.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeAlias

import msgspec


class Event(Protocol):
    """A frozen dataclass of `hadir.domain`; (kind, v) names its shape for ever.

    One that can bring a content has the fields `content` (its id) and `content_digest` (hexadecimal HMAC-SHA256, whose
    key is erased with the content); the journal fills both in.
    """

    kind: ClassVar[str]
    v: ClassVar[int]


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One event at its place in the journal.

    A Struct, not a dataclass: a rebuild makes a million of them, and a frozen dataclass takes ten times as long.
    `gc=False`: an event holds no cycle.
    """

    #: Gap-free over all streams and nodes, from 1.
    position: int
    #: UTC; when the journal took it, by the server's clock. Order is by position, never by time.
    at: datetime
    stream: str
    #: Contiguous within the stream, from 1.
    version: int
    event: Any
    #: Account or anonymous device that caused it; "system:<what>" for our own timers and rules.
    actor: str
    role: str
    channel: str
    #: What led to it, when not a person's own command: a rule, another fact's position, a message's id.
    cause: str | None
    command_id: str | None
    #: Id of the content this fact brought in; ask `contents` for its body.
    content: str | None
    #: Who may be told, when the fact itself says so; empty: the views decide.
    audience: tuple[str, ...] = ()


class NewContent(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person may ask us to erase; stored in the transaction of the fact that names it."""

    id: str
    #: What it is: "report.text", "report.photo", "contact" …
    kind: str
    #: Whose it is (account, device, report): erasure by person goes by this.
    subject: str
    #: JSON-able.
    body: dict[str, Any]
    #: Names of blobs that go when this goes.
    blobs: tuple[str, ...] = ()


class NewFact(msgspec.Struct, frozen=True, kw_only=True):
    """An event that wants a place in the journal."""

    stream: str
    #: The stream's version that the decision was made on (0: the stream must be new), as it was before this append,
    #: the same for all its facts; None: any version will do.
    expected: int | None
    event: Any
    content: NewContent | None = None
    audience: tuple[str, ...] = ()


class Append(msgspec.Struct, frozen=True, kw_only=True):
    """One command's outcome: facts, or a refusal, or an answer without any change. All of it is stored, or nothing."""

    actor: str
    role: str
    channel: str
    #: Made by the client before it sends; counts per actor. None: not remembered (our own timers and rules).
    command_id: str | None
    #: Digest of the command's body: the same id with another digest is refused. Forgotten when a content is erased.
    body_digest: bytes
    facts: tuple[NewFact, ...]
    #: What this call and every repetition gets. The journal puts in `position` (of the last fact; without facts: the
    #: newest) and, when there are facts, `version` (the first fact's stream's, after the append).
    answer: dict[str, Any]
    #: Remembered in place of an answer; goes with no facts.
    refusal: dict[str, Any] | None = None
    cause: str | None = None


class Appended(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an append. `position` has been committed and synced to disk when you hold this."""

    #: Last position of the append; the journal's newest when it had no facts.
    position: int
    #: New version of each stream it wrote to; empty for a repetition.
    versions: dict[str, int]
    answer: dict[str, Any]
    #: The command had been answered before: `answer` or `refusal` is the first one, whatever was decided now.
    repeated: bool = False
    refusal: dict[str, Any] | None = None


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure removed, and which blobs nothing needs any more (delete them next)."""

    ids: tuple[str, ...]
    blobs: tuple[str, ...]


class JournalError(Exception):
    """The journal could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").partition("\n")[0])


class Conflict(JournalError):
    """The stream has moved on since the decision was made. Load it again and decide anew."""

    def __init__(self, stream: str, actual: int) -> None:
        super().__init__(f"{stream} is at version {actual} by now")
        self.stream = stream
        self.actual = actual


class CommandIdReused(JournalError):
    """This actor has used the same command_id for another body."""


class DiskFull(JournalError):
    """The disk is nearly full: nothing new is taken, reading goes on."""


class Unavailable(JournalError):
    """The journal could not be reached in time. What became of the append is unknown: repeat it with its command_id."""


class UnreadableFact(JournalError):
    """A stored fact does not fit any known event; the message says where and why."""


#: Called after the commit, in the loop's thread, with facts in order of position and without a gap; must not block.
Listener: TypeAlias = Callable[[Sequence[Fact]], None]
#: (fact, body of the content it brought in); None: it brought none, or the content is erased.
FactWithContent: TypeAlias = tuple[Fact, dict[str, Any] | None]


class JournalReader(Protocol):
    """The journal as followers and doors out see it."""

    #: Letters and digits. Another epoch: positions remembered from before mean nothing any more.
    @property
    def epoch(self) -> str: ...

    async def position(self) -> int:
        """Newest position, 0 for an empty journal."""
        ...

    async def read(self, after: int, limit: int) -> list[Fact]:
        """Up to `limit` facts after position `after`, in order. Fewer is not the end: only none is."""
        ...

    async def read_with_contents(self, after: int, limit: int) -> list[FactWithContent]:
        """As `read`, with the contents' bodies beside: for rebuilding views."""
        ...

    async def read_stream(self, stream: str) -> list[Fact]:
        """All facts of one stream, by version; empty if there is no such stream."""
        ...

    async def contents(self, ids: Collection[str]) -> dict[str, dict[str, Any] | None]:
        """Bodies by id; None: erased. An id that never was is left out."""
        ...

    async def wait(self, after: int, timeout: float) -> int:
        """Return the newest position known, as soon as it is greater than `after`, or after `timeout` seconds."""
        ...

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hand every fact from now on to the listener, whichever node appended it; the result ends it."""
        ...


class Journal(JournalReader, Protocol):
    """The journal as use cases see it. Only `hadir.actions` may hold this one."""

    async def append(self, append: Append) -> Appended:
        """Store it durably; one command is atomic over its streams.

        Raises Conflict, CommandIdReused, DiskFull, Unavailable. A repeated command_id gets the first answer or refusal.
        """
        ...

    async def prune_refusals(self, before: datetime) -> int:
        """Forget refused commands from before a time (keep at least seven days); how many."""
        ...

    async def erase(self, ids: Collection[str]) -> Erased:
        """Delete these contents' bodies and keys; facts and chain stay as they are. Again: nothing happens."""
        ...

    async def erase_subject(self, subject: str) -> Erased:
        """Delete all contents of one subject."""
        ...


class DiskGuard(Protocol):
    """Says whether there is room for new facts; asked before each append, so it must answer from memory."""

    def writable(self) -> bool: ...
