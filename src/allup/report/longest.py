"""The results that took longest."""

import heapq
from typing import Final

from allup.model.result import Result

MOST: Final = 10


class Longest:
    """Keeps the `MOST` results whose last attempt took longest; of equals, those that came first."""

    __slots__ = ("_at_least_s", "_heap", "_seen")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Result]] = []
        self._seen = 0
        self._at_least_s = 0.0

    def add(self, result: Result) -> None:
        """Keep `result` if it is one of them so far."""
        attempt = result.attempt
        if attempt is None or attempt.elapsed_s <= self._at_least_s:
            return
        self._seen += 1
        item = (attempt.elapsed_s, -self._seen, result)
        if len(self._heap) < MOST:
            heapq.heappush(self._heap, item)
            return
        heapq.heappushpop(self._heap, item)
        self._at_least_s = self._heap[0][0]

    @property
    def results(self) -> list[Result]:
        """The results, the longest first."""
        return [result for _, _, result in sorted(self._heap, reverse=True)]
