"""Passwords: argon2id, off the loop, and the same work for a name that does not exist."""

import asyncio
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second choice for argon2id (19 MiB, two passes): 30 ms on a small VM, and many guesses do not eat its memory.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
# Guesses wait for each other: two of them cannot keep a two-core machine from its work.
AT_ONCE = 2
#: a password longer than this is no password, it is load
LENGTH_MOST = 200


class Passwords:
    """Hashes and checks; made once per process, in its loop."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._turns = asyncio.Semaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """Blocks for some 30 ms."""
        return self._hasher.hash(password)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password")

    async def check(self, stored: str | None, password: str) -> bool:
        """Does it fit? `stored` None (no such account) takes as long and never fits."""
        async with self._turns:
            fits = await asyncio.to_thread(self._fits, stored or self._nobodys, password[:LENGTH_MOST])
        return fits and stored is not None

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
