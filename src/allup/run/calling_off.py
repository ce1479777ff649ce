"""Tasks that are not needed any more."""

import asyncio
from collections.abc import Collection
from typing import Any


async def call_off(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel `tasks`, at least one, and wait for their clean-up; raises what one of them raised instead of ending."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    failures = [error for task in tasks if not task.cancelled() and (error := task.exception()) is not None]
    if failures:
        raise failures[0]
