"""The fan-out: named workers in one TaskGroup, each taking turn after turn."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from allup.run.turns import Turn, Turns

SPARE: Final = 1_000
"""Workers beyond the cap: those whose turn waits for another host hold no slot, and others go meanwhile."""


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

    A worker that gets a turn sees to it that another one waits for the next: so there are as many
    as the turns can use. Where a visit raises, or the caller is cancelled, the TaskGroup cancels all workers, waits for
    their clean-up, and raises an ExceptionGroup, or CancelledError.
    """
    async with asyncio.TaskGroup() as group:
        Crew(work, group).hire()


class Crew:
    """The workers of one fan-out."""

    def __init__(self, work: Work, group: asyncio.TaskGroup) -> None:
        self._work = work
        self._group = group
        self._hired = 0
        self._idle = 0

    def hire(self) -> None:
        """Have one more worker, unless one is idle or there are enough."""
        if not self._idle and self._hired < self._work.concurrency + SPARE:
            self._hired += 1
            self._idle += 1
            self._group.create_task(self._worker(), name=f"allup-worker-{self._hired}")

    async def _worker(self) -> None:
        turns, visit = self._work.turns, self._work.visit
        while (turn := await turns.take()) is not None:
            self._idle -= 1
            self.hire()
            try:
                await visit(turn)
            finally:
                turns.release(turn)
            self._idle += 1
            await asyncio.sleep(0)  # what the visit closed gives its descriptor back in the event loop's next round
