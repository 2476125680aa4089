"""ULIDs that always grow within a process, and secrets from the operating system."""

import secrets
import threading

from hadir.ports.clock import Clock

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80


class UlidIds:
    """Within one millisecond, or when the clock goes back, the last id plus one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._lock = threading.Lock()

    def new(self) -> str:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        fresh = milliseconds << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            same_instant = fresh >> _RANDOM_BITS <= self._last >> _RANDOM_BITS
            self._last = self._last + 1 if same_instant else fresh
            return ulid_text(self._last)

    def secret(self, size: int = 16) -> str:
        return secrets.token_urlsafe(size)


def ulid_text(number: int) -> str:
    """128 bits as 26 characters of Crockford's base 32, biggest first, so that text sorts as the number does."""
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
