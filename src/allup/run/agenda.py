"""What is to be looked at again, and when."""

import asyncio
import heapq
from collections.abc import Callable, Iterator
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")


class Agenda(Generic[T]):
    """Items with the time when they are due; calls `on_due` when the next one is, from the running event loop."""

    def __init__(self, monotonic: Callable[[], float], on_due: Callable[[], None]) -> None:
        self._monotonic = monotonic
        self._on_due = on_due
        self._heap: list[tuple[float, int, T]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, item: T, *, in_s: float) -> None:
        """Put `item` on the agenda for `in_s` seconds from now."""
        entry = (self._monotonic() + in_s, next(self._order), item)
        heapq.heappush(self._heap, entry)
        if self._heap[0] is entry:
            self._arm()

    def due(self) -> Iterator[T]:
        """Take off and yield what is due."""
        while self._heap and self._heap[0][0] <= self._monotonic():
            yield heapq.heappop(self._heap)[2]

    def items(self) -> list[T]:
        """Return what is on the agenda, in no order."""
        return [item for _, _, item in self._heap]

    def close(self) -> None:
        """Call nobody any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        self.close()
        delay_s = max(0.0, self._heap[0][0] - self._monotonic())
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._heap and self._heap[0][0] <= self._monotonic():  # an event loop's timer may be early
            self._on_due()
        if self._heap:
            self._arm()
