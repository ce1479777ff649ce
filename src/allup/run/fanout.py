"""The fan-out: named workers in one TaskGroup, each taking turn after turn."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from allup.run.turns import Turn, Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done and how much of it at once; `count` is the number of turns, where it is known."""

    turns: Turns
    visit: Callable[[Turn], Awaitable[None]]
    concurrency: int
    count: int | None = None

    async def one(self) -> bool:
        """Take one turn, visit it and release it; False where there was no turn any more."""
        turn = await self.turns.take()
        if turn is None:
            return False
        try:
            await self.visit(turn)
        finally:
            self.turns.release(turn)
        return True

    @property
    def width(self) -> int:
        """How many tasks are of any use."""
        return self.concurrency if self.count is None else min(self.concurrency, self.count)


async def fan_out(work: Work) -> None:
    """Visit every turn, `work.concurrency` at a time; memory depends on that, not on the number of turns.

    Where a visit raises, or the caller is cancelled, the TaskGroup cancels all workers, waits for
    their clean-up, and raises an ExceptionGroup, or CancelledError.
    """
    async with asyncio.TaskGroup() as group:
        for number in range(work.width):
            group.create_task(_worker(work), name=f"allup-worker-{number}")


async def _worker(work: Work) -> None:
    while await work.one():
        pass
