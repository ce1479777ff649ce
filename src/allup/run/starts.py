"""Who starts next, and when: like the connection attempts of RFC 8305, section 5."""

import asyncio
from contextlib import suppress

from allup.run.polite import PoliteTurns
from allup.run.turns import Turn


class Starts:
    """The turns of a race, `stagger_s` apart; each failure lets the next one start at once.

    `waiting` is the task that waits for the next turn, until it is taken; its owner cancels it.
    """

    def __init__(self, turns: PoliteTurns, stagger_s: float) -> None:
        self.waiting: asyncio.Task[Turn | None] | None = None
        self._turns = turns
        self._stagger_s = stagger_s
        self._failures = asyncio.Semaphore(0)

    def await_first(self) -> None:
        """Wait for a turn, in a task of its own."""
        self.waiting = asyncio.create_task(self._turns.take(), name="allup-race-start")

    def await_next(self) -> None:
        """Wait for the time to start, and for a turn, in a task of its own."""
        self.waiting = asyncio.create_task(self._next(), name="allup-race-start")

    def taken(self) -> Turn | None:
        """Return the turn that has come, if one has; once there are no more, nothing is `waiting` either."""
        if self.waiting is None or not self.waiting.done():
            return None
        turn, self.waiting = self.waiting.result(), None
        return turn

    def failed(self) -> None:
        """Let one more start at once."""
        self._failures.release()

    async def _next(self) -> Turn | None:
        if self._stagger_s:
            with suppress(TimeoutError):  # nobody failed: the time has come
                async with asyncio.timeout(self._stagger_s):
                    await self._failures.acquire()
        return await self._turns.take()
