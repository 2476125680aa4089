"""ULIDs that always grow within a process, and secrets from the operating system."""

import secrets
import threading

from hadir.ports.clock import Clock
from hadir.storage.entropy import Entropy

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Two letters at a time: an id is made for every report and every word that comes with it.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM_BITS = 80


class UlidIds:
    """Within one millisecond, or when the clock goes back, the last id plus one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._entropy = Entropy()
        self._lock = threading.Lock()

    def new(self) -> str:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        with self._lock:
            fresh = milliseconds << _RANDOM_BITS | int.from_bytes(self._entropy.take(_RANDOM_BITS // 8))
            same_instant = fresh >> _RANDOM_BITS <= self._last >> _RANDOM_BITS
            self._last = self._last + 1 if same_instant else fresh
            return ulid_text(self._last)

    def secret(self, size: int = 16) -> str:
        return secrets.token_urlsafe(size)


def ulid_text(number: int) -> str:
    """128 bits as 26 characters of Crockford's base 32, biggest first, so that text sorts as the number does."""
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])
