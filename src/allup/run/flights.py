"""Who was in flight when, as far as a picture can show it."""

import heapq
from collections.abc import Awaitable

from allup.model.clock import Clock
from allup.model.comparison import Flight, flights_every
from allup.model.result import Result, Verdict


class Flights:
    """Watches the checks of one round over `count` targets, which begins now."""

    def __init__(self, count: int, clock: Clock) -> None:
        self.kept: list[Flight] = []
        self._every = flights_every(count)
        self._monotonic = clock.monotonic
        self._round_began_at = clock.monotonic()
        self._free: list[int] = []
        self._lanes = 0

    async def watch(self, check: Awaitable[Result]) -> Result:
        """Return what `check` does, and keep its flight if it is one of those."""
        lane = self._take_lane()
        began_at = self._monotonic()
        try:
            result = await check
        finally:
            heapq.heappush(self._free, lane)
        if result.index % self._every == 0 and result.attempt is not None:
            self.kept.append(self._flight(result, lane, began_at))
        return result

    def _take_lane(self) -> int:
        if self._free:
            return heapq.heappop(self._free)
        self._lanes += 1
        return self._lanes - 1

    def _flight(self, result: Result, lane: int, began_at: float) -> Flight:
        return Flight(
            target=result.name or result.url,
            lane=lane,
            began_s=began_at - self._round_began_at,
            ended_s=self._monotonic() - self._round_began_at,
            as_expected=result.verdict in (Verdict.OK, Verdict.FLAKY),
        )
