"""Durations in memory that does not grow: a histogram whose buckets are equally wide on a logarithmic scale."""

import math
from array import array
from typing import Final

SHORTEST_S: Final = 1e-4
"""What is shorter is counted as this long."""
_GROWTH: Final = 1.08
_BUCKETS: Final = 200
RELATIVE_ERROR: Final = math.sqrt(_GROWTH) - 1
"""By how much a quantile may be off, as a share of it: a bucket is told by the geometric mean of its bounds."""
LONGEST_S: Final = SHORTEST_S * math.pow(_GROWTH, _BUCKETS)
"""Above this (eight minutes) a quantile is only known to be at most `max_s`."""
_PER_LOG: Final = 1 / math.log(_GROWTH)


class Histogram:
    """Counts durations (seconds) and tells quantiles of them to `RELATIVE_ERROR`; `min_s` and `max_s` are exact.

    `counts` has how many fell into each bucket, the shortest first.
    """

    __slots__ = ("counts", "max_s", "min_s", "total")

    def __init__(self) -> None:
        self.counts = array("Q", bytes(8 * _BUCKETS))
        self.total = 0
        self.min_s = math.inf
        self.max_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one duration."""
        place = int(math.log(seconds / SHORTEST_S) * _PER_LOG) if seconds > SHORTEST_S else 0
        self.counts[place if place < _BUCKETS else -1] += 1
        self.total += 1
        self.min_s = min(self.min_s, seconds)
        self.max_s = max(self.max_s, seconds)

    def merge(self, other: "Histogram") -> None:
        """Count all that `other` has counted."""
        for place, count in enumerate(other.counts):
            self.counts[place] += count
        self.total += other.total
        self.min_s = min(self.min_s, other.min_s)
        self.max_s = max(self.max_s, other.max_s)

    def quantile_s(self, share: float) -> float | None:
        """Return the nearest-rank quantile for a `share` from 0 to 1; None where nothing was counted."""
        left = max(1, math.ceil(share * self.total))
        if left >= self.total:
            return self.max_s if self.total else None
        place = 0
        while left > self.counts[place]:
            left -= self.counts[place]
            place += 1
        return min(self.max_s, max(self.min_s, SHORTEST_S * math.pow(_GROWTH, place + 0.5)))
