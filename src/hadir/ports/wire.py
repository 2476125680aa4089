"""The connection under a request, for the two doors that ASGI's messages are too slow for: intake and live stream."""

from typing import Any, Protocol

#: where a request's scope holds it: `scope["extensions"][EXTENSION]`
EXTENSION = "hadir.wire"
#: what came of a request's body and nobody has read when its line broke: `scope["state"][UNREAD]`
UNREAD = "hadir.unread"


class Wire(Protocol):
    """One connection of a client."""

    def respond(self, scope: Any, head: bytes, content: bytes) -> bool:
        """A whole answer in one write; False: nothing is written, take the usual way.

        `head`: status line and headers, each with its line end, without the blank line.
        """
        ...
