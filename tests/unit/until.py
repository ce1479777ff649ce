"""Waiting for what another process or the kernel brings about."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds, ten seconds at most."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - there is nobody who could set an event
            await asyncio.sleep(0.001)
