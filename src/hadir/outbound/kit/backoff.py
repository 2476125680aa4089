"""How long to wait before the next try."""

import random

FIRST_S = 2.0
# A push service that is down comes back within minutes; an order that waits longer has gone another way by then.
LONGEST_S = 300.0
#: so many tries and it is a dead letter: with the pauses above that is about half an hour
TRIES_MOST = 10


def pause(tries: int, chance: random.Random, asked_s: float | None = None) -> float:
    """Seconds until the next try, after `tries` that failed: full jitter, never sooner than the other side asked."""
    upto = min(LONGEST_S, FIRST_S * 2.0 ** min(tries, 16))
    return max(chance.uniform(0, upto), asked_s or 0.0)
