"""The ways to run many awaitables, side by side.

Each one takes turns until there are none, keeps at most `work.concurrency` of them going, and
leaves no task behind, however it ends.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, assert_never

from allup.model.settings import Strategy
from allup.run.fanout import Work, fan_out


async def sequential(work: Work) -> None:
    """One after the other, whatever the cap: a loop with an await in it."""
    while await work.one():
        pass


async def gather(work: Work) -> None:
    """Create a task for every turn at once and gather them; a semaphore lets only so many of them work.

    `work.count` must be known. `asyncio.gather` leaves the others running where one fails, so they
    are cancelled here.
    """
    slots = asyncio.Semaphore(work.concurrency)

    async def slotted() -> None:
        async with slots:
            await work.one()

    tasks = [asyncio.create_task(slotted(), name=f"allup-gather-{number}") for number in range(work.count or 0)]
    try:
        await asyncio.gather(*tasks)
    finally:
        await _cancel(tasks)


async def wait(work: Work) -> None:
    """Slide a window of tasks over the turns: as soon as the first of them is done, create the next."""
    window: set[asyncio.Task[bool]] = set()
    more = True
    try:
        while (more and work.width) or window:
            while more and len(window) < work.width:
                window.add(asyncio.create_task(work.one(), name="allup-wait"))
            done, window = await asyncio.wait(window, return_when=asyncio.FIRST_COMPLETED)
            failures = [error for task in done if (error := task.exception()) is not None]
            if failures:
                raise failures[0]
            more = more and all(task.result() for task in done)
    finally:
        await _cancel(window)


def strategy(choice: Strategy) -> Callable[[Work], Awaitable[None]]:
    """Return the function behind a name; `taskgroup` is what `check` uses."""
    match choice:
        case Strategy.SEQUENTIAL:
            return sequential
        case Strategy.GATHER:
            return gather
        case Strategy.WAIT:
            return wait
        case Strategy.TASKGROUP:
            return fan_out
        case _:
            assert_never(choice)


async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    unfinished = [task for task in tasks if not task.done()]
    for task in unfinished:
        if not task.cancelling():
            task.cancel()
    await asyncio.gather(*unfinished, return_exceptions=True)
