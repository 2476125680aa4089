"""Who is listening, and what goes to them when.

Theory of operation. `publish` frames each delta once, keeps it in the ring and puts it into the pending list of its
audience. The first fact after a quiet moment leaves in the same loop step; those that come within 25 ms of it leave
together, in one write per stream; where sending takes longer than half of that, the tick grows with it. A stream joins
in the same loop step in which its catch-up reaches the ring's head, after what is pending has been flushed: so nothing
is missed and nothing comes twice. Readings are replaced by newer ones while they wait, and a stream with unsent bytes
gets none until it has drained.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence

from hadir.outbound.live import frames
from hadir.outbound.live.ring import REST, DeltaStore, Frame, Ring
from hadir.ports.clock import Clock
from hadir.ports.views import Delta

# Facts within this time go out in one write: more writes per second would buy nothing a person could see.
TICK_S = 0.025
# Carrier NATs drop idle connections after 30 to 60 s.
BEAT_S = 25
# How often streams that missed a reading are looked at.
DRAIN_LOOK_S = 0.25
# Readings in one write, at most: a thousand officers are 330 kB, and 256 KiB unsent would cut who is only slow.
READINGS_MOST = 64 * 1024
# A client that has not taken a single byte for so long is cut, even below the limit of unsent bytes.
STUCK_S = 60
# Who a stream is for is asked again at least this often: it ends, and resumes by id with its session looked at anew.
AGE_MOST_S = 3600
# Clients come back spread so that about this many a second have to be admitted.
RETURNS_PER_S = 2000
RETRY_LEAST_MS = 1000
# What a restart reads back into the ring.
WARM_DELTAS = 5000


class Stream:
    """One open stream: a transport and a few words about it."""

    __slots__ = ("audience", "born", "chunked", "marked", "slot", "stuck_since", "transport", "who")

    def __init__(self, *, transport: asyncio.Transport, audience: str, who: str, chunked: bool, born: float) -> None:
        self.transport = transport
        self.audience = audience
        #: account, or "" for the public: whose streams end at sign-out
        self.who = who
        self.chunked = chunked
        self.born = born
        self.slot = 0
        #: readings it has yet to get, the longest missed first
        self.marked: dict[str, None] = {}
        self.stuck_since: float | None = None

    def write(self, body: bytes) -> None:
        self.transport.write(frames.chunk(body) if self.chunked else body)

    def end(self) -> None:
        """A whole end of the body, so that a proxy does not report a broken one."""
        if self.chunked:
            self.transport.write(frames.LAST_CHUNK)
        self.transport.close()


class Audience:
    """The streams that get the same bytes, and what waits for the next tick."""

    __slots__ = ("facts", "plain", "readings", "writers")

    def __init__(self) -> None:
        self.writers: dict[Stream, Callable[[bytes], None]] = {}
        #: streams of HTTP/1.0, without chunks
        self.plain = 0
        self.facts: list[bytes] = []
        self.readings: dict[str, bytes] = {}


class Hub:
    """All open streams of this process."""

    def __init__(
        self, *, epoch: str, clock: Clock, position: int = 0, beat_s: float = BEAT_S, stream_limit: int = 20_000
    ) -> None:
        self.epoch = epoch
        self.ring = Ring(position=position)
        self.stream_limit = stream_limit
        self.streams: set[Stream] = set()
        self.cut_slow = 0
        self.writes = 0
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._audiences: dict[str, Audience] = {}
        self._newest: dict[str, bytes] = {}
        self._behind: set[Stream] = set()
        self._next_flush = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._drain_timer: asyncio.TimerHandle | None = None
        # Streams beat in turns: all at once would hold the loop for a tenth of a second every 25.
        self._slots: list[set[Stream]] = [set() for _ in range(BEAT_S)]
        self._slot_s = beat_s / BEAT_S
        self._turn = 0
        self._beat_timer = self._loop.call_later(self._slot_s, self._next_turn)
        self.closed = False

    async def warm(self, store: DeltaStore) -> None:
        """Fill the ring with the newest stored deltas: after a restart everybody comes back at once."""
        base, head, deltas = await store.recent(WARM_DELTAS)
        self.ring = Ring(position=base)
        self.ring.extend([self._framed(delta) for delta in deltas], head)

    def restart(self, epoch: str, position: int) -> None:
        """What was told means nothing any more (an erasure, another epoch): everybody fetches the board again."""
        self.flush()
        self.epoch, self.ring = epoch, Ring(position=position)
        for stream in tuple(self.streams):
            self.leave(stream)
            stream.write(frames.resync(epoch, position))
            stream.end()

    # ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def publish(self, deltas: Sequence[Delta], head: int) -> None:
        """Send what the board's fold made of the facts up to position `head`. Call after it is committed."""
        news = [self._framed(delta) for delta in deltas]
        self.ring.extend(news, head)
        for frame in news:
            # The rest is everybody: only then all audiences have to be asked.
            names = self._audiences if REST in frame.events else self._audiences.keys() & frame.events.keys()
            for name in names:
                if event := frame.of(name):
                    self._audiences[name].facts.append(event)
        if news:
            self._soon()

    def _framed(self, delta: Delta) -> Frame:
        """Each rendering is framed once, also when several audiences share its bytes; nothing stays nothing."""
        position, renderings = delta
        made = {data: frames.fact(self.epoch, position, data) for data in set(renderings.values()) if data}
        return Frame(position, {audience: made.get(data, b"") for audience, data in renderings.items()})

    # ── readings ─────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, audiences: Iterable[str], key: str, data: bytes) -> None:
        """Send the newest value of `key`; it replaces one of the same key that has not gone out yet."""
        frame = self._newest[key] = frames.reading(data)
        for name in self._audiences.keys() & set(audiences):
            self._audiences[name].readings[key] = frame
        self._soon()

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _soon(self) -> None:
        """At once after a quiet tick, else when the tick is over."""
        if self._timer is None and not self.closed:
            wait = max(0.0, self._next_flush - self._loop.time())
            self._timer = self._loop.call_later(wait, self.flush)

    def flush(self) -> None:
        """Write everything that waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        began = self._loop.time()
        for audience in self._audiences.values():
            if audience.facts or audience.readings:
                self._write(audience)
        self._next_flush = began + TICK_S
        self._loop.call_soon(self._written, began)

    def _written(self, began: float) -> None:
        """uvloop sends at the end of the loop's turn, so here the sending is over. Of the time, half is for others."""
        self._next_flush = max(self._next_flush, began + 2 * (self._loop.time() - began))

    def _write(self, audience: Audience) -> None:
        facts, readings = b"".join(audience.facts), audience.readings
        audience.facts, audience.readings = [], {}
        if readings:
            self._write_both(audience, facts, readings)
        elif audience.plain:
            for stream in tuple(audience.writers):
                stream.write(facts)
        else:
            # The hot loop: nothing in it but the write. A copy, because a full client is cut while we are in it.
            data = frames.chunk(facts)
            for write in tuple(audience.writers.values()):
                write(data)
        self.writes += len(audience.writers)

    def _write_both(self, audience: Audience, facts: bytes, readings: dict[str, bytes]) -> None:
        both = facts + b"".join(readings.values())
        for stream in tuple(audience.writers):
            if len(both) - len(facts) <= READINGS_MOST and stream.transport.get_write_buffer_size() == 0:
                stream.write(both)
                continue
            if facts:
                stream.write(facts)
            stream.marked |= dict.fromkeys(readings)
            self._behind.add(stream)
        if self._behind and self._drain_timer is None:
            self._drain_timer = self._loop.call_later(DRAIN_LOOK_S, self._look_at_behind)

    def _look_at_behind(self) -> None:
        """Give those that have drained the newest values of what they missed, a portion at a time."""
        for stream in tuple(self._behind):
            if stream.transport.get_write_buffer_size() == 0:
                stream.write(self._portion(stream.marked))
                if not stream.marked:
                    self._behind.discard(stream)
        again = self._behind and not self.closed
        self._drain_timer = self._loop.call_later(DRAIN_LOOK_S, self._look_at_behind) if again else None

    def _portion(self, marked: dict[str, None]) -> bytes:
        """The newest of the longest missed, as many as go in one write; they are missed no more."""
        portion = bytearray()
        for key in tuple(marked):
            if portion and len(portion) + len(self._newest[key]) > READINGS_MOST:
                break
            portion += self._newest[key]
            del marked[key]
        return bytes(portion)

    # ── streams ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def full(self) -> bool:
        return self.closed or len(self.streams) >= self.stream_limit

    def join(self, stream: Stream) -> None:
        """From now on. The caller has written everything up to the ring's head in this very loop step."""
        audience = self._audiences.setdefault(stream.audience, Audience())
        audience.writers[stream] = stream.transport.write
        audience.plain += not stream.chunked
        stream.slot = self._turn
        self._slots[stream.slot].add(stream)
        self.streams.add(stream)

    def flush_for(self, audience: str) -> None:
        """Before somebody joins: what waits for the others is in the ring, and must not come to the new one twice."""
        waiting = self._audiences.get(audience)
        if waiting is not None and waiting.facts:
            self._write(waiting)

    def leave(self, stream: Stream) -> None:
        """Its connection is gone. Again: nothing happens."""
        if stream not in self.streams:
            return
        self.streams.discard(stream)
        self._behind.discard(stream)
        self._slots[stream.slot].discard(stream)
        audience = self._audiences[stream.audience]
        audience.plain -= not stream.chunked
        del audience.writers[stream]
        if not audience.writers:
            del self._audiences[stream.audience]

    def cut(self, stream: Stream) -> None:
        """It leaves too much unread: it will resume by id, and the city does not wait."""
        self.cut_slow += 1
        self.leave(stream)
        stream.transport.abort()

    def end_streams_of(self, who: str) -> None:
        """Somebody signed out or may no longer see this."""
        for stream in [s for s in self.streams if s.who == who]:
            self.leave(stream)
            stream.end()

    def retry_ms(self) -> int:
        """When this client may come back: the more there are, the wider they are spread."""
        spread = max(2000, len(self.streams) * 1000 // RETURNS_PER_S)
        return RETRY_LEAST_MS + random.randrange(spread)

    def beat_frame(self) -> bytes:
        return frames.beat(self.epoch, self.ring.head, self._clock.now())

    # ── beats ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _next_turn(self) -> None:
        self._turn = (self._turn + 1) % len(self._slots)
        self._beat_timer = self._loop.call_later(self._slot_s, self._next_turn)
        if not self._slots[self._turn]:
            return
        # The beat's id says «you have everything up to here», so what waits goes first.
        self.flush()
        frame, now = self.beat_frame(), self._loop.time()
        for stream in tuple(self._slots[self._turn]):
            self._beat(stream, frame, now)

    def _beat(self, stream: Stream, frame: bytes, now: float) -> None:
        if now - stream.born > AGE_MOST_S:
            self.leave(stream)
            stream.end()
        elif stream.transport.get_write_buffer_size() == 0:
            stream.stuck_since = None
            stream.write(frame)
        elif stream.stuck_since is None:
            stream.stuck_since = now
            stream.write(frame)
        elif now - stream.stuck_since > STUCK_S:
            self.cut(stream)

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def close(self, within_s: float = 1.0) -> None:
        """End all streams; who does not take the last bytes in time is cut."""
        if self.closed:
            return
        self.flush()
        self.closed = True
        self._beat_timer.cancel()
        ending = [stream.transport for stream in tuple(self.streams)]
        for stream in tuple(self.streams):
            self.leave(stream)
            stream.end()
        deadline = self._loop.time() + within_s
        while self._loop.time() < deadline and any(t.get_write_buffer_size() for t in ending):
            await asyncio.sleep(0.02)
        for transport in ending:
            transport.abort()
