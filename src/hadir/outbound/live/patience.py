"""How long and how much we listen before a request is whole.

uvicorn waits for ever and keeps any amount of header: a thousand connections that say one byte a minute, or one that
says header after header, would cost us our memory and our files. A request that comes whole, as nearly all do, pays
one comparison for this.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: More than any browser sends; our own cookies are a few hundred bytes.
HEAD_MOST = 64 * 1024
#: Nothing heard for so long in the middle of a request (or before the first): a phone that left the net.
SILENT_S = 30.0
#: After this long a body has come faster than so many bytes a second: an eighth of the slowest line that we know.
SLOW_AFTER_S, SLOWEST = 60.0, 1000
_SAYS = {408: b"Request Timeout", 431: b"Request Header Fields Too Large"}


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with an end to its patience."""

    #: bytes of a head that is not whole yet; None while there is none
    _heading: int | None = None
    _heard = 0
    _heard_at = _begun_at = 0.0
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin()
        self._listen()

    def _begin(self) -> None:
        self._begun_at = self._heard_at = self.loop.time()
        self._heard = 0

    def _listen(self) -> None:
        if self._watch is None:
            self._watch = self.loop.call_later(SILENT_S, self._look)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._heading = 0

    def on_headers_complete(self) -> None:
        self._heading = None
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._waits:
            self._more(len(data))

    @property
    def _waits(self) -> bool:
        """There is a request, and it is not whole."""
        return self._heading is not None or (
            self.cycle is not None and self.cycle.more_body and not self.cycle.response_complete
        )

    def _more(self, count: int) -> None:
        if self._watch is None:
            self._begin()
            self._listen()
        self._heard += count
        self._heard_at = self.loop.time()
        if self._heading is not None:
            self._heading += count
            if self._heading > HEAD_MOST:
                self._end(431)

    def _look(self) -> None:
        """Is it still coming, and fast enough?"""
        self._watch = None
        if self.transport.is_closing() or self.parser is None or not (self._waits or self.cycle is None):
            return
        now = self.loop.time()
        if self.flow.read_paused:
            # It is us who do not read.
            self._heard_at = now
        lasts = now - self._begun_at
        if now - self._heard_at >= SILENT_S or (lasts > SLOW_AFTER_S and self._heard < SLOWEST * lasts):
            self._end(408)
        else:
            self._listen()

    def _end(self, status: int) -> None:
        """Said once, where there is somebody to hear it, and over."""
        if self._waits and (self._heading is not None or not self.cycle.response_started):
            line = b"HTTP/1.1 %d %b\r\nconnection: close\r\ncontent-length: 0\r\n\r\n" % (status, _SAYS[status])
            self.transport.write(line)
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        super().connection_lost(exc)
