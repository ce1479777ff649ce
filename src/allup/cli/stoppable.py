"""A run that a signal ends in good order, and a second one at once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from allup.cli.signals import stopping
from allup.model.stop import Stop

T = TypeVar("T")


async def stoppable(
    run: Callable[[], Awaitable[T]], stop: Callable[[Stop], None], display: AbstractContextManager[object]
) -> T | Stop:
    """Return what `run` comes to while `display` shows it; a signal calls `stop`.

    A second signal, which comes while all are called off, is just the end: the first one is returned.
    """
    stops: list[Stop] = []

    def note(reason: Stop) -> None:
        stops.append(reason)
        stop(reason)

    try:
        with stopping(note), display:
            return await run()
    except asyncio.CancelledError:
        if not stops:
            raise
        return stops[0]
