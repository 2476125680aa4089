"""Waits for what a follower does; no fixed times."""

import asyncio
from collections.abc import Awaitable, Callable

LOOK_S = 0.01
WITHIN_S = 60.0


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Until it holds. Raises TimeoutError."""
    async with asyncio.timeout(WITHIN_S):
        while not await holds():
            await asyncio.sleep(LOOK_S)
