"""How often: token buckets per person, per device and per address.

Carrier NAT hides a whole neighbourhood behind one address, so an address may do what a neighbourhood does in a storm,
and only a device or a person is held to what one person does. Requests from this computer itself have no address
limit: behind a proxy they carry the client's own address, and without one they are the operator's.
"""

from dataclasses import dataclass
from math import ceil

from hadir.inbound.kit.problems import Problem
from hadir.ports.clock import Clock

# A bucket that is full again need not be remembered; looking is cheap only now and then.
SWEEP_FROM = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """`burst` at once, then `per_second`."""

    per_second: float
    burst: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The rates of every door."""

    #: commands of one signed-in person: faster than anybody presses, slower than a script gone wild
    person: Rate = Rate(per_second=10, burst=100)
    #: an application with a key (replay, an agency's own system)
    integrator: Rate = Rate(per_second=500, burst=2000)
    #: reports of one Open311 key: a city's app on a day of flood (HADIR_OPEN311_PER_SECOND)
    api_key: Rate = Rate(per_second=20, burst=400)
    #: answers of open interfaces to one address: many phones behind one page, or one program that reads all
    reading: Rate = Rate(per_second=20, burst=400)
    #: anonymous commands of one device
    device: Rate = Rate(per_second=0.2, burst=20)
    #: anonymous commands of one address (a neighbourhood)
    address: Rate = Rate(per_second=20, burst=400)
    #: photos of one device or address, they cost most
    photos: Rate = Rate(per_second=5, burst=60)
    #: questions that a form asks while it is filled (the kind, what is near): one device, as fast as it types
    asking: Rate = Rate(per_second=1, burst=30)
    #: pieces of one citizen's upload; the photos themselves are counted when they begin
    pieces: Rate = Rate(per_second=4, burst=120)
    #: tries to sign in, per name and per address
    sign_in: Rate = Rate(per_second=0.2, burst=10)


class Buckets:
    """One rate, many keys. Touched from one loop only."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str, count: float = 1) -> float:
        """0 when allowed, else the seconds until it would be."""
        now = self._clock.monotonic()
        left, seen = self._left.get(key, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - seen) * self._rate.per_second)
        if left < count:
            self._left[key] = (left, now)
            return (count - left) / self._rate.per_second
        if len(self._left) >= SWEEP_FROM:
            self._sweep(now)
        self._left[key] = (left - count, now)
        return 0

    def left(self, key: str) -> float:
        """How much of the burst there is now; nothing is taken."""
        left, seen = self._left.get(key, (self._rate.burst, 0.0))
        return min(self._rate.burst, left + (self._clock.monotonic() - seen) * self._rate.per_second)

    def spent(self, key: str) -> float:
        """Which share of the burst is gone: 0 to 1."""
        return 1 - self.left(key) / self._rate.burst

    def _sweep(self, now: float) -> None:
        full = self._rate.burst / self._rate.per_second
        self._left = {key: (left, seen) for key, (left, seen) in self._left.items() if now - seen < full}
        if len(self._left) >= SWEEP_FROM:
            # Somebody makes up keys faster than they grow old: the oldest half forgets, the rest is still held.
            self._left = dict(list(self._left.items())[len(self._left) // 2 :])

    def require(self, key: str, count: float = 1) -> None:
        """Raises Problem(429) with Retry-After."""
        if wait := self.take(key, count):
            seconds = ceil(wait)
            raise Problem("too_many", status=429, headers=[(b"retry-after", str(seconds).encode())], seconds=seconds)
