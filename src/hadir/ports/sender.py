"""A way out to a person: one message to one address."""

from dataclasses import dataclass
from typing import Protocol

from hadir.domain.notice import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What a person reads, in his language. Plain text."""

    #: of the notice: the same message sent twice has the same id
    id: str
    title: str
    body: str
    #: where to look, absolute
    url: str
    #: of a letter: more of its head, such as RFC 8058 wants
    headers: tuple[tuple[str, str], ...] = ()


class NotNow(Exception):
    """The other side could not take it; later it may. `after_s`: when it said so."""

    def __init__(self, detail: str, after_s: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.after_s = after_s


class Never(Exception):
    """The other side will not take it, however often it is tried."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Sender(Protocol):
    """One channel."""

    @property
    def channel(self) -> Channel: ...

    async def send(self, address: str, message: Message) -> None:
        """Returns when the other side has taken it. Raises NotNow, Never."""
        ...
