"""Results on their way from the many who have them to the one who wants them."""

import asyncio
from collections import deque
from collections.abc import Awaitable

from allup.model.result import Result


class Handover:
    """A queue with `room` for so many results, and an end; who has waited longest for room gets it first.

    Where there is room, as there mostly is, a result goes in without a coroutine, a task or a future: asyncio's queue
    and a semaphore around it took ten times as long.
    """

    def __init__(self, room: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = room
        self._results: deque[Result] = deque()
        self._givers: deque[asyncio.Future[None]] = deque()
        self._promised = 0  # room for givers that were called and have not come yet
        self._taker: asyncio.Future[None] | None = None
        self._ended = False

    def give(self, result: Result) -> Awaitable[None] | None:
        """Put `result` in; where there is no room, return what is to be awaited until it is: cancelled, it is not."""
        if self._givers or not self._has_room:
            return self._give_later(result)
        self._put(result)
        return None

    async def take(self) -> Result | None:
        """Wait for a result and take it out; None once all are out and `end` was called. One at a time may wait."""
        while not self._results:
            if self._ended:
                return None
            self._taker = self._loop.create_future()
            await self._taker
        result = self._results.popleft()
        if self._givers:
            self._call_giver()
        return result

    def end(self) -> None:
        """Let `take` tell that nothing more will come."""
        self._ended = True
        self._call_taker()

    @property
    def is_full(self) -> bool:
        """Whether somebody waits to put a result in."""
        return bool(self._givers)

    @property
    def _has_room(self) -> bool:
        return len(self._results) + self._promised < self._room

    async def _give_later(self, result: Result) -> None:
        place = self._loop.create_future()
        self._givers.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # called and cancelled at the same time: the room is the next one's
                self._promised -= 1
                self._call_giver()
            raise
        self._promised -= 1
        self._put(result)

    def _put(self, result: Result) -> None:
        self._results.append(result)
        self._call_taker()

    def _call_giver(self) -> None:
        while self._givers and self._has_room:
            place = self._givers.popleft()
            if not place.done():  # else it was cancelled while it waited
                self._promised += 1
                place.set_result(None)

    def _call_taker(self) -> None:
        if self._taker is not None and not self._taker.done():
            self._taker.set_result(None)
